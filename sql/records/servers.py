"""Whether the server lives: it leaves its process id and the time of its last beat."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from hotline12345.sql.records.store import Connection, moment, writing

SILENT_AFTER = timedelta(seconds=20)  # four beats


@dataclass(frozen=True)
class Server:
    """One start of the server; times as text, `ended_at` None unless it ended by itself."""

    process_id: int
    started_at: str
    beat_at: str
    ended_at: str | None

    @property
    def is_alive(self) -> bool:
        """Whether it beat a moment ago and did not end."""
        heard = datetime.fromisoformat(moment()) - datetime.fromisoformat(self.beat_at)
        return self.ended_at is None and heard < SILENT_AFTER


def begin_server(connection: Connection, process_id: int) -> int:
    """Note a start; returns the id for the beats."""
    at = moment()
    with writing(connection):
        row = connection.execute(
            "insert into servers (process_id, started_at, beat_at) values (?, ?, ?) returning server_id",
            (process_id, at, at),
        ).fetchone()
    return int(row["server_id"])


def beat(connection: Connection, server_id: int) -> None:
    """Say that the server is alive."""
    with writing(connection):
        connection.execute("update servers set beat_at = ? where server_id = ?", (moment(), server_id))


def end_server(connection: Connection, server_id: int) -> None:
    """Note that the server ended by itself."""
    at = moment()
    with writing(connection):
        connection.execute("update servers set beat_at = ?, ended_at = ? where server_id = ?", (at, at, server_id))


def last_server(connection: Connection) -> Server | None:
    """The newest start; None when no server was ever started here."""
    row = connection.execute(
        "select process_id, started_at, beat_at, ended_at from servers order by server_id desc limit 1"
    ).fetchone()
    return None if row is None else Server(**dict(row))
