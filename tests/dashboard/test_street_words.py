"""我的街镇 in words: hours by the data's clock, distances, names of callers, what changed. Frames made by hand."""

from datetime import date, datetime, timedelta

import polars as pl
import pytest

from hotline12345.dashboard import street_due, street_goals, street_rows, street_tables, street_words
from hotline12345.dashboard.street_due import DAY, EVERY, LATER, NO_LIMIT, NOT_CONTACTED, OVERDUE, TWO_DAYS
from hotline12345.dashboard.street_goals import Standing
from hotline12345.dashboard.street_words import Changes
from hotline12345.dashboard.target_progress import Target

CUTOFF = datetime(2026, 3, 20, 12)
PERIOD = {"end_at": datetime(2026, 3, 19)}


def waiting(*hours, records=None):
    due = [None if each is None else CUTOFF + timedelta(hours=each) for each in hours]
    frame = pl.DataFrame(
        {
            "order_id": [f"A{n}" for n in range(len(due))],
            "effective_due_at": due,
            "contact_record": records or ["未填"] * len(due),
        },
        schema={"order_id": pl.String, "effective_due_at": pl.Datetime, "contact_record": pl.String},
    )
    return street_due.timed(frame, CUTOFF)


# due
def test_buckets_end_at_24_and_48_hours_after_the_cut_off():
    found = waiting(-0.01, 0, 24, 24.01, 48, 48.01, None)
    assert found.orders["due_bucket"].to_list() == [OVERDUE, DAY, DAY, TWO_DAYS, TWO_DAYS, LATER, NO_LIMIT]
    assert sum(found.counts[name] for name in street_due.BUCKETS) == found.counts[EVERY] == 7


@pytest.mark.parametrize(
    ("hours", "said"),
    [
        (0.5, "还有 30 分钟"),
        (3.9, "还有 3 小时"),
        (24, "还有 1 天"),
        (53, "还有 2 天 5 小时"),
        (-1, "已超 1 小时"),
        (-50, "已超 2 天 2 小时"),
    ],
)
def test_time_left_in_words(hours, said):
    assert street_due.time_left(CUTOFF + timedelta(hours=hours), CUTOFF) == said


def test_blank_and_no_are_both_without_a_record_but_a_missing_column_is_not():
    assert waiting(1, 2, 3, records=["未填", "未联系", "已联系"]).counts[NOT_CONTACTED] == 2
    silent = waiting(1, 2, records=[None, None])
    assert silent.counts[NOT_CONTACTED] == 0
    assert not silent.tells_contact


def test_rows_say_what_is_urgent_in_words_too():
    orders = waiting(-2, 30).orders.with_columns(
        title=pl.lit("灯不亮"), is_need_to_know=pl.Series([False, True]), community=pl.lit("一社区"),
        place_town=pl.lit("东河街道"), topic_name=pl.lit("照明"),
    )  # fmt: skip
    late, soon = street_rows.due_rows(orders)
    assert (late.mark, late.is_urgent, late.facts) == ("已超 2 小时", True, ("一社区", "照明", "联系：未填"))
    assert (soon.mark, soon.is_urgent) == ("还有 1 天 6 小时", False)


def test_titles_of_confidential_orders_are_not_shown():
    assert street_words.title({"title": None, "is_need_to_know": True}) == "保密，须知人员可查看"
    assert street_words.title({"title": None, "is_need_to_know": False}) == "（无标题）"


# distances
def unit(rank=2, **more):
    found = {"unit_id": "U1", "unit_group": "街镇", "score": 80.0, "score_rank": rank, "ranked_units": 3}
    for name, numerator in (("response", 98.0), ("resolution", 80.0), ("satisfaction", 70.0)):
        found |= {f"{name}_numerator": numerator, f"{name}_denominator": 100, f"{name}_rate": numerator / 100}
    return found | {"received": 120} | more


def standing(row, scores=(90.0, 80.0, 70.0)):
    rows = [unit(n + 1, score=score, unit_id=f"U{[2, 1, 3][n]}") for n, score in enumerate(scores)]
    steps = pl.DataFrame({"step_count": list(range(30)), "score": [80.0 + n / 2 for n in range(30)]})
    return Standing(row, pl.DataFrame(rows), steps, "received")


def target(indicator, value, name="录入目标", unit_id=None, valid_to=None):
    return Target(f"{indicator}{value}", name, indicator, value, unit_id, None, None, valid_to, "")


MEANS = {"score": 85.0, "response_rate": 0.99, "resolution_rate": 0.9, "satisfaction_rate": None}


def test_without_a_target_the_groups_mean_is_the_measure():
    said = street_goals.goal_words(standing(unit()), [], MEANS, PERIOD)
    assert said["resolution_rate"] == "距街镇汇总 90.0%：差 10.0 个百分点，约合 10 件"
    assert said["score"] == "距街镇汇总 85.0 分：再解决且满意 10 件"
    assert "satisfaction_rate" not in said


