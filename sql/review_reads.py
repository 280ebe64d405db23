"""Reads for reviewing topics: which orders can be reviewed, what stands of each, the catalogue, doubted labels."""

from collections.abc import Sequence

import polars as pl

from hotline12345.sql.reading import SnapshotReads

NEWEST = 200_000  # the newest orders are those that still matter, and so many are ranked within a second

_ORDER = """
    select
        orders.order_id, orders.created_at, orders.place_town, orders.community, units.unit_name, orders.is_need_to_know,
        case when not orders.is_need_to_know then orders.text_hash end as text_hash,
        classified.topic_code, classified.topic_source, classified.clerk_topic_code, classified.clerk_leaf_code,
        classified.model_topic_code, classified.model_leaf_code, classified.model_probability,
        classified.leaf_probability, classified.runner_up_code, classified.runner_up_probability, classified.is_unsure,
        classified.model_id, classified.corrected_code
    from staging.orders as orders
    inner join staging.units as units using (unit_id)
    inner join intermediate.classified_orders as classified on classified.order_id = orders.order_id
"""


class ReviewReads(SnapshotReads):
    """What the review of topics reads. 举报 and confidential orders are never offered, and come without their texts."""

    def review_candidates(self, newest: int = NEWEST) -> pl.DataFrame:
        """The newest orders that a model judged and nobody reviewed, newest first; grain order_id. Without texts.

        order_id, text_hash, clerk_topic_code, model_topic_code, model_probability, runner_up_code,
        runner_up_probability; codes of level 1.
        """
        return self._query(
            """
            with newest as (
                select *
                from intermediate.classified_orders
                where model_topic_code is not null and corrected_code is null
                order by created_at desc, order_id
                limit $newest
            )
            select
                newest.order_id, orders.text_hash, newest.clerk_topic_code, newest.model_topic_code,
                newest.model_probability, newest.runner_up_code, newest.runner_up_probability
            from newest
            inner join staging.orders as orders using (order_id)
            where not orders.is_need_to_know
            order by newest.created_at desc, newest.order_id
            """,
            newest=newest,
        )

    def review_orders(self, order_ids: Sequence[str]) -> pl.DataFrame:
        """What stands of these orders' topics, with their masked texts, by id; grain order_id, unknown ids left out."""
        return self._with_texts(
            f"{_ORDER} where list_contains($order_ids::varchar[], orders.order_id)",
            "order_id",
            ("title", "body"),
            order_ids=list(order_ids),
        )

    def topic_choices(self) -> pl.DataFrame:
        """Every topic code with its names from level 1 down; grain topic_code, in the order of the paths.

        topic_code, level, topic_path, is_current (false for a code that another one has taken the place of).
        """
        return self._query(
            """
            select
                topics.topic_code, topics.level,
                coalesce(topics.level3_code, topics.level2_code, topics.level1_code) = topics.topic_code as is_current,
                concat_ws('->', level1.topic_name, level2.topic_name, level3.topic_name) as topic_path
            from intermediate.topics as topics
            left join intermediate.topics as level1 on level1.topic_code = topics.level1_code
            left join intermediate.topics as level2 on level2.topic_code = topics.level2_code
            left join intermediate.topics as level3 on level3.topic_code = topics.level3_code
            order by topics.level1_code, topics.level2_code nulls first, topics.level3_code nulls first, topics.topic_code
            """
        )

    def landed_corrections(self) -> pl.DataFrame:
        """The corrections that the snapshot counts, newest first; grain order_id: order_id, topic_code, corrected_at."""
        return self._query(
            "select order_id, topic_code, corrected_at from landed.topic_corrections order by corrected_at desc, order_id"
        )

    def label_problems(self) -> pl.DataFrame:
        """Clerks' labels that the last search doubts, the most doubtful first, then like texts with different labels.

        Grain order_id, problem_kind: columns of landed.label_problems with title, unit_name, created_at. What was
        reviewed or labelled anew since is left out.
        """
        return self._with_texts(
            """
            select
                problems.*, orders.created_at, units.unit_name, orders.text_hash
            from landed.label_problems as problems
            inner join staging.orders as orders using (order_id)
            inner join staging.units as units using (unit_id)
            inner join intermediate.classified_orders as classified on classified.order_id = problems.order_id
            where classified.corrected_code is null and classified.clerk_topic_code = problems.label_code
                and not orders.is_need_to_know
            """,
            "problem_rank, order_id",
            ("title",),
        )
