"""Renaming a category is a change of words: no training, no scoring, and every reader shows the new name."""

import json
from pathlib import Path

import pytest
from called import Hotline
from made_catalogue import TOPICS
from made_exports import count, orders, storage_at, write_csv

from hotline12345.models.topics.topic_tree import TopicTree
from hotline12345.sql.publish import pointed
from hotline12345.sql.storage import Storage


def catalogue(storage: Storage, labels: list[str]) -> None:
    lines = [f"t,T{number},{label},,1,,,," for number, label in enumerate(labels)]
    (storage.config / "topics.csv").write_text("\n".join([TOPICS, *lines]) + "\n", encoding="utf-8")


def names(hotline: Hotline, storage: Storage) -> dict[str, int]:
    listed = json.loads(hotline("topics", "catalogue", "--data-dir", storage.data, "--format", "json").out)
    return {row["topic_name"]: row["order_count"] for row in listed}


def test_renaming_keeps_model_predictions_and_counts(
    hotline: Hotline, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    storage = storage_at(tmp_path / "data")
    storage.make()
    labelled = orders(210)
    labels = sorted({str(row["一级分类"]) for row in labelled})
    catalogue(storage, labels)
    rows = [*labelled, *orders(10, start=211, 一级分类="")]
    done = hotline("run", write_csv(tmp_path / "a.csv", rows), "--data-dir", storage.data)
    assert done.code == 0, done.printed
    model, before = pointed(storage.topic_models), names(hotline, storage)
    assert model is not None and sum(before.values()) == 220
    # Files keep the old name: what a label says is resolved by every name its code ever had.
    old, new = labels[0], "改过的名称"
    lines = [
        f"t,T0,{old},,1,,,,2026-01-01",
        f"t,T0,{new},,1,,,2026-01-01,",
        *(f"t,T{number},{label},,1,,,," for number, label in enumerate(labels) if number),
    ]
    (storage.config / "topics.csv").write_text("\n".join([TOPICS, *lines]) + "\n", encoding="utf-8")

    def refuse(*_: object) -> None:
        raise AssertionError("a renamed category was learnt or scored anew")

    monkeypatch.setattr(TopicTree, "fit", refuse)
    monkeypatch.setattr(TopicTree, "answer", refuse)
    done = hotline("publish", "--data-dir", storage.data)
    assert done.code == 0, done.printed
    assert pointed(storage.topic_models) == model
    assert count(storage, f"select count(*) from landed.topic_predictions where model_id = '{model}'") == 220
    assert names(hotline, storage) == {new if name == old else name: number for name, number in before.items()}
