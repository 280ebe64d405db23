"""Reads about the classifier's health: how sure it is month by month, urgent orders, proposed categories."""

from datetime import datetime

import polars as pl

from hotline12345.sql.reading import SnapshotReads, Units


class TopicHealthReads(SnapshotReads):
    """What pages and commands say of the model in force, of urgent orders and of orders that fit no category."""

    def topic_health(self) -> pl.DataFrame:
        """The model in force by month and by the level-1 category it gave; grain created_month, model_topic_code.

        Aggregates only. Columns as in mart_topic_health, with topic_name; the month of the newest order may be unfinished.
        """
        return self._query(
            """
            select health.*, coalesce(topics.topic_name, health.model_topic_code) as topic_name
            from marts.mart_topic_health as health
            inner join run.parameters as parameters
                on parameters.parameter_name = 'topic_model' and parameters.text_value = health.model_id
            left join intermediate.topics as topics on topics.topic_code = health.model_topic_code
            order by created_month, model_topic_code
            """
        )

    def model_in_force(self) -> str | None:
        """The id of the model whose answers the snapshot shows; None without one."""
        rows = self._query("select text_value from run.parameters where parameter_name = 'topic_model'")
        return None if rows.is_empty() else rows.item()

    def topic_proposals(self) -> pl.DataFrame:
        """Proposed categories, those of most people first; grain proposal_id. Aggregates only.

        topic_name: today's name of `guessed_code`.
        """
        return self._query(
            """
            select proposals.*, coalesce(topics.topic_name, proposals.guessed_code) as topic_name
            from landed.topic_proposals as proposals
            left join intermediate.topics as topics on topics.topic_code = proposals.guessed_code
            order by category_rank
            """
        )

    def proposal_orders(self, proposal_id: str, limit: int, units: Units = None) -> pl.DataFrame:
        """The orders of a proposal, the most representative first; grain order_id, with title. None is need-to-know."""
        return self._with_texts(
            """
            select
                members.order_id, members.example_rank, orders.created_at, orders.place_town, orders.community,
                orders.text_hash, orders.is_need_to_know, coalesce(topics.topic_name, classified.topic_code) as topic_name
            from landed.topic_proposal_orders as members
            inner join staging.orders as orders using (order_id)
            inner join intermediate.classified_orders as classified using (order_id)
            left join intermediate.topics as topics on topics.topic_code = classified.topic_code
            where members.proposal_id = $proposal_id and not orders.is_need_to_know
                and ($units is null or list_contains($units::varchar[], orders.unit_id))
            order by members.example_rank limit $limit
            """,
            "example_rank",
            ("title",),
            proposal_id=proposal_id,
            limit=limit,
            units=units,
        )

    def urgent_counts(self, start_at: datetime, units: Units = None) -> pl.DataFrame:
        """Urgent orders created since `start_at` by kind; grain urgent_kinds (one kind a row), the largest first.

        order_count, open_count (not closed). An order of two kinds counts in both: the rows must not be added up.
        """
        return self._query(
            """
            with kinds as (
                select unnest(string_split(urgent_kinds, '、')) as urgent_kinds, closed_at
                from intermediate.urgent_orders
                where created_at >= $start_at and ($units is null or list_contains($units::varchar[], unit_id))
            )
            select urgent_kinds, count(*) as order_count, count(*) filter (where closed_at is null) as open_count
            from kinds group by urgent_kinds order by order_count desc, urgent_kinds
            """,
            start_at=start_at,
            units=units,
        )

    def urgent_totals(self, start_at: datetime, units: Units = None) -> dict[str, int]:
        """Since `start_at`: `orders` all, `urgent` those flagged, `open` those flagged and not closed; one order once."""
        return self._query(
            """
            select
                (
                    select count(*) from staging.orders
                    where created_at >= $start_at and ($units is null or list_contains($units::varchar[], unit_id))
                ) as orders,
                count(*) as urgent, count(*) filter (where closed_at is null) as open
            from intermediate.urgent_orders
            where created_at >= $start_at and ($units is null or list_contains($units::varchar[], unit_id))
            """,
            start_at=start_at,
            units=units,
        ).row(0, named=True)

    def urgent_orders(
        self, start_at: datetime, limit: int, kind: str | None = None, units: Units = None
    ) -> pl.DataFrame:
        """Urgent orders created since `start_at`, those not closed first, then the newest; grain order_id, with title.

        `kind`: only those of one kind. Titles of need-to-know orders come along and have to be hidden.
        """
        return self._with_texts(
            """
            select
                urgent.order_id, urgent.created_at, urgent.closed_at, urgent.urgent_kinds, urgent.is_need_to_know,
                urgent.closed_at is null as is_open, units.unit_name, orders.place_town, orders.community, orders.text_hash,
                coalesce(topics.topic_name, classified.topic_code) as topic_name
            from intermediate.urgent_orders as urgent
            inner join staging.orders as orders using (order_id)
            inner join intermediate.units as units on units.unit_id = urgent.unit_id
            inner join intermediate.classified_orders as classified on classified.order_id = urgent.order_id
            left join intermediate.topics as topics on topics.topic_code = classified.topic_code
            where urgent.created_at >= $start_at
                and ($kind::varchar is null or list_contains(string_split(urgent.urgent_kinds, '、'), $kind))
                and ($units is null or list_contains($units::varchar[], urgent.unit_id))
            order by is_open desc, urgent.created_at desc, urgent.order_id
            limit $limit
            """,
            "is_open desc, created_at desc, order_id",
            ("title",),
            start_at=start_at,
            limit=limit,
            kind=kind,
            units=units,
        )

    def order_urgency(self, order_id: str, units: Units = None) -> str:
        """The urgent kinds of one order joined by 、; empty where it is not flagged or not to be seen."""
        rows = self._query(
            """
            select urgent_kinds from intermediate.urgent_orders
            where order_id = $order_id and ($units is null or list_contains($units::varchar[], unit_id))
            """,
            order_id=order_id,
            units=units,
        )
        return "" if rows.is_empty() else str(rows.item())
