"""Champion and challenger: a new topic model is fitted, judged beside the one in force, and used only if not worse."""

import hashlib
import json
import shutil
from collections import Counter
from dataclasses import asdict, dataclass, replace
from typing import Any

import polars as pl

from hotline12345.flows.clock import now
from hotline12345.models.topics.comparing import Comparison, compare
from hotline12345.models.topics.evaluate import judge
from hotline12345.models.topics.features import Document
from hotline12345.models.topics.hold_out import SHARE, held_share, hold_out
from hotline12345.models.topics.store import (
    Manifest,
    OldFormatError,
    StoredModelError,
    data_hash,
    load,
    make_manifest,
    save,
)
from hotline12345.models.topics.topic_model import TooFewExamples
from hotline12345.models.topics.topic_tree import LEVELS, TopicTree
from hotline12345.sql.publish import point, pointed
from hotline12345.sql.storage import Storage
from hotline12345.sql.texts import labelled_texts, use_model
from hotline12345.sql.topic_models import current_codes, land_model, prevailing_taxonomy
from hotline12345.sql.warehouse import Connection

MINIMUM_LABELLED = 200
MAXIMUM_LABELLED = 60_000  # more texts cost minutes and change little
ADOPTED = 0.5  # a calibrated answer below it is more likely wrong than right: it does not count


@dataclass(frozen=True)
class Outcome:
    """What became of a training.

    Attributes:
        manifest: of the new model; its `compared` says how it stands to the one in force.
        is_used: whether it decides from now on.
        remark: in Chinese, what else has to be said; empty when nothing.
    """

    manifest: Manifest
    is_used: bool
    remark: str = ""


@dataclass(frozen=True)
class _Examples:
    """Labelled texts: codes from level 1 down, who wrote them, and when their orders came in."""

    documents: list[Document]
    paths: list[tuple[str, ...]]
    frame: pl.DataFrame

    def rows(self, chosen: list[int]) -> "_Examples":
        return _Examples([self.documents[i] for i in chosen], [self.paths[i] for i in chosen], self.frame[chosen])

    @property
    def topics(self) -> list[str]:
        return [path[0] for path in self.paths]

    @property
    def labels(self) -> list[str]:
        return ["/".join(path) for path in self.paths]


def train(connection: Connection, storage: Storage) -> Outcome:
    """Fit a model on the labelled texts, corrections first, and use it unless it is worse than the one in force.

    Both are judged on the same held-out texts, which carry the clerk's labels and which neither has learnt from. The new
    model is stored with its figures either way. Raises TooFewExamples.
    """
    examples = _examples(labelled_texts(connection, storage, MAXIMUM_LABELLED))
    champion, remark = _champion(storage)
    before = champion[1].hold_out.get("share", SHARE) if champion else SHARE
    share = held_share(len(set(examples.documents)), before)
    learn, test = map(examples.rows, hold_out(examples.documents, examples.frame["is_corrected"].to_list(), share))
    if not learn.documents or not test.documents:
        raise TooFewExamples("不同的文本太少，留不出评估样本", Counter(examples.topics))
    tree = TopicTree().fit(learn.documents, learn.paths, learn.frame["caller"].to_list())
    manifest = _manifest(tree, learn, test, share, prevailing_taxonomy(connection) or "")
    if champion and champion[1].model_id == manifest.model_id:
        return Outcome(champion[1], True, "可供学习的分类没有变化，训练结果与现用模型相同，继续使用。")
    found = _compare(champion[0], tree, test, current_codes(connection)) if champion else None
    if champion and found:
        manifest = replace(manifest, compared={"champion_id": champion[1].model_id, **found.to_dict()})
    _store(tree, storage, manifest)
    if found and not found.is_not_worse:
        return Outcome(manifest, False, remark)
    _use(connection, storage, manifest)
    return Outcome(manifest, True, remark)


def first_model(connection: Connection, storage: Storage) -> str | None:
    """Train where there is no model yet and enough orders carry labels; the model in force, None with too few."""
    labelled = labelled_texts(connection, storage, MINIMUM_LABELLED)
    if labelled.height < MINIMUM_LABELLED:
        return None
    try:
        return train(connection, storage).manifest.model_id
    except TooFewExamples:
        return None


