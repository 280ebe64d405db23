"""How a rule cuts time into periods: every moment in exactly one, named as the rule says, within its validity."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline12345.sql.rules import EXAMPLES, Rule, load_rule

EXAMPLE = load_rule(EXAMPLES / "example-10-50-40.toml")
MOMENTS = st.datetimes(datetime(2019, 3, 1), datetime(2031, 1, 1))


def periods(first: datetime, last: datetime, **changes: object) -> list[tuple[str, datetime, datetime]]:
    rule = replace(EXAMPLE, **changes)
    return [(period.period_id, period.start_at, period.end_at) for period in rule.periods(first, last)]


def test_periods_are_named_after_the_month_they_end_in() -> None:
    found = periods(datetime(2025, 12, 18, 23), datetime(2026, 1, 19))
    assert [name for name, _, _ in found] == ["2025-12", "2026-01", "2026-02"]
    assert found[1] == ("2026-01", datetime(2025, 12, 19), datetime(2026, 1, 19))


def test_or_after_the_month_they_start_in() -> None:
    found = periods(datetime(2025, 12, 18, 23), datetime(2026, 1, 19), period_label="start")
    assert found[1] == ("2025-12", datetime(2025, 12, 19), datetime(2026, 1, 19))


@pytest.mark.parametrize("label", ["start", "end"])
def test_calendar_months_carry_their_own_name(label: str) -> None:
    found = periods(datetime(2025, 12, 1), datetime(2026, 1, 31, 23), start_day=1, period_label=label)
    assert found == [
        ("2025-12", datetime(2025, 12, 1), datetime(2026, 1, 1)),
        ("2026-01", datetime(2026, 1, 1), datetime(2026, 2, 1)),
    ]


def test_a_period_may_start_at_noon() -> None:
    just_before, noon = datetime(2026, 1, 1, 11, 59, 59), datetime(2026, 1, 1, 12)
    noons = {"start_day": 1, "start_hour": 12}
    assert periods(just_before, just_before, **noons) == [("2026-01", datetime(2025, 12, 1, 12), noon)]
    assert periods(noon, noon, **noons) == [("2026-02", noon, datetime(2026, 2, 1, 12))]
    assert periods(noon, noon, period_label="start", **noons) == [("2026-01", noon, datetime(2026, 2, 1, 12))]


def test_natural_years() -> None:
    found = periods(datetime(2025, 12, 31, 23), datetime(2026, 1, 1), period_length="year", start_day=1)
    assert found == [
        ("2025", datetime(2025, 1, 1), datetime(2026, 1, 1)),
        ("2026", datetime(2026, 1, 1), datetime(2027, 1, 1)),
    ]


@pytest.mark.parametrize(
    ("valid_from", "valid_to", "names"),
    [
        (date(2026, 1, 19), None, ["2026-02", "2026-03", "2026-04"]),
        (date(2026, 1, 20), None, ["2026-03", "2026-04"]),
        (date(2019, 1, 1), date(2026, 2, 19), ["2026-01", "2026-02"]),
        (date(2019, 1, 1), date(2026, 2, 20), ["2026-01", "2026-02", "2026-03"]),
        (date(2026, 2, 1), date(2026, 2, 10), []),
    ],
)
def test_the_start_of_a_period_decides_which_rule_it_is_under(
    valid_from: date, valid_to: date | None, names: list[str]
) -> None:
    found = periods(datetime(2026, 1, 1), datetime(2026, 4, 1), valid_from=valid_from, valid_to=valid_to)
    assert [name for name, _, _ in found] == names


@given(
    first=MOMENTS,
    span=st.timedeltas(timedelta(0), timedelta(days=800)),
    day=st.integers(1, 28),
    hour=st.integers(0, 23),
    label=st.sampled_from(["start", "end"]),
)
def test_periods_follow_each_other_and_hold_what_was_asked(
    first: datetime, span: timedelta, day: int, hour: int, label: str
) -> None:
    rule: Rule = replace(EXAMPLE, start_day=day, start_hour=hour, period_label=label)
    found = list(rule.periods(first, first + span))
    assert found[0].start_at <= first < found[0].end_at
    assert found[-1].start_at <= first + span < found[-1].end_at
    assert all(left.end_at == right.start_at for left, right in pairwise(found))
    assert len({period.period_id for period in found}) == len(found)
    assert all(period.start_at.day == day and period.start_at.hour == hour for period in found)
