"""剔挂申诉台账: deadlines by calendar and by working days, which are open, what stands in the list, which steps are refused."""

from datetime import date, datetime

import polars as pl
import pytest

from hotline12345.dashboard import appeal_ledger, appeal_states, appeal_tables
from hotline12345.dashboard.appeal_ledger import Deadlines, lines
from hotline12345.dashboard.appeal_states import AppealError
from hotline12345.sql.records.appeals import (
    ACCEPTED,
    DRAFTED,
    EXCLUSION,
    FILED,
    GRANTED,
    REFUSED,
    SETTLED,
    SUSPENSION,
    WITHDRAWN,
    Appeal,
    NotedAppeal,
)

TODAY = date(2026, 3, 10)  # a Tuesday
RULES = pl.DataFrame(
    [
        ("剔除", "申报截止", "办结", "申报", 3, "working", None, None),
        ("剔除", "补齐材料", "申报", "材料齐全", 2, "natural", None, None),
        ("挂账", "销账", "通过", "销账", 90, "natural", None, date(2026, 3, 1)),
        ("挂账", "销账", "通过", "销账", 30, "natural", date(2026, 3, 1), None),
    ],
    schema=[
        *("appeal_kind", "deadline_name", "after_event", "until_event", "deadline_days", "deadline_clock"),
        *("valid_from", "valid_to"),
    ],
    orient="row",
).with_columns(deadline_source=pl.lit("示例"))
WORKDAYS = pl.DataFrame({"calendar_date": [date(2026, 3, 9), date(2026, 3, 7)], "is_workday": [False, True]})
DEADLINES = Deadlines(RULES, WORKDAYS)


def order(order_id, **more):
    facts = {"order_id": order_id, "created_at": datetime(2026, 3, 1), "dispatched_at": None}
    facts |= {
        "closed_at": datetime(2026, 3, 6, 15),
        "is_excluded": False,
        "is_suspended": False,
        "exclusion_kind": None,
    }
    return facts | {"place_town": "东河街道", "community": None} | more


def noted(state, dates, kind=EXCLUSION, **more):
    said = {"order_id": "A1", "appeal_id": 1, "event_id": 1, "at": "2026-03-01 08:00:00", "who": "甲"} | more
    return NotedAppeal(kind=kind, state=state, state_date=list(dates.values())[-1], dates=dates, **said)


def ledger(appeals, orders, in_data=()):
    schema = {"set_aside_at": pl.Datetime, "appeal": pl.String}
    told = pl.DataFrame(list(in_data)) if in_data else pl.DataFrame(schema={"order_id": pl.String, **schema})
    return lines(appeals, pl.DataFrame(orders), told, DEADLINES)


def due(line):
    return [(each.name, each.day) for each in line.due]


def test_working_days_follow_the_sites_calendar_and_monday_to_friday_beyond_it():
    (line,) = ledger([noted(DRAFTED, {DRAFTED: "2026-03-06"})], [order("A1")])
    # closed on Friday the 6th: Saturday the 7th is worked, Monday the 9th is not, then the 10th and the 11th
    assert due(line) == [("申报截止", date(2026, 3, 11))]


@pytest.mark.parametrize(
    ("state", "evidence", "left"),
    [
        (FILED, (("照片", False),), [("补齐材料", date(2026, 3, 9))]),
        (FILED, (("照片", True),), []),
        (FILED, (), []),
        (ACCEPTED, (("照片", False),), []),
        (GRANTED, (), []),
        (REFUSED, (("照片", False),), []),
        (WITHDRAWN, (("照片", False),), []),
    ],
)
def test_a_deadline_is_open_until_what_it_runs_until(state, evidence, left):
    (line,) = ledger([noted(state, {FILED: "2026-03-07", state: "2026-03-07"}, evidence=evidence)], [order("A1")])
    assert due(line) == left


def test_settling_follows_the_rule_in_force_on_the_day_it_was_granted():
    for granted, day in (("2026-02-28", date(2026, 5, 29)), ("2026-03-02", date(2026, 4, 1))):
        appeal = noted(GRANTED, {GRANTED: granted}, SUSPENSION)
        (line,) = ledger([appeal], [order("A1")])
        assert due(line) == [("销账", day)]


