"""Occurrences and recurrences against a slow oracle, and by hand."""

from datetime import datetime, timedelta

import polars as pl
from hypothesis import given
from hypothesis import strategies as st

from hotline12345.models.recurring.occurrences import resolutions, with_occurrences

DAY = datetime(2026, 1, 1)
ORDERS = st.lists(
    st.tuples(
        st.sampled_from("ab"),  # issue
        st.sampled_from(["东里", "西里", None]),
        st.one_of(st.none(), st.integers(0, 12)),  # reported on this day
        st.one_of(st.none(), st.integers(0, 15)),  # closed on this day, also before it was reported
        st.sampled_from([True, False, None]),
    ),
    max_size=25,
)


def day(number: int | None) -> datetime | None:
    return None if number is None else DAY + timedelta(days=number)


def frames(rows: list[tuple]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Members and facts; order ids in the order of the rows."""
    ids = [f"D{number:02d}" for number in range(len(rows))]
    members = pl.DataFrame(
        {"issue_id": [row[0] for row in rows], "order_id": ids}, schema={"issue_id": pl.String, "order_id": pl.String}
    )
    facts = pl.DataFrame(
        {
            "order_id": ids,
            "place": [row[1] for row in rows],
            "reported_at": [day(row[2]) for row in rows],
            "closed_at": [day(row[3]) for row in rows],
            "is_resolved": [row[4] for row in rows],
        },
        schema={
            "order_id": pl.String,
            "place": pl.String,
            "reported_at": pl.Datetime("us"),
            "closed_at": pl.Datetime("us"),
            "is_resolved": pl.Boolean,
        },
    )
    return members, facts


def oracle(rows: list[tuple]) -> list[int | None]:
    """The occurrences one report after the other, as one would say them aloud."""
    found: list[int | None] = [None] * len(rows)
    for issue, place in sorted({(row[0], row[1]) for row in rows if row[1]}):
        own = [i for i, row in enumerate(rows) if row[:2] == (issue, place) and row[2] is not None]
        number, ended = 1, None
        for i in sorted(own, key=lambda i: (rows[i][2], i)):
            if ended is not None and rows[i][2] > ended:
                number, ended = number + 1, None
            found[i] = number
            if rows[i][4] and rows[i][3] is not None and (ended is None or rows[i][3] < ended):
                ended = rows[i][3]
    return found


@given(ORDERS)
def test_occurrences_are_those_of_the_oracle(rows: list[tuple]) -> None:
    assert with_occurrences(*frames(rows))["occurrence"].to_list() == oracle(rows)


@given(ORDERS)
def test_a_recurrence_is_every_occurrence_but_the_first(rows: list[tuple]) -> None:
    members, facts = frames(rows)
    found = resolutions(with_occurrences(members, facts), facts)
    places = {(row[0], row[1], number) for row, number in zip(rows, oracle(rows), strict=True) if number}
    ended = {
        (row[0], row[1], number)
        for row, number in zip(rows, oracle(rows), strict=True)
        if number and row[4] and row[3] is not None
    }
    assert found.height == len(ended)
    assert found["recurred_order_id"].count() == sum(number > 1 for *_, number in places)


@given(ORDERS, st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(rows: list[tuple], random) -> None:
    members, facts = frames(rows)
    mixed = members.sample(fraction=1.0, shuffle=True, seed=random.randrange(1000))
    again = with_occurrences(mixed, facts.reverse())
    assert again.sort("order_id").equals(with_occurrences(members, facts).sort("order_id"))
    found, mixed_found = (resolutions(each, facts) for each in (with_occurrences(members, facts), again))
    assert mixed_found.sort("issue_id", "order_id").equals(found.sort("issue_id", "order_id"))


def test_a_resolution_names_the_order_that_ended_it_and_the_one_that_came_after() -> None:
    members, facts = frames(
        [("a", "东里", 0, 8, True), ("a", "东里", 2, 5, True), ("a", "东里", 4, 9, False), ("a", "东里", 6, None, None)]
    )
    found = resolutions(with_occurrences(members, facts), facts)
    assert found.rows() == [("a", "D01", 1, day(5), "D03", day(6))]


def test_a_resolution_nobody_came_back_from_stays_open() -> None:
    members, facts = frames([("a", "东里", 0, 8, True), ("b", None, 0, 8, True)])
    found = resolutions(with_occurrences(members, facts), facts)
    assert found.select("issue_id", "order_id", "recurred_order_id").rows() == [("a", "D00", None)]
