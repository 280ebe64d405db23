"""Reads about rules: the rules of a publication, and how the orders of a period move from one rule to another."""

import polars as pl

from hotline12345.sql.reading import SnapshotReads
from hotline12345.sql.rule_checks import rule_values
from hotline12345.sql.rule_freeze import UsedRule, used_rules
from hotline12345.sql.rules import Rule, rule_of

RATES = ("response", "resolution", "satisfaction", "on_time")
_VALUES = ", ".join(f"case when is_in_{rate} then {rate}_value end as {rate}_value" for rate in RATES)
_TOLD = (
    "unit_id",
    "reason_code",
    "resolution",
    "satisfaction",
    "is_response_only",
    *(f"{rate}_value" for rate in RATES),
)
_MOVING = ("unit_id", *(f"{rate}_value" for rate in RATES))
_COUNTS = " or ".join(f"{{side}}.{rate}_value is not null" for rate in RATES)


class RuleReads(SnapshotReads):
    """What a page or command says about rules beyond their rows in landed.rules."""

    def published_rules(self) -> list[Rule]:
        """The rules that the newest publication stands on, from the texts kept with it; empty when none were kept."""
        return [
            rule_of(rule_values(name, content))
            for name, content in sorted(self._config_files().items())
            if name.startswith("rules/")
        ]

    def moved_orders(self, before_id: str, after_id: str, period_id: str) -> pl.DataFrame:
        """The orders of a period that do not count the same under two rules; grain order_id, oldest first.

        A value (thousandths) is null where the order is out of that rate; the unit is null where the order is not in
        the rule's period. An order that is in no rate under either rule has not moved.
        """
        pairs = ", ".join(f"{side}.{name} as {side}_{name}" for side in ("before", "after") for name in _TOLD)
        changed = " or ".join(f"before.{name} is distinct from after.{name}" for name in _MOVING)
        counts = " or ".join(_COUNTS.format(side=side) for side in ("before", "after"))
        return self._query(
            f"""
            with ledger as (
                select
                    rule_id, order_id, created_at, unit_id, reason_code, resolution, satisfaction, is_response_only,
                    {_VALUES}
                from intermediate.rate_ledger
                where period_id = $period_id and rule_id in ($before_id, $after_id)
            ),
            before as (select * from ledger where rule_id = $before_id),
            after as (select * from ledger where rule_id = $after_id)
            select
                coalesce(before.order_id, after.order_id) as order_id,
                coalesce(before.created_at, after.created_at) as created_at,
                before_units.unit_name as before_unit_name, after_units.unit_name as after_unit_name, {pairs}
            from before
            full join after on after.order_id = before.order_id
            left join intermediate.units as before_units on before_units.unit_id = before.unit_id
            left join intermediate.units as after_units on after_units.unit_id = after.unit_id
            where ({changed}) and ({counts})
            order by created_at, order_id
            """,
            before_id=before_id,
            after_id=after_id,
            period_id=period_id,
        )

    def used_rules(self) -> dict[str, UsedRule]:
        """What each rule that published figures stand on said when it was first published with, and when, by id."""
        return used_rules(self._cursor())
