"""What a unit's rates and score would be with 1, 2, 3 … more of its counted orders solved or satisfied.

The scoring formula itself (intermediate/scores.sql) runs once over all steps: each step stands for a unit of its own.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Literal

import polars as pl

from hotline12345.sql.graph import build_order
from hotline12345.sql.reading import SnapshotReads
from hotline12345.sql.warehouse import open_memory

Improved = Literal["resolution", "satisfaction", "both"]
GAINS = pl.Schema({"resolution_gain": pl.Int64(), "satisfaction_gain": pl.Int64()})
STEP = "period_id"  # the column of intermediate.group_counts that numbers the steps


class StepReads(SnapshotReads):
    """How far a unit is from a figure, in orders."""

    def score_steps(self, rule_id: str, period_id: str, unit_id: str, improved: Improved) -> pl.DataFrame:
        """The unit's figures after each step; grain step_count, from 0 (now) to all orders that can still be improved.

        A step turns one counted order whose answer counts less than fully into a full answer, each time the one that adds
        most to the score, so the first step that reaches a score is the fewest orders that can; for a single rate take the
        steps of that rate. Columns: step_count, resolution_rate and
        satisfaction_rate with numerator (thousandths) and denominator, exact_score, score. Empty for a unit without counts.
        """
        counts = self._query(
            """
            select * from intermediate.group_counts
            where rule_id = $rule_id and period_id = $period_id and group_kind = 'unit' and group_id = $unit_id
            """,
            rule_id=rule_id,
            period_id=period_id,
            unit_id=unit_id,
        )
        parts = self._query("select * from intermediate.rule_parts where rule_id = $rule_id", rule_id=rule_id)
        if counts.is_empty():
            return _score(counts, parts)
        gains = self._gains(rule_id, period_id, unit_id, improved)
        start = pl.DataFrame([(0, 0)], schema=GAINS, orient="row")
        added = pl.concat([start, gains]).select(pl.all().cum_sum()).with_row_index("step")
        steps = (
            counts.drop(STEP)
            .join(added, how="cross")
            .with_columns(
                pl.col("step").cast(pl.String).alias(STEP),
                resolution_thousandths=pl.col("resolution_thousandths") + pl.col("resolution_gain"),
                satisfaction_thousandths=pl.col("satisfaction_thousandths") + pl.col("satisfaction_gain"),
            )
        )
        return _score(steps.select(counts.columns), parts)

    def _gains(self, rule_id: str, period_id: str, unit_id: str, improved: Improved) -> pl.DataFrame:
        """What each order that can be improved would add to the numerators (thousandths), in the order of the steps."""
        kinds = self._query(
            """
            with lacking as (
                select
                    case when is_in_resolution and $improved <> 'satisfaction' then 1000 - resolution_value else 0 end
                        as resolution_gain,
                    case when is_in_satisfaction and $improved <> 'resolution' then 1000 - satisfaction_value else 0 end
                        as satisfaction_gain,
                    order_count
                from intermediate.outcomes
                where rule_id = $rule_id and period_id = $period_id and unit_id = $unit_id and reason_code = 'counted'
            )
            select resolution_gain, satisfaction_gain, cast(sum(order_count) as bigint) as order_count
            from lacking
            where resolution_gain + satisfaction_gain > 0
            group by resolution_gain, satisfaction_gain
            order by resolution_gain + satisfaction_gain desc, resolution_gain desc
            """,
            rule_id=rule_id,
            period_id=period_id,
            unit_id=unit_id,
            improved=improved,
        )
        rates = self._query(
            """
            select
                resolution_thousandths, 1000 * resolution_denominator * resolution_target as resolution_full,
                coalesce(resolution_slope / nullif(resolution_denominator, 0), 0) as resolution_price,
                satisfaction_thousandths, 1000 * satisfaction_denominator * satisfaction_target as satisfaction_full,
                coalesce(satisfaction_slope / nullif(satisfaction_denominator, 0), 0) as satisfaction_price
            from intermediate.scores
            inner join intermediate.rule_parts using (rule_id)
            where rule_id = $rule_id and period_id = $period_id and group_kind = 'unit' and group_id = $unit_id
                and score_scope = 'counted'
            """,
            rule_id=rule_id,
            period_id=period_id,
            unit_id=unit_id,
        ).row(0, named=True)
        return pl.DataFrame(_in_order(list(kinds.iter_rows()), rates), schema=GAINS, orient="row")


def _in_order(kinds: list[tuple[int, int, int]], rates: Mapping[str, Any]) -> Iterator[tuple[int, int]]:
    """Each time the kind of order that now adds most to the score (what a rate has above its target adds nothing)."""
    left = [count for *_, count in kinds]
    have = [rates["resolution_thousandths"], rates["satisfaction_thousandths"]]
    full = [rates["resolution_full"], rates["satisfaction_full"]]
    prices = [rates["resolution_price"], rates["satisfaction_price"]]

    def worth(kind: int) -> tuple[float, int]:
        adds = sum(
            price * max(0.0, min(gain, most - now))
            for price, gain, most, now in zip(prices, kinds[kind], full, have, strict=False)
        )
        return round(adds, 9), -kind

    while any(left):
        best = max((kind for kind, count in enumerate(left) if count), key=worth)
        resolution_gain, satisfaction_gain, _ = kinds[best]
        left[best] -= 1
        have = [have[0] + resolution_gain, have[1] + satisfaction_gain]
        yield resolution_gain, satisfaction_gain


def _score(steps: pl.DataFrame, parts: pl.DataFrame) -> pl.DataFrame:
    """Run the scoring formula over rows of intermediate.group_counts whose period is the number of the step."""
    (formula,) = (file.text for file in build_order() if file.name == "intermediate.scores")
    memory = open_memory()
    try:
        for name, frame in (("group_counts", steps), ("rule_parts", parts)):
            memory.register("incoming_frame", frame)
            memory.execute(f"create table intermediate.{name} as from incoming_frame")
            memory.unregister("incoming_frame")
        memory.execute(f"insert into run.touched_periods select {STEP} from intermediate.group_counts")
        scored: pl.DataFrame = memory.sql(
            f"""
            select
                cast({STEP} as integer) as step_count,
                resolution_rate, resolution_thousandths, resolution_denominator,
                satisfaction_rate, satisfaction_thousandths, satisfaction_denominator, exact_score, score
            from ({formula}) as scored
            where score_scope = 'counted'
            order by step_count
            """
        ).pl()
        return scored
    finally:
        memory.close()
