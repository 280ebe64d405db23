"""Rates compared at the same age: what was known of an earlier period on the same day of its life."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from hotline12345.sql.period_replay import replayed_beside
from hotline12345.sql.rules import Period, Rule
from hotline12345.sql.warehouse import Connection

EPIDEMIC_YEARS = (2020, 2021, 2022)  # the only home of these years: no period of theirs is a seasonal baseline
NEWEST = 2  # periods of a rule that still move as callbacks come in: the running one and the one just ended


@dataclass(frozen=True)
class Pair:
    """A period that can still move, and the earlier one that it is compared with as known at `as_of`."""

    rule: Rule
    period_id: str
    comparison: str
    compared: Period
    as_of: datetime


def is_baseline(start_at: datetime, end_at: datetime) -> bool:
    """Whether [start_at, end_at) may stand for its season: nothing that has a day in an epidemic year does."""
    last = end_at - timedelta(microseconds=1)
    return not any(start_at.year <= year <= last.year for year in EPIDEMIC_YEARS)


def year_ago(period_id: str) -> str:
    """The id of the period a year before: `2026-03` → `2025-03`, `2026` → `2025`."""
    return f"{int(period_id[:4]) - 1:04d}{period_id[4:]}"


def fill_same_age(connection: Connection, rules: Sequence[Rule]) -> None:
    """Make the same-age figures of the newest periods that are not final anew → `landed.same_age_scores`.

    Reads the writer's own connection. Cost: at most four replays of one period each for every clock of the rules.
    """
    connection.execute("delete from landed.same_age_scores")
    groups: dict[tuple[str, datetime], list[Pair]] = {}
    for pair in _pairs(connection, rules):
        groups.setdefault((pair.compared.period_id, pair.as_of), []).append(pair)
    for (compared_id, as_of), pairs in sorted(groups.items()):
        asked = {pair.rule.id: pair.rule for pair in pairs}
        with replayed_beside(connection, compared_id, as_of, list(asked.values())) as (replayed, stored):
            for pair in pairs:
                _store(replayed, stored, pair)


def _pairs(connection: Connection, rules: Sequence[Rule]) -> Iterator[Pair]:
    """Which period is compared with which, and as known at the end of which day.

    The day is the earlier period's day of the same number as the cut-off's day in this one; its end counts, since a load
    at half past twelve is as old as one at noon.
    """
    by_id = {rule.id: rule for rule in rules}
    moving = connection.execute(
        """
        select rule_id, period_id, start_at, end_at, cutoff_at
        from marts.mart_periods where start_at <= cutoff_at
        qualify row_number() over (partition by rule_id order by start_at desc) <= $newest and period_state <> '终'
        order by rule_id, period_id
        """,
        {"newest": NEWEST},
    ).fetchall()
    first_known = connection.execute("select min(known_at) from landed.batches").fetchall()[0][0]
    for rule_id, period_id, start_at, end_at, cutoff_at in moving:
        for comparison, compared in earlier_periods(by_id[rule_id], Period(period_id, start_at, end_at)):
            day = (compared.start_at + (cutoff_at - start_at)).date()
            as_of = datetime.combine(day, time.max)
            if as_of >= first_known:
                yield Pair(by_id[rule_id], period_id, comparison, compared, as_of)


def earlier_periods(rule: Rule, period: Period) -> Iterator[tuple[str, Period]]:
    """The period before (`previous`) and the one a year before (`year_ago`), where the rule has them."""
    named = year_ago(period.period_id)
    for earlier in rule.periods(period.start_at.replace(year=period.start_at.year - 2), period.start_at):
        if earlier.end_at == period.start_at:
            yield "previous", earlier
        elif earlier.period_id == named and is_baseline(earlier.start_at, earlier.end_at):
            yield "year_ago", earlier


def _store(replayed: Connection, stored: str, pair: Pair) -> None:
    """Write one pair's figures into the warehouse; units of which nothing was known then have no row."""
    replayed.execute(
        f"""
        insert into {stored}.landed.same_age_scores by name
        select
            rule_id, $period_id as period_id, $comparison as comparison, period_id as compared_period_id,
            $as_of::timestamp as compared_as_of, unit_id, received, valid,
            response_numerator, response_denominator, response_rate,
            resolution_numerator, resolution_denominator, resolution_rate,
            satisfaction_numerator, satisfaction_denominator, satisfaction_rate, score, score_rank
        from marts.mart_unit_scores where rule_id = $rule_id
        """,
        {
            "period_id": pair.period_id,
            "comparison": pair.comparison,
            "as_of": pair.as_of,
            "rule_id": pair.rule.id,
        },
    )
