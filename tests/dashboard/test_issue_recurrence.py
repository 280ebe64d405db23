"""Rates of what was reported again: no rate of nothing, and what is said beside them."""

from datetime import date, datetime

import polars as pl
import pytest

from hotline12345.dashboard import issue_recurrence
from hotline12345.dashboard.issue_recurrence import Total
from hotline12345.models.statistics.intervals import wilson_interval

MARCH, MAY = date(2026, 3, 1), date(2026, 5, 1)


def total(resolved: int, again: int, first: date | None, last: date | None) -> Total:
    row = (resolved, again, first, last, datetime(2026, 5, 31, 12) if first else None)
    names = ("resolved_occurrence_count", "recurrence_count", "first_month", "last_month", "known_until")
    return issue_recurrence.total(pl.DataFrame([row], schema=names, orient="row"))


def test_a_rate_stands_with_its_counts_interval_period_and_cutoff():
    found = total(1200, 300, MARCH, MAY)
    assert (found.recurrence_rate, found.recurrence_rate_low, found.recurrence_rate_high) == pytest.approx(
        (300 / 1200, *wilson_interval(300, 1200))
    )
    assert issue_recurrence.said(found).startswith(
        "合计：已解决 1,200 次，其中 300 次之后又有人反映，解决后再次反映率 25.0%（95% 区间 22.6%—27.5%）。"
    )
    assert issue_recurrence.notes(found)[-1] == (
        "统计期：2026年3月至2026年5月创建、后来答复解决的工单；再次反映数到 2026-05-31 12:00。本系统测算，以正式通报为准。"
    )


def test_nothing_resolved_has_no_rate():
    found = total(0, 0, None, None)
    assert found.recurrence_rate is None and found.recurrence_rate_low is None
    assert "没有解决后再次反映率" in issue_recurrence.said(found) and "%" not in issue_recurrence.said(found)
    assert issue_recurrence.notes(found) == ["本系统测算，以正式通报为准。"]


@pytest.mark.parametrize(("resolved", "few"), [(0, False), (1, True), (19, True), (20, False)])
def test_small_numbers_are_marked(resolved, few):
    assert issue_recurrence.is_few({"resolved_occurrence_count": resolved}) is few


def test_the_words_are_those_of_the_field():
    said = "".join((*issue_recurrence.HOW, issue_recurrence.said(total(20, 5, MARCH, MAY)), issue_recurrence.FEW))
    assert "假性" not in said and "反水" not in said
