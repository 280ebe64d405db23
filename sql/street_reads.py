"""Reads of the page 我的街镇: one unit's own orders, what is due, who calls again and where, what came back, what changed.

Titles are read for the orders that are shown only (`order_titles`): the texts lie in files of their own.

Times count up to the data's cut-off, never to the clock on the wall. `role` says what makes an order the unit's: that it
undertakes it, that it lies in it, or that it is of its trade.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

import polars as pl

from hotline12345.sql.reading import SnapshotReads

Role = Literal["undertaker", "place", "trade"]
ROLE_COLUMNS: dict[Role, str] = {"undertaker": "unit_id", "place": "place_id", "trade": "trade_id"}
LEAST_CALLS = 3  # from here on calls of one person, or of one place and topic, are many

_TOPIC = """
    inner join intermediate.classified_orders as classified on classified.order_id = orders.order_id
    left join intermediate.topics as topics on topics.topic_code
        = coalesce(classified.topic_level3_code, classified.topic_level2_code, classified.topic_code)
"""
_FINEST = "coalesce(topics.topic_name, classified.topic_code)"


def own_orders(role: Role) -> str:
    """The condition on `orders` that keeps one unit's, for a query with the parameter unit_id."""
    return f"orders.{ROLE_COLUMNS[role]} = $unit_id"


