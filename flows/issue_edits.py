"""What analysts changed about issues, out of the records store into the warehouse, at the start of every refresh."""

from collections.abc import Mapping, Sequence
from datetime import datetime

import polars as pl

from hotline12345.flows.ingest.masking import mask_series
from hotline12345.models.recurring.edits import Edit
from hotline12345.models.recurring.issue_history import HISTORY
from hotline12345.sql import issue_edits
from hotline12345.sql.records import issue_events
from hotline12345.sql.records.issue_events import MERGE, RENAME, SPLIT, UNDO, IssueEvent
from hotline12345.sql.records.store import opened_records
from hotline12345.sql.storage import Storage
from hotline12345.sql.warehouse import Connection

WORDS = {
    "rename": "改名",
    "merge": "合并",
    "split": "拆分",
    "dismiss": "不作为问题",
    "restore": "恢复为候选",
    "pin": "置顶",
    "unpin": "取消置顶",
    "undo": "撤销",
}


def land_edits(connection: Connection, storage: Storage) -> int:
    """Make landed.issue_edits what the records store says; returns how many edits changed. Names and reasons are masked.

    A data folder in which nobody ever wrote a record needs no store.
    """
    noted: list[IssueEvent] = []
    in_force: list[IssueEvent] = []
    if storage.records.exists():
        with opened_records(storage) as records:
            noted, in_force = issue_events.edit_history(records), issue_events.edits_in_force(records)
    names = issue_edits.issue_names(connection)
    return issue_edits.land_edits(connection, _edits(in_force), _history(noted, names))


def edits_in_force(connection: Connection) -> list[Edit]:
    """The landed edits as the miner takes them, oldest first."""
    return [
        Edit(
            action=row["edit_action"],
            issue_id=row["issue_id"],
            other_issue_id=row["other_issue_id"] or "",
            edited_name=row["edited_name"] or "",
            moved_ids=tuple(row["moved_ids"]),
            kept_ids=tuple(row["kept_ids"]),
        )
        for row in issue_edits.landed_edits(connection).iter_rows(named=True)
    ]


def _edits(events: Sequence[IssueEvent]) -> pl.DataFrame:
    """Columns as `issue_edits.EDITS`."""
    rows = [
        (
            event.event_id,
            datetime.fromisoformat(event.at),
            event.who,
            event.action,
            event.issue_id,
            event.other_issue_id,
            event.edited_name,
            list(event.moved_ids),
            list(event.kept_ids),
        )
        for event in events
    ]
    edits = pl.DataFrame(rows, schema=issue_edits.EDITS, orient="row")
    return edits.with_columns(mask_series(edits["edited_name"]))


def _history(events: Sequence[IssueEvent], names: Mapping[str, str]) -> pl.DataFrame:
    """Columns as `HISTORY`: one row an event, undone edits and undos too; noted when it was said."""
    said = {event.event_id: event for event in events}
    rows = [
        (
            f"edit-{event.event_id}",
            event.issue_id,
            WORDS[event.action],
            event.other_issue_id,
            _sentence(event, said, names),
            datetime.fromisoformat(event.at),
            event.who,
        )
        for event in events
    ]
    history = pl.DataFrame(rows, schema=HISTORY, orient="row")
    return history.with_columns(mask_series(history["reason"]))


def _sentence(event: IssueEvent, said: Mapping[int, IssueEvent], names: Mapping[str, str]) -> str:
    what = ""
    if event.action == RENAME:
        what = f"改名为“{event.edited_name}”。"
    if event.action == MERGE:
        what = f"并入“{names.get(event.other_issue_id or '', event.other_issue_id)}”。"
    if event.action == SPLIT:
        what = f"分出“{event.edited_name}”：{len(event.moved_ids)} 件工单。"
    if event.action == UNDO and event.undone_id is not None:
        undone = said[event.undone_id]
        what = f"撤销 {undone.at[:10]} 的“{WORDS[undone.action]}”。"
    return f"{what}理由：{event.reason}" if event.reason else what
