"""Reads of topics: by month, place and unit, the catalogue with its counts, and what a changed catalogue leaves to relabel."""

import polars as pl

from hotline12345.sql.reading import SnapshotReads

COUNTED, MODEL, CLERK = "计数", "模型", "人工"  # whose label: what counts, the model's alone, the clerk's alone

# Every order whose label was split or merged since, and that nobody corrected; grain order_id, to_code.
_TO_RELABEL = """
    select
        clerk.order_id, orders.created_at, orders.unit_id, clerk.labelled_code as topic_code,
        coalesce(before.topic_name, clerk.labelled_code) as topic_name, walk.crosswalk_relation, walk.valid_from,
        walk.to_code, coalesce(after.topic_name, walk.to_code) as to_name
    from intermediate.clerk_topics as clerk
    inner join landed.topic_crosswalk as walk on walk.from_code = clerk.labelled_code and walk.crosswalk_relation <> 'same'
    inner join intermediate.classified_orders as orders on orders.order_id = clerk.order_id
    left join intermediate.topics as before on before.topic_code = clerk.labelled_code
    left join intermediate.topics as after on after.topic_code = walk.to_code
    where orders.created_at < walk.valid_from and orders.topic_source <> '复核'
"""


class TopicReads(SnapshotReads):
    """What pages and commands say of topics. A count always says whose label it is of."""

    def topic_months(self, basis: str = COUNTED, level: int = 1, within: str | None = None) -> pl.DataFrame:
        """Orders by month, unit, place, topic of a level and who classified; grain these five.

        Args:
            basis: COUNTED, MODEL or CLERK; the three must not be added up.
            level: 1 to 3. An order known less finely stays with the finest topic known of it, marked （未细分）. Names that
                several codes share carry their code.
            within: only orders of this level-1 code.
        """
        months = self._query(
            """
            with cut as (
                select
                    created_month, unit_id, place_id, topic_source, order_count,
                    case when $level >= 3 then coalesce(topic_level3_code, topic_level2_code, topic_code)
                        when $level = 2 then coalesce(topic_level2_code, topic_code) else topic_code end as code,
                    case $level when 3 then topic_level3_code when 2 then topic_level2_code else topic_code end is null
                        and topic_code <> '未归类' as is_coarse
                from marts.mart_topic_months
                where label_basis = $basis and ($within::varchar is null or topic_code = $within)
            )
            select
                cut.created_month, cut.unit_id, units.unit_name, cut.place_id,
                case cut.place_id when 'none' then '（未填街乡镇）' else coalesce(places.unit_name, substr(cut.place_id, 3)) end
                    as place_town,
                cut.code as topic_code, topic_source,
                coalesce(names.topic_name, cut.code) || case when is_coarse then '（未细分）' else '' end as topic_name,
                sum(order_count)::bigint as order_count
            from cut
            inner join intermediate.units as units using (unit_id)
            left join intermediate.units as places on places.unit_id = cut.place_id
            left join intermediate.topics as names on names.topic_code = cut.code
            group by all
            order by created_month, unit_id, place_id, topic_code, topic_source
            """,
            basis=basis,
            level=level,
            within=within,
        )
        is_shared = pl.col("topic_code").n_unique().over("topic_name") > 1
        with_code = pl.format("{}（{}）", "topic_name", "topic_code")
        return months.with_columns(pl.when(is_shared).then(with_code).otherwise("topic_name").alias("topic_name"))

    def seven_five_months(self) -> pl.DataFrame:
        """Orders by month, unit and 七有五性; grain created_month, unit_id, seven_five, seven_five_source.

        What the file says counts; where it says nothing, the catalogue's proposal for the finest code that counts; else 未归类.
        """
        return self._query(
            """
            select
                orders.created_month, orders.unit_id, units.unit_name,
                coalesce(
                    orders.seven_five, level3.seven_five_primary, level2.seven_five_primary, level1.seven_five_primary, '未归类'
                ) as seven_five,
                case
                    when orders.seven_five is not null then '导入文件'
                    when coalesce(level3.seven_five_primary, level2.seven_five_primary, level1.seven_five_primary) is not null
                        then '对照表（建议）'
                    else '未归类'
                end as seven_five_source,
                count(*) as order_count
            from staging.orders as orders
            inner join staging.units as units using (unit_id)
            inner join intermediate.classified_orders as classified using (order_id)
            left join staging.topics as level3 on level3.topic_code = classified.topic_level3_code
            left join staging.topics as level2 on level2.topic_code = classified.topic_level2_code
            left join staging.topics as level1 on level1.topic_code = classified.topic_code
            group by all order by created_month, orders.unit_id, seven_five, seven_five_source
            """,
        )

    def topic_catalogue(self) -> pl.DataFrame:
        """Every code of the catalogue with the orders at and below it; grain topic_code, in the order of the tree.

        order_count by what counts, clerk_count and model_said_count by their labels alone; is_replaced: a newer code stands for it.
        """
        return self._query(
            """
            with cube as (
                select * from marts.mart_topic_months
            ),
            placed as (
                select topic_code as code, label_basis, order_count from cube
                union all
                select topic_level2_code, label_basis, order_count from cube where topic_level2_code is not null
                union all
                select topic_level3_code, label_basis, order_count from cube where topic_level3_code is not null
            ),
            counted as (
                select code, coalesce(sum(order_count) filter (where label_basis = '计数'), 0)::bigint as order_count,
                    coalesce(sum(order_count) filter (where label_basis = '人工'), 0)::bigint as clerk_count,
                    coalesce(sum(order_count) filter (where label_basis = '模型'), 0)::bigint as model_said_count
                from placed group by code
            ),
            tree as (
                select topics.*, coalesce(above.parent_code, topics.parent_code, topics.topic_code) as root,
                    case level when 1 then '' when 2 then topics.topic_code else topics.parent_code end as branch
                from staging.topics as topics
                left join (select topic_code, parent_code from staging.topics) as above on above.topic_code = topics.parent_code
            )
            select
                tree.taxonomy_id, tree.level, tree.topic_code, tree.topic_name, tree.parent_code, tree.seven_five_primary,
                tree.seven_five_secondary,
                tree.topic_code <> coalesce(tree.level3_code, tree.level2_code, tree.level1_code) as is_replaced,
                coalesce(counted.order_count, 0) as order_count, coalesce(counted.clerk_count, 0) as clerk_count,
                coalesce(counted.model_said_count, 0) as model_said_count
            from tree
            left join counted on counted.code = tree.topic_code
            left join landed.taxonomies as listed on listed.taxonomy_id = tree.taxonomy_id
            order by listed.taxonomy_rank, tree.root, tree.branch, tree.level, tree.topic_code
            """,
        )

    def taxonomies(self) -> pl.DataFrame:
        """The taxonomies in the order in which they are asked; grain taxonomy_id."""
        return self._query("select * from landed.taxonomies order by taxonomy_rank")

    def relabel_counts(self) -> pl.DataFrame:
        """The codes that were split or merged, with how many orders are still labelled with them; grain topic_code.

        successors: the names of the codes that took their place, joined by 、.
        """
        return self._query(
            f"""
            with waiting as ({_TO_RELABEL})
            select
                topic_code, any_value(topic_name) as topic_name, any_value(crosswalk_relation) as crosswalk_relation,
                any_value(valid_from) as valid_from, string_agg(distinct to_name, '、' order by to_name) as successors,
                count(distinct order_id) as order_count
            from waiting group by topic_code order by order_count desc, topic_code
            """,
        )

    def relabel_orders(self, limit: int, topic_code: str | None = None) -> pl.DataFrame:
        """The orders whose label was split or merged since, the newest first; grain order_id, with title.

        successors: codes and names to choose from, joined by 、. Titles of need-to-know orders are null.
        """
        listed = self._with_texts(
            f"""
            with waiting as ({_TO_RELABEL})
            select
                waiting.order_id, any_value(waiting.created_at) as created_at, any_value(units.unit_name) as unit_name,
                any_value(waiting.topic_name) as topic_name, any_value(crosswalk_relation) as crosswalk_relation,
                string_agg(distinct to_code || ' ' || to_name, '、' order by to_code || ' ' || to_name) as successors,
                any_value(orders.is_need_to_know) as is_need_to_know, any_value(orders.text_hash) as text_hash
            from waiting
            inner join staging.orders as orders on orders.order_id = waiting.order_id
            inner join staging.units as units on units.unit_id = waiting.unit_id
            where $topic_code::varchar is null or waiting.topic_code = $topic_code
            group by waiting.order_id order by created_at desc, waiting.order_id limit $limit
            """,
            "created_at desc, order_id",
            ("title",),
            limit=limit,
            topic_code=topic_code,
        )
        hidden = pl.when(~pl.col("is_need_to_know")).then("title").alias("title")
        return listed.with_columns(hidden).drop("text_hash")
