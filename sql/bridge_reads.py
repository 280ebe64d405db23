"""Reads behind 为什么变了: how the orders of some units count, and what was told of them first."""

from collections.abc import Sequence
from datetime import datetime

import polars as pl

from hotline12345.sql.build import FOREVER
from hotline12345.sql.reading import SnapshotReads
from hotline12345.sql.rule_freeze import used_rules
from hotline12345.sql.rules import Rule

# What a version says under the rule's source and round, as intermediate.rate_ledger reads the current one.
_REACHED = """case voice when 'district latest' then is_valid_callback_district when 'city latest' then is_valid_callback_city
    when 'unit latest' then nullif(closed_at is not null, false) else is_valid_callback end"""
_CONTACTED = """case voice when 'district latest' then is_contacted_district when 'city latest' then is_contacted_city
    when 'unit latest' then is_contacted_unit else is_contacted end"""
_RESOLUTION = """case voice when 'district latest' then resolution_district when 'city latest' then resolution_city
    when 'unit latest' then resolution_unit when 'callback first' then coalesce(resolution_first, resolution)
    when 'callback final' then coalesce(resolution_final, resolution) else resolution end"""
_SATISFACTION = """case voice when 'district latest' then satisfaction_district when 'city latest' then satisfaction_city
    when 'unit latest' then satisfaction_unit when 'callback first' then coalesce(satisfaction_first, satisfaction)
    when 'callback final' then coalesce(satisfaction_final, satisfaction) else satisfaction end"""


_ORDERS = f"""
with ledger as (
    select * from intermediate.rate_ledger
    where rule_id = $rule_id and period_id = $period_id
        and (unit_id in (select unnest($unit_ids::varchar[])) or order_id in (select unnest($order_ids::varchar[])))
),
told as (
    select
        versions.order_id, versions.known_at, versions.batch_id, versions.created_at,
        case rules.unit_role when 'place' then place_town when 'trade' then trade_bureau else unit_name end
            as named_unit,
        rules.answer_source || ' ' || rules.answer_round as voice,
        {_REACHED} as is_reached, {_CONTACTED} as said_contacted,
        {_RESOLUTION} as said_resolution, {_SATISFACTION} as said_satisfaction
    from landed.order_versions as versions
    anti join landed.undos using (batch_id)
    semi join ledger using (order_id)
    cross join (select * from landed.rules where rule_id = $rule_id) as rules
),
first_told as (
    select
        order_id,
        arg_min(named_unit, (known_at, batch_id)) as named_unit,
        min(created_at) as created_at,
        min(known_at) as seen_at,
        min(known_at) filter (where is_reached) as callback_known_at,
        arg_min(
            {{'contacted': said_contacted, 'resolution': said_resolution, 'satisfaction': said_satisfaction}},
            (known_at, batch_id)
        ) filter (where is_reached) as heard
    from told group by order_id
)
select
    ledger.*, first_told.callback_known_at, coalesce(callback_known_at > seen_at, false) as is_waited_for,
    coalesce(names.unit_id, 'x:' || first_told.named_unit, 'none') as first_unit_id,
    case when heard is not null then 1000 * coalesce(heard.contacted, false)::integer end as first_response_value,
    case when heard is not null then coalesce(solved.answer_value, 0) end as first_resolution_value,
    case when heard is not null then coalesce(satisfied.answer_value, 0) end as first_satisfaction_value
from ledger
left join first_told on first_told.order_id = ledger.order_id
left join landed.unit_names as names
    on names.unit_alias = first_told.named_unit
    and first_told.created_at >= names.valid_from and first_told.created_at < names.valid_to
left join landed.rule_answers as solved
    on solved.rule_id = $rule_id and solved.indicator = 'resolution' and solved.answer = heard.resolution
left join landed.rule_answers as satisfied
    on satisfied.rule_id = $rule_id and satisfied.indicator = 'satisfaction'
    and satisfied.answer = heard.satisfaction
order by ledger.order_id
"""


class BridgeReads(SnapshotReads):
    """What the difference of two states of a unit is made of."""

    def bridge_orders(
        self, rule_id: str, period_id: str, unit_ids: Sequence[str], order_ids: Sequence[str] = ()
    ) -> pl.DataFrame:
        """The orders of these units in a period, and these orders whatever their unit; grain order_id.

        Each with how it counts (the ledger's columns), when its valid callback became known (`callback_known_at`) and
        whether the order was known without it before (`is_waited_for`), what was answered then (`first_…_value`, thousandths; null before any valid callback) and which unit was named first.
        """
        return self._query(
            _ORDERS,
            rule_id=rule_id,
            period_id=period_id,
            unit_ids=list(unit_ids),
            order_ids=list(order_ids),
        )

    def bridge_totals(self, rule_id: str, period_id: str, group_kind: str, group_id: str) -> pl.DataFrame:
        """Score, sums and what each rate is worth, of a unit (`unit`) or of a group taken together (`unit_group`).

        One row or none; `score_error` is the standard error of the score, for a group that of its units by their share.
        """
        return self._query(
            """
            with members as (
                select members.unit_group, members.group_id, scores.valid, scores.score_error
                from intermediate.group_members as members
                inner join marts.mart_unit_scores as scores using (rule_id, period_id, unit_id)
                where rule_id = $rule_id and period_id = $period_id and group_kind = $group_kind and group_id = $group_id
            ),
            errors as (
                select sqrt(sum((valid * score_error) ** 2)) / nullif(sum(valid), 0) as score_error from members
            )
            select scores.exact_score, scores.score, counts.*, parts.* exclude (rule_id), errors.score_error
            from intermediate.scores as scores
            inner join intermediate.group_counts as counts using (rule_id, period_id, group_kind, unit_group, group_id)
            inner join intermediate.rule_parts as parts on parts.rule_id = scores.rule_id
            cross join errors
            where scores.rule_id = $rule_id and scores.period_id = $period_id and group_kind = $group_kind
                and group_id = $group_id and score_scope = 'counted'
            """,
            rule_id=rule_id,
            period_id=period_id,
            group_kind=group_kind,
            group_id=group_id,
        )

    def reference_hash(self, at: datetime | None) -> str | None:
        """The hash of the config tables that counted at a time, as a replay takes them; None: at the newest publication."""
        found = self._query(
            """
            select reference_hash from landed.publications
            order by published_at <= $at desc, case when published_at <= $at then published_at end desc, published_at
            limit 1
            """,
            at=at or FOREVER,
        )
        return str(found["reference_hash"][0]) if found.height else None

    def every_rule(self) -> dict[str, Rule]:
        """Every rule that a publication stands on, by id, in force or not."""
        return {rule_id: used.rule for rule_id, used in used_rules(self._cursor()).items()}
