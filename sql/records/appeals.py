"""Applications for 剔除 and 挂账 as people note them: append-only events; the newest of one that was not undone counts."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from hotline12345.sql.records.store import Connection, moment, writing

EXCLUSION, SUSPENSION = "剔除", "挂账"
KINDS = (EXCLUSION, SUSPENSION)
DRAFTED, FILED, ACCEPTED, GRANTED, REFUSED = "拟报", "已报", "受理", "通过", "不通过"
WITHDRAWN, SETTLED = "撤回", "已销账"
STATES = (DRAFTED, FILED, ACCEPTED, GRANTED, REFUSED, WITHDRAWN, SETTLED)
_SAID = "event_id not in (select undone_event_id from appeal_events where undone_event_id is not null)"


@dataclass(frozen=True)
class Appeal:
    """What is noted of an application.

    Attributes:
        order_id: the order it is for.
        kind: EXCLUSION or SUSPENSION.
        state: one of STATES; SETTLED: a granted 挂账 has come back.
        state_date: `YYYY-MM-DD`, the day on which it came to this state.
        evidence: each piece that is asked for, and whether it is there.
        result_text: what was answered; '' while nothing was.
        settling_date: `YYYY-MM-DD`, the day by which a 挂账 has to come back where the answer names one.
    """

    order_id: str
    kind: str
    state: str
    state_date: str
    evidence: tuple[tuple[str, bool], ...] = ()
    result_text: str = ""
    settling_date: str | None = None

    @property
    def missing(self) -> tuple[str, ...]:
        """The pieces of evidence that are not there."""
        return tuple(name for name, is_present in self.evidence if not is_present)


@dataclass(frozen=True, kw_only=True)
class NotedAppeal(Appeal):
    """An application as it stands, or stood after one event: its number, when (as text) and by whom it was noted.

    `dates` says when it came to each state it has been in, as noted last.
    """

    appeal_id: int
    event_id: int
    at: str
    who: str
    dates: Mapping[str, str] = field(default_factory=dict)


def save_appeal(connection: Connection, who: str, appeal: Appeal, appeal_id: int | None = None) -> int:
    """Note a new application, or what application `appeal_id` has come to; its number."""
    with writing(connection):
        if appeal_id is None:
            appeal_id = int(
                connection.execute("select coalesce(max(appeal_id), 0) + 1 from appeal_events").fetchone()[0]
            )
        _append(connection, who, appeal, appeal_id, None)
    return appeal_id


def undo_last(connection: Connection, who: str, appeal_id: int) -> bool:
    """Take the newest event of an application back; False when it has none left."""
    with writing(connection):
        row = connection.execute(
            f"select * from appeal_events where appeal_id = ? and undone_event_id is null and {_SAID} "
            "order by event_id desc limit 1",
            (appeal_id,),
        ).fetchone()
        if row is None:
            return False
        _append(connection, who, _noted(row), appeal_id, row["event_id"])
    return True


def appeals(connection: Connection) -> list[NotedAppeal]:
    """Every application as it stands, by number."""
    found: dict[int, NotedAppeal] = {}
    for event in _events(connection):
        found[event.appeal_id] = event
    return [found[number] for number in sorted(found)]


def appeal_history(connection: Connection, appeal_id: int) -> list[NotedAppeal]:
    """What one application has been, oldest first, without what was taken back."""
    return [event for event in _events(connection) if event.appeal_id == appeal_id]


def _events(connection: Connection) -> Sequence[NotedAppeal]:
    """Every event that counts, oldest first, with the dates of the states up to it."""
    rows = connection.execute(
        f"select * from appeal_events where undone_event_id is null and {_SAID} order by event_id"
    )
    dates: dict[int, dict[str, str]] = {}
    found = []
    for row in rows:
        before = dates.get(row["appeal_id"], {})
        dates[row["appeal_id"]] = {**before, row["appeal_state"]: row["state_date"]}
        found.append(_noted(row, dates[row["appeal_id"]]))
    return found


def _noted(row: Mapping[str, Any], dates: Mapping[str, str] | None = None) -> NotedAppeal:
    return NotedAppeal(
        order_id=row["order_id"],
        kind=row["appeal_kind"],
        state=row["appeal_state"],
        state_date=row["state_date"],
        evidence=tuple((name, is_present) for name, is_present in json.loads(row["evidence"])),
        result_text=row["result_text"],
        settling_date=row["settling_date"],
        appeal_id=row["appeal_id"],
        event_id=row["event_id"],
        at=row["at"],
        who=row["who"],
        dates=dates or {},
    )


def _append(connection: Connection, who: str, appeal: Appeal, appeal_id: int, undone: int | None) -> None:
    connection.execute(
        "insert into appeal_events (at, who, appeal_id, order_id, appeal_kind, appeal_state, state_date, evidence, "
        "result_text, settling_date, undone_event_id) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (
            *(moment(), who, appeal_id, appeal.order_id, appeal.kind, appeal.state, appeal.state_date),
            *(json.dumps(appeal.evidence, ensure_ascii=False), appeal.result_text, appeal.settling_date, undone),
        ),
    )
