"""Reads of recurring issues: the list with its measures, one issue by month and unit, its examples, reports after a resolution."""

import polars as pl

from hotline12345.sql.issue_settings import IssueSettings, issue_settings
from hotline12345.sql.reading import SnapshotReads

_COUNTS = """
    count(*) as order_count,
    count(distinct coalesce(caller_key, order_id)) as people_count,
    count(is_resolved) as resolution_asked_count,
    count(*) filter (where is_resolved) as resolved_count,
    count(is_satisfied) as satisfaction_asked_count,
    count(*) filter (where is_satisfied) as satisfied_count,
    count(*) filter (where is_recurrence) as recurrence_count,
    count(*) filter (where is_need_to_know) as need_to_know_count
"""

_RECURRENCES = """
    select {group}, sum(resolved_occurrence_count)::bigint as resolved_occurrence_count,
        sum(recurrence_count)::bigint as recurrence_count
    from marts.mart_recurrences
    group by {group}
"""


class IssueReads(SnapshotReads):
    """What pages, packs and commands say of issues. People of several rows must not be added up: one may be in each."""

    def issues(self) -> pl.DataFrame:
        """Every issue ever known, as ranked, those without a rank last; grain issue_id. Aggregates only."""
        return self._query("select * from marts.mart_issues order by issue_rank nulls last, issue_id")

    def leading_issues(self, limit: int) -> pl.DataFrame:
        """The first of the ranking, events that a theme covers left out, as `issues` has them; grain issue_id. Aggregates only."""
        return self._query(
            """
            select * from marts.mart_issues
            where issue_rank is not null and not is_covered
            order by issue_rank, issue_id limit $limit
            """,
            limit=limit,
        )

    def issue(self, issue_id: str) -> pl.DataFrame:
        """One issue as `issues` has it; one row or none. Aggregates only."""
        return self._query("select * from marts.mart_issues where issue_id = $issue_id", issue_id=issue_id)

    def issue_months(self, issue_id: str) -> pl.DataFrame:
        """An issue by the month of creation and unit; grain created_month, unit_id. Aggregates only.

        order_count, people_count; resolved_count of resolution_asked_count; satisfied_count of satisfaction_asked_count;
        recurrence_count, the reports of that month that came after a resolution; need_to_know_count.
        """
        return self._query(
            f"""
            with counted as (
                select created_month, unit_id, {_COUNTS} from marts.mart_issue_orders
                where issue_id = $issue_id group by created_month, unit_id
            )
            select counted.*, units.unit_name from counted inner join intermediate.units as units using (unit_id)
            order by created_month, unit_id
            """,
            issue_id=issue_id,
        )

    def issue_units(self, issue_id: str) -> pl.DataFrame:
        """An issue by unit, the most orders first; grain unit_id; counts as `issue_months`. Aggregates only."""
        return self._query(
            f"""
            with counted as (
                select unit_id, {_COUNTS} from marts.mart_issue_orders where issue_id = $issue_id group by unit_id
            )
            select counted.*, units.unit_name, units.unit_group
            from counted inner join intermediate.units as units using (unit_id)
            order by order_count desc, unit_id
            """,
            issue_id=issue_id,
        )

    def issue_orders(self, issue_id: str, limit: int) -> pl.DataFrame:
        """The orders that represent an issue best, with masked texts; 举报 and confidential ones are left out. Grain order_id."""
        return self._with_texts(
            """
            select orders.*, members.similarity, members.example_rank, units.unit_name, staged.text_hash
            from landed.recurring_issue_orders as members
            inner join marts.mart_issue_orders as orders
                on orders.order_id = members.order_id and orders.issue_id = members.issue_id
            inner join staging.orders as staged on staged.order_id = members.order_id
            inner join intermediate.units as units on units.unit_id = orders.unit_id
            where members.issue_id = $issue_id and not orders.is_need_to_know and members.example_rank is not null
            order by members.example_rank, members.order_id limit $limit
            """,
            "example_rank, order_id",
            issue_id=issue_id,
            limit=limit,
        )

    def recurrences_by_unit(self) -> pl.DataFrame:
        """Of the orders whose resolution ended an occurrence, those reported again; grain unit_id. Aggregates only.

        recurrence_count of resolved_occurrence_count; every unit with orders has its row, also one that resolved nothing.
        """
        return self._query(
            f"""
            with counted as ({_RECURRENCES.format(group="unit_id")}),
            undertaking as (select distinct unit_id from marts.mart_topic_months)
            select undertaking.unit_id, units.unit_name, units.unit_group,
                coalesce(counted.resolved_occurrence_count, 0) as resolved_occurrence_count,
                coalesce(counted.recurrence_count, 0) as recurrence_count
            from undertaking
            inner join intermediate.units as units using (unit_id)
            left join counted using (unit_id)
            order by resolved_occurrence_count desc, undertaking.unit_id
            """
        )

    def recurrences_by_topic(self) -> pl.DataFrame:
        """The same by topic (level 1); grain topic_code; every topic with orders in an issue has its row. Aggregates only."""
        return self._query(
            f"""
            with counted as ({_RECURRENCES.format(group="topic_code")}),
            reported as (select distinct topic_code from marts.mart_issue_orders)
            select reported.topic_code, coalesce(topics.topic_name, reported.topic_code) as topic_name,
                coalesce(counted.resolved_occurrence_count, 0) as resolved_occurrence_count,
                coalesce(counted.recurrence_count, 0) as recurrence_count
            from reported
            left join counted on counted.topic_code = reported.topic_code
            left join intermediate.topics as topics on topics.topic_code = reported.topic_code
            order by resolved_occurrence_count desc, reported.topic_code
            """
        )

    def recurrences_in_all(self) -> pl.DataFrame:
        """The same in all, one row: with first_month and last_month in which the resolved orders were created, and known_until.

        Reports later than `known_until` are not in it, so the newest months look better than they will.
        """
        return self._query(
            """
            select coalesce(sum(resolved_occurrence_count), 0)::bigint as resolved_occurrence_count,
                coalesce(sum(recurrence_count), 0)::bigint as recurrence_count,
                min(created_month) as first_month, max(created_month) as last_month,
                (select max(known_until) from marts.mart_issues) as known_until
            from marts.mart_recurrences
            """
        )

    def issue_settings(self) -> IssueSettings:
        """The issues.toml by which this was ranked; the example's values where none was kept."""
        return issue_settings(self._config_files().get("issues.toml", b""))
