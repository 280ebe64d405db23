"""Fair comparisons: the same days, only covered periods, rates only where both are final."""

from datetime import datetime
from itertools import pairwise

import polars as pl
import pytest

from hotline12345.dashboard import comparisons
from hotline12345.dashboard.comparisons import Window


def periods(cutoff: datetime, first_year: int = 2024) -> pl.DataFrame:
    """Periods from the 19th to the 18th, newest first."""
    starts = [datetime(first_year + month // 12, month % 12 + 1, 19) for month in range(30)]
    rows = [
        {
            "period_id": f"{end.year}-{end.month:02d}",
            "start_at": start,
            "end_at": end,
            "cutoff_at": cutoff,
            "period_state": "期内" if cutoff < end else "终",
        }
        for start, end in pairwise(starts)
    ]
    return pl.DataFrame(rows[::-1])


def of(frame: pl.DataFrame, period_id: str) -> dict[str, object]:
    return frame.row(by_predicate=pl.col("period_id") == period_id, named=True)


FIRST = datetime(2024, 1, 1)


def test_an_unfinished_period_is_cut_at_its_last_whole_day():
    frame = periods(datetime(2025, 6, 25, 15))
    found = comparisons.windows(of(frame, "2025-07"), frame, FIRST)
    assert found.now == Window(datetime(2025, 6, 19), datetime(2025, 6, 25))
    assert found.before == Window(datetime(2025, 5, 19), datetime(2025, 5, 25))
    assert found.year_ago == Window(datetime(2024, 6, 19), datetime(2024, 6, 25))
    assert found.now.days == found.before.days == 6


def test_a_finished_period_is_compared_whole():
    frame = periods(datetime(2025, 6, 25))
    found = comparisons.windows(of(frame, "2025-03"), frame, FIRST)
    assert found.now == Window(datetime(2025, 2, 19), datetime(2025, 3, 19))
    assert found.before == Window(datetime(2025, 1, 19), datetime(2025, 2, 19))


def test_a_cut_never_runs_past_a_shorter_period():
    frame = periods(datetime(2025, 4, 18, 12))
    found = comparisons.windows(of(frame, "2025-04"), frame, FIRST)
    assert found.now.days == 30
    assert found.before == Window(datetime(2025, 2, 19), datetime(2025, 3, 19)), "28 days are all there are"


@pytest.mark.parametrize(("first_at", "covered"), [(datetime(2025, 5, 19, 8), True), (datetime(2025, 5, 20), False)])
def test_a_period_the_data_does_not_cover_is_no_comparison(first_at, covered):
    frame = periods(datetime(2025, 6, 25, 15))
    found = comparisons.windows(of(frame, "2025-07"), frame, first_at)
    assert (found.before is not None) == covered
    assert found.year_ago is None


def test_epidemic_years_are_no_season():
    frame = periods(datetime(2023, 6, 25), first_year=2021)
    found = comparisons.windows(of(frame, "2023-03"), frame, datetime(2020, 1, 1))
    assert found.before is not None
    assert found.year_ago is None


def test_rates_are_compared_between_final_periods_only():
    frame = periods(datetime(2025, 6, 25))
    assert comparisons.settled_before(of(frame, "2025-06"), frame) == "2025-05"
    assert comparisons.settled_before(of(frame, "2025-07"), frame) is None
    waiting = frame.with_columns(
        period_state=pl.when(pl.col("period_id") == "2025-05").then(pl.lit("待回访")).otherwise("period_state")
    )
    assert comparisons.settled_before(of(waiting, "2025-06"), waiting) is None


def test_movers_count_what_appeared_and_what_vanished():
    def counts(**orders: int) -> pl.DataFrame:
        return pl.DataFrame(
            {"topic_code": list(orders), "topic_name": list(orders), "order_count": list(orders.values())}
        )

    moved = comparisons.movers(counts(a=10, b=5, c=7), counts(a=30, c=6, d=4), None, 3)
    assert moved["topic_name"].to_list() == ["a", "b", "d"]
    assert moved["now"].to_list() == [10, 5, 0]
    assert moved["before"].to_list() == [30, 0, 4]
    assert moved["year_ago"].to_list() == [None, None, None]
    largest = comparisons.movers(counts(a=10, b=50), None, None, 5)
    assert largest["topic_name"].to_list() == ["b", "a"]
    three = comparisons.movers(counts(a=1), counts(b=1), counts(c=9), 5)
    assert three.select("now", "before", "year_ago").null_count().sum_horizontal().item() == 0
