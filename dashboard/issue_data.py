"""The cached reads of 每月一题, for its page and its evidence pack. Each takes a Viewer first and filters in its query."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import polars as pl

from hotline12345.dashboard.access import Viewer
from hotline12345.dashboard.issue_follow import COUNTS
from hotline12345.dashboard.snapshots import cached, discreet, reader
from hotline12345.models.recurring.scoring import Scoring
from hotline12345.sql.issue_board_reads import BoardChoice
from hotline12345.sql.issue_settings import Choice, IssueSettings
from hotline12345.sql.publish import Snapshot


@cached
def issues(viewer: Viewer, snapshot: Snapshot) -> pl.DataFrame:
    """Every issue with its measures and scores, as ranked; grain issue_id. Aggregates only."""
    return reader(snapshot).issues()


@cached
def merged(viewer: Viewer, snapshot: Snapshot) -> Mapping[str, str]:
    """Each merged issue → the one it was merged into."""
    found = reader(snapshot).issues().filter(pl.col("merged_into").is_not_null())
    return dict(found.select("issue_id", "merged_into").iter_rows())


@cached
def candidates(viewer: Viewer, snapshot: Snapshot, choice: BoardChoice) -> pl.DataFrame:
    """The issues with orders inside a choice, with their volumes in it; grain issue_id. Aggregates only."""
    return reader(snapshot).board_candidates(choice, viewer.units)


@cached
def total(viewer: Viewer, snapshot: Snapshot, choice: BoardChoice) -> int:
    """Every order received in the twelve months and the places of a choice."""
    return reader(snapshot).board_total(choice, viewer.units)


@cached
def months(viewer: Viewer, snapshot: Snapshot) -> list[date]:
    """The months in which issues have orders, newest first."""
    return reader(snapshot).board_months()


@cached
def choices(viewer: Viewer, snapshot: Snapshot) -> pl.DataFrame:
    """What the board can be narrowed to; grain choice_kind, choice_code. Aggregates only."""
    return reader(snapshot).board_choices()


@cached
def units(viewer: Viewer, snapshot: Snapshot) -> dict[str, str]:
    """The name of every unit by its id."""
    return dict(reader(snapshot).board_units().select("unit_id", "unit_name").iter_rows())


@cached
def issue_months(viewer: Viewer, snapshot: Snapshot, issue_id: str) -> pl.DataFrame:
    """An issue by month and unit. Aggregates only."""
    return reader(snapshot).issue_months(issue_id)


@cached
def follow_months(viewer: Viewer, snapshot: Snapshot, issue_id: str) -> pl.DataFrame:
    """An issue by month over all units, as `issue_follow.follow` takes it; grain created_month. Aggregates only."""
    by_unit = reader(snapshot).issue_months(issue_id)
    return by_unit.group_by("created_month").agg(pl.col(COUNTS).sum()).sort("created_month")


@cached
def issue_units(viewer: Viewer, snapshot: Snapshot, issue_id: str) -> pl.DataFrame:
    """An issue by unit; grain unit_id. Aggregates only."""
    return reader(snapshot).issue_units(issue_id)


@cached
def issue_members(viewer: Viewer, snapshot: Snapshot, issue_id: str) -> pl.DataFrame:
    """Every order of an issue, without texts, newest first; grain order_id."""
    return reader(snapshot).issue_members(issue_id, viewer.units)


@cached
def issue_examples(viewer: Viewer, snapshot: Snapshot, issue_id: str, limit: int) -> pl.DataFrame:
    """The orders that represent an issue best, masked, none of them need-to-know; grain order_id."""
    return discreet(reader(snapshot).issue_orders(issue_id, limit, viewer.units))


@cached
def issue_history(viewer: Viewer, snapshot: Snapshot, issue_ids: tuple[str, ...]) -> pl.DataFrame:
    """What became of these issues' identities, oldest first; grain history_id."""
    return reader(snapshot).issue_history(issue_ids)


@cached
def shared(viewer: Viewer, snapshot: Snapshot, issue_ids: tuple[str, ...]) -> pl.DataFrame:
    """Orders and people that two of these issues have in common; grain issue_id, other_issue_id. Aggregates only."""
    return reader(snapshot).shared_orders(issue_ids, viewer.units)


@cached
def settings(viewer: Viewer, snapshot: Snapshot) -> IssueSettings:
    """How issues are scored and chosen, by the issues.toml that the snapshot stands on."""
    return reader(snapshot).issue_settings()


def choice(viewer: Viewer, snapshot: Snapshot) -> Choice:
    """How the district chooses."""
    return settings(viewer, snapshot).choice


def scoring(viewer: Viewer, snapshot: Snapshot) -> Scoring:
    """By which weights the snapshot ranks."""
    return Scoring(**settings(viewer, snapshot).scoring)


@cached
def landed_edits(viewer: Viewer, snapshot: Snapshot) -> list[int]:
    """The numbers of the analysts' edits that the snapshot has taken in."""
    return reader(snapshot).landed_edits()


def issue(viewer: Viewer, snapshot: Snapshot, issue_id: str) -> dict[str, Any] | None:
    """One issue as `issues` has it; None where there is none of that id."""
    found = issues(viewer, snapshot).filter(pl.col("issue_id") == issue_id)
    return found.row(0, named=True) if found.height else None
