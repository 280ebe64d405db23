"""Reads about officially published figures: what stands, ours beside them, and the orders that may explain a difference."""

import polars as pl

from hotline12345.sql.official import COUNTS, RATES
from hotline12345.sql.reading import SnapshotReads

# What is compared: our column → the official one. Ranks are compared last, because ties decide them.
COMPARED = {name: f"official_{name}" for name in (*COUNTS, *RATES, "score")} | {"score_rank": "official_rank"}

_IN_FORCE = """
    select *
    from staging.official_scores
    where period_id = $period_id and applies_to in ('any', $rule_id)
    qualify row_number() over (partition by unit_id order by applies_to = 'any') = 1
"""


class OfficialReads(SnapshotReads):
    """Official figures first, ours as 测算 beside them."""

    def official_tables(self, period_id: str | None = None) -> pl.DataFrame:
        """Every loaded table with what became of its rows, newest first; grain official_id."""
        return self._query(
            """
            select
                official_id, period_id, rule_id, source, issued_at, loaded_at, file_name, withdrawn_at,
                withdrawal_reason,
                count(*) filter (where row_kind = 'unit') as unit_rows,
                count(*) filter (where row_kind = 'summary') as summary_rows,
                count(*) filter (where row_kind = 'note') as note_rows,
                count(*) filter (where row_kind = 'refused') as refused_rows
            from landed.official_scores left join landed.official_withdrawals using (official_id)
            where $period_id::varchar is null or period_id = $period_id
            group by all order by official_id desc
            """,
            period_id=period_id,
        )

    def official_ranks(self, rule_id: str, period_id: str) -> pl.DataFrame:
        """The official rank and score of each unit of a published table, beside any rule; grain unit_id.

        `official_rank` is the rank in the district as published; null where the table gives none.
        """
        return self._query(
            f"""
            select
                unit_id, unit_name, district_rank as official_rank, city_rank, score as official_score, bonus_points,
                official_id, source, issued_at, loaded_at
            from ({_IN_FORCE}) as official
            order by official_rank nulls last, official_score desc nulls last, unit_id
            """,
            rule_id=rule_id,
            period_id=period_id,
        )

    def official_comparison(self, rule_id: str, period_id: str) -> pl.DataFrame:
        """Official figures, ours and the difference (official minus ours) of each unit; grain unit_id.

        Units of the published table come first, by its rank; then units with orders that it leaves out though it has
        others of their group. Figures that one side does not have are null, and so is their difference. Rates and their differences
        are 0-1; `<figure>_difference` of a rank is positive where the official one is worse.
        """
        pairs = ", ".join(
            f"official.{_written(ours)} as {theirs}, ours.{ours},"
            f" round(official.{_written(ours)} - ours.{ours}, 9) as {ours}_difference"
            for ours, theirs in COMPARED.items()
        )
        return self._query(
            f"""
            with official as ({_IN_FORCE}),
            ours as (select * from marts.mart_unit_scores where rule_id = $rule_id and period_id = $period_id),
            covered as (select distinct ours.unit_group from ours semi join official using (unit_id))
            select
                coalesce(official.unit_id, ours.unit_id) as unit_id,
                coalesce(ours.unit_name, official.unit_name) as unit_name,
                official.unit_name as written_name,
                ours.unit_group,
                official.unit_id is not null as is_published,
                ours.unit_id is not null as is_known,
                official.city_rank, official.bonus_points, official.official_id, official.issued_at, official.source,
                {pairs}
            from official full join ours on ours.unit_id = official.unit_id
            where (
                official.unit_id is not null
                or ours.received > 0 and ours.unit_group in (select unit_group from covered)
            )
            order by
                not is_published, official.district_rank nulls last, official.score desc nulls last,
                ours.unit_group desc, ours.score_rank nulls last, unit_id
            """,
            rule_id=rule_id,
            period_id=period_id,
        )

    def scored_orders(self, rule_id: str, period_id: str) -> pl.DataFrame:
        """Every order of a period as it counts under a rule, with what a published table may judge otherwise.

        Grain order_id. `is_reached` is what the rule's callback says, also of orders that the rule leaves out.
        """
        return self._query(
            """
            select
                ledger.* exclude (rule_id, period_id), orders.order_type, orders.exclusion_kind,
                case rules.answer_source
                    when 'district' then orders.is_valid_callback_district
                    when 'city' then orders.is_valid_callback_city
                    else orders.is_valid_callback
                end as is_reached
            from intermediate.rate_ledger as ledger
            inner join landed.rules as rules using (rule_id)
            inner join staging.orders as orders using (order_id)
            where ledger.rule_id = $rule_id and ledger.period_id = $period_id
            order by ledger.order_id
            """,
            rule_id=rule_id,
            period_id=period_id,
        )

    def former_units(self, rule_id: str, period_id: str) -> pl.DataFrame:
        """Units that an earlier version named for an order of the period; grain order_id, former_unit_id."""
        return self._query(
            """
            select distinct
                ledger.order_id, ledger.unit_id,
                coalesce(names.unit_id, 'x:' || versions.unit_name) as former_unit_id
            from intermediate.rate_ledger as ledger
            inner join landed.order_versions as versions using (order_id)
            anti join landed.undos as undos on undos.batch_id = versions.batch_id
            left join landed.unit_names as names
                on names.unit_alias = versions.unit_name
                and versions.created_at >= names.valid_from and versions.created_at < names.valid_to
            inner join landed.rules as rules using (rule_id)
            where ledger.rule_id = $rule_id and ledger.period_id = $period_id and rules.unit_role = 'undertaker'
                and versions.unit_name is not null
                and coalesce(names.unit_id, 'x:' || versions.unit_name) <> ledger.unit_id
            order by order_id, former_unit_id
            """,
            rule_id=rule_id,
            period_id=period_id,
        )


def _written(ours: str) -> str:
    """The column of a published table that stands against one of ours."""
    return "district_rank" if ours == "score_rank" else ours
