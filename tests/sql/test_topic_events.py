"""What people say of topics: append-only in the records store, the newest that stands is landed and counts."""

import sqlite3
from contextlib import closing
from datetime import datetime

import pytest
from made_review import publish_reviewable, refresh
from made_snapshot import storage_at

from hotline12345.sql.publish import current_snapshot
from hotline12345.sql.reads import Reader
from hotline12345.sql.records import store, topic_events
from hotline12345.sql.records.store import open_records
from hotline12345.sql.records.topic_events import Answer
from hotline12345.sql.storage import Storage
from hotline12345.sql.topic_corrections import land_corrections
from hotline12345.sql.warehouse import open_warehouse


@pytest.fixture
def storage(tmp_path) -> Storage:
    return storage_at(tmp_path / "data")


@pytest.fixture
def records(storage):
    with closing(open_records(storage)) as connection:
        yield connection


def said(order_id: str, code: str | None, action: str = "correct") -> Answer:
    return Answer(order_id, f"hash of {order_id}", action, code, "T1", "m1")


def in_force(records) -> list[tuple[str, str, str | None]]:
    return [(event.order_id, event.who, event.topic_code) for event in topic_events.answers_in_force(records)]


def test_the_newest_answer_of_an_order_counts_and_every_one_is_kept(records):
    first, second, third = topic_events.answer_topics(
        records, "甲", [said("A", "T2"), said("B", "T3"), said("A", "T3")]
    )
    assert in_force(records) == [("A", "甲", "T3"), ("B", "甲", "T3")]
    assert [event.event_id for event in topic_events.topic_history(records, "A")] == [first, third]
    assert first < second < third


def test_a_withdrawal_brings_the_answer_before_back(records):
    (first,) = topic_events.answer_topics(records, "甲", [said("A", "T2")])
    (second,) = topic_events.answer_topics(records, "乙", [said("A", None, "unclear")])
    assert topic_events.withdraw_answer(records, "乙", second)
    assert in_force(records) == [("A", "甲", "T2")]
    assert not topic_events.withdraw_answer(records, "乙", second), "taken back already"
    assert topic_events.withdraw_answer(records, "丙", first)
    assert in_force(records) == []
    history = topic_events.topic_history(records, "A")
    assert [(event.who, event.action, event.withdrawn_id) for event in history] == [
        ("甲", "correct", None),
        ("乙", "unclear", None),
        ("乙", "withdraw", second),
        ("丙", "withdraw", first),
    ]
    assert not topic_events.withdraw_answer(records, "丙", history[-1].event_id), "a withdrawal is no answer"
    assert not topic_events.withdraw_answer(records, "丙", 99)


def test_an_answer_of_long_ago_can_be_taken_back_from_under_a_newer_one(records):
    first, _ = topic_events.answer_topics(records, "甲", [said("A", "T2"), said("A", "T3")])
    assert topic_events.withdraw_answer(records, "甲", first)
    assert in_force(records) == [("A", "甲", "T3")]


def test_answers_are_noted_all_or_none(records):
    with pytest.raises(sqlite3.IntegrityError):
        topic_events.answer_topics(records, "甲", [said("A", "T2"), said("B", "T2", "nonsense")])
    assert in_force(records) == []


def test_a_store_without_topic_events_gets_them(storage):
    storage.make()
    with closing(sqlite3.connect(storage.records)) as old:
        for script in (store.SCHEMA, store.TARGETS):
            old.executescript(script.read_text(encoding="utf-8"))
        old.execute("pragma user_version = 2")
    with closing(open_records(storage)) as records:
        topic_events.answer_topics(records, "甲", [said("A", "T2")])
        assert in_force(records) == [("A", "甲", "T2")]
    assert (storage.data / "records.version-2.sqlite").exists()


def test_landing_touches_the_changed_orders_only(storage, records):
    connection = open_warehouse(storage)

    def touched() -> list[str]:
        rows = connection.execute("select order_id from run.touched_orders order by order_id").fetchall()
        connection.execute("delete from run.touched_orders")
        return [order_id for (order_id,) in rows]

    assert land_corrections(connection, storage) == 0
    first, _, _ = topic_events.answer_topics(
        records, "甲", [said("A", "T2"), said("B", "T1", "confirm"), said("C", None, "unclear")]
    )
    connection.execute("insert into run.touched_orders values ('A')")
    assert land_corrections(connection, storage) == 2
    assert touched() == ["A", "B"], "each once; what is unclear changes nothing"
    assert land_corrections(connection, storage) == 0
    assert touched() == []
    topic_events.withdraw_answer(records, "甲", first)
    topic_events.answer_topics(records, "乙", [said("B", "T3")])
    assert land_corrections(connection, storage) == 2
    assert touched() == ["A", "B"]
    landed = connection.execute("select order_id, action, topic_code, previous_code, who from landed.topic_corrections")
    assert landed.fetchall() == [("B", "correct", "T3", "T1", "乙")]
    connection.close()


def test_without_a_records_store_nothing_is_landed_and_none_is_made(storage):
    connection = open_warehouse(storage)
    assert land_corrections(connection, storage) == 0
    assert not storage.records.exists()
    connection.close()


def test_a_correction_counts_before_the_clerk_and_the_model_until_it_is_withdrawn(storage):
    publish_reviewable(storage)
    with closing(open_records(storage)) as records:
        clerk, model, unclear = topic_events.answer_topics(
            records, "甲", [said("D0001", "T11"), said("D0002", "T3"), said("D0003", None, "unclear")]
        )

    def counted() -> dict[str, tuple[str, str]]:
        connection = open_warehouse(storage)
        refresh(connection, storage)
        connection.close()
        reader = Reader(storage, current_snapshot(storage))
        found = reader.review_orders(["D0001", "D0002", "D0003"])
        corrections = reader.landed_corrections()
        reader.close()
        assert corrections["corrected_at"].dtype.is_temporal()
        return {row["order_id"]: (row["topic_source"], row["topic_code"]) for row in found.iter_rows(named=True)}

    assert counted() == {"D0001": ("复核", "T1"), "D0002": ("复核", "T3"), "D0003": ("人工", "T3")}
    with closing(open_records(storage)) as records:
        for event_id in (clerk, model, unclear):
            topic_events.withdraw_answer(records, "甲", event_id)
        event = topic_events.topic_history(records, "D0001")[0]
        assert datetime.fromisoformat(event.at).year >= 2026
    assert counted() == {"D0001": ("人工", "T2"), "D0002": ("模型", "T1"), "D0003": ("人工", "T3")}
