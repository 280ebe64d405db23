"""Reads of topics for pictures: two levels of the catalogue one inside the other, topics by place in a window of time."""

from datetime import date, datetime

import polars as pl

from hotline12345.sql.reading import SnapshotReads
from hotline12345.sql.topic_reads import COUNTED


class TopicAreaReads(SnapshotReads):
    """Sums that fit a picture, so that a page need not carry the whole cube of topics."""

    def topic_areas(
        self,
        first_month: date,
        level: int = 1,
        within: str | None = None,
        basis: str = COUNTED,
        unit_id: str | None = None,
    ) -> pl.DataFrame:
        """Orders since a month by a topic of a level (1 to 3) inside the one that holds it; grain parent_code, topic_code.

        The holder is the level-1 topic, or the level-2 one where only one level-1 code is asked for (`within`). An order
        known less finely stays with the finest topic known of it. The largest holder first, in it the largest topic.
        """
        return self._query(
            """
            with cut as (
                select
                    case when $within::varchar is null then topic_code else coalesce(topic_level2_code, topic_code) end
                        as parent_code,
                    case when $level >= 3 then coalesce(topic_level3_code, topic_level2_code, topic_code)
                        when $level = 2 then coalesce(topic_level2_code, topic_code) else topic_code end as code,
                    order_count
                from marts.mart_topic_months
                where label_basis = $basis and created_month >= $first_month
                    and ($within::varchar is null or topic_code = $within)
                    and ($unit_id::varchar is null or unit_id = $unit_id)
            )
            select
                cut.parent_code, min(coalesce(parents.topic_name, cut.parent_code)) as parent_name,
                cut.code as topic_code, min(coalesce(names.topic_name, cut.code)) as topic_name,
                sum(cut.order_count)::bigint as order_count
            from cut
            left join intermediate.topics as parents on parents.topic_code = cut.parent_code
            left join intermediate.topics as names on names.topic_code = cut.code
            group by cut.parent_code, cut.code
            order by sum(sum(cut.order_count)) over (partition by cut.parent_code) desc, cut.parent_code,
                order_count desc, cut.code
            """,
            first_month=first_month,
            level=level,
            within=within,
            basis=basis,
            unit_id=unit_id,
        )

    def topic_places(self, start_at: datetime, end_at: datetime) -> pl.DataFrame:
        """Orders created in [start_at, end_at) by level-1 topic, by what counts, and place; grain topic_code, place_id."""
        return self._query(
            """
            select
                classified.topic_code, min(coalesce(topics.topic_name, classified.topic_code)) as topic_name,
                place_id, min(place_town) as place_town, count(*) as order_count
            from intermediate.classified_orders as classified
            left join intermediate.topics as topics on topics.topic_code = classified.topic_code
            where created_at >= $start_at and created_at < $end_at
            group by classified.topic_code, place_id
            order by order_count desc, classified.topic_code, place_id
            """,
            start_at=start_at,
            end_at=end_at,
        )

    def topic_calendar(self, basis: str = COUNTED, unit_id: str | None = None) -> pl.DataFrame:
        """Orders by month and the codes of all three levels; grain created_month and these."""
        return self._query(
            """
            select created_month, topic_code, topic_level2_code, topic_level3_code, sum(order_count)::bigint as order_count
            from marts.mart_topic_months
            where label_basis = $basis and ($unit_id::varchar is null or unit_id = $unit_id)
            group by created_month, topic_code, topic_level2_code, topic_level3_code
            order by created_month, topic_code, topic_level2_code nulls first, topic_level3_code nulls first
            """,
            basis=basis,
            unit_id=unit_id,
        )

    def seasons(self) -> pl.DataFrame:
        """The season calendar; grain season_id, in the order of the year from the first day on."""
        return self._query("select * from landed.seasons order by season_start_day, season_id")