class StreetReads(SnapshotReads):
    """What a street, a bureau or a trade asks about its own orders."""

    def own_units(self) -> pl.DataFrame:
        """Every unit whose name may be seen, by id; grain unit_id: unit_name, unit_group."""
        return self._query("select unit_id, unit_name, unit_group from intermediate.units order by unit_id")

    def open_orders(self, unit_id: str, role: Role) -> pl.DataFrame:
        """A unit's orders that are not closed when the data end, the first due first; grain order_id.

        `contact_record` is what the unit reported of contacting the caller: 已联系, 未联系, 未填; null where no file has
        that column. Callbacks come after closing and say nothing here.
        """
        return self._query(
            f"""
            select
                orders.order_id, orders.created_at, orders.effective_due_at, orders.limit_source, orders.place_town,
                orders.community, orders.place_point, {_FINEST} as topic_name,
                undertakers.unit_name as undertaker_name,
                case
                    when not has_contact_unit then null when is_contacted_unit then '已联系'
                    when not is_contacted_unit then '未联系' else '未填'
                end as contact_record
            from staging.orders as orders
            inner join staging.units as undertakers on undertakers.unit_id = orders.unit_id
            {_TOPIC}
            where {own_orders(role)} and orders.closed_at is null
            order by orders.effective_due_at nulls last, orders.created_at, orders.order_id
            """,
            unit_id=unit_id,
        )

    def repeat_callers(self, unit_id: str, role: Role, since: datetime) -> pl.DataFrame:
        """People with many orders since a time, most first; one row a person, whose key stays here.

        Need-to-know orders only where their texts may be read: beside others of the same person they would tell who reported.

        Columns: order_count, place_count, open_count, unresolved_count (answered as not resolved, by the rules in force),
        first_at, last_at, topic_names and order_ids (lists, the orders oldest first).
        """
        return self._query(
            f"""
            select
                count(*) as order_count, count(distinct coalesce(orders.place_point, orders.community)) as place_count,
                count(*) filter (where orders.closed_at is null) as open_count,
                count(*) filter (where not facts.is_resolved) as unresolved_count,
                min(orders.created_at) as first_at, max(orders.created_at) as last_at,
                list_sort(list(distinct {_FINEST})) as topic_names,
                list(orders.order_id order by orders.created_at, orders.order_id) as order_ids
            from staging.orders as orders
            inner join intermediate.issue_facts as facts on facts.order_id = orders.order_id
            {_TOPIC}
            where {own_orders(role)} and orders.created_at >= $since and orders.caller_key is not null
                and ($may_know or not orders.is_need_to_know)
            group by orders.caller_key
            having count(*) >= {LEAST_CALLS}
            order by order_count desc, last_at desc, min(orders.order_id)
            """,
            unit_id=unit_id,
            since=since,
            may_know=self._access.need_to_know,
        )

    def busy_places(self, unit_id: str, role: Role, since: datetime) -> pl.DataFrame:
        """Places with many orders about one topic since a time, most people first; grain place, topic_name.

        Columns: order_count, caller_count (people; an order without a caller is one), open_count, unresolved_count, last_at,
        order_ids (a list, oldest first).
        """
        return self._query(
            f"""
            select
                coalesce(orders.place_point, orders.community) as place, {_FINEST} as topic_name,
                count(*) as order_count, count(distinct coalesce(orders.caller_key, orders.order_id)) as caller_count,
                count(*) filter (where orders.closed_at is null) as open_count,
                count(*) filter (where not facts.is_resolved) as unresolved_count, max(orders.created_at) as last_at,
                list(orders.order_id order by orders.created_at, orders.order_id) as order_ids
            from staging.orders as orders
            inner join intermediate.issue_facts as facts on facts.order_id = orders.order_id
            {_TOPIC}
            where {own_orders(role)} and orders.created_at >= $since
                and coalesce(orders.place_point, orders.community) is not null
            group by 1, 2
            having count(*) >= {LEAST_CALLS}
            order by caller_count desc, order_count desc, place, topic_name
            """,
            unit_id=unit_id,
            since=since,
        )

    def hot_communities(self, unit_id: str, role: Role, since: datetime, before: datetime) -> pl.DataFrame:
        """Orders of each community since a time, and in [before, since) to compare with, most first; grain place_town, community.

        Columns: order_count, earlier_order_count, caller_count, open_count, unresolved_count, main_topic_name, order_ids;
        all but the earlier count since `since`. A community without an order since then has no row; null is 未填.
        """
        return self._query(
            f"""
            with own as (
                select orders.*, {_FINEST} as topic_name, facts.is_resolved
                from staging.orders as orders
                inner join intermediate.issue_facts as facts on facts.order_id = orders.order_id
                {_TOPIC}
                where {own_orders(role)} and orders.created_at >= $before
            ),
            topics as (
                select place_town, community, topic_name from own where created_at >= $since
                group by place_town, community, topic_name
                qualify row_number() over (partition by place_town, community order by count(*) desc, topic_name) = 1
            )
            select
                own.place_town, own.community, count(*) filter (where created_at >= $since) as order_count,
                count(*) filter (where created_at < $since) as earlier_order_count,
                count(distinct coalesce(caller_key, order_id)) filter (where created_at >= $since) as caller_count,
                count(*) filter (where created_at >= $since and closed_at is null) as open_count,
                count(*) filter (where created_at >= $since and not is_resolved) as unresolved_count,
                any_value(topics.topic_name) as main_topic_name,
                list(order_id order by created_at, order_id) filter (where created_at >= $since) as order_ids
            from own
            inner join topics on topics.place_town = own.place_town
                and topics.community is not distinct from own.community
            group by own.place_town, own.community
            order by order_count desc, own.place_town, own.community nulls last
            """,
            unit_id=unit_id,
            since=since,
            before=before,
        )

    def came_back(self, unit_id: str, role: Role, since: datetime) -> pl.DataFrame:
        """解决后再次反映: a unit's orders closed as resolved whose place and problem was reported again since a time, newest first.

        Grain resolved_order_id: closed_at (of it), recurred_at, is_own (whether the new report may be opened), order_id (the new
        report, else the one that was resolved), undertaker_name and reported_closed_at of the new report, issue_name, place.
        An order of several issues stands under the narrowest. Where need-to-know texts may not be read, neither order is such
        a one: an issue names the exact place.
        """
        return self._query(
            f"""
            select
                orders.order_id as resolved_order_id, orders.closed_at, found.recurred_at,
                coalesce(again.order_id, orders.order_id) as order_id, again.closed_at as reported_closed_at,
                again.order_id is not null as is_own, undertakers.unit_name as undertaker_name,
                issues.issue_name, coalesce(issues.place, orders.place_point, orders.community) as place
            from landed.issue_resolutions as found
            inner join staging.orders as orders on orders.order_id = found.order_id
            left join staging.orders as again on again.order_id = found.recurred_order_id
            left join staging.units as undertakers on undertakers.unit_id = again.unit_id
            inner join landed.recurring_issues as issues on issues.issue_id = found.issue_id
            where {own_orders(role)} and found.recurred_at >= $since
                and ($may_know or not (orders.is_need_to_know or coalesce(again.is_need_to_know, false)))
            qualify row_number() over (
                partition by orders.order_id order by issues.issue_grain = '点位事件' desc, found.recurred_at, issues.issue_id
            ) = 1
            order by found.recurred_at desc, orders.order_id
            """,
            unit_id=unit_id,
            since=since,
            may_know=self._access.need_to_know,
        )

    def order_titles(self, order_ids: Sequence[str]) -> pl.DataFrame:
        """The masked titles of orders; grain order_id: title (null where there is none to show), is_need_to_know."""
        return self._with_texts(
            """
            select order_id, is_need_to_know, text_hash from staging.orders
            where list_contains($order_ids::varchar[], order_id)
            """,
            "order_id",
            ("title",),
            order_ids=list(order_ids),
        ).drop("text_hash")

    def ledger_answers(self, rule_id: str, period_id: str, unit_id: str) -> pl.DataFrame:
        """How the orders behind one unit's rates were answered, without texts; grain order_id, sorted by it."""
        return self._query(
            """
            select order_id, reason_code, is_in_response, is_in_resolution, is_in_satisfaction, is_in_on_time,
                response_value, resolution_value, satisfaction_value, on_time_value
            from intermediate.rate_ledger
            where rule_id = $rule_id and period_id = $period_id and unit_id = $unit_id
            order by order_id
            """,
            rule_id=rule_id,
            period_id=period_id,
            unit_id=unit_id,
        )

    def publication_before(self, moment: datetime) -> pl.DataFrame:
        """The last publication before a moment: run_id, published_at, batch_id; one row or none."""
        return self._query(
            """
            select run_id, published_at, batch_id from landed.publications
            where published_at < $moment order by published_at desc, run_id desc limit 1
            """,
            moment=moment,
        )

    def changed_since(self, unit_id: str, role: Role, batch_id: int) -> pl.DataFrame:
        """A unit's orders that batches after this one brought or changed, oldest first; grain order_id.

        is_new: no earlier batch knew it. is_newly_closed: closed now and not before. is_newly_answered: what callbacks and
        the unit said of it is another than before. Undone batches do not count.
        """
        differs = " or ".join(f"before.{name} is distinct from orders.{name}" for name in _ANSWERS)
        return self._query(
            f"""
            with versions as (
                select * from landed.order_versions anti join landed.undos using (batch_id)
            ),
            touched as (
                select distinct order_id from versions where batch_id > $batch_id
            ),
            before as (
                select versions.* from versions semi join touched using (order_id)
                where batch_id <= $batch_id
                qualify row_number() over (partition by order_id order by known_at desc, batch_id desc) = 1
            )
            select
                orders.order_id, orders.created_at, orders.closed_at, orders.place_town, orders.community,
                {_FINEST} as topic_name,
                before.order_id is null as is_new,
                orders.closed_at is not null and before.closed_at is null as is_newly_closed,
                {differs} as is_newly_answered
            from staging.orders as orders
            semi join touched on touched.order_id = orders.order_id
            left join before on before.order_id = orders.order_id
            {_TOPIC}
            where {own_orders(role)}
            order by orders.created_at, orders.order_id
            """,
            unit_id=unit_id,
            batch_id=batch_id,
        )


_ANSWERS = tuple(
    f"{name}{said}"
    for name in ("is_valid_callback", "is_contacted", "resolution", "satisfaction")
    for said in ("", "_district", "_city")
)
