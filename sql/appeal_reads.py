"""Reads of 剔挂申诉台账: which of a unit's orders the data take out, what deadlines count from, the deadlines themselves."""

from collections.abc import Sequence
from datetime import datetime

import polars as pl

from hotline12345.sql.reading import SnapshotReads
from hotline12345.sql.street_reads import Role, own_orders


class AppealReads(SnapshotReads):
    """What 剔挂申诉台账 asks of the data."""

    def set_aside_orders(self, unit_id: str, role: Role, since: datetime) -> pl.DataFrame:
        """A unit's orders created since a time that the data name 剔除, 挂账 or appealed, newest first; grain order_id.

        `set_aside_at` is the data time of the first file that said 剔除 or 挂账; `appeal` is what the newest one says of an
        appeal, in its own words.
        """
        return self._query(
            f"""
            with said as (
                select
                    order_id, min(known_at) filter (where retention = '剔除' or exclusion_tag is not null) as set_aside_at,
                    arg_max(appeal, (known_at, batch_id)) as appeal
                from landed.order_versions anti join landed.undos using (batch_id)
                where retention = '剔除' or exclusion_tag is not null or appeal is not null
                group by order_id
            )
            select {_FACTS}, said.set_aside_at, said.appeal
            from staging.orders as orders
            inner join said on said.order_id = orders.order_id
            where {own_orders(role)} and orders.created_at >= $since
                and (orders.is_excluded or orders.is_suspended or said.appeal is not null)
            order by orders.created_at desc, orders.order_id
            """,
            unit_id=unit_id,
            since=since,
        )

    def appealed_orders(self, unit_id: str, role: Role, order_ids: Sequence[str]) -> pl.DataFrame:
        """Those of these orders that are the unit's, with what deadlines count from; grain order_id, sorted by it."""
        return self._query(
            f"""
            select {_FACTS}
            from staging.orders as orders
            where {own_orders(role)} and list_contains($order_ids::varchar[], orders.order_id)
            order by orders.order_id
            """,
            unit_id=unit_id,
            order_ids=list(order_ids),
        )

    def appeal_deadlines(self) -> pl.DataFrame:
        """The site's deadlines of applications; grain deadline_id."""
        return self._query("select * from landed.appeal_deadlines order by deadline_id")

    def workdays(self) -> pl.DataFrame:
        """Which days are worked, oldest first; grain calendar_date: is_workday."""
        return self._query("select calendar_date, is_workday from landed.calendar_days order by calendar_date")


_FACTS = """orders.order_id, orders.created_at, orders.dispatched_at, orders.closed_at, orders.is_excluded,
    orders.is_suspended, orders.exclusion_kind, orders.place_town, orders.community"""
