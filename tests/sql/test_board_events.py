"""Decisions, year list and plans in the records store: append-only, the newest stands, and everything before is kept."""

import sqlite3
from contextlib import closing
from dataclasses import replace

import pytest
from made_snapshot import storage_at

from hotline12345.sql.records import board_events
from hotline12345.sql.records.board_events import Decision, PlanItem, YearEntry
from hotline12345.sql.records.store import open_records


@pytest.fixture
def records(tmp_path):
    with closing(open_records(storage_at(tmp_path / "data"))) as connection:
        yield connection


CHOSEN = Decision("T1", "选定", "人多面广", "2026-05", "U1", ("B2", "B1"))


def test_the_newest_decision_of_an_issue_stands_and_a_withdrawal_leaves_none(records):
    first = board_events.decide(records, "甲", Decision("T1", "暂缓", "数据不足"))
    board_events.decide(records, "甲", Decision("T2", "暂不纳入", "属个案"))
    second = board_events.decide(records, "乙", CHOSEN)
    found = board_events.decisions(records)
    assert [(each.issue_id, each.decision, each.who) for each in found] == [
        ("T1", "选定", "乙"),
        ("T2", "暂不纳入", "甲"),
    ]
    assert found[0].supporting_unit_ids == ("B2", "B1"), "in the order in which they were named"
    assert (found[0].theme_month, found[0].lead_unit_id) == ("2026-05", "U1")
    board_events.decide(records, "乙", Decision("T1", "撤回", "记录有误"))
    assert [each.issue_id for each in board_events.decisions(records)] == ["T2"]
    said = board_events.decision_history(records, ["T1"])
    assert [(each.event_id, each.decision) for each in said] == [(first, "暂缓"), (second, "选定"), (4, "撤回")]
    assert len(board_events.decision_history(records, ["T1", "T2"])) == 4
    assert board_events.decision_history(records, []) == []


def test_what_is_no_decision_is_not_noted(records):
    with pytest.raises(sqlite3.IntegrityError):
        board_events.decide(records, "甲", replace(CHOSEN, decision="红灯"))
    with pytest.raises(sqlite3.IntegrityError):
        board_events.save_item(records, "甲", PlanItem("T1", "任务", "排查", state="拖着"))
    assert board_events.decisions(records) == []
    assert board_events.plan_items(records) == []


def test_a_year_list_is_in_the_order_of_its_months_and_an_entry_can_be_changed_and_taken_off(records):
    july = YearEntry("2026-07", "物业服务", ("T2", "T3"), "B2", "老旧小区物业", True)
    first = board_events.save_entry(records, "甲", july)
    second = board_events.save_entry(records, "甲", YearEntry("2026-03", "供暖", ("T1", "E4")))
    assert (first, second) == (1, 2)
    assert board_events.save_entry(records, "乙", replace(july, theme_month="2026-02"), first) == first
    found = board_events.year_entries(records)
    assert [(each.entry_id, each.theme_month, each.who) for each in found] == [
        (1, "2026-02", "乙"),
        (2, "2026-03", "甲"),
    ]
    assert (found[0].issue_ids, found[0].is_carried_over, found[1].is_carried_over) == (("T2", "T3"), True, False)
    assert board_events.remove_entry(records, "乙", second)
    assert not board_events.remove_entry(records, "乙", second), "it is off the list already"
    assert not board_events.remove_entry(records, "乙", 99)
    assert [each.entry_id for each in board_events.year_entries(records)] == [1]
    assert board_events.save_entry(records, "甲", july) == 3, "a number is never used twice"


def test_a_line_of_a_plan_keeps_its_number_and_its_versions(records):
    item = PlanItem("T1", "任务", "完成入户排查", "U1", "2026-06-30")
    first = board_events.save_item(records, "甲", item)
    other = board_events.save_item(records, "甲", PlanItem("T2", "政策", "出台资金补助办法"))
    assert board_events.save_item(records, "乙", replace(item, state="已完成"), first) == first
    assert [(each.item_id, each.state, each.who) for each in board_events.plan_items(records)] == [
        (first, "已完成", "乙"),
        (other, "未开始", "甲"),
    ]
    versions = records.execute("select state from plan_events where item_id = ? order by event_id", (first,)).fetchall()
    assert [each["state"] for each in versions] == ["未开始", "已完成"], "what was written before is kept"
