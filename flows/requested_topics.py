"""What the server does about topics when a page asks: train anew, complete the classification, go back to a model."""

from collections.abc import Mapping
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from hotline12345.dashboard import model_card
from hotline12345.flows.refreshing import refresh
from hotline12345.flows.retraining import choose_earlier, outcome_lines, published_names, retrain, switch_back
from hotline12345.sql.publish import pointed
from hotline12345.sql.records import requests

if TYPE_CHECKING:
    from hotline12345.flows.requested import Work

Result = Mapping[str, Any]


def train_topics(work: "Work") -> Result:
    """Train a new model, compare, publish; the remarks say what came of it and why."""
    with work.warehouse() as connection:
        outcome = retrain(connection, work.storage, work.step)
    remarks = outcome_lines(outcome, published_names(work.storage))
    return {"model_id": outcome.manifest.model_id, "is_used": outcome.is_used, "remarks": remarks}


def rescore_topics(work: "Work") -> Result:
    """Classify what the model in force has not classified yet, and publish; goes on where a killed run stopped."""
    with work.warehouse() as connection:
        refresh(connection, work.storage, work.step)
    model_id = pointed(work.storage.topic_models)
    told = f"全部工单已由模型 {model_id} 分类并发布。" if model_id else "还没有分类模型，工单按未归类列出。"
    return {"model_id": model_id, "remarks": [told]}


def rollback_topics(work: "Work") -> Result:
    """Go back to the model named in the request, else to the one before; publish."""
    with work.warehouse() as connection:
        model_id = _chosen_before(work) or choose_earlier(work.storage, work.request.detail.get("model_id"))
        work.step("选定模型", model_id=model_id)
        manifest = switch_back(connection, work.storage, model_id, work.step)
    said = asdict(manifest)
    return {"model_id": model_id, "remarks": [f"已换回{model_card.heading(said)}：{model_card.summary(said)}。"]}


def _chosen_before(work: "Work") -> str | None:
    """The model that a server chose which was killed before it was done: choosing again could go back twice."""
    events = requests.events(work.records, work.request.request_id)
    return next((str(detail["model_id"]) for _, detail in events if "model_id" in detail), None)
