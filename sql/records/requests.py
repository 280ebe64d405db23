"""Requests: what a page asks the server to do. Filed once, then only events are added; the newest one is the state."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from hotline12345.sql.records.store import Connection, moment, writing

WAITING, RUNNING, BUSY, DONE, FAILED, DISMISSED = "waiting", "running", "busy", "done", "failed", "dismissed"
OPEN = (WAITING, RUNNING, BUSY)
Detail = Mapping[str, Any]

_NEWEST = """
    select requests.*, events.state, events.at, events.detail as outcome
    from requests
    inner join request_events as events using (request_id)
    where events.event_id = (select max(event_id) from request_events where request_id = requests.request_id)
"""


@dataclass(frozen=True)
class Request:
    """A request and its newest event.

    Attributes:
        request_id: counts up; people see it.
        kind: what to do.
        who: who asked.
        filed_at: when, as text.
        upload: folder below inbox/uploads with the file that it is about; None for requests without a file.
        detail: what was asked, by name.
        state: one of the states above.
        at: when the state began, as text.
        outcome: what the newest event says: the step, the result or the message.
    """

    request_id: int
    kind: str
    who: str
    filed_at: str
    upload: str | None
    detail: Detail
    state: str
    at: str
    outcome: Detail

    @property
    def is_open(self) -> bool:
        """Whether the server still has to do something."""
        return self.state in OPEN


def file_request(
    connection: Connection, kind: str, who: str, upload: str | None = None, detail: Detail | None = None
) -> int:
    """File a request; returns its id. Nothing is done until the server takes it."""
    with writing(connection):
        filed = connection.execute(
            "insert into requests (kind, who, filed_at, upload, detail) values (?, ?, ?, ?, ?) returning request_id",
            (kind, who, moment(), upload, _json(detail or {})),
        ).fetchone()
        _append(connection, filed["request_id"], WAITING, {})
    return int(filed["request_id"])


def add_event(connection: Connection, request_id: int, state: str, detail: Detail | None = None) -> None:
    """Say what became of a request."""
    with writing(connection):
        _append(connection, request_id, state, detail or {})


def claim(connection: Connection, request_id: int, detail: Detail) -> bool:
    """Begin to work on a request, unless it was taken back meanwhile."""
    with writing(connection):
        found = connection.execute(f"select state from ({_NEWEST}) where request_id = ?", (request_id,)).fetchone()
        if found["state"] not in OPEN:
            return False
        _append(connection, request_id, RUNNING, detail)
    return True


def dismiss(connection: Connection, request_id: int, who: str) -> bool:
    """Take a request back unless the server is at it; False when it is too late."""
    with writing(connection):
        found = connection.execute(f"select state from ({_NEWEST}) where request_id = ?", (request_id,)).fetchone()
        if found is None or found["state"] in (RUNNING, DISMISSED):
            return False
        _append(connection, request_id, DISMISSED, {"who": who})
    return True


def oldest_open(connection: Connection) -> Request | None:
    """The request that the server does next; one that a killed server left running comes first by its age."""
    row = connection.execute(
        f"select * from ({_NEWEST}) where state in (?, ?, ?) order by request_id limit 1", OPEN
    ).fetchone()
    return None if row is None else _request(row)


_LISTED = "state in (?, ?, ?) or request_id > (select coalesce(max(request_id), 0) from requests) - ?"


def newest(connection: Connection, limit: int) -> list[Request]:
    """The latest requests and every open one, newest first."""
    rows = connection.execute(f"select * from ({_NEWEST}) where {_LISTED} order by request_id desc", (*OPEN, limit))
    return [_request(row) for row in rows]


def states(connection: Connection, limit: int) -> dict[int, str]:
    """request_id → state of what `newest` lists."""
    rows = connection.execute(f"select request_id, state from ({_NEWEST}) where {_LISTED}", (*OPEN, limit))
    return {row["request_id"]: row["state"] for row in rows}


def of_upload(connection: Connection, upload: str) -> list[Request]:
    """The requests about one uploaded file, oldest first."""
    rows = connection.execute(f"select * from ({_NEWEST}) where upload = ? order by request_id", (upload,))
    return [_request(row) for row in rows]


def last_inspection(connection: Connection, upload: str) -> Request:
    """The newest inspection of an uploaded file; LookupError when it was never inspected."""
    found = [request for request in of_upload(connection, upload) if request.kind == "inspect"]
    if not found:
        raise LookupError(upload)
    return found[-1]


def events(connection: Connection, request_id: int) -> list[tuple[str, Detail]]:
    """(state, detail) of every event of a request, oldest first."""
    rows = connection.execute(
        "select state, detail from request_events where request_id = ? order by event_id", (request_id,)
    )
    return [(row["state"], json.loads(row["detail"])) for row in rows]


def _append(connection: Connection, request_id: int, state: str, detail: Detail) -> None:
    connection.execute(
        "insert into request_events (request_id, at, state, detail) values (?, ?, ?, ?)",
        (request_id, moment(), state, _json(detail)),
    )


def _json(detail: Detail) -> str:
    return json.dumps(detail, ensure_ascii=False, sort_keys=True, default=str)


def _request(row: Any) -> Request:
    fields = {**dict(row), "detail": json.loads(row["detail"]), "outcome": json.loads(row["outcome"])}
    return Request(**fields)
