"""Reads that list orders by their ids, whatever their unit and period, and say which kinds of unit there are."""

from collections.abc import Sequence

import polars as pl

from hotline12345.sql.reading import SnapshotReads

# Joins name created_at beside the id: the database then reads the days in question only.
_LISTED = """
    select
        orders.order_id, ledger.* exclude (order_id, rule_id, created_at, known_at), orders.created_at, units.unit_name,
        undertakers.unit_name as undertaker_name, orders.place_town, orders.community, orders.is_need_to_know,
        orders.text_hash, coalesce(topics.topic_name, classified.topic_code) as topic_name
    from staging.orders as orders
    left join (select * from intermediate.rate_ledger where rule_id = $rule_id) as ledger
        on ledger.order_id = orders.order_id and ledger.created_at = orders.created_at
    left join intermediate.units as units on units.unit_id = ledger.unit_id
    inner join staging.units as undertakers on undertakers.unit_id = orders.unit_id
    inner join intermediate.classified_orders as classified
        on classified.order_id = orders.order_id and classified.created_at = orders.created_at
    left join intermediate.topics as topics on topics.topic_code = classified.topic_code
"""


class ListingReads(SnapshotReads):
    """What a page lists besides one unit's orders."""

    def listed_orders(self, rule_id: str, order_ids: Sequence[str]) -> pl.DataFrame:
        """These orders with how they count under a rule, oldest first; grain order_id, unknown ids left out.

        Ledger columns (period_id, unit_id, reason_code, is_in_…) are null for an order in none of the rule's periods.
        """
        return self._with_texts(
            f"{_LISTED} where list_contains($order_ids::varchar[], orders.order_id)",
            "created_at, order_id",
            ("title",),
            rule_id=rule_id,
            order_ids=list(order_ids),
        )

    def period_orders(self, rule_id: str, period_id: str) -> pl.DataFrame:
        """Every order of a period, of all units, with how it counts under a rule, oldest first; grain order_id."""
        return self._with_texts(
            f"{_LISTED} where ledger.period_id = $period_id",
            "created_at, order_id",
            ("title",),
            rule_id=rule_id,
            period_id=period_id,
        )

    def unit_kinds(self, rule_id: str, period_id: str) -> pl.DataFrame:
        """Terrain and size class (by valid callbacks) of each unit in a period; grain unit_id."""
        return self._query(
            """
            select
                unit_id, max(group_id) filter (where group_kind = 'terrain') as terrain,
                max(group_id) filter (where group_kind = 'size_class') as size_class
            from intermediate.group_members
            where rule_id = $rule_id and period_id = $period_id
            group by unit_id order by unit_id
            """,
            rule_id=rule_id,
            period_id=period_id,
        )
