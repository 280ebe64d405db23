"""What a decision, an entry of a year list or a line of a plan must have, and how they are told."""

from datetime import date, datetime

import pytest

from hotline12345.dashboard import issue_deciding
from hotline12345.dashboard.issue_deciding import BoardError
from hotline12345.sql.records.board_events import (
    Decision,
    NotedDecision,
    NotedPlanItem,
    NotedYearEntry,
    PlanItem,
    YearEntry,
)
from hotline12345.sql.records.issue_events import IssueEdit

THEMES = ("共性问题",)


def noted(issue_id: str, event_id: int, decision: str = "选定", theme_month: str | None = "2026-05") -> NotedDecision:
    month = theme_month if decision == "选定" else None
    return NotedDecision(
        issue_id, decision, "人多面广", month, "U1", ("B1",), event_id=event_id, at="2026-04-02 09:00:00", who="分析员"
    )


def item(item_id: int, kind: str, due: str | None, state: str = "未开始") -> NotedPlanItem:
    return NotedPlanItem("T1", kind, "排查", "U1", due, state, item_id=item_id, at="2026-04-02 09:00:00", who="分析员")


@pytest.mark.parametrize(
    ("decision", "grain", "missing"),
    [
        (Decision("T1", "选定", "  ", "2026-05"), "共性问题", "理由没有填写"),
        (Decision("T1", "选定", "长" * 501, "2026-05"), "共性问题", "理由有 501 个字，最多 500 个"),
        (Decision("T1", "选定", "人多"), "共性问题", "请填写主题月"),
        (Decision("E1", "选定", "人多", "2026-05"), "点位事件", "本区只从共性问题中选定，这是点位事件"),
        (Decision("T1", "选定", "人多", "2026-05", "U1", ("U1",)), "共性问题", "不能既牵头又配合"),
    ],
)
def test_a_decision_that_lacks_something_is_refused(decision, grain, missing):
    with pytest.raises(BoardError, match=missing):
        issue_deciding.refuse_decision(decision, grain, THEMES)


@pytest.mark.parametrize(
    "text", ["请联系12900001111", "电话129 0000 1111", "\uff11\uff12\uff1900001111", "身份证11010119900101123X核实"]
)
def test_numbers_of_persons_are_noted_nowhere(text):
    for refused in (
        lambda: issue_deciding.refuse_decision(Decision("T1", "暂缓", text), "共性问题", THEMES),
        lambda: issue_deciding.refuse_item(PlanItem("T1", "任务", text)),
        lambda: issue_deciding.refuse_entry(YearEntry("2026-07", text, ("T3", "T4")), [], {}, 2, 3),
        lambda: issue_deciding.refuse_entry(YearEntry("2026-07", "停车", ("T3", "T4"), None, text), [], {}, 2, 3),
        lambda: issue_deciding.refuse_edit(IssueEdit("pin", "T1", text)),
        lambda: issue_deciding.refuse_edit(IssueEdit("rename", "T1", "更清楚", edited_name=text)),
    ):
        with pytest.raises(BoardError, match="中有电话或证件号码"):
            refused()


def test_an_order_id_is_no_number_of_a_person():
    issue_deciding.refuse_edit(IssueEdit("pin", "T1", "见工单SL20241001000001、2024100112900001111和138件同类诉求"))


def test_a_full_decision_passes_and_an_event_may_be_put_off():
    issue_deciding.refuse_decision(Decision("T1", "选定", "人多", "2026-05", "U1", ("B1",)), "共性问题", THEMES)
    issue_deciding.refuse_decision(Decision("E1", "暂不纳入", "由街道办理"), "点位事件", THEMES)
    issue_deciding.refuse_decision(Decision("E1", "选定", "人多", "2026-05"), "点位事件", ("共性问题", "点位事件"))


def test_a_theme_has_as_many_problems_as_the_district_says_and_each_only_once_a_year():
    other = NotedYearEntry("2026-03", "供暖", ("T1", "T2"), entry_id=1, at="", who="")
    names = {"T2": "物业收费"}
    for ids in (("T3",), ("T3", "T4", "T5", "T6")):
        with pytest.raises(BoardError, match=rf"要有 2—3 个具体问题，现在选了 {len(ids)} 个"):
            issue_deciding.refuse_entry(YearEntry("2026-07", "停车", ids), [other], names, 2, 3)
    with pytest.raises(BoardError, match="“物业收费”已列在2026年3月“供暖”中"):
        issue_deciding.refuse_entry(YearEntry("2026-07", "停车", ("T2", "T3")), [other], names, 2, 3)
    issue_deciding.refuse_entry(YearEntry("2027-07", "停车", ("T2", "T3")), [other], names, 2, 3)
    with pytest.raises(BoardError, match="主题名称没有填写"):
        issue_deciding.refuse_entry(YearEntry("2026-07", "", ("T3", "T4")), [], names, 2, 3)


def test_a_decision_about_a_merged_issue_counts_for_the_one_that_lives():
    found = issue_deciding.in_force([noted("T9", 3), noted("T1", 2, "暂缓"), noted("T5", 1)], {"T1": ["T9"], "T2": []})
    assert found["T1"].event_id == 3, "what was said of T9 later than of T1 counts"
    assert issue_deciding.state(found["T1"]) == "选定 2026年5月"
    assert found["T5"].event_id == 1
    assert "T2" not in found
    assert issue_deciding.state(None) == "未决定"


def test_decisions_in_words():
    names = {"U1": "东河街道", "B1": "区城管委"}
    assert issue_deciding.told(noted("T1", 1), names) == (
        "2026-04-02 09:00 分析员：选定 2026年5月；建议牵头单位（待会议确定）：东河街道；配合：区城管委；理由：人多面广。"
    )
    assert "撤回了先前的决定" in issue_deciding.told(noted("T1", 1, "撤回"), names)


def test_a_plan_counts_what_is_done_and_what_is_late():
    items = [
        item(1, "任务", "2026-05-31", "已完成"),
        item(2, "任务", "2026-06-30"),
        item(3, "方案", None),
        item(4, "政策", "2026-01-31", "已取消"),
        item(5, "任务", "2026-06-29", "进行中"),
    ]
    found = issue_deciding.progress(items, date(2026, 6, 30))
    assert (found.done, found.count, [each.item_id for each in found.overdue]) == (1, 4, [5])
    assert found.said == "已完成 1/4 项，逾期 1 项"
    assert issue_deciding.progress([], date(2026, 6, 30)).said == "还没有列出措施"
    assert [each.item_id for each in issue_deciding.in_order(items)] == [3, 1, 5, 2, 4]
    assert [issue_deciding.due(each) for each in items[1:3]] == ["2026年6月30日", "—"]


def test_months_that_can_be_chosen():
    months = issue_deciding.next_months(datetime(2026, 3, 29))
    assert (months[0], months[6], months[-1], len(months)) == ("2025-09", "2026-03", "2027-02", 18)
    assert issue_deciding.months_of(2026)[::11] == ["2026-01", "2026-12"]