def test_a_date_of_the_answer_goes_before_the_rule_and_ends_with_settling():
    appeal = noted(GRANTED, {GRANTED: "2026-03-02"}, SUSPENSION, settling_date="2026-03-15")
    found = ledger([appeal], [order("A1")])
    assert due(found[0]) == [("销账", date(2026, 3, 15))]
    assert [line.order_id for _, line in appeal_ledger.settling_soon(found, TODAY)] == ["A1"]
    assert not appeal_ledger.settling_soon(found, date(2026, 3, 7)), "eight days are not soon"
    settled = noted(SETTLED, {GRANTED: "2026-03-02", SETTLED: "2026-03-09"}, SUSPENSION, settling_date="2026-03-15")
    assert not ledger([settled], [order("A1")])[0].due


def test_what_only_the_data_name_has_a_line_and_what_was_noted_has_one_only():
    taken = order("A1", is_excluded=True, set_aside_at=datetime(2026, 3, 5), appeal="申诉通过")
    hung = order("A2", is_suspended=True, set_aside_at=datetime(2026, 3, 5), appeal=None)
    tried = order("A3", set_aside_at=None, appeal="申诉未通过")
    appeal = noted(GRANTED, {FILED: "2026-03-07", GRANTED: "2026-03-08"})
    found = {line.order_id: line for line in ledger([appeal], [order("A1")], [taken, hung, tried])}
    assert (found["A1"].source, found["A1"].state, found["A1"].in_data) == ("登记", GRANTED, True)
    assert (found["A2"].source, found["A2"].state, due(found["A2"])) == (
        "导入数据",
        "已挂账",
        [("销账", date(2026, 4, 4))],
    )
    assert (found["A3"].kind, found["A3"].state, found["A3"].result) == ("", "有申诉", "申诉未通过")


def test_an_application_for_an_order_that_may_not_be_seen_has_no_line():
    assert not ledger([noted(FILED, {FILED: "2026-03-07"}, order_id="X9")], [order("A1")])


def test_the_three_nearest_deadlines_are_those_still_to_come():
    hung = [order(f"A{n}", is_suspended=True, set_aside_at=datetime(2026, 2, n), appeal=None) for n in range(1, 5)] + [
        order("B1", is_suspended=True, set_aside_at=datetime(2025, 11, 1), appeal=None)
    ]
    found = ledger([], [order("-")], hung)
    assert [line.order_id for _, line in appeal_ledger.nearest(found, TODAY)] == ["A1", "A2", "A3"]
    assert [line.order_id for _, line in appeal_ledger.passed(found, TODAY)] == ["B1"]
    assert found[0].order_id == "B1", "the list begins with the nearest deadline, also one that passed"


@pytest.mark.parametrize(
    ("day", "said"), [(date(2026, 3, 13), "还有 3 天"), (TODAY, "今天"), (date(2026, 3, 8), "已过 2 天")]
)
def test_days_left_in_words(day, said):
    assert appeal_ledger.days_left(day, TODAY) == said


# steps
@pytest.mark.parametrize(
    ("before", "states"),
    [
        (None, (DRAFTED, FILED)),
        (noted(FILED, {FILED: "2026-03-07"}), (FILED, ACCEPTED, GRANTED, REFUSED, WITHDRAWN)),
        (noted(GRANTED, {GRANTED: "2026-03-07"}), (GRANTED,)),
        (noted(GRANTED, {GRANTED: "2026-03-07"}, SUSPENSION), (GRANTED, SETTLED)),
        (noted(WITHDRAWN, {WITHDRAWN: "2026-03-07"}), ()),
    ],
)
def test_which_states_come_next(before, states):
    assert appeal_states.next_states(before) == states


def test_a_date_that_is_not_given_stays_or_is_today():
    before = noted(FILED, {FILED: "2026-03-07"})
    assert appeal_states.assumed_date(before, FILED, TODAY) == "2026-03-07"
    assert appeal_states.assumed_date(before, GRANTED, TODAY) == "2026-03-10"


