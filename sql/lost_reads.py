"""Reads about lost points (失分工单): what each order takes from its unit's score, and where the points are lost."""

from typing import Literal

import polars as pl

from hotline12345.sql.reading import SnapshotReads

LostBy = Literal["answer_cell", "topic_name", "community", "undertaker_name"]
GROUPINGS: tuple[LostBy, ...] = ("answer_cell", "topic_name", "community", "undertaker_name")
CELLS = ("双否", "未解决满意", "解决不满意", "双是", "未联系上", "回访结果空白", "只评价响应率")

# Joins name created_at beside the id: the database then reads the days of the period only, not every order there is. Nor is
# `unit`, one row, a cross join: that would be put off to the end, and every order joined before it.
# A rate's lost points are shared out by what each order lacks to a full answer. With the weighted method that is exactly
# what the order takes from the score; a deduction below target is split in the same proportion, and so is what is left
# of it where the score is stopped at 0.
_ORDERS = """
    with unit as (
        select
            response_lost_score / nullif(1000 * response_denominator - response_thousandths, 0) as response_price,
            resolution_lost_score / nullif(1000 * resolution_denominator - resolution_thousandths, 0) as resolution_price,
            satisfaction_lost_score / nullif(1000 * satisfaction_denominator - satisfaction_thousandths, 0)
                as satisfaction_price,
            on_time_lost_score / nullif(1000 * on_time_denominator - on_time_thousandths, 0) as on_time_price,
            exact_score is not null as is_scored, rule_id, period_id
        from intermediate.scores
        where rule_id = $rule_id and period_id = $period_id and group_kind = 'unit' and group_id = $unit_id
            and score_scope = 'counted'
    ),
    priced as (
        select
            ledger.*, is_scored,
            case when is_in_response then coalesce((1000 - response_value) * response_price, 0) end as response_lost_score,
            case when is_in_resolution then coalesce((1000 - resolution_value) * resolution_price, 0) end
                as resolution_lost_score,
            case when is_in_satisfaction then coalesce((1000 - satisfaction_value) * satisfaction_price, 0) end
                as satisfaction_lost_score,
            case when is_in_on_time then coalesce((1000 - on_time_value) * on_time_price, 0) end as on_time_lost_score
        from intermediate.rate_ledger as ledger
        inner join unit using (rule_id, period_id)
        where ledger.rule_id = $rule_id and ledger.period_id = $period_id and ledger.unit_id = $unit_id
    ),
    orders_priced as (
        select
            priced.* exclude (is_scored), orders.channel, orders.order_type, orders.place_town, orders.community,
            orders.closed_at, orders.is_need_to_know, orders.text_hash, orders.unit_id as undertaker_id,
            undertakers.unit_name as undertaker_name, coalesce(topics.topic_name, classified.topic_code) as topic_name,
            case
                when reason_code = 'unreached' then '未联系上'
                when reason_code <> 'counted' then null
                when priced.is_response_only then '只评价响应率'
                when not (is_in_resolution and is_in_satisfaction)
                    or nullif(priced.resolution, '') is null or nullif(priced.satisfaction, '') is null then '回访结果空白'
                when resolution_value > 0 and satisfaction_value > 0 then '双是'
                when resolution_value > 0 then '解决不满意'
                when satisfaction_value > 0 then '未解决满意'
                else '双否'
            end as answer_cell,
            case when is_scored and (is_in_response or is_in_resolution or is_in_satisfaction or is_in_on_time)
                then coalesce(response_lost_score, 0) + coalesce(resolution_lost_score, 0)
                    + coalesce(satisfaction_lost_score, 0) + coalesce(on_time_lost_score, 0)
            end as lost_score
        from priced
        inner join staging.orders as orders using (order_id, created_at)
        inner join staging.units as undertakers on undertakers.unit_id = orders.unit_id
        inner join intermediate.classified_orders as classified using (order_id, created_at)
        left join intermediate.topics as topics on topics.topic_code = classified.topic_code
    )
"""


class LostReads(SnapshotReads):
    """Over a unit, `lost_score` adds up to 100 minus its unrounded score."""

    def ledger(self, rule_id: str, period_id: str, unit_id: str) -> pl.DataFrame:
        """The orders behind one unit's rates, each with the reason it counts or not, and its title.

        Grain order_id, those that cost most first. `lost_score` is null for orders outside the rates and for a unit
        without a score; <rate>_lost_score are its parts (null where the order is not in that rate); `answer_cell` is one
        of CELLS, 是 meaning that the answer counts for more than nothing under the rule.
        """
        return self._with_texts(
            f"{_ORDERS} select * from orders_priced",
            "lost_score desc, created_at desc, order_id",
            ("title",),
            rule_id=rule_id,
            period_id=period_id,
            unit_id=unit_id,
        )

    def lost_summary(self, rule_id: str, period_id: str, unit_id: str, by: LostBy) -> pl.DataFrame:
        """Where one unit's points are lost; grain `by`, most points first: order_count (all in a rate), lost_count, lost_score."""
        return self._query(
            f"""
            {_ORDERS}
            select
                {GROUPINGS[GROUPINGS.index(by)]}, count(*) as order_count,
                count(*) filter (where lost_score > 0) as lost_count,
                cast(sum(cast(lost_score as decimal(38, 12))) as double) as lost_score
            from orders_priced
            where lost_score is not null
            group by 1
            order by lost_score desc, order_count desc, 1
            """,
            rule_id=rule_id,
            period_id=period_id,
            unit_id=unit_id,
        )
