"""What is counted for an issue, by hand."""

from datetime import datetime

import polars as pl
import pytest
from polars.testing import assert_frame_equal

from hotline12345.models.recurring.issue_measures import measure
from hotline12345.models.recurring.occurrences import with_occurrences
from hotline12345.models.recurring.scoring import Scoring

UNTIL = datetime(2026, 6, 30, 12)


def facts_of(*rows: dict[str, object]) -> pl.DataFrame:
    """Facts with ids D0, D1, …, a time each unless the row says otherwise."""
    complete = [
        {"order_id": f"D{n}", "reported_at": datetime(2026, 1, 10 + n % 18), **row} for n, row in enumerate(rows)
    ]
    return pl.DataFrame(complete, infer_schema_length=None)


def measured(facts: pl.DataFrame, until: datetime | None = UNTIL, scoring: Scoring | None = None) -> dict[str, object]:
    """The measures of one issue that holds all the facts."""
    members = facts.select("order_id", issue_id=pl.lit("T1"))
    found = measure(with_occurrences(members, facts), facts, until, scoring)
    assert found.height == 1
    return found.row(0, named=True)


def on(*moments: str) -> pl.DataFrame:
    return facts_of(
        *({"reported_at": datetime.fromisoformat(moment), "voice": f"p{n}"} for n, moment in enumerate(moments))
    )


def test_people_units_and_places() -> None:
    row = measured(
        facts_of(
            {"voice": "p1", "unit": "U1", "place": "东里", "area": "甲镇"},
            {"voice": "p1", "unit": "U1", "place": "东里", "area": "甲镇"},
            {"voice": "p2", "unit": "U2", "place": None, "area": "乙镇"},
            {"voice": None, "unit": None, "place": None, "area": None},
            {"voice": None, "unit": "U1", "place": "西里", "area": "甲镇"},
        )
    )
    assert (row["order_count"], row["people_count"], row["repeat_caller_count"]) == (5, 4, 1)
    assert (row["unit_count"], row["unit_known_count"], row["largest_unit_order_count"]) == (2, 4, 3)
    assert row["largest_unit_share"] == 3 / 4
    assert (row["place_count"], row["place_known_count"], row["placed_people_count"]) == (3, 4, 3)
    assert row["largest_place_share"] == 2 / 4
    assert row["town_count"] == 2


def test_concentration_is_what_a_place_has_beyond_its_share_of_all_orders() -> None:
    """40 orders at four places of ten each; one issue has 6 of its 8 at one of them, another 2 everywhere."""
    facts = facts_of(*({"place": f"里{n % 4}"} for n in range(40)), {"place": None, "area": None})
    at_place = {f"里{n}": [f"D{i}" for i in range(n, 40, 4)] for n in range(4)}
    near = [*at_place["里0"][:6], at_place["里1"][0], at_place["里2"][0]]
    even = [order_id for ids in at_place.values() for order_id in ids[:2]]
    members = pl.DataFrame(
        [("E1", each) for each in near] + [("T1", each) for each in even] + [("T2", "D40")],
        schema=["issue_id", "order_id"],
        orient="row",
    )
    found = measure(with_occurrences(members, facts), facts, UNTIL)
    shares = dict(found.select("issue_id", "concentrated_share").iter_rows())
    assert shares == {"E1": (6 - 10 * 8 / 40) / 8, "T1": 0, "T2": None}


def test_outcomes_are_shares_of_those_who_answered() -> None:
    closed = datetime(2026, 1, 12)
    row = measured(
        facts_of(
            {"voice": "p1", "place": "东里", "is_resolved": True, "is_satisfied": True, "closed_at": closed},
            {"voice": "p2", "place": "东里", "is_resolved": False, "is_satisfied": False, "closed_at": closed},
            {
                "voice": "p3",
                "place": "东里",
                "is_resolved": True,
                "is_satisfied": None,
                "closed_at": datetime(2026, 2, 20),
            },
            {"voice": "p1", "place": "东里", "is_resolved": None, "is_satisfied": False, "closed_at": None},
        )
    )
    assert (row["unresolved_count"], row["resolution_asked_count"], row["unresolved_share"]) == (1, 3, 1 / 3)
    assert (row["unsettled_count"], row["unsettled_share"]) == (2, 2 / 3), "p1 came back after the resolution"
    assert (row["unsatisfied_count"], row["satisfaction_asked_count"], row["unsatisfied_share"]) == (2, 3, 2 / 3)
    assert (row["recurrence_count"], row["resolved_occurrence_count"], row["recurrence_rate"]) == (1, 1, 1.0)


