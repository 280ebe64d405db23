"""Before and after a chosen issue: whole months only, as many on both sides, the same months of last year beside them."""

from datetime import date, datetime

import polars as pl

from hotline12345.dashboard import issue_follow
from hotline12345.dashboard.issue_follow import AFTER, AFTER_LAST_YEAR, BEFORE, BEFORE_LAST_YEAR, follow
from hotline12345.dashboard.months import Coverage

FIRST = datetime(2024, 10, 1, 8)


def months(first: date, counts: list[int]) -> pl.DataFrame:
    """Of n orders in a month n - 2 answered, n - 5 are solved, and one was reported again."""
    days = pl.date_range(first, first.replace(year=first.year + 5), "1mo", eager=True).head(len(counts))
    return pl.DataFrame({"created_month": days, "order_count": counts}).with_columns(
        resolution_asked_count=pl.col("order_count") - 2,
        resolved_count=pl.col("order_count") - 5,
        recurrence_count=pl.lit(1),
    )


STEADY = months(date(2024, 10, 1), [10] * 12 + [20, 30, 40, 50, 60, 12, 11, 10, 9])  # October 2024 to June 2026


def test_as_many_whole_months_before_as_after_and_the_chosen_month_in_neither():
    found = follow(STEADY, date(2026, 3, 1), Coverage.of(FIRST, datetime(2026, 6, 20, 12)))
    before, after = found.windows[BEFORE], found.windows[AFTER]
    assert (after.first, after.months, after.order_count) == (date(2026, 4, 1), 2, 11 + 10), "June is not over"
    assert (before.first, before.months, before.order_count) == (date(2026, 1, 1), 2, 50 + 60)
    assert (before.resolved_count, before.resolution_asked_count) == (45 + 55, 48 + 58)
    assert before.resolution_rate == (45 + 55) / (48 + 58)
    assert (before.recurrence_count, after.recurrence_count) == (2, 2)
    assert "2026年4月至2026年5月共 21 件" in found.said[0]
    assert f"变化 {100 * (21 - 110) / 110:.1f}%" in found.said[0]
    assert found.said[-1] == issue_follow.NO_CAUSE


def test_the_last_day_of_a_month_makes_it_whole():
    found = follow(STEADY, date(2026, 3, 1), Coverage.of(FIRST, datetime(2026, 6, 30, 12)))
    assert found.windows[AFTER].months == 3
    assert found.windows[AFTER].order_count == 11 + 10 + 9


def test_last_year_stands_beside_where_the_data_covers_it():
    found = follow(STEADY, date(2026, 3, 1), Coverage.of(FIRST, datetime(2026, 6, 1)))
    assert list(found.windows) == [BEFORE, AFTER, BEFORE_LAST_YEAR, AFTER_LAST_YEAR]
    assert found.windows[BEFORE_LAST_YEAR].first == date(2025, 1, 1)
    assert found.windows[AFTER_LAST_YEAR].order_count == 20
    assert "去年同样两段时间为 20 件和 20 件，变化 0.0%" in found.said[1]
    short = follow(STEADY, date(2025, 12, 1), Coverage.of(FIRST, datetime(2026, 6, 1)))
    assert short.windows[AFTER].months == 5
    assert BEFORE_LAST_YEAR not in short.windows, "July 2024 is not in the data"
    assert "看不出季节的影响" in short.said[1]


def test_a_month_that_the_data_covers_in_part_is_no_month():
    found = follow(STEADY, date(2024, 12, 1), Coverage.of(datetime(2024, 10, 9), datetime(2026, 6, 1)))
    assert (found.windows[BEFORE].first, found.windows[BEFORE].months) == (date(2024, 11, 1), 1)
    none = follow(STEADY, date(2024, 11, 1), Coverage.of(datetime(2024, 10, 9), datetime(2026, 6, 1)))
    assert none.windows == {}
    assert none.said == ["2024年11月之前没有完整的月份可以比较。"]


def test_nothing_is_said_before_a_month_has_passed():
    found = follow(STEADY, date(2026, 5, 1), Coverage.of(FIRST, datetime(2026, 6, 20)))
    assert found.windows == {}
    assert found.said == ["2026年5月之后还没有完整的月份：数据完整到2026年5月，更新后再看。"]
    assert follow(STEADY, date(2027, 1, 1), Coverage.of(FIRST, datetime(2026, 6, 20))).windows == {}


def test_epidemic_years_are_no_season():
    every = months(date(2021, 1, 1), [10] * 36)
    found = follow(every, date(2023, 6, 1), Coverage.of(datetime(2021, 1, 1), datetime(2023, 9, 1)))
    assert list(found.windows) == [BEFORE, AFTER], "2022 stands for no season"


def test_months_without_orders_count_nothing_and_have_no_rate():
    gap = STEADY.filter(~pl.col("created_month").is_in([date(2026, 4, 1), date(2026, 5, 1)]))
    found = follow(gap, date(2026, 3, 1), Coverage.of(FIRST, datetime(2026, 6, 1)))
    assert found.windows[AFTER].order_count == 0
    assert found.windows[AFTER].resolution_rate is None
    assert found.said[2].startswith("解决率没有答复，之前 ")
    assert "不能比较" in found.said[2] and "—" not in "".join(found.said[:3]), "in words, not by a dash"


def test_nothing_before_makes_no_rate_of_change():
    begun = STEADY.filter(pl.col("created_month") >= date(2026, 3, 1))
    found = follow(begun, date(2026, 3, 1), Coverage.of(FIRST, datetime(2026, 6, 1)))
    assert found.said[0].endswith("共 21 件，之前同样长的 2 个月（2026年1月至2026年2月）0 件，之前没有，不算变化率。")
    assert found.said[1].startswith("去年同样两段时间为 0 件和 0 件，前后都没有，")
