"""Changing the topic model, from the labelled orders to the published figures: what command, request and schedule share."""

from collections.abc import Callable, Mapping
from contextlib import closing
from dataclasses import asdict, dataclass

from hotline12345.dashboard import model_card
from hotline12345.flows.refreshing import build_rates, is_current, refresh
from hotline12345.flows.topic_training import Outcome, train, use_stored
from hotline12345.models.topics.store import Manifest, StoredModelError, load
from hotline12345.sql.publish import current_snapshot, pointed
from hotline12345.sql.reads import Reader
from hotline12345.sql.storage import Storage
from hotline12345.sql.warehouse import Connection

Report = Callable[[str], None]
READING, TRAINING, SWITCHING = "读取已分类的工单", "训练并比较分类模型", "换回模型"
LIST = "（命令行：hotline topics models 列出全部模型）"
IN_FORCE, AVAILABLE, REFUSED, UNREADABLE = "现用", "可换回", "未启用", "不能读取"


class RollbackError(Exception):
    """There is no model to go back to, or not this one; the Chinese message says which there are."""


@dataclass(frozen=True)
class StoredModel:
    """A model of the data folder. `manifest` is None where it cannot be read."""

    model_id: str
    state: str
    manifest: Manifest | None


def retrain(connection: Connection, storage: Storage, report: Report) -> Outcome:
    """Train, compare, use the new model unless it is worse, publish. Raises TooFewExamples.

    A model in force that cannot be read any more does not stand in the way.
    """
    report(READING)
    if not is_current(connection, storage):
        build_rates(connection, storage)
    report(TRAINING)
    outcome = train(connection, storage)
    refresh(connection, storage, report)
    return outcome


def switch_back(connection: Connection, storage: Storage, model_id: str, report: Report) -> Manifest:
    """Have an earlier model decide again and publish; `model_id` as `choose_earlier` gave it."""
    report(SWITCHING)
    manifest = use_stored(connection, storage, model_id)
    refresh(connection, storage, report)
    return manifest


def outcome_lines(outcome: Outcome, names: Mapping[str, str]) -> list[str]:
    """What came of a training, in Chinese; `names` as `published_names` gives them."""
    manifest = asdict(outcome.manifest)
    lines = [f"{model_card.heading(manifest)}：{model_card.summary(manifest)}。"]
    return [*lines, outcome.remark] if outcome.remark else [*lines, *model_card.verdict(manifest, names)]


def published_names(storage: Storage) -> dict[str, str]:
    """Today's name of each topic code, as published."""
    with closing(Reader(storage, current_snapshot(storage))) as reader:
        return reader.topic_names()


def stored_models(storage: Storage) -> list[StoredModel]:
    """Every model of the data folder, the newest first; each is read and its hash checked."""
    current = pointed(storage.topic_models)
    folders = sorted(path for path in storage.topic_models.glob("[!.]*") if path.is_dir())
    found = [_stored(storage, path.name, current) for path in folders]
    return sorted(found, key=lambda model: (model.manifest.trained_at if model.manifest else "", model.model_id))[::-1]


def _stored(storage: Storage, model_id: str, current: str | None) -> StoredModel:
    try:
        manifest = load(storage.topic_models / model_id)[1]
    except StoredModelError:
        return StoredModel(model_id, UNREADABLE, None)
    if model_id == current:
        return StoredModel(model_id, IN_FORCE, manifest)
    is_refused = manifest.compared is not None and not manifest.compared["is_not_worse"]
    return StoredModel(model_id, REFUSED if is_refused else AVAILABLE, manifest)


def choose_earlier(storage: Storage, model_id: str | None = None) -> str:
    """The id of the model to go back to: the named one, else the newest that was trained before the one in force.

    Raises RollbackError.
    """
    models = stored_models(storage)
    current = next((model for model in models if model.state == IN_FORCE), None)
    available = [model for model in models if model.state == AVAILABLE]
    told = "、".join(_named(model) for model in available) or "没有"
    if model_id is None:
        before = current.manifest.trained_at if current and current.manifest else "9999"
        earlier = [m for m in available if m.manifest and m.manifest.trained_at < before]
        if not earlier:
            raise RollbackError(f"没有比现用模型更早的模型。可以换回的模型：{told}{LIST}。")
        return earlier[0].model_id
    chosen = next((model for model in models if model.model_id == model_id), None)
    reasons = {
        None: f"没有模型 {model_id}。",
        IN_FORCE: f"模型 {model_id} 就是现用的模型。",
        REFUSED: f"模型 {model_id} 比当时的现用模型差，没有启用过，不能换回。",
        UNREADABLE: f"模型 {model_id} 不能读取（旧版本程序训练的，或已损坏、被改动），不能换回。",
    }
    if reason := reasons.get(chosen.state if chosen else None):
        raise RollbackError(f"{reason}可以换回的模型：{told}{LIST}。")
    return model_id


def _named(model: StoredModel) -> str:
    return f"{model.model_id}（{model_card.moment({'trained_at': model.manifest.trained_at if model.manifest else ''})} 训练）"
