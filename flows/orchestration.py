"""Prefect as this project uses it: its home in the data folder, no telemetry, retries only for faults from outside."""

import os
from collections.abc import Callable
from typing import Any

from hotline12345.sql.storage import Storage
from hotline12345.sql.warehouse import WarehouseBusyError

_SETTINGS = {
    "PREFECT_HOME": str(Storage.at().caches / "prefect"),
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "DO_NOT_TRACK": "1",
    "PREFECT_RESULTS_PERSIST_BY_DEFAULT": "false",
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "120",
}
Storage.at().make()
# Prefect reads its settings when it is imported, so they are set first.
for _name, _value in _SETTINGS.items():
    os.environ.setdefault(_name, _value)

from prefect import flow, task  # noqa: E402
from prefect.artifacts import create_progress_artifact, create_table_artifact, update_progress_artifact  # noqa: E402
from prefect.cache_policies import NO_CACHE  # noqa: E402

__all__ = ["NO_CACHE", "create_table_artifact", "flow", "is_outside_fault", "show_progress", "task"]


def is_outside_fault(task: Any, run: Any, state: Any) -> bool:
    """Whether a failed task is worth another try: the warehouse was busy, or a disk or share did not answer."""
    return isinstance(state.result(raise_on_failure=False), WarehouseBusyError | OSError)


def show_progress(key: str, description: str) -> Callable[[int, int], None]:
    """An artifact with a progress bar; call the returned function with what is done, and of how many."""
    bar: Any = create_progress_artifact(progress=0.0, key=key, description=description)

    def show(done: int, of: int) -> None:
        update_progress_artifact(artifact_id=bar, progress=100.0 * done / max(of, 1))

    return show
