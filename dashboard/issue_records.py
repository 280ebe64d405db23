"""What the page 每月一题 reads and writes of the records store: edits of issues, decisions, plans, the year list.

Each function takes the Viewer first; its login name stands as the one who edited or decided. Nothing here is cached.
"""

from collections.abc import Sequence

from hotline12345.dashboard.access import Viewer
from hotline12345.sql.records import board_events, issue_events
from hotline12345.sql.records.board_events import (
    Decision,
    NotedDecision,
    NotedPlanItem,
    NotedYearEntry,
    PlanItem,
    YearEntry,
)
from hotline12345.sql.records.issue_events import IssueEdit, IssueEvent
from hotline12345.sql.records.store import opened_records
from hotline12345.sql.storage import Storage


def edits(viewer: Viewer) -> list[IssueEvent]:
    """Every edit that was not taken back, oldest first."""
    with opened_records(Storage.at()) as records:
        return issue_events.edits_in_force(records)


def edit_history(viewer: Viewer, issue_id: str) -> list[IssueEvent]:
    """Everything analysts changed about one issue, also what was taken back, oldest first."""
    with opened_records(Storage.at()) as records:
        return issue_events.edit_history(records, issue_id)


def edit(viewer: Viewer, change: IssueEdit) -> int:
    """Note a change under the viewer's name; its number. The next refresh takes it in."""
    viewer.needs("edit_issues")
    with opened_records(Storage.at()) as records:
        return issue_events.note_edit(records, viewer.who, change)


def undo_edit(viewer: Viewer, event_id: int, reason: str) -> bool:
    """Take a change back; False when it was taken back already."""
    viewer.needs("edit_issues")
    with opened_records(Storage.at()) as records:
        return issue_events.undo_edit(records, viewer.who, event_id, reason)


def decisions(viewer: Viewer) -> list[NotedDecision]:
    """The decision in force of each issue that has one, the newest first."""
    with opened_records(Storage.at()) as records:
        return board_events.decisions(records)


def decision_history(viewer: Viewer, issue_ids: Sequence[str]) -> list[NotedDecision]:
    """Everything decided about these issues, oldest first."""
    with opened_records(Storage.at()) as records:
        return board_events.decision_history(records, issue_ids)


def decide(viewer: Viewer, decision: Decision) -> int:
    """Note a decision under the viewer's name; its number."""
    viewer.needs("decide")
    with opened_records(Storage.at()) as records:
        return board_events.decide(records, viewer.who, decision)


def year_entries(viewer: Viewer) -> list[NotedYearEntry]:
    """Every entry of every year list, by theme month."""
    with opened_records(Storage.at()) as records:
        return board_events.year_entries(records)


def save_entry(viewer: Viewer, entry: YearEntry, entry_id: int | None = None) -> int:
    """Add an entry to a year list, or write one anew; its number."""
    viewer.needs("decide")
    with opened_records(Storage.at()) as records:
        return board_events.save_entry(records, viewer.who, entry, entry_id)


def remove_entry(viewer: Viewer, entry_id: int) -> bool:
    """Take an entry off its list; False when it is off already."""
    viewer.needs("decide")
    with opened_records(Storage.at()) as records:
        return board_events.remove_entry(records, viewer.who, entry_id)


def plan_items(viewer: Viewer) -> list[NotedPlanItem]:
    """Every line of every plan as it stands."""
    with opened_records(Storage.at()) as records:
        return board_events.plan_items(records)


def save_item(viewer: Viewer, item: PlanItem, item_id: int | None = None) -> int:
    """Add a line to a plan, or write one anew; its number."""
    viewer.needs("decide")
    with opened_records(Storage.at()) as records:
        return board_events.save_item(records, viewer.who, item, item_id)
