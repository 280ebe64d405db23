"""What was seen of the files of watched folders, so that a restart takes each only once. Append-only."""

from dataclasses import dataclass

from hotline12345.sql.records.store import Connection, moment, writing

LOADED, SAME, REFUSED, UNREADABLE, PUBLISHED = "loaded", "same", "refused", "unreadable", "published"


@dataclass(frozen=True)
class Seen:
    """What became of one file as it was at one time.

    Attributes:
        file_key: keyed hash of folder and name.
        state: loaded, same (content known already), refused, unreadable.
        file_name: masked.
        stamp: size and times of the file then.
        content_hash: SHA-256 of its bytes; empty when it could not be read.
        batch_id: the batch it became.
        reason: why it was refused; Chinese, without values.
    """

    file_key: str
    state: str
    file_name: str
    stamp: str
    content_hash: str = ""
    batch_id: int | None = None
    reason: str = ""


def note_seen(connection: Connection, seen: Seen) -> None:
    """Remember what became of a file."""
    values = (
        seen.file_key,
        moment(),
        seen.state,
        seen.file_name,
        seen.stamp,
        seen.content_hash,
        seen.batch_id,
        seen.reason,
    )
    with writing(connection):
        connection.execute(
            "insert into watched_files (file_key, at, state, file_name, stamp, content_hash, batch_id, reason) "
            "values (?, ?, ?, ?, ?, ?, ?, ?)",
            values,
        )


def note_published(connection: Connection) -> None:
    """Remember that everything loaded so far can be seen by readers."""
    note_seen(connection, Seen("", PUBLISHED, "", ""))


def stamps(connection: Connection) -> dict[str, tuple[str, str]]:
    """file_key → (stamp, state) as last seen."""
    rows = connection.execute(
        "select file_key, stamp, state from watched_files "
        "where event_id in (select max(event_id) from watched_files group by file_key)"
    )
    return {row["file_key"]: (row["stamp"], row["state"]) for row in rows}


def was_loaded(connection: Connection, content_hash: str) -> bool:
    """Whether a file of this content was loaded before, under whatever name."""
    query = "select 1 from watched_files where content_hash = ? and state = ? limit 1"
    return connection.execute(query, (content_hash, LOADED)).fetchone() is not None


def is_unpublished(connection: Connection) -> bool:
    """Whether files were loaded since the last publish of a turn: its process was killed, or a check failed."""
    newest = "select coalesce(max(event_id), 0) from watched_files where state = ?"
    return bool(connection.execute(f"select ({newest}) > ({newest})", (LOADED, PUBLISHED)).fetchone()[0])