def test_an_entered_target_goes_first_the_units_own_before_that_of_all():
    targets = [
        target("resolution_rate", 0.85, "计划"),
        target("resolution_rate", 0.82),
        target("resolution_rate", 0.81, unit_id="U1"),
        target("resolution_rate", 0.99, unit_id="U9"),
    ]
    said = street_goals.goal_words(standing(unit()), targets, MEANS, PERIOD)
    assert said["resolution_rate"] == "距目标 81.0%：差 1.0 个百分点，约合 1 件"


def test_an_expired_target_is_no_measure_and_a_reached_one_says_so():
    expired = target("resolution_rate", 0.99, "计划", valid_to=date(2026, 1, 1))
    said = street_goals.goal_words(standing(unit()), [expired, target("satisfaction_rate", 0.7)], MEANS, PERIOD)
    assert said["resolution_rate"].startswith("距街镇汇总")
    assert said["satisfaction_rate"] == "距目标 70.0%：已达到"


def test_a_difference_too_small_to_print_is_not_printed_as_none():
    said = street_goals.goal_words(standing(unit()), [target("resolution_rate", 0.8001)], {}, PERIOD)
    assert said["resolution_rate"] == "距目标 80.0%：差不足 0.1 个百分点，约合 1 件"


def test_the_rank_above_in_orders():
    assert street_goals.next_rank_words(standing(unit())) == "距前一位：再解决且满意 20 件"
    assert street_goals.next_rank_words(standing(unit(rank=1))) == "已在第一位"
    assert street_goals.next_rank_words(standing(unit(rank=None))) == ""


def test_where_the_others_are_hidden_no_distance_is_made_up():
    found = standing(unit())
    alone = Standing(found.unit, found.scores.filter(pl.col("unit_id") == "U1"), found.steps, "received")
    assert street_goals.next_rank_words(alone) == street_goals.HIDDEN_RANKS


# callers, places, changes
@pytest.mark.parametrize(("place", "name"), [(0, "A"), (25, "Z"), (26, "AA"), (27, "AB"), (701, "ZZ"), (702, "AAA")])
def test_callers_have_letters(place, name):
    assert street_words.caller_name(place) == f"诉求人 {name}"


def test_tables_of_callers_and_places():
    callers = pl.DataFrame(
        {
            **{"order_count": [4], "place_count": [1], "open_count": [0], "unresolved_count": [1]},
            **{
                "first_at": [CUTOFF],
                "last_at": [CUTOFF],
                "topic_names": [["丁", "丙", "乙", "甲"]],
                "order_ids": [["A1"]],
            },
        }
    )
    shown = street_tables.callers(callers).row(0, named=True)
    assert (shown["caller_alias"], shown["topic_names"], shown["last_at"]) == (
        "诉求人 A",
        "丁、丙、乙 等 4 类",
        "2026-03-20",
    )
    assert "order_ids" not in shown
    communities = pl.DataFrame(
        {
            **{"place_town": ["东河街道"] * 2, "community": ["一社区", None], "order_count": [6, 2]},
            **{"earlier_order_count": [4, 0], "caller_count": [5, 2], "open_count": [1, 0], "unresolved_count": [0, 0]},
            **{"main_topic_name": ["照明", "照明"], "order_ids": [["A1"], ["A2"]]},
        }
    )
    assert street_tables.communities(communities).select("community", "change").rows() == [
        ("一社区", "+50.0%"),
        (street_tables.NO_COMMUNITY, "—"),
    ]


def test_what_changed_counts_each_kind_by_itself():
    orders = pl.DataFrame(
        {"order_id": ["A", "B", "C"], "is_new": [True, False, True], "is_newly_closed": [False, True, True]}
    )
    found = Changes(CUTOFF, orders, frozenset({"C", "gone"}), None)
    assert found.counts == {"新到工单": 2, "新办结": 2, "新失分": 1}


def test_the_score_beside_the_one_published_then():
    now = unit(rank=2)
    before = unit(rank=3, score=79.0, resolution_numerator=78.0)
    assert street_words.score_words(now, before, 1) == [
        *("综合成绩 79.0 → 80.0（+1.0 分）", "位次 第 3 → 第 2"),
        *("响应率 0.0 个百分点", "解决率 +2.0 个百分点", "满意率 0.0 个百分点"),
    ]
    assert street_words.score_words(now, None, 1) == []


@pytest.mark.parametrize(
    ("group", "is_trade", "title"),
    [
        ("街镇", False, "我的街镇"),
        ("国企", False, "我的单位"),
        (None, False, "我的街镇"),
        ("区直部门", True, "我的行业"),
    ],
)
def test_the_page_is_called_after_whose_it_is(group, is_trade, title):
    assert street_words.page_title(group, is_trade) == title
