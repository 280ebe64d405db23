"""Reads about rates: rules, periods, units' scores, the ledger behind them."""

import polars as pl

from hotline12345.sql.reading import SnapshotReads


class RateReads(SnapshotReads):
    """Everything a page says about the three rates comes from here."""

    def rules(self) -> pl.DataFrame:
        """Every rule, first the one whose newest period with a valid callback begins last; grain rule_id."""
        return self._query(
            """
            select rules.*
            from landed.rules as rules
            left join (
                select rule_id, max(start_at) filter (where valid > 0) as newest from marts.mart_periods group by rule_id
            ) using (rule_id)
            order by newest desc nulls last, rule_status = 'example', rule_id
            """
        )

    def periods(self, rule_id: str) -> pl.DataFrame:
        """Periods with orders and their state, newest first; grain period_id."""
        return self._query(
            "select * from marts.mart_periods where rule_id = $rule_id order by period_id desc", rule_id=rule_id
        )

    def unit_scores(self, rule_id: str, period_id: str) -> pl.DataFrame:
        """Rates of each unit with numerators and denominators; grain unit_id, in the order of a ranking table."""
        return self._query(
            """
            select * from marts.mart_unit_scores
            where rule_id = $rule_id and period_id = $period_id
            order by unit_group desc, score_rank nulls last, received desc, unit_id
            """,
            rule_id=rule_id,
            period_id=period_id,
        )

    def unit_named(self, name: str) -> str | None:
        """The id of the unit that a name or an alias of the site's list names last; None for an unknown name."""
        found = self._query(
            """
            select unit_id from (
                select unit_id, unit_alias as name, valid_from from landed.unit_names
                union all select unit_id, unit_name, date '9999-12-31' from intermediate.units
            ) as names
            where name = $name order by valid_from desc, unit_id limit 1
            """,
            name=name,
        )
        return str(found["unit_id"][0]) if found.height else None

    def unit_history(self, rule_id: str, unit_id: str) -> pl.DataFrame:
        """Rates of one unit over all periods, oldest first; grain period_id."""
        return self._query(
            """
            select scores.*, periods.period_state
            from marts.mart_unit_scores as scores
            inner join marts.mart_periods as periods using (rule_id, period_id)
            where rule_id = $rule_id and unit_id = $unit_id
            order by period_id
            """,
            rule_id=rule_id,
            unit_id=unit_id,
        )

    def group_summary(self, rule_id: str, period_id: str) -> pl.DataFrame:
        """The 汇总 line of each group of units; grain unit_group."""
        return self._query(
            """
            select * from marts.mart_group_summary
            where rule_id = $rule_id and period_id = $period_id and group_kind = 'unit_group'
            order by unit_group desc
            """,
            rule_id=rule_id,
            period_id=period_id,
        )

    def like_summary(self, rule_id: str, period_id: str, group_kind: str) -> pl.DataFrame:
        """Lines for units of one kind inside each ranking group: terrain or size_class; grain unit_group, group_id."""
        return self._query(
            """
            select * from marts.mart_group_summary
            where rule_id = $rule_id and period_id = $period_id and group_kind = $group_kind
            order by unit_group desc, group_id
            """,
            rule_id=rule_id,
            period_id=period_id,
            group_kind=group_kind,
        )

    def reasons(self, rule_id: str, period_id: str) -> pl.DataFrame:
        """How the orders of a period count, or why not; grain reason_code."""
        return self._query(
            """
            select reason_code, count(*) as order_count
            from intermediate.rate_ledger
            where rule_id = $rule_id and period_id = $period_id
            group by reason_code order by order_count desc, reason_code
            """,
            rule_id=rule_id,
            period_id=period_id,
        )

    def order_ledger(self, order_id: str) -> pl.DataFrame:
        """How one order counts under each rule; grain rule_id."""
        return self._query(
            """
            select ledger.*, rules.rule_name, periods.period_state, periods.cutoff_at
            from intermediate.rate_ledger as ledger
            inner join landed.rules as rules using (rule_id)
            inner join marts.mart_periods as periods using (rule_id, period_id)
            where order_id = $order_id
            order by rule_id
            """,
            order_id=order_id,
        )