def test_marks_are_counted_and_null_where_no_order_tells_them() -> None:
    told = facts_of(
        {"is_returned": True, "is_excluded": True, "is_suspended": False, "is_urgent": False},
        {"is_returned": None, "is_excluded": True, "is_suspended": True, "is_urgent": False},
        {"is_returned": False, "is_excluded": False, "is_suspended": False, "is_urgent": False},
    )
    row = measured(told)
    assert (row["returned_count"], row["held_count"], row["urgent_count"]) == (1, 2, 0)
    assert (row["returned_share"], row["held_share"]) == (1 / 3, 2 / 3)
    assert row["whistled_count"] is None and row["need_to_know_count"] is None


def test_spans_end_at_the_newest_moment_and_compare_only_what_the_data_cover() -> None:
    row = measured(
        on(
            *("2024-07-01", "2025-04-05", "2025-06-29", "2025-06-30 12:00"),  # 2 of the same quarter of last year
            *("2025-07-01", "2026-01-15", "2026-02-01", "2026-04-01", "2026-06-30 12:00"),
        )
    )
    assert (row["year_order_count"], row["previous_year_order_count"]) == (5, 4)
    assert (row["quarter_order_count"], row["previous_quarter_order_count"]) == (2, 2)
    assert row["same_quarter_order_count"] == 3
    assert (row["known_month_count"], row["month_count"]) == (24, 8)


@pytest.mark.parametrize(
    ("first", "known"),
    [("2025-03-01", (False, True, True)), ("2025-11-01", (False, True, False)), ("2026-02-01", (False, False, False))],
)
def test_a_span_before_the_data_begin_is_unknown_not_zero(first: str, known: tuple[bool, bool, bool]) -> None:
    row = measured(on(first, "2026-06-01"))
    names = ("previous_year_order_count", "previous_quarter_order_count", "same_quarter_order_count")
    assert tuple(row[name] is not None for name in names) == known


def test_epidemic_years_are_no_baseline() -> None:
    facts = on("2020-01-01", "2022-05-01", "2023-05-01", "2023-06-01")
    until = datetime(2023, 6, 30)
    row = measured(facts, until)
    assert (row["quarter_order_count"], row["same_quarter_order_count"], row["previous_year_order_count"]) == (
        2,
        None,
        None,
    )
    assert measured(facts, until, Scoring(no_baseline_years=()))["same_quarter_order_count"] == 1


def test_without_times_spans_are_unknown() -> None:
    row = measured(pl.DataFrame({"order_id": ["D0", "D1"]}), None)
    assert (row["order_count"], row["people_count"], row["month_count"]) == (2, 2, 0)
    assert row["year_order_count"] is None and row["first_at"] is None and row["known_month_count"] is None


def seasonal(months: list[tuple[int, int]], people: int = 3) -> dict[str, object]:
    """An issue with so many people in each (year, month)."""
    return measured(
        facts_of(
            *(
                {"reported_at": datetime(year, month, 3 + n), "voice": f"p{n}"}
                for year, month in months
                for n in range(people)
            )
        )
    )


def test_a_season_comes_back_in_the_same_months() -> None:
    row = seasonal([(2024, 11), (2024, 12), (2025, 1), (2025, 11), (2025, 12), (2026, 1), (2026, 5)])
    assert row["season_months"] == "1、11、12月"
    assert (row["persistent_month_count"], row["month_count"]) == (7, 7)


@pytest.mark.parametrize(
    ("months", "people"),
    [
        ([(year, month) for year in (2024, 2025) for month in range(1, 13)], 3),  # all the year round
        ([(2024, 11), (2025, 12)], 3),  # not the same month
        ([(2024, 11), (2025, 11)], 2),  # below the threshold
        ([(2021, 11), (2022, 11)], 3),  # epidemic years
        ([(2024, 11), (2025, 11), (2025, 2), (2025, 4), (2025, 6)], 3),  # most orders lie elsewhere
    ],
)
def test_what_is_no_season(months: list[tuple[int, int]], people: int) -> None:
    assert seasonal(months, people)["season_months"] is None


def test_the_order_of_rows_changes_nothing() -> None:
    facts = facts_of(
        *(
            {
                "voice": f"p{n % 7}",
                "unit": f"U{n % 3}",
                "place": f"里{n % 4}",
                "is_resolved": n % 3 > 0,
                "closed_at": UNTIL,
            }
            for n in range(40)
        )
    )
    members = facts.select("order_id", issue_id=pl.concat_str(pl.lit("T"), pl.col("voice")))
    once = measure(with_occurrences(members, facts), facts, UNTIL)
    mixed = members.sample(fraction=1.0, shuffle=True, seed=3)
    assert_frame_equal(once, measure(with_occurrences(mixed, facts.reverse()), facts.reverse(), UNTIL))
