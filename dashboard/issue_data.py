"""The cached reads of 每月一题, for its page and its evidence pack. Each takes a Viewer first and filters in its query."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import polars as pl

from hotline12345.dashboard import issue_recurrence, labels
from hotline12345.dashboard.access import Viewer
from hotline12345.dashboard.disclosure import LEAST
from hotline12345.dashboard.issue_follow import COUNTS
from hotline12345.dashboard.snapshots import cached, cached_orders, order_reader, reader
from hotline12345.models.recurring.scoring import Scoring
from hotline12345.sql.issue_board_reads import BoardChoice
from hotline12345.sql.issue_settings import Choice, IssueSettings
from hotline12345.sql.publish import Snapshot

EVENT = labels.GRAINS[1]  # 点位事件: one place, one problem


@cached
def issues(viewer: Viewer, snapshot: Snapshot) -> pl.DataFrame:
    """Every issue with its measures and scores, as ranked; grain issue_id. Aggregates only, no events of a few people."""
    return _open_to(viewer, reader(viewer, snapshot).issues())


@cached
def leading(viewer: Viewer, snapshot: Snapshot, limit: int) -> pl.DataFrame:
    """The first of the ranking, events that a theme covers left out; grain issue_id. Aggregates only."""
    return _open_to(viewer, reader(viewer, snapshot).leading_issues(limit))


@cached
def merged(viewer: Viewer, snapshot: Snapshot) -> Mapping[str, str]:
    """Each merged issue → the one it was merged into."""
    found = issues(viewer, snapshot).filter(pl.col("merged_into").is_not_null())
    return dict(found.select("issue_id", "merged_into").iter_rows())


@cached
def candidates(viewer: Viewer, snapshot: Snapshot, choice: BoardChoice) -> pl.DataFrame:
    """The issues with orders inside a choice, with their number, as ranked; grain issue_id. Aggregates only."""
    counted = reader(viewer, snapshot).board_candidates(choice)
    return issues(viewer, snapshot).join(counted, on="issue_id", maintain_order="left")


@cached
def volumes(viewer: Viewer, snapshot: Snapshot, choice: BoardChoice, issue_ids: tuple[str, ...]) -> pl.DataFrame:
    """People and months of some issues inside a choice; grain issue_id. Aggregates only."""
    return reader(viewer, snapshot).board_volumes(choice, issue_ids)


@cached
def total(viewer: Viewer, snapshot: Snapshot, choice: BoardChoice) -> int:
    """Every order received in the twelve months and the places of a choice."""
    return reader(viewer, snapshot).board_total(choice)


@cached
def months(viewer: Viewer, snapshot: Snapshot) -> list[date]:
    """The months in which issues have orders, newest first."""
    return reader(viewer, snapshot).board_months()


@cached
def choices(viewer: Viewer, snapshot: Snapshot) -> pl.DataFrame:
    """What the board can be narrowed to; grain choice_kind, choice_code. Aggregates only."""
    return reader(viewer, snapshot).board_choices()


@cached
def units(viewer: Viewer, snapshot: Snapshot) -> dict[str, str]:
    """The name of every unit by its id."""
    return dict(reader(viewer, snapshot).board_units().select("unit_id", "unit_name").iter_rows())


@cached
def issue_months(viewer: Viewer, snapshot: Snapshot, issue_id: str) -> pl.DataFrame:
    """An issue by month and unit. Aggregates only."""
    return reader(viewer, snapshot).issue_months(issue_id)


@cached
def follow_months(viewer: Viewer, snapshot: Snapshot, issue_id: str) -> pl.DataFrame:
    """An issue by month over all units, as `issue_follow.follow` takes it; grain created_month. Aggregates only."""
    by_unit = reader(viewer, snapshot).issue_months(issue_id)
    return by_unit.group_by("created_month").agg(pl.col(COUNTS).sum()).sort("created_month")


@cached
def issue_units(viewer: Viewer, snapshot: Snapshot, issue_id: str) -> pl.DataFrame:
    """An issue by unit; grain unit_id. Aggregates only."""
    return reader(viewer, snapshot).issue_units(issue_id)


@cached
def recurrences_by_unit(viewer: Viewer, snapshot: Snapshot) -> pl.DataFrame:
    """解决后再次反映率 of each unit, groups in their order; grain unit_id. Aggregates only."""
    return labels.in_group_order(issue_recurrence.rated(reader(viewer, snapshot).recurrences_by_unit()))


@cached
def recurrences_by_topic(viewer: Viewer, snapshot: Snapshot) -> pl.DataFrame:
    """解决后再次反映率 of each topic; grain topic_code. Aggregates only."""
    return issue_recurrence.rated(reader(viewer, snapshot).recurrences_by_topic())


@cached
def recurrences_in_all(viewer: Viewer, snapshot: Snapshot) -> issue_recurrence.Total:
    """解决后再次反映率 in all."""
    return issue_recurrence.total(reader(viewer, snapshot).recurrences_in_all())


@cached_orders
def issue_members(viewer: Viewer, snapshot: Snapshot, issue_id: str) -> pl.DataFrame:
    """Every order of an issue, without texts, newest first; grain order_id."""
    return order_reader(viewer, snapshot).issue_members(issue_id)


@cached
def issue_examples(viewer: Viewer, snapshot: Snapshot, issue_id: str, limit: int) -> pl.DataFrame:
    """The orders that represent an issue best, masked, none of them need-to-know; grain order_id."""
    return reader(viewer, snapshot).issue_orders(issue_id, limit)


@cached
def issue_history(viewer: Viewer, snapshot: Snapshot, issue_ids: tuple[str, ...]) -> pl.DataFrame:
    """What became of these issues' identities, oldest first; grain history_id."""
    return reader(viewer, snapshot).issue_history(issue_ids)


@cached
def shared(viewer: Viewer, snapshot: Snapshot, issue_ids: tuple[str, ...]) -> pl.DataFrame:
    """Orders and people that two of these issues have in common; grain issue_id, other_issue_id. Aggregates only."""
    return reader(viewer, snapshot).shared_orders(issue_ids)


@cached
def settings(viewer: Viewer, snapshot: Snapshot) -> IssueSettings:
    """How issues are scored and chosen, by the issues.toml that the snapshot stands on."""
    return reader(viewer, snapshot).issue_settings()


def choice(viewer: Viewer, snapshot: Snapshot) -> Choice:
    """How the district chooses."""
    return settings(viewer, snapshot).choice


def scoring(viewer: Viewer, snapshot: Snapshot) -> Scoring:
    """By which weights the snapshot ranks."""
    return Scoring(**settings(viewer, snapshot).scoring)


@cached
def landed_edits(viewer: Viewer, snapshot: Snapshot) -> list[int]:
    """The numbers of the analysts' edits that the snapshot has taken in."""
    return reader(viewer, snapshot).landed_edits()


def issue(viewer: Viewer, snapshot: Snapshot, issue_id: str) -> dict[str, Any] | None:
    """One issue as `issues` has it; None where there is none of that id."""
    found = issues(viewer, snapshot).filter(pl.col("issue_id") == issue_id)
    return found.row(0, named=True) if found.height else None


def _open_to(viewer: Viewer, found: pl.DataFrame) -> pl.DataFrame:
    """Issues without events of a few people for who opens no orders: what, where and how few would tell who."""
    few = (pl.col("issue_grain") == EVENT) & (pl.col("people_count") < LEAST)
    return found if viewer.opens_orders else found.filter(~few)
