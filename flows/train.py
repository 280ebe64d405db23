"""The training flow: a new topic model from the clerks' labels, every text scored anew, then published."""

from typing import Any

from hotline12345.flows.daily import run_step
from hotline12345.flows.orchestration import NO_CACHE, create_table_artifact, flow, is_outside_fault, task
from hotline12345.flows.refreshing import STEPS, is_current, refresh
from hotline12345.flows.topic_scoring import train as train_model
from hotline12345.sql.publish import current_snapshot
from hotline12345.sql.storage import Storage
from hotline12345.sql.warehouse import open_warehouse


@task(cache_policy=NO_CACHE, retries=2, retry_condition_fn=is_outside_fault)
def fit() -> dict[str, Any]:
    """Train and store the model, on a warehouse that a killed run may have left half built; returns its figures."""
    storage = Storage.at()
    current_snapshot(storage)
    connection = open_warehouse(storage)
    try:
        refresh(connection, storage, lambda _: None)
        evaluation = train_model(connection, storage).to_dict()
        is_current(connection, storage)
        return evaluation
    finally:
        connection.close()


@flow(name="train")
def train() -> dict[str, Any]:
    """Train, score all texts with the new model, publish; returns the model's figures on held-out texts."""
    figures = fit()
    for number in range(len(STEPS)):
        run_step(number)
    rows = [{"topic": name, **score} for name, score in figures["per_class"].items()]
    create_table_artifact(key="topics", table=rows, description=f"macro-F1 {figures['macro_f1']:.3f} on held-out texts")
    return figures


if __name__ == "__main__":
    train()
