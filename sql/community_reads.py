"""Reads about 村/社区: what each received and how it was handled, and its topics."""

from collections.abc import Sequence

import polars as pl

from hotline12345.sql.reading import SnapshotReads

NO_COMMUNITY = "（未填村社区）"

_ORDERS = f"""
    with told as (
        select
            ledger.*, orders.place_id, orders.place_town, coalesce(orders.community, '{NO_COMMUNITY}') as community,
            coalesce(orders.caller_key, ledger.order_id) as caller
        from intermediate.rate_ledger as ledger
        inner join staging.orders as orders using (order_id, created_at)
        where ledger.rule_id = $rule_id and ledger.period_id in (select unnest($period_ids::varchar[]))
            and ($place_id::varchar is null or orders.place_id = $place_id)
    )
"""


class CommunityReads(SnapshotReads):
    """Orders by where they happened, whoever undertook them. Periods are of one rule, and so are the answers."""

    def places(self) -> pl.DataFrame:
        """The 街乡镇 that orders happened in, those with the most first; grain place_id with place_town."""
        return self._query(
            """
            select
                months.place_id,
                case months.place_id when 'none' then '（未填街乡镇）'
                    else coalesce(min(units.unit_name), substr(months.place_id, 3)) end as place_town
            from marts.mart_topic_months as months
            left join intermediate.units as units on units.unit_id = months.place_id
            where months.label_basis = '计数'
            group by months.place_id
            order by sum(months.order_count) desc, months.place_id
            """
        )

    def communities(self, rule_id: str, period_ids: Sequence[str], place_id: str | None = None) -> pl.DataFrame:
        """Volume and answers of each community in some periods; grain place_id, community, the largest first.

        people_count: distinct callers; an order of an unknown caller counts as one. Rates as the rule counts them, with
        their numerators and denominators. Without 村/社区 an order stands under NO_COMMUNITY of its 街乡镇.
        """
        return self._query(
            f"""
            {_ORDERS}
            select
                place_id, min(place_town) as place_town, community, count(*) as order_count,
                count(distinct caller) as people_count,
                coalesce(sum(resolution_value) filter (where is_in_resolution), 0) / 1000.0::double as resolution_numerator,
                count(*) filter (where is_in_resolution) as resolution_denominator,
                coalesce(sum(satisfaction_value) filter (where is_in_satisfaction), 0) / 1000.0::double
                    as satisfaction_numerator,
                count(*) filter (where is_in_satisfaction) as satisfaction_denominator
            from told
            group by place_id, community
            order by order_count desc, place_id, community
            """,
            rule_id=rule_id,
            period_ids=list(period_ids),
            place_id=place_id,
        )

    def community_topics(self, rule_id: str, period_ids: Sequence[str], place_id: str) -> pl.DataFrame:
        """Orders of one 街乡镇 by community and level-1 topic, by what counts; grain community, topic_code."""
        return self._query(
            f"""
            {_ORDERS}
            select
                told.community, classified.topic_code,
                min(coalesce(topics.topic_name, classified.topic_code)) as topic_name,
                count(*) as order_count
            from told
            inner join intermediate.classified_orders as classified using (order_id, created_at)
            left join intermediate.topics as topics on topics.topic_code = classified.topic_code
            group by told.community, classified.topic_code
            order by told.community, classified.topic_code
            """,
            rule_id=rule_id,
            period_ids=list(period_ids),
            place_id=place_id,
        )
