"""Reads that compare: kept scores of each publication, and earlier periods at the same age."""

from datetime import datetime

import polars as pl

from hotline12345.sql.reading import SnapshotReads
from hotline12345.sql.same_age import EPIDEMIC_YEARS, year_ago

_FIGURES = """
    received, valid, response_numerator, response_denominator, response_rate,
    resolution_numerator, resolution_denominator, resolution_rate,
    satisfaction_numerator, satisfaction_denominator, satisfaction_rate, score, score_rank
"""


class ComparisonReads(SnapshotReads):
    """What was shown on earlier days, and fair comparisons of rates."""

    def compared_scores(self, rule_id: str, period_id: str) -> pl.DataFrame:
        """What each unit's figures of a period may be compared with; grain comparison, unit_id.

        `comparison` is previous (环比) or year_ago (同比). An unfinished period has the earlier one as known at the same
        age (`compared_as_of`); a final one has final figures (`compared_as_of` null). No row: nothing fair to compare.
        """
        return self._query(
            f"""
            with this as (
                select * from marts.mart_periods where rule_id = $rule_id and period_id = $period_id
            ),
            settled as (
                select
                    case when earlier.end_at = this.start_at then 'previous' else 'year_ago' end as comparison,
                    earlier.rule_id, earlier.period_id
                from this inner join marts.mart_periods as earlier using (rule_id)
                where this.period_state = '终' and earlier.period_state = '终' and (
                    earlier.end_at = this.start_at
                    or earlier.period_id = $year_ago
                    and not list_contains($epidemic, year(earlier.start_at))
                    and not list_contains($epidemic, year(earlier.end_at - interval 1 microsecond))
                )
            )
            select comparison, compared_period_id, compared_as_of, unit_id, {_FIGURES}
            from landed.same_age_scores
            where rule_id = $rule_id and period_id = $period_id
            union all
            select comparison, period_id, null, unit_id, {_FIGURES}
            from settled inner join marts.mart_unit_scores using (rule_id, period_id)
            order by comparison, unit_id
            """,
            rule_id=rule_id,
            period_id=period_id,
            year_ago=year_ago(period_id),
            epidemic=list(EPIDEMIC_YEARS),
        )

    def published_scores(self, rule_id: str, period_id: str, at: datetime) -> pl.DataFrame:
        """Score and rank of each unit as last published by `at` (Asia/Shanghai); grain unit_id.

        Only units that the table then showed; empty before the first publication that kept scores.
        """
        return self._query(
            """
            select * from landed.kept_scores
            where rule_id = $rule_id and period_id = $period_id and published_at <= $at
            qualify row_number() over (partition by unit_id order by published_at desc, run_id desc) = 1
                and period_state is not null
            order by unit_id
            """,
            rule_id=rule_id,
            period_id=period_id,
            at=at,
        )

    def published_history(self, rule_id: str, period_id: str, unit_id: str) -> pl.DataFrame:
        """How one unit's published figures of a period moved, oldest first; grain published_at."""
        return self._query(
            """
            select * from landed.kept_scores
            where rule_id = $rule_id and period_id = $period_id and unit_id = $unit_id
            order by published_at, run_id
            """,
            rule_id=rule_id,
            period_id=period_id,
            unit_id=unit_id,
        )
