"""Analysts' edits of issues: append-only, refused where they make no sense, taken back by an event of their own."""

import sqlite3
from contextlib import closing

import pytest
from made_snapshot import storage_at

from hotline12345.sql.records import issue_events, store
from hotline12345.sql.records.issue_events import IssueEdit, note_edit, split_edit, undo_edit
from hotline12345.sql.records.store import open_records
from hotline12345.sql.storage import Storage


@pytest.fixture
def storage(tmp_path) -> Storage:
    return storage_at(tmp_path / "data")


@pytest.fixture
def records(storage):
    with closing(open_records(storage)) as connection:
        yield connection


def in_force(records) -> list[tuple[str, str, str]]:
    return [(event.who, event.action, event.issue_id) for event in issue_events.edits_in_force(records)]


def test_edits_apply_in_the_order_in_which_they_were_said(records):
    first = note_edit(records, "甲", IssueEdit("pin", "E1", "群众反映集中"))
    second = note_edit(records, "乙", IssueEdit("merge", "E2", "同一小区", "E1"))
    assert first < second
    assert in_force(records) == [("甲", "pin", "E1"), ("乙", "merge", "E2")]


def test_an_edit_taken_back_no_longer_counts_and_is_still_told(records):
    first = note_edit(records, "甲", IssueEdit("merge", "E2", "同一小区", "E1"))
    assert undo_edit(records, "乙", first, "不是一处")
    assert in_force(records) == []
    assert not undo_edit(records, "乙", first, "再撤一次"), "taken back already"
    history = issue_events.edit_history(records, "E1")
    assert [(event.action, event.reason, event.undone_id) for event in history] == [
        ("merge", "同一小区", None),
        ("undo", "不是一处", first),
    ]
    assert not undo_edit(records, "乙", history[-1].event_id, ""), "an undo is no edit"
    assert not undo_edit(records, "乙", 99, "")
    assert issue_events.edit_history(records, "E3") == []
    assert len(issue_events.edit_history(records)) == 2


def test_a_split_names_its_part_by_its_orders(records):
    one = split_edit("T1", ["B", "A"], ["D", "C"], "另一件事", "两件事")
    same = split_edit("T1", ["A", "B"], ["C"], "另一个名称", "")
    other = split_edit("T2", ["A", "B"], ["C"], "另一件事", "")
    assert one.other_issue_id == same.other_issue_id != other.other_issue_id
    assert one.other_issue_id[0] == "T"
    note_edit(records, "甲", one)
    (noted,) = issue_events.edits_in_force(records)
    assert (noted.moved_ids, noted.kept_ids, noted.edited_name) == (("A", "B"), ("C", "D"), "另一件事")


@pytest.mark.parametrize(
    ("action", "more", "said"),
    [
        ("merge", {}, "只能并入另一个同类型的问题"),
        ("merge", {"other_issue_id": "E1"}, "只能并入另一个同类型的问题"),
        ("merge", {"other_issue_id": "T2"}, "只能并入另一个同类型的问题"),
        ("rename", {"edited_name": "  "}, "请填写问题名称"),
        ("rename", {"edited_name": "长" * 61}, "不超过 60 个字"),
        ("rename", {"edited_name": " \u200b "}, "看不见的字符"),
        ("rename", {"edited_name": "漏\x00水"}, "看不见的字符"),
        ("rename", {"edited_name": "漏水\n扰民"}, "不含换行"),
        ("rename", {"edited_name": "\u202e漏水"}, "看不见的字符"),
        ("rename", {"edited_name": "漏\ud800水"}, "看不见的字符"),
        ("split", {"edited_name": "名", "moved_ids": ("A",)}, "两边都要有工单"),
        ("split", {"edited_name": "名", "moved_ids": ("A",), "kept_ids": ("A", "B")}, "同一工单只能归到一边"),
    ],
)
def test_what_makes_no_sense_is_refused(action, more, said):
    with pytest.raises(ValueError, match=said):
        IssueEdit(action, "E1", "理由", **more)


def test_a_name_may_hold_a_space_of_full_width() -> None:
    assert IssueEdit("rename", "E1", "理由", edited_name="松园小区\u3000电梯故障").edited_name


def test_what_was_noted_under_other_rules_can_still_be_read(records):
    with records:
        records.execute(
            "insert into issue_events (at, who, action, issue_id, edited_name, moved_ids, kept_ids, reason) "
            "values ('2026-03-01 09:00:00', '甲', 'rename', 'E1', ?, '[]', '[]', '')",
            ("长" * 61,),
        )
    assert [event.edited_name for event in issue_events.edits_in_force(records)] == ["长" * 61]


def test_an_unknown_action_is_not_noted(records):
    with pytest.raises(sqlite3.IntegrityError):
        note_edit(records, "甲", IssueEdit("nonsense", "E1", ""))
    assert in_force(records) == []


def test_a_store_of_the_version_before_gets_the_table(storage):
    storage.make()
    with closing(sqlite3.connect(storage.records)) as old:
        for script in (store.SCHEMA, store.TARGETS, store.TOPIC_EVENTS):
            old.executescript(script.read_text(encoding="utf-8"))
        old.execute("pragma user_version = 3")
    with closing(open_records(storage)) as records:
        note_edit(records, "甲", IssueEdit("pin", "E1", ""))
        assert in_force(records) == [("甲", "pin", "E1")]
