"""Reads for explaining the topic of one order: what was said of it, and the earlier orders it can be compared with."""

import polars as pl

from hotline12345.sql.reading import SnapshotReads

CANDIDATES = 20_000  # so many texts are compared within a second; older ones seldom are the closest


class SimilarReads(SnapshotReads):
    """What the explanation of a topic reads."""

    def order_topic(self, order_id: str) -> pl.DataFrame:
        """One order with everything that was said of its topic, and its masked title and body; one row or none.

        Columns as in intermediate.classified_orders, with text_hash, is_need_to_know, trained_at of the model that
        answered, and corrected_at, the time of a correction that counts.
        """
        return self._with_texts(
            """
            select
                classified.*, orders.text_hash, orders.is_need_to_know, corrections.corrected_at, models.trained_at
            from intermediate.classified_orders as classified
            inner join staging.orders as orders using (order_id)
            left join landed.topic_corrections as corrections using (order_id)
            left join landed.topic_models as models using (model_id)
            where order_id = $order_id
            """,
            "order_id",
            ("title", "body"),
            order_id=order_id,
        )

    def similar_candidates(self, order_id: str, limit: int = CANDIDATES) -> pl.DataFrame:
        """The newest `limit` earlier orders of the same level-1 topic, newest first, with their masked texts.

        Of these are left out: orders of the same case, orders with the very text, 举报 and confidential ones, and of
        equal texts all but the newest order. Grain text_hash: order_id, created_at, unit_name, place_town, resolution,
        topic_name (level 2 where known), text_hash, title, body.
        """
        return self._with_texts(
            """
            with this as (
                select classified.topic_code, classified.created_at, cases.case_key, orders.text_hash
                from intermediate.classified_orders as classified
                inner join staging.orders as orders using (order_id)
                inner join intermediate.cases as cases using (order_id)
                where order_id = $order_id
            ),

            -- the limit first: only these few are joined with the large tables
            earlier as (
                select classified.*
                from this
                inner join intermediate.classified_orders as classified using (topic_code)
                where classified.created_at < this.created_at
                order by classified.created_at desc, classified.order_id desc
                limit $limit
            ),

            comparable as (
                select earlier.*, orders.resolution, orders.text_hash
                from earlier
                inner join staging.orders as orders using (order_id)
                inner join intermediate.cases as cases using (order_id)
                cross join this
                where not orders.is_need_to_know
                    and orders.text_hash <> this.text_hash and cases.case_key <> this.case_key
            ),

            newest as (
                select * from comparable
                qualify row_number() over (partition by text_hash order by created_at desc, order_id desc) = 1
            )

            select
                newest.order_id, newest.created_at, newest.place_town, newest.resolution, newest.text_hash,
                units.unit_name, coalesce(topics.topic_name, newest.topic_code) as topic_name
            from newest
            inner join staging.units as units using (unit_id)
            left join intermediate.topics as topics
                on topics.topic_code = coalesce(newest.topic_level2_code, newest.topic_code)
            """,
            "created_at desc, order_id desc",
            ("title", "body"),
            order_id=order_id,
            limit=limit,
        )

    def topic_names(self) -> dict[str, str]:
        """The name of every topic code today, and of every taxonomy by its id; a code goes before a taxonomy's id."""
        return dict(
            self._query(
                """
                select taxonomy_id as code, taxonomy_name as name, 0 as place from landed.taxonomies
                union all
                select topic_code, topic_name, 1 from intermediate.topics
                order by place, code
                """
            )
            .select("code", "name")
            .iter_rows()
        )
