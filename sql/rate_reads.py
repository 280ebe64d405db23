"""Reads about rates: rules, periods, units' scores, the ledger behind them."""

import polars as pl

from hotline12345.sql.reading import SnapshotReads, Units


class RateReads(SnapshotReads):
    """Everything a page says about the three rates comes from here."""

    def rules(self) -> pl.DataFrame:
        """Every rule, first the one that the newest orders fall under; grain rule_id."""
        return self._query(
            """
            select rules.*
            from landed.rules as rules
            left join (select rule_id, max(end_at) as newest from marts.mart_periods group by rule_id) using (rule_id)
            order by newest desc nulls last, rule_status = 'example', rule_id
            """
        )

    def periods(self, rule_id: str) -> pl.DataFrame:
        """Periods with orders and their state, newest first; grain period_id."""
        return self._query(
            "select * from marts.mart_periods where rule_id = $rule_id order by period_id desc", rule_id=rule_id
        )

    def unit_scores(self, rule_id: str, period_id: str, units: Units = None) -> pl.DataFrame:
        """Rates of each unit with numerators and denominators; grain unit_id, in the order of a ranking table."""
        return self._query(
            """
            select * from marts.mart_unit_scores
            where rule_id = $rule_id and period_id = $period_id and ($units is null or list_contains($units::varchar[], unit_id))
            order by unit_group desc, score_rank nulls last, received desc, unit_id
            """,
            rule_id=rule_id,
            period_id=period_id,
            units=units,
        )

    def unit_history(self, rule_id: str, unit_id: str, units: Units = None) -> pl.DataFrame:
        """Rates of one unit over all periods, oldest first; grain period_id."""
        return self._query(
            """
            select scores.*, periods.period_state
            from marts.mart_unit_scores as scores
            inner join marts.mart_periods as periods using (rule_id, period_id)
            where rule_id = $rule_id and unit_id = $unit_id and ($units is null or list_contains($units::varchar[], unit_id))
            order by period_id
            """,
            rule_id=rule_id,
            unit_id=unit_id,
            units=units,
        )

    def group_summary(self, rule_id: str, period_id: str) -> pl.DataFrame:
        """The 汇总 line of each group of units; grain unit_group."""
        return self._query(
            """
            select * from marts.mart_group_summary
            where rule_id = $rule_id and period_id = $period_id order by unit_group desc
            """,
            rule_id=rule_id,
            period_id=period_id,
        )

    def reasons(self, rule_id: str, period_id: str, units: Units = None) -> pl.DataFrame:
        """How the orders of a period count, or why not; grain reason_code."""
        return self._query(
            """
            select reason_code, count(*) as order_count
            from intermediate.rate_ledger
            where rule_id = $rule_id and period_id = $period_id and ($units is null or list_contains($units::varchar[], unit_id))
            group by reason_code order by order_count desc, reason_code
            """,
            rule_id=rule_id,
            period_id=period_id,
            units=units,
        )

    def ledger(self, rule_id: str, period_id: str, unit_id: str, units: Units = None) -> pl.DataFrame:
        """The orders behind one unit's rates, each with the reason it counts or not, and its title.

        Grain order_id, those that cost most first. `lost_score` is what an order takes from the unit's unrounded score:
        over a unit it adds up to 100 minus that score; null for orders outside the rates.
        """
        return self._with_texts(
            """
            with unit as (
                select
                    scores.valid, scores.resolution_denominator, scores.satisfaction_denominator, rules.*,
                    case when renormalise
                        then case when valid > 0 then response_weight else 0 end
                            + case when resolution_denominator > 0 then resolution_weight else 0 end
                            + case when satisfaction_denominator > 0 then satisfaction_weight else 0 end
                        else 1000
                    end as applicable_weight
                from marts.mart_unit_scores as scores
                inner join landed.rules as rules using (rule_id)
                where rule_id = $rule_id and period_id = $period_id and unit_id = $unit_id
            )
            select
                ledger.*, orders.channel, orders.order_type, orders.place_town, orders.community, orders.closed_at,
                orders.is_need_to_know, orders.text_hash,
                coalesce(topics.topic_name, classified.topic_code) as topic_name,
                case when reason_code = 'counted' then (
                    is_in_response::integer * response_weight * (1000 - response_value) / nullif(valid, 0)
                    + coalesce(is_in_resolution::integer * resolution_weight * (1000 - resolution_value)
                        / nullif(resolution_denominator, 0), 0)
                    + coalesce(is_in_satisfaction::integer * satisfaction_weight * (1000 - satisfaction_value)
                        / nullif(satisfaction_denominator, 0), 0)
                ) / 10.0::double / nullif(applicable_weight, 0) end as lost_score
            from intermediate.rate_ledger as ledger
            cross join unit
            inner join staging.orders as orders using (order_id)
            inner join intermediate.classified_orders as classified using (order_id)
            left join intermediate.topics as topics on topics.topic_code = classified.topic_code
            where ledger.rule_id = $rule_id and ledger.period_id = $period_id and ledger.unit_id = $unit_id
                and ($units is null or list_contains($units::varchar[], ledger.unit_id))
            """,
            "lost_score desc, created_at desc, order_id",
            ("title",),
            rule_id=rule_id,
            period_id=period_id,
            unit_id=unit_id,
            units=units,
        )

    def order_ledger(self, order_id: str, units: Units = None) -> pl.DataFrame:
        """How one order counts under each rule; grain rule_id."""
        return self._query(
            """
            select ledger.*, rules.rule_name, periods.period_state, periods.cutoff_at
            from intermediate.rate_ledger as ledger
            inner join landed.rules as rules using (rule_id)
            inner join marts.mart_periods as periods using (rule_id, period_id)
            where order_id = $order_id and ($units is null or list_contains($units::varchar[], unit_id))
            order by rule_id
            """,
            order_id=order_id,
            units=units,
        )
