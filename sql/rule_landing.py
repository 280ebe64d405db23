"""Rules as rows: what the SQL reads of the rules in force, and the periods that the landed orders fall into."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

import polars as pl

from hotline12345.sql.landed_frames import replace_table
from hotline12345.sql.rules import Period, Rule
from hotline12345.sql.warehouse import Connection

_TEXTS = (
    *("rule_id", "rule_name", "rule_status", "rule_source", "unit_role", "cohort_clock", "answer_source"),
    *("answer_round", "response_base", "resolution_base", "satisfaction_base", "repeat_policy", "score_method"),
    *("tie_break", "summary_method"),
)
_NUMBERS = (
    *("minimum_valid", "minimum_for_rank", "response_weight", "resolution_weight", "satisfaction_weight"),
    *("on_time_weight", "score_decimals"),
)
_FLAGS = ("limits_order_types", "exclusions_apply", "limits_exclusion_kinds", "suspensions_apply", "renormalise")
RULES = pl.Schema(
    {
        **dict.fromkeys(_TEXTS, pl.String()),
        **dict.fromkeys(_NUMBERS, pl.Int64()),
        **dict.fromkeys(_FLAGS, pl.Boolean()),
        **dict.fromkeys(("valid_from", "valid_to"), pl.Date()),
    }
)
ANSWERS = pl.Schema({**dict.fromkeys(("rule_id", "indicator", "answer"), pl.String()), "answer_value": pl.Int64()})
ITEMS = pl.Schema(dict.fromkeys(("rule_id", "item_kind", "item"), pl.String()))
DEDUCTIONS = pl.Schema(
    {
        **dict.fromkeys(("rule_id", "indicator"), pl.String()),
        **dict.fromkeys(("target_value", "deduction_points"), pl.Int64()),
    }
)
PERIODS = pl.Schema(
    {
        **dict.fromkeys(("rule_id", "period_id"), pl.String()),
        **dict.fromkeys(("start_at", "end_at"), pl.Datetime("us")),
    }
)
DAYS = pl.Schema({**PERIODS, "calendar_date": pl.Date()})


def land_rules(connection: Connection, rules: Sequence[Rule]) -> None:
    """Replace the landed rules by these; their periods are landed apart."""
    _land(connection, "landed.rules", [_row(rule) for rule in rules], RULES)
    _land(connection, "landed.rule_answers", [row for rule in rules for row in _answers(rule)], ANSWERS)
    _land(connection, "landed.rule_items", [row for rule in rules for row in _items(rule)], ITEMS)
    deductions = [
        {"rule_id": rule.id, "indicator": indicator, "target_value": target, "deduction_points": points}
        for rule in rules
        for indicator, (target, points) in sorted(rule.deductions.items())
    ]
    _land(connection, "landed.rule_deductions", deductions, DEDUCTIONS)


def land_periods(connection: Connection, periods: Iterable[tuple[Rule, Period]]) -> None:
    """Replace the landed periods, and the days that they are made of, by these."""
    rows = [
        {"rule_id": rule.id, "period_id": period.period_id, "start_at": period.start_at, "end_at": period.end_at}
        for rule, period in periods
    ]
    _land(connection, "landed.rule_periods", rows, PERIODS)
    _land(connection, "landed.rule_days", [day for period in rows for day in _days(period)], DAYS)


def periods_of_orders(connection: Connection, rules: Sequence[Rule]) -> Iterator[tuple[Rule, Period]]:
    """The periods of each rule from the first to the last moment that any clock of the landed orders names."""
    first, last = connection.execute(
        """
        select
            min(least(created_at, coalesce(dispatched_at, created_at), coalesce(closed_at, created_at))),
            max(greatest(created_at, coalesce(dispatched_at, created_at), coalesce(closed_at, created_at)))
        from landed.order_versions
        """
    ).fetchall()[0]
    if first:
        yield from ((rule, period) for rule in rules for period in rule.periods(first, last))


def _land(connection: Connection, table: str, rows: Sequence[Mapping[str, Any]], schema: pl.Schema) -> None:
    replace_table(connection, table, pl.DataFrame(rows, schema=schema))


def _row(rule: Rule) -> dict[str, Any]:
    """A rule under the names of landed.rules."""
    return {
        "rule_id": rule.id,
        "rule_name": rule.name,
        "rule_status": rule.status,
        "rule_source": rule.source,
        "valid_from": rule.valid_from,
        "valid_to": rule.valid_to,
        "minimum_valid": rule.minimum_valid,
        "minimum_for_rank": rule.minimum_for_rank,
        "unit_role": rule.unit_role,
        "cohort_clock": rule.clock,
        "answer_source": rule.answer_source,
        "answer_round": rule.answer_round,
        **{f"{indicator}_base": base for indicator, base in rule.denominators.items()},
        "limits_order_types": bool(rule.assessed_order_types),
        "exclusions_apply": rule.exclusions_apply,
        "limits_exclusion_kinds": bool(rule.exclusion_kinds),
        "suspensions_apply": rule.suspensions_apply,
        "repeat_policy": rule.repeat_policy,
        **{f"{indicator}_weight": weight for indicator, weight in rule.weights.items()},
        "renormalise": rule.renormalise,
        "score_method": rule.score_method,
        "score_decimals": rule.score_decimals,
        "tie_break": rule.tie_break,
        "summary_method": rule.summary_method,
    }


def _answers(rule: Rule) -> Iterator[dict[str, Any]]:
    for indicator, values in sorted(rule.answers.items()):
        for answer, value in sorted(values.items()):
            yield {"rule_id": rule.id, "indicator": indicator, "answer": answer, "answer_value": value}


def _items(rule: Rule) -> Iterator[dict[str, Any]]:
    lists = {
        "excluded_order_types": rule.excluded_order_types,
        "assessed_order_types": rule.assessed_order_types,
        "exclusion_kinds": rule.exclusion_kinds,
        "response_only_groups": rule.response_only_groups,
    }
    for kind, items in lists.items():
        yield from ({"rule_id": rule.id, "item_kind": kind, "item": item} for item in items)


def _days(period: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Each day that a period touches, also where it covers some hours of it only."""
    day = period["start_at"].replace(hour=0)
    while day < period["end_at"]:
        yield {**period, "calendar_date": day.date()}
        day += timedelta(days=1)