OTHERS = (noted(ACCEPTED, {FILED: "2026-03-05"}, order_id="A2", appeal_id=2),)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"state": SETTLED}, "不能记为“已销账”。可以记：已报、受理、通过、不通过、撤回"),
        ({"state_date": "2026-03-11"}, "在今天之后"),
        ({"state_date": "2026-03-06"}, "早于上一步的 2026-03-07"),
        ({"state_date": "三月"}, "请写成 2026-03-05"),
        ({"settling_date": "2026-06-01"}, "只有挂账才有销账期限"),
        ({"kind": SUSPENSION, "settling_date": "2026-03-01"}, "早于申请日期"),
        ({"evidence": (("照片", True), ("照片", False))}, "不能空白或重复"),
        ({"evidence": (("长" * 41, True),)}, "超过 40 个字"),
        ({"result_text": "长" * 301}, "最多 300 个"),
        ({"result_text": "联系１３８１２３４５６７８"}, "电话或证件号码"),
        ({"evidence": (("张某 138 1234 5678", True),)}, "电话或证件号码"),
        ({"kind": "撤单"}, "类型应为剔除或挂账"),
    ],
)
def test_wrong_entries_are_refused_with_what_is_allowed(change, said):
    values = {"kind": EXCLUSION, "state": ACCEPTED, "state_date": "2026-03-09"} | change
    with pytest.raises(AppealError) as error:
        appeal_states.refuse_wrong(Appeal(order_id="A1", **values), noted(FILED, {FILED: "2026-03-07"}), OTHERS, TODAY)
    assert said in str(error.value)


def test_one_open_application_an_order_and_kind():
    again = noted(FILED, {FILED: "2026-03-07"}, order_id="A2")
    with pytest.raises(AppealError, match="已有一件未结束的剔除申请"):
        appeal_states.refuse_wrong(again, None, OTHERS, TODAY)
    appeal_states.refuse_wrong(noted(FILED, {FILED: "2026-03-07"}, SUSPENSION, order_id="A2"), None, OTHERS, TODAY)
    ended = (noted(REFUSED, {FILED: "2026-03-05", REFUSED: "2026-03-06"}, order_id="A2", appeal_id=2),)
    appeal_states.refuse_wrong(again, None, ended, TODAY)


# the list
def test_evidence_is_written_one_piece_a_line():
    assert appeal_tables.pieces("现场照片\n 缺 鉴定报告 \n\n缺陷说明") == (
        ("现场照片", True),
        ("鉴定报告", False),
        ("缺陷说明", True),
    )
    assert appeal_tables.pieces(appeal_tables.pieces_text((("甲", False), ("乙", True)))) == (
        ("甲", False),
        ("乙", True),
    )


def test_a_line_says_what_is_next_and_what_is_missing():
    appeal = noted(FILED, {FILED: "2026-03-09"}, evidence=(("鉴定报告", False),))
    (row,) = appeal_tables.rows(ledger([appeal], [order("A1")]), TODAY)
    assert (row.mark, row.title) == ("剔除　已报", "补齐材料：2026年3月11日（还有 1 天）")
    assert row.facts == ("东河街道", "缺 鉴定报告", "2026年3月9日申报")
    assert row.is_urgent
    table = appeal_tables.table(ledger([appeal], [order("A1")]), TODAY).row(0, named=True)
    assert (table["due"], table["missing"], table["in_data"]) == ("补齐材料 2026-03-11", "鉴定报告", "否")


def test_lines_by_what_one_looks_for():
    hung = order("A2", is_suspended=True, set_aside_at=datetime(2026, 2, 12), appeal=None)
    appeal = noted(FILED, {FILED: "2026-03-09"}, evidence=(("鉴定报告", False),))
    kinds = appeal_tables.kinds(ledger([appeal], [order("A1")], [hung]), date(2026, 5, 10))
    assert {name: [line.order_id for line in found] for name, found in kinds.items()} == {
        **{"全部": ["A1", "A2"], "未结束": ["A1"], "缺材料": ["A1"], "7 天内销账": ["A2"]}
    }
