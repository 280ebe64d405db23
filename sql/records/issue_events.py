"""What analysts change about recurring issues: append-only edits, each of which can be taken back by a later event."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from hotline12345.sql.records.store import Connection, moment, writing

RENAME, MERGE, SPLIT = "rename", "merge", "split"
DISMISS, RESTORE, PIN, UNPIN = "dismiss", "restore", "pin", "unpin"
UNDO = "undo"
LONGEST_NAME = 60

_STANDING = """
    select * from issue_events as edits
    where action <> 'undo' and not exists (select 1 from issue_events where undone_id = edits.event_id)
"""


@dataclass(frozen=True)
class IssueEdit:
    """One change of one issue.

    Attributes:
        action: RENAME, MERGE, SPLIT, DISMISS, RESTORE, PIN or UNPIN.
        issue_id: the issue that is changed.
        reason: why, in Chinese; it is shown with the issue's history.
        other_issue_id: MERGE: the issue that takes the orders. SPLIT: the new issue, see `split_edit`.
        edited_name: RENAME: the new name. SPLIT: the name of the new issue.
        moved_ids: SPLIT: the orders that leave.
        kept_ids: SPLIT: the issue's other orders as they were looked at. Later orders go to the part they are nearer to.

    Raises ValueError when an action lacks what it needs or an issue would be merged into itself or into the other grain.
    """

    action: str
    issue_id: str
    reason: str
    other_issue_id: str | None = None
    edited_name: str | None = None
    moved_ids: tuple[str, ...] = ()
    kept_ids: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.action == MERGE and (
            not self.other_issue_id
            or self.other_issue_id == self.issue_id
            or self.other_issue_id[0] != self.issue_id[0]
        ):
            raise ValueError("只能并入另一个同类型的问题：点位事件并入点位事件，共性问题并入共性问题。")
        if self.action in (RENAME, SPLIT) and not _is_name(self.edited_name or ""):
            raise ValueError(f"请填写问题名称，不超过 {LONGEST_NAME} 个字，不含换行和看不见的字符。")
        if self.action == SPLIT and not (
            self.moved_ids and self.kept_ids and {*self.moved_ids}.isdisjoint(self.kept_ids)
        ):
            raise ValueError("拆分后两边都要有工单，同一工单只能归到一边。")


@dataclass(frozen=True, kw_only=True)
class IssueEvent(IssueEdit):
    """An edit, or an undo, as it was noted: its number, when (as text), who; `undone_id` of an undo."""

    event_id: int
    at: str
    who: str
    undone_id: int | None = None

    def __post_init__(self) -> None:
        """What was noted stands as it was noted: nothing is refused on reading."""


def split_edit(
    issue_id: str, moved_ids: Sequence[str], kept_ids: Sequence[str], edited_name: str, reason: str
) -> IssueEdit:
    """The edit that moves some orders of an issue into a new one, whose id follows from the issue and these orders."""
    digest = hashlib.sha256("\n".join([issue_id, *sorted(moved_ids)]).encode()).hexdigest()
    part_id = f"{issue_id[0]}{digest[:12]}"
    return IssueEdit(SPLIT, issue_id, reason, part_id, edited_name, tuple(sorted(moved_ids)), tuple(sorted(kept_ids)))


def note_edit(connection: Connection, who: str, edit: IssueEdit) -> int:
    """Note an edit; its number. The next refresh takes it in."""
    with writing(connection):
        return _append(connection, who, edit)


def undo_edit(connection: Connection, who: str, event_id: int, reason: str) -> bool:
    """Take back an edit by its number, so that the one before it counts again; False when that is not possible (any more)."""
    with writing(connection):
        row = connection.execute(f"{_STANDING} and event_id = ?", (event_id,)).fetchone()
        if row is None:
            return False
        _append(connection, who, IssueEdit(UNDO, row["issue_id"], reason, row["other_issue_id"]), event_id)
    return True


def edits_in_force(connection: Connection) -> list[IssueEvent]:
    """Every edit that was not taken back, oldest first: the order in which they apply."""
    return [_event(row) for row in connection.execute(f"{_STANDING} order by event_id")]


def edit_history(connection: Connection, issue_id: str | None = None) -> list[IssueEvent]:
    """Everything noted about an issue, also as the other one, or about all; undone edits and undos too, oldest first."""
    rows = connection.execute(
        "select * from issue_events where ? is null or ? in (issue_id, other_issue_id) order by event_id",
        (issue_id, issue_id),
    )
    return [_event(row) for row in rows]


def _is_name(text: str) -> bool:
    """Whether it is something to read on one line, of allowed length; a space of full width is a space."""
    shown = text.strip()
    return 0 < len(shown) <= LONGEST_NAME and shown.replace("\u3000", " ").isprintable()


def _append(connection: Connection, who: str, edit: IssueEdit, undone_id: int | None = None) -> int:
    row = connection.execute(
        "insert into issue_events "
        "(at, who, action, issue_id, other_issue_id, edited_name, moved_ids, kept_ids, reason, undone_id) "
        "values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) returning event_id",
        (
            moment(),
            who,
            edit.action,
            edit.issue_id,
            edit.other_issue_id,
            edit.edited_name,
            json.dumps(edit.moved_ids),
            json.dumps(edit.kept_ids),
            edit.reason,
            undone_id,
        ),
    ).fetchone()
    return int(row["event_id"])


def _event(row: Any) -> IssueEvent:
    fields = dict(row)
    return IssueEvent(
        **{**fields, "moved_ids": tuple(json.loads(row["moved_ids"])), "kept_ids": tuple(json.loads(row["kept_ids"]))}
    )
