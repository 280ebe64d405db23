"""The flow `rescore`: the model in force classifies what it has not classified yet, then everything is published.

Texts are landed chunk by chunk, so a run that was killed goes on where it stopped. Progress stands in an artifact.
Run it with `python -m hotline12345.flows.rescore` or deploy it.
"""

from hotline12345.flows.daily import run_step
from hotline12345.flows.orchestration import NO_CACHE, flow, is_outside_fault, show_progress, task
from hotline12345.flows.refreshing import STEPS, is_current
from hotline12345.flows.topic_scoring import classify
from hotline12345.sql.storage import Storage
from hotline12345.sql.warehouse import open_warehouse


@task(cache_policy=NO_CACHE, retries=2, retry_condition_fn=is_outside_fault)
def is_published() -> bool:
    """Whether what is published shows everything already."""
    storage = Storage.at()
    connection = open_warehouse(storage)
    try:
        return is_current(connection, storage)
    finally:
        connection.close()


@task(cache_policy=NO_CACHE, retries=2, retry_condition_fn=is_outside_fault)
def score() -> int:
    """Classify the texts of touched orders that the model in force has not seen; returns how many."""
    storage = Storage.at()
    connection = open_warehouse(storage)
    try:
        return classify(connection, storage, show_progress("rescore", "诉求分类"))
    finally:
        connection.close()


@flow(name="rescore")
def rescore() -> int:
    """Classify what is not classified yet, then publish; returns how many texts this run classified."""
    if is_published():
        return 0
    run_step(0)
    scored = score()
    for number in range(1, len(STEPS)):
        run_step(number)
    return scored


if __name__ == "__main__":
    rescore()
