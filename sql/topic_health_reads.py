"""Reads about the classifier's health: how sure it is month by month, urgent orders, proposed categories."""

from datetime import datetime

import polars as pl

from hotline12345.sql.reading import SnapshotReads


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

    def proposal_orders(self, proposal_id: str, limit: int) -> pl.DataFrame:
        """The orders of a proposal, the most representative first; grain order_id, with title and body. None is need-to-know."""
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
            order by members.example_rank limit $limit
            """,
            "example_rank",
            ("title", "body"),
            proposal_id=proposal_id,
            limit=limit,
        )

    def urgent_counts(self, start_at: datetime) -> pl.DataFrame:
        """Urgent orders created since `start_at` by kind; grain urgent_kinds (one kind a row), most certain ones first.

        certain_count and possible_count: graded for this kind; order_count is their sum, open_count those not closed.
        An order of two kinds counts in both: the rows must not be added up.
        """
        return self._query(
            """
            with kinds as (
                select unnest(string_split(urgent_kinds, '、')) as urgent_kind, certain_kinds, closed_at
                from intermediate.urgent_orders
                where created_at >= $start_at
            ),
            graded as (
                select *, list_contains(string_split(certain_kinds, '、'), urgent_kind) as is_certain from kinds
            )
            select
                urgent_kind as urgent_kinds, count(*) filter (where is_certain) as certain_count,
                count(*) filter (where not is_certain) as possible_count, count(*) as order_count,
                count(*) filter (where closed_at is null) as open_count
            from graded group by urgent_kind order by certain_count desc, order_count desc, urgent_kind
            """,
            start_at=start_at,
        )

    def urgent_totals(self, start_at: datetime) -> dict[str, int]:
        """Since `start_at`, one order once: `orders` all, `certain` and `possible` those flagged; `*_open` not closed."""
        return self._query(
            """
            select
                (
                    select count(*) from staging.orders
                    where created_at >= $start_at
                ) as orders,
                count(*) filter (where urgent_grade = '明确') as certain,
                count(*) filter (where urgent_grade = '明确' and closed_at is null) as certain_open,
                count(*) filter (where urgent_grade = '可能') as possible,
                count(*) filter (where urgent_grade = '可能' and closed_at is null) as possible_open
            from intermediate.urgent_orders
            where created_at >= $start_at
            """,
            start_at=start_at,
        ).row(0, named=True)

    def urgent_orders(
        self, start_at: datetime, limit: int, kind: str | None = None, grade: str | None = None
    ) -> pl.DataFrame:
        """Urgent orders created since `start_at`: 明确 first, then those not closed, then the newest; grain order_id.

        `kind`: only those of one kind, and then `urgent_grade` is that kind's; `grade`: only 明确 or only 可能. With
        title. Titles of need-to-know orders come along and have to be hidden.
        """
        return self._with_texts(
            """
            with graded as (
                select
                    * replace (
                        case
                            when $kind::varchar is null then urgent_grade
                            when list_contains(string_split(certain_kinds, '、'), $kind) then '明确'
                            else '可能'
                        end as urgent_grade
                    )
                from intermediate.urgent_orders
                where created_at >= $start_at
                    and ($kind::varchar is null or list_contains(string_split(urgent_kinds, '、'), $kind))
            )
            select
                urgent.order_id, urgent.created_at, urgent.closed_at, urgent.urgent_kinds, urgent.urgent_grade,
                urgent.is_need_to_know, urgent.closed_at is null as is_open, urgent.urgent_grade = '明确' as is_certain,
                units.unit_name, orders.place_town, orders.community, orders.text_hash,
                coalesce(topics.topic_name, classified.topic_code) as topic_name
            from graded as urgent
            inner join staging.orders as orders using (order_id)
            inner join intermediate.units as units on units.unit_id = urgent.unit_id
            inner join intermediate.classified_orders as classified on classified.order_id = urgent.order_id
            left join intermediate.topics as topics on topics.topic_code = classified.topic_code
            where $grade::varchar is null or urgent.urgent_grade = $grade
            order by is_certain desc, is_open desc, urgent.created_at desc, urgent.order_id
            limit $limit
            """,
            "is_certain desc, is_open desc, created_at desc, order_id",
            ("title",),
            start_at=start_at,
            limit=limit,
            kind=kind,
            grade=grade,
        )

    def order_urgency(self, order_id: str) -> dict[str, str]:
        """The kinds of one order by grade, 明确 first, each joined by 、; empty where it is not flagged or not to be seen."""
        rows = self._query(
            """
            select urgent_kinds, certain_kinds from intermediate.urgent_orders
            where order_id = $order_id
            """,
            order_id=order_id,
        )
        if rows.is_empty():
            return {}
        urgent_kinds, certain_kinds = rows.row(0)
        possible = [kind for kind in urgent_kinds.split("、") if kind not in certain_kinds.split("、")]
        return {grade: kinds for grade, kinds in (("明确", certain_kinds), ("可能", "、".join(possible))) if kinds}
