"""Recurrence after a resolution, the unsettled share and the parts of the score."""

from datetime import timedelta

import polars as pl
import pytest
from planted_issues import MIXING_PLANT, START, repeated

from hotline12345.models.recurring import Mined, mine


def mined_event(closed: dict[int, int], unresolved: tuple[int, ...] = ()) -> Mined:
    """Six reports, one every nine days; `closed` maps a report to the day it was closed as resolved."""
    records = repeated(1, MIXING_PLANT, ("云栖佳苑",), 6)
    for number, day in closed.items():
        records[number].update(is_resolved=number not in unresolved, closed_at=START + timedelta(days=day))
    return mine(pl.DataFrame(records, infer_schema_length=None))


def occurrences(mined: Mined) -> list[int]:
    return mined.members.sort("order_id")["occurrence"].to_list()


@pytest.mark.parametrize(
    ("closed", "expected"),
    [
        ({}, [1, 1, 1, 1, 1, 1]),
        ({0: 100}, [1, 1, 1, 1, 1, 1]),  # closed after the last report
        ({0: 20}, [1, 1, 1, 2, 2, 2]),  # reports on days 0, 9, 18 | 27, 36, 45
        ({0: 20, 1: 30}, [1, 1, 1, 2, 2, 2]),  # the second closing belongs to the first occurrence
        ({0: 20, 3: 40}, [1, 1, 1, 2, 2, 3]),
        ({0: 1, 1: 10, 2: 19, 3: 28, 4: 37}, [1, 2, 3, 4, 5, 6]),
    ],
)
def test_a_report_after_a_resolution_is_a_recurrence(closed: dict[int, int], expected: list[int]) -> None:
    mined = mined_event(closed)
    assert occurrences(mined) == expected
    assert mined.issues["recurrences_after_resolution"].to_list() == [expected[-1] - 1]


def test_a_closing_without_resolution_starts_nothing() -> None:
    mined = mined_event({0: 1, 1: 10}, unresolved=(0, 1))
    assert occurrences(mined) == [1] * 6
    assert mined.issues["unresolved_share"].to_list() == [1.0]


def test_unresolved_share_is_over_known_outcomes() -> None:
    mined = mined_event({0: 1, 1: 10, 2: 19, 3: 28}, unresolved=(1,))
    assert mined.issues["unresolved_share"].to_list() == [1 / 4]


def test_a_resolved_order_is_unsettled_where_the_same_person_comes_back() -> None:
    records = repeated(1, MIXING_PLANT, ("云栖佳苑",), 8)
    for record in records:
        record.update(is_resolved=True, closed_at=record["reported_at"] + timedelta(days=1))  # type: ignore[operator]
    records[7]["caller"] = records[0]["caller"]
    issue = mine(pl.DataFrame(records, infer_schema_length=None)).issues.row(0, named=True)
    assert (issue["people"], issue["orders"]) == (7, 8)
    assert issue["unresolved_share"] == 0
    assert issue["unsettled_share"] == 1 / 8
