"""The training flow: a new topic model from the clerks' labels and the corrections, used if not worse, then published."""

from dataclasses import asdict
from typing import Any

from hotline12345.dashboard import model_card
from hotline12345.flows.daily import run_step
from hotline12345.flows.orchestration import NO_CACHE, create_table_artifact, flow, is_outside_fault, task
from hotline12345.flows.refreshing import STEPS, build_rates, is_current
from hotline12345.flows.topic_training import train as train_model
from hotline12345.sql.publish import current_snapshot
from hotline12345.sql.storage import Storage
from hotline12345.sql.warehouse import open_warehouse


@task(cache_policy=NO_CACHE, retries=2, retry_condition_fn=is_outside_fault)
def fit() -> dict[str, Any]:
    """Train and compare on a warehouse that a killed run may have left half built; returns the figures."""
    storage = Storage.at()
    current_snapshot(storage)
    connection = open_warehouse(storage)
    try:
        if not is_current(connection, storage):
            build_rates(connection, storage)
        outcome = train_model(connection, storage)
        is_current(connection, storage)
    finally:
        connection.close()
    manifest = asdict(outcome.manifest)
    verdict = [outcome.remark] if outcome.remark else model_card.verdict(manifest, {})
    return {
        "model_id": manifest["model_id"],
        "is_used": outcome.is_used,
        "verdict": "".join(verdict),
        **manifest["metrics"],
    }


@flow(name="train")
def train() -> dict[str, Any]:
    """Train, use the model unless it is worse, classify anew, publish; returns its figures on held-out texts."""
    figures = fit()
    for number in range(len(STEPS)):
        run_step(number)
    rows = [{"topic": name, **score} for name, score in figures["per_class"].items()]
    create_table_artifact(key="topics", table=rows, description=figures["verdict"])
    return figures


if __name__ == "__main__":
    train()
