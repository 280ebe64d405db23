"""The list of candidates: fair comparisons of volume, analysts' changes and decisions on top, ids that live on."""

from datetime import date, datetime

import polars as pl
import pytest

from hotline12345.dashboard import issue_board, issue_parts
from hotline12345.dashboard.months import Coverage, between, moved
from hotline12345.sql.records.board_events import NotedDecision, NotedYearEntry
from hotline12345.sql.records.issue_events import IssueEvent

COUNTS = [1] * 11 + [7] + [2] * 10 + [4, 5]  # 24 months up to May 2026: May 2025 is the 7
MAY = date(2026, 5, 1)
COVERED = Coverage(date(2024, 6, 1), date(2026, 5, 1))


def event(event_id: int, action: str, issue_id: str, **more: object) -> IssueEvent:
    at = "2026-05-02 09:00:00"
    return IssueEvent(action, issue_id, "说明", event_id=event_id, at=at, who="分析员", **more)


def issues(**columns: list[object]) -> pl.DataFrame:
    ids = columns.get("issue_id", ["T1", "T2", "T3"])
    base = {
        "issue_id": ids,
        "issue_name": [f"问题{each}" for each in ids],
        "issue_rank": [1, 2, None][: len(ids)],
        "is_dismissed": [False] * len(ids),
        "is_pinned": [False] * len(ids),
        "top_share": [0.5] * len(ids),
        "monthly_counts": [COUNTS] * len(ids),
    }
    return pl.DataFrame(base | columns)


def test_months():
    assert moved(date(2026, 1, 1), -1) == date(2025, 12, 1)
    assert moved(date(2025, 12, 15), 14) == date(2027, 2, 1)
    assert between(date(2025, 11, 1), date(2026, 2, 1)) == 3


@pytest.mark.parametrize(
    ("first_at", "cutoff_at", "first", "last"),
    [
        (datetime(2024, 10, 1, 23), datetime(2026, 5, 31, 9), date(2024, 10, 1), date(2026, 5, 1)),
        (datetime(2024, 10, 2), datetime(2026, 5, 30, 9), date(2024, 11, 1), date(2026, 4, 1)),
    ],
)
def test_which_months_are_whole(first_at, cutoff_at, first, last):
    covered = Coverage.of(first_at, cutoff_at)
    assert covered == Coverage(first, last)
    assert covered.has(first, between(first, last) + 1)
    assert not covered.has(first, between(first, last) + 2)
    assert not covered.has(moved(first, -1))


def test_volume_with_year_and_month_before():
    found = issue_board.volume(COUNTS, MAY, COVERED)
    assert (found.year, found.year_before) == (2 * 10 + 4 + 5, 11 + 7)
    assert (found.month, found.month_before, found.month_year_ago) == (5, 4, 7)
    assert found.said == (
        f"近12个月 29 件（同比 +{100 * 11 / 18:.1f}%）；当月 5 件（环比 +25.0%，同比 {100 * -2 / 7:.1f}%）"
    )


def test_volume_is_compared_with_whole_months_only():
    begun = issue_board.volume(COUNTS, MAY, Coverage(date(2024, 7, 1), MAY))
    assert (begun.year_before, begun.month_before, begun.month_year_ago) == (None, 4, 7), "June 2024 is not covered"
    under_way = issue_board.volume(COUNTS, MAY, Coverage(date(2024, 6, 1), date(2026, 4, 1)))
    assert (under_way.year, under_way.month) == (29, 5)
    assert (under_way.year_before, under_way.month_before, under_way.month_year_ago) == (None, None, None)
    assert under_way.said.endswith("当月 5 件（环比 —，同比 —）")


def test_volume_is_never_compared_with_an_epidemic_year():
    found = issue_board.volume(COUNTS, date(2023, 5, 1), Coverage(date(2020, 1, 1), date(2023, 12, 1)))
    assert (found.year_before, found.month_before, found.month_year_ago) == (None, 4, None)


def test_analysts_changes_show_at_once_and_the_newest_counts():
    edits = [
        event(1, "rename", "T1", edited_name="旧名"),
        event(2, "dismiss", "T2"),
        event(3, "pin", "T3"),
        event(4, "rename", "T1", edited_name="新名"),
        event(5, "restore", "T2"),
        event(6, "dismiss", "T1"),
    ]
    found = issue_board.edited(issues(), edits)
    assert found["issue_name"].to_list() == ["新名", "问题T2", "问题T3"]
    assert found["is_dismissed"].to_list() == [True, False, False]
    assert found["is_pinned"].to_list() == [False, False, True]
    assert issue_board.edited(issues(), []).equals(issues())


def test_merges_and_splits_wait_for_a_refresh():
    edits = [event(1, "merge", "T1", other_issue_id="T2"), event(2, "rename", "T1", edited_name="甲"), event(3, "merge", "T3", other_issue_id="T2")]  # fmt: skip
    assert [each.event_id for each in issue_board.waiting(edits, [1])] == [3]
    assert issue_board.waiting(edits, [1, 2, 3]) == []


