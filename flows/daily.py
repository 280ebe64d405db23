"""The daily flow: every file of the inbox, one task each; then one task a step; then the result as a table.

Paths and rows stay out of Prefect's database: tasks carry numbers and step names only, and each opens the warehouse
itself. Run it with `python -m hotline12345.flows.daily` or deploy it; HOTLINE_DATA_DIR says where the data lie.
"""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from hotline12345.flows.clock import now
from hotline12345.flows.inbox import waiting_files
from hotline12345.flows.ingest.errors import IngestError
from hotline12345.flows.loading import load_file
from hotline12345.flows.orchestration import NO_CACHE, create_table_artifact, flow, is_outside_fault, task
from hotline12345.flows.refreshing import STEPS, is_current
from hotline12345.sql.publish import current_snapshot
from hotline12345.sql.reads import Reader
from hotline12345.sql.storage import Storage
from hotline12345.sql.warehouse import open_warehouse

REFUSED = "refused"


@task(task_run_name="load-{number}", cache_policy=NO_CACHE, retries=2, retry_condition_fn=is_outside_fault)
def load(number: int) -> dict[str, Any]:
    """Load the first waiting file and delete it; one that cannot be read goes to inbox/refused. Returns its counts."""
    storage = Storage.at()
    path = waiting_files(storage)[0]
    connection = open_warehouse(storage)
    try:
        accounting, _ = load_file(connection, storage, path)
    except IngestError as error:
        with nameless_faults():
            refused = storage.inbox / REFUSED / f"{now():%Y%m%dT%H%M%S}"
            refused.mkdir(mode=0o700, parents=True, exist_ok=True)
            path.rename(refused / path.name)
            (refused / f"{path.name}.原因.txt").write_text(str(error), encoding="utf-8")
        return {"file": number, "refused": error.code}
    finally:
        connection.close()
    with nameless_faults():
        path.unlink()
    return {"file": number, "refused": "", **accounting.__dict__}


@contextmanager
def nameless_faults() -> Iterator[None]:
    """Faults of the disk without the file's name, which may hold personal data and would stay in Prefect's logs."""
    try:
        yield
    except OSError as error:
        raise OSError(f"inbox: {type(error).__name__} {error.errno}") from None


@task(task_run_name="step-{number}", cache_policy=NO_CACHE, retries=2, retry_condition_fn=is_outside_fault)
def run_step(number: int) -> None:
    """Run one step of the refresh; its number is its place in `STEPS`."""
    storage = Storage.at()
    connection = open_warehouse(storage)
    try:
        STEPS[number][1](connection, storage)
    finally:
        connection.close()


@flow(name="daily")
def daily() -> list[dict[str, Any]]:
    """Load what waits, refresh what it touched, publish; returns the accounting of each file."""
    storage = Storage.at()
    storage.make()
    outcomes = [load(number) for number in range(1, len(waiting_files(storage)) + 1)]
    connection = open_warehouse(storage)
    try:
        current = is_current(connection, storage)
    finally:
        connection.close()
    if not current:
        for number in range(len(STEPS)):
            run_step(number)
    create_table_artifact(key="accounting", table=outcomes, description="rows of each file and what became of them")
    create_table_artifact(key="published", table=[_published(storage)], description="the snapshot that readers open")
    return outcomes


def _published(storage: Storage) -> dict[str, Any]:
    reader = Reader(storage, current_snapshot(storage))
    facts = {name: str(value) for name, value in reader.overview().items()}
    reader.close()
    return facts


if __name__ == "__main__":
    sys.exit(2 if any(outcome["refused"] for outcome in daily()) else 0)