def use_stored(connection: Connection, storage: Storage, model_id: str) -> Manifest:
    """Have a stored model decide from now on. Raises StoredModelError."""
    manifest = load(storage.topic_models / model_id)[1]
    _use(connection, storage, manifest)
    return manifest


def _use(connection: Connection, storage: Storage, manifest: Manifest) -> None:
    """Killed in between, the pointer still names the model before, and the next run takes that one up again."""
    land_model(connection, asdict(manifest))
    use_model(connection, manifest.model_id)
    point(storage.topic_models, manifest.model_id)


def _store(tree: TopicTree, storage: Storage, manifest: Manifest) -> None:
    """Store a model that is not in force; what an earlier training said of the same model is replaced."""
    folder = storage.topic_models / manifest.model_id
    shutil.rmtree(folder, ignore_errors=True)
    save(tree, folder, manifest)


def _champion(storage: Storage) -> tuple[tuple[TopicTree, Manifest] | None, str]:
    """The model in force, and what is to be said where it cannot be read."""
    model_id = pointed(storage.topic_models)
    if model_id is None:
        return None, ""
    try:
        return load(storage.topic_models / model_id), ""
    except OldFormatError:
        return None, f"原有模型 {model_id} 由旧版本的程序训练，不能比较，新模型直接启用。"
    except StoredModelError:
        return None, f"现用模型 {model_id} 不能读取（文件缺失、损坏或被改动），没有可比的，新模型直接启用。"


def _examples(told: pl.DataFrame) -> _Examples:
    frame = told.with_columns(pl.col("title", "body").fill_null(""))
    paths = [
        tuple(code for code in codes if code is not None)
        for codes in frame.select(f"level{level}_code" for level in range(1, LEVELS + 1)).iter_rows()
    ]
    return _Examples(list(frame.select("title", "body").iter_rows()), paths, frame)


def _compare(champion: TopicTree, challenger: TopicTree, test: _Examples, codes: dict[str, str]) -> Comparison:
    """Both models' level-1 answers to the same texts, as the codes of today."""
    before, after = (
        [codes.get(code, code) for code in tree.root.predict(test.documents).tolist()]
        for tree in (champion, challenger)
    )
    return compare(test.topics, before, after)


def _manifest(tree: TopicTree, learn: _Examples, test: _Examples, share: float, taxonomy_id: str) -> Manifest:
    figures = judge(test.topics, tree.root.classes_.tolist(), tree.root.predict_proba(test.documents))
    answers = tree.answer(test.frame["title"], test.frame["body"])
    mix = sorted(Counter(learn.topics).items())
    return make_manifest(
        tree,
        data_hash(learn.documents, learn.labels),
        {
            **figures.to_dict(),
            **{f"level{level}_accuracy": _accuracy(answers, test, level) for level in (2, 3)},
            "train_records": len(learn.documents),
        },
        taxonomy_id=taxonomy_id,
        trained_at=now().isoformat(timespec="seconds"),
        period=list(
            learn.frame.select(first=pl.min("created_date"), last=pl.max("created_date")).cast(pl.String).row(0)
        ),
        corrections=int(learn.frame["is_corrected"].sum()),
        hold_out={
            "records": len(test.documents),
            "share": share,
            "labels_hash": hashlib.sha256(json.dumps(sorted(test.labels)).encode()).hexdigest(),
        },
        class_mix={code: n / len(learn.documents) for code, n in mix},
        mean_probability=_mean(answers["level1_probability"]),
        unseen_share=_mean(answers["unseen_share"]),
        thresholds={"level1": ADOPTED, "lower": ADOPTED},
    )


def _accuracy(answers: pl.DataFrame, test: _Examples, level: int) -> float | None:
    """Share right of the texts that were labelled down to this level; None when none was."""
    said = answers[f"level{level}_code"].to_list()
    right = [path[level - 1] == code for path, code in zip(test.paths, said, strict=True) if len(path) >= level]
    return sum(right) / len(right) if right else None


def _mean(values: pl.Series) -> float:
    mean: Any = values.mean()
    return float(mean)