def test_the_list_has_pinned_issues_first_and_says_what_was_decided():
    decided = NotedDecision("T2", "暂缓", "数据不足", event_id=1, at="", who="")
    year = NotedYearEntry("2026-07", "停车", ("T1", "T2"), entry_id=1, at="", who="")
    found = issue_board.listed(issues(is_pinned=[False, False, True]), {"T2": decided}, [year])
    assert found["issue_id"].to_list() == ["T3", "T1", "T2"]
    assert found["board_state"].to_list() == ["未决定", "年度清单 2026年7月", "暂缓"]
    assert found["marked_name"].to_list() == ["〔置顶〕问题T3", "问题T1", "问题T2"]
    assert found["top_percent"].to_list() == [50.0] * 3


def test_the_list_shows_the_newest_twelve_months_of_what_was_counted():
    counted = issues().select("issue_id", "monthly_counts").reverse()
    found = issue_board.with_volumes(issues().drop("monthly_counts"), counted)
    assert found["issue_id"].to_list() == ["T1", "T2", "T3"]
    assert found["trend"].to_list() == [COUNTS[12:]] * 3


def test_every_issue_that_lives_on_in_another():
    assert issue_board.same_as({"T1": "T2", "T2": "T3", "T9": "T3", "E1": "E2"}) == {
        "T3": ["T1", "T2", "T9"],
        "E2": ["E1"],
    }


def test_changes_in_words():
    names = {"T2": "物业收费"}
    told = issue_board.edit_told(event(4, "merge", "T1", other_issue_id="T2"), names)
    assert told == "2026-05-02 09:00 分析员：第 4 号，并入“物业收费”（说明）"
    split = event(5, "split", "T1", other_issue_id="T8", edited_name="新问题", moved_ids=("A", "B"), kept_ids=("C",))
    assert "拆出 2 件，另立“新问题”" in issue_board.edit_told(split, names)
    assert "撤回第 4 号调整" in issue_board.edit_told(event(6, "undo", "T1", undone_id=4), names)


def test_what_came_from_another_issue_says_so():
    row = {
        "issue_id": "T2",
        "issue_name": "乙",
        "event": "出现",
        "reason": "首次发现。",
        "noted_at": datetime(2026, 5, 31),
    }
    assert issue_board.history_told(row, "T2") == "2026-05-31 出现：首次发现。"
    assert issue_board.history_told(row, "T1") == "2026-05-31 出现（“乙”）：首次发现。"


def test_each_count_opens_its_own_orders():
    members = pl.DataFrame(
        {
            "order_id": ["A", "B", "C", "D"],
            "is_resolved": [True, False, None, False],
            "is_satisfied": [True, True, None, False],
            "is_recurrence": [False, False, None, True],
            "caller_key": ["k", "k", None, "m"],
            "is_urgent": [False] * 4,
            "is_returned": [False, None, True, False],
            "is_whistled": [None, None, None, None],
            "is_excluded": [False, True, False, False],
            "is_suspended": [False, True, False, True],
            "is_need_to_know": [False, False, True, False],
        },
        schema_overrides={"is_whistled": pl.Boolean},
    )
    counts = {"all": 4, "unresolved": 2, "unsatisfied": 1, "recurred": 1, "several": 2, "returned": 1, "held": 2, "need_to_know": 1}  # fmt: skip
    assert issue_parts.counts(members) == counts, "nothing of it is shown for 吹哨, of which nothing is known"
    assert issue_parts.order_ids(members, "unresolved") == ["B", "D"]
    assert issue_parts.order_ids(members, "several") == ["A", "B"]
    secret = members.with_columns(pl.Series("is_need_to_know", [False, True, True, False]))
    assert "several" not in issue_parts.counts(secret), (
        "beside the other order of the same person it would tell who reported"
    )
    assert issue_parts.order_ids(members, "held") == ["B", "D"]
    assert issue_parts.order_ids(members, "all") == ["A", "B", "C", "D"]


def test_one_kind_without_those_of_too_few_people():
    every = issues(issue_grain=["共性问题", "共性问题", "点位事件"], people_count=[10, 9, 3], is_dismissed=[False] * 3)
    shown, few = issue_board.narrowed(every, "共性问题", 10)
    assert (shown["issue_id"].to_list(), few) == (["T1"], 1)
    assert issue_board.narrowed(every, issue_board.EVERY, 10)[0].height == 3
    off = every.with_columns(is_dismissed=pl.col("issue_id") == "T2")
    assert issue_board.narrowed(off, issue_board.DISMISSED, 10)[0]["issue_id"].to_list() == ["T2"]
    assert issue_board.narrowed(off, issue_board.EVERY, 10)[0]["issue_id"].to_list() == ["T1", "T3"]
    assert issue_board.narrowed(off, "共性问题", 10)[1] == 0, "who is taken off is not counted as too small"
