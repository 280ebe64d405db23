"""Reads of the board 每月一题: candidates inside a choice of month, place and topic, their histories, the orders behind."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from hotline12345.sql.reading import SnapshotReads

BOARD_MONTHS = 24  # the newest twelve and those they are compared with


@dataclass(frozen=True)
class BoardChoice:
    """What the board is narrowed to.

    Attributes:
        month: the first day of the newest month that is looked at.
        place_ids: towns where the problem occurred (被反映街乡镇); None for every one.
        topic_code: a topic of any level; None for every one.
        seven_five: one of 七有五性; None for every one.
    """

    month: date
    place_ids: tuple[str, ...] | None = None
    topic_code: str | None = None
    seven_five: str | None = None


# The orders of issues in the 24 months up to the chosen one, inside the choice.
_INSIDE = """
    select issue_id, order_id, created_month, coalesce(caller_key, order_id) as voice
    from marts.mart_issue_orders
    where created_month > $month::date - interval 24 month and created_month <= $month
        and ($place_ids is null or list_contains($place_ids::varchar[], place_id))
        and ($topic_code is null or $topic_code in (topic_code, topic_level2_code, topic_level3_code))
        and ($seven_five is null or seven_five = $seven_five)
"""


class IssueBoardReads(SnapshotReads):
    """What the page 每月一题 asks beyond the issues themselves."""

    def board_candidates(self, choice: BoardChoice) -> pl.DataFrame:
        """The issues with orders inside a choice in its twelve months, most orders first; grain issue_id.

        board_order_count: the orders inside the choice in the twelve months up to the chosen one. People and months are
        counted for what is listed only, see `board_volumes`: for every issue that takes seconds.
        """
        return self._query(
            f"""
            select issue_id, count(*) as board_order_count
            from ({_INSIDE}) where created_month > $month::date - interval 12 month
            group by issue_id order by board_order_count desc, issue_id
            """,
            **_parameters(choice),
        )

    def board_volumes(self, choice: BoardChoice, issue_ids: Sequence[str]) -> pl.DataFrame:
        """What some issues have inside a choice; grain issue_id.

        board_people_count in the twelve months up to the chosen one, monthly_counts (orders of each of the `BOARD_MONTHS`,
        oldest first).
        """
        return self._query(
            f"""
            with wanted as (select unnest($issue_ids::varchar[]) as issue_id),
            months as (
                select unnest(generate_series($month::date - interval 23 month, $month::date, interval 1 month))::date as created_month
            ),
            people as (
                select issue_id, count(distinct voice) as board_people_count from ({_INSIDE}) semi join wanted using (issue_id)
                where created_month > $month::date - interval 12 month group by issue_id
            ),
            counted as (
                select issue_id, created_month, count(*) as order_count from ({_INSIDE}) semi join wanted using (issue_id)
                group by issue_id, created_month
            )
            select issue_id, any_value(board_people_count) as board_people_count,
                list(coalesce(order_count, 0) order by months.created_month) as monthly_counts
            from people cross join months left join counted using (issue_id, created_month)
            group by issue_id order by issue_id
            """,
            issue_ids=list(issue_ids),
            **_parameters(choice),
        )

    def board_total(self, choice: BoardChoice) -> int:
        """Every order received in the twelve months of a choice, at its places, of whatever topic."""
        found: int = self._query(
            """
            select coalesce(sum(order_count), 0)::bigint
            from marts.mart_topic_months
            where label_basis = '计数' and created_month > $month::date - interval 12 month and created_month <= $month
                and ($place_ids is null or list_contains($place_ids::varchar[], place_id))
            """,
            **_parameters(choice),
        ).item()
        return found

    def board_months(self) -> list[date]:
        """The months in which issues have orders, newest first."""
        months = self._query("select distinct created_month from marts.mart_issue_orders order by created_month desc")
        return months["created_month"].to_list()

    def board_choices(self) -> pl.DataFrame:
        """What the board can be narrowed to; grain choice_kind, choice_code: choice_name, order_count.

        choice_kind: place (被反映街乡镇), topic (level 1), seven_five. Aggregates only.
        """
        return self._query(
            """
            with cells as (
                select place_id, min(place_town) as place_town, topic_code, seven_five, count(*) as order_count
                from marts.mart_issue_orders group by place_id, topic_code, seven_five
            )
            select 'place' as choice_kind, place_id as choice_code, min(place_town) as choice_name,
                sum(order_count)::bigint as order_count
            from cells group by place_id
            union all
            select 'topic', cells.topic_code, any_value(coalesce(topics.topic_name, cells.topic_code)), sum(order_count)::bigint
            from cells left join intermediate.topics as topics on topics.topic_code = cells.topic_code
            group by cells.topic_code
            union all
            select 'seven_five', seven_five, seven_five, sum(order_count)::bigint from cells group by seven_five
            order by choice_kind, order_count desc, choice_code
            """
        )

    def board_units(self) -> pl.DataFrame:
        """Every unit that can be asked to lead or to help; grain unit_id: unit_name, unit_group."""
        return self._query("select unit_id, unit_name, unit_group from intermediate.units order by unit_id")

    def issue_history(self, issue_ids: Sequence[str]) -> pl.DataFrame:
        """What became of these issues' identities and of those that came into them, oldest first; grain history_id, with names."""
        return self._query(
            """
            select history.*, issues.issue_name, others.issue_name as other_issue_name
            from landed.issue_history as history
            inner join marts.mart_issues as issues on issues.issue_id = history.issue_id
            left join marts.mart_issues as others on others.issue_id = history.other_issue_id
            where list_contains($issue_ids::varchar[], history.issue_id) or list_contains($issue_ids::varchar[], history.other_issue_id)
            order by noted_at, history_id
            """,
            issue_ids=list(issue_ids),
        )

    def landed_edits(self) -> list[int]:
        """The numbers of the analysts' edits that the snapshot has taken in."""
        return self._query("select edit_id from landed.issue_edits order by edit_id")["edit_id"].to_list()

    def issue_members(self, issue_id: str) -> pl.DataFrame:
        """Every order of an issue as mart_issue_orders has it, the newest first; grain order_id. Without texts."""
        return self._query(
            """
            select * from marts.mart_issue_orders
            where issue_id = $issue_id
            order by created_at desc, order_id
            """,
            issue_id=issue_id,
        )

    def shared_orders(self, issue_ids: Sequence[str]) -> pl.DataFrame:
        """What two issues have in common; grain issue_id, other_issue_id: order_count, people_count of both."""
        return self._query(
            """
            with inside as (
                select issue_id, order_id, coalesce(caller_key, order_id) as voice from marts.mart_issue_orders
                where list_contains($issue_ids::varchar[], issue_id)
            ),
            voices as (select distinct issue_id, voice from inside),
            orders as (
                select these.issue_id, others.issue_id as other_issue_id, count(*) as order_count
                from inside as these inner join inside as others using (order_id)
                where these.issue_id < others.issue_id group by these.issue_id, others.issue_id
            ),
            people as (
                select these.issue_id, others.issue_id as other_issue_id, count(*) as people_count
                from voices as these inner join voices as others using (voice)
                where these.issue_id < others.issue_id group by these.issue_id, others.issue_id
            )
            select issue_id, other_issue_id, coalesce(order_count, 0) as order_count, people_count
            from people left join orders using (issue_id, other_issue_id)
            order by issue_id, other_issue_id
            """,
            issue_ids=list(issue_ids),
        )


def _parameters(choice: BoardChoice) -> dict[str, object]:
    return {
        "month": choice.month,
        "place_ids": choice.place_ids and list(choice.place_ids),
        "topic_code": choice.topic_code,
        "seven_five": choice.seven_five,
    }
