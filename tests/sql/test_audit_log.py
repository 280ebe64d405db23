"""The audit log: whoever edits the store, with any tool, is found at the first row that was touched."""

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from hotline12345.sql.key_files import KeyFileError
from hotline12345.sql.records import audit
from hotline12345.sql.records.audit import Entry, append, load_audit_key, newest_entries, verify
from hotline12345.sql.records.store import Connection, opened_records, writing
from hotline12345.sql.storage import Storage

ROWS = 6


@pytest.fixture
def storage(tmp_path: Path) -> Storage:
    return Storage.at(tmp_path / "data", tmp_path / "config")


@pytest.fixture
def records(storage: Storage) -> Iterator[Connection]:
    """A store with six rows."""
    with opened_records(storage) as connection:
        key = load_audit_key(storage, connection)
        with writing(connection):
            for number in range(1, ROWS):
                append(connection, key, Entry("fenxi", "分析员", audit.OPENED, f"GD{number}"))
            append(connection, key, Entry("fenxi", "分析员", audit.EXPORTED, "失分工单", 12))
        yield connection


@pytest.fixture
def key(storage: Storage, records: Connection) -> bytes:
    return load_audit_key(storage, records)


def unguard(connection: Connection) -> None:
    """What somebody does who edits the file: the triggers stop accidents only."""
    connection.execute("drop trigger audit_is_never_changed")
    connection.execute("drop trigger audit_is_never_deleted")


def edit(connection: Connection) -> None:
    connection.execute("update audit set subject = 'GD999' where audit_id = 3")


def hide(connection: Connection) -> None:
    connection.execute("update audit set who = 'other', at = '2020-01-01 00:00:00' where audit_id = 3")


def delete(connection: Connection) -> None:
    connection.execute("delete from audit where audit_id = 3")


def delete_and_renumber(connection: Connection) -> None:
    connection.execute("delete from audit where audit_id = 3")
    for number in range(4, ROWS + 1):
        connection.execute("update audit set audit_id = ? where audit_id = ?", (number - 1, number))


def insert(connection: Connection) -> None:
    for number in range(ROWS, 2, -1):
        connection.execute("update audit set audit_id = ? where audit_id = ?", (number + 1, number))
    connection.execute(
        "insert into audit select 3, at, who, role, action, 'GD888', row_count, chain_hash from audit where audit_id = 2"
    )


def swap(connection: Connection) -> None:
    for before, after in ((3, 99), (4, 3), (99, 4)):
        connection.execute("update audit set audit_id = ? where audit_id = ?", (after, before))


def seal_anew_without_the_key(connection: Connection) -> None:
    rows = connection.execute("select * from audit order by audit_id").fetchall()
    before = rows[1]["chain_hash"]
    for row in rows[2:]:
        said = [*tuple(row)[:5], "GD777", row["row_count"]]
        before = audit._seal(b"", said, before)
        connection.execute(
            "update audit set subject = 'GD777', chain_hash = ? where audit_id = ?", (before, row["audit_id"])
        )


def write_other_bytes(connection: Connection) -> None:
    connection.execute("update audit set who = cast(x'ff' as text), row_count = x'ff' where audit_id = 3")


TAMPERING = [write_other_bytes, edit, hide, delete, delete_and_renumber, insert, swap, seal_anew_without_the_key]


def test_an_untouched_log_is_whole(records, key):
    found = verify(records, key)
    assert (found.rows, found.wrong_at) == (ROWS, None)
    assert len(found.code) == audit.CODE_LETTERS
    assert verify(records, key, (found.rows, found.code)) == found


@pytest.mark.parametrize("tamper", TAMPERING, ids=lambda one: one.__name__)
def test_tampering_is_found_where_it_begins(records, key, tamper: Callable[[Connection], None]):
    unguard(records)
    tamper(records)
    found = verify(records, key)
    assert (found.rows, found.wrong_at) == (2, 3)


def test_rows_gone_from_the_end_are_found_by_what_was_noted(records, key):
    noted = verify(records, key)
    unguard(records)
    records.execute("delete from audit where audit_id > 4")
    assert verify(records, key).wrong_at is None, "the chain alone cannot know"
    found = verify(records, key, (noted.rows, noted.code))
    assert (found.rows, found.wrong_at) == (4, 5)


def test_rows_gone_and_written_anew_are_found_by_what_was_noted(records, key):
    noted = verify(records, key)
    unguard(records)
    records.execute("delete from audit where audit_id > 4")
    with writing(records):
        for _ in range(3):
            append(records, key, Entry("other", "分析员", audit.OPENED, "GD1"))
    assert verify(records, key).wrong_at is None
    assert verify(records, key, (noted.rows, noted.code)).wrong_at == noted.rows


def test_an_emptied_log_is_found_by_what_was_noted(records, key):
    noted = verify(records, key)
    unguard(records)
    records.execute("delete from audit")
    assert verify(records, key, (noted.rows, noted.code)).wrong_at == 1


def test_accidents_are_refused(records):
    for statement in ("update audit set who = 'x'", "delete from audit where audit_id = 6"):
        with pytest.raises(sqlite3.IntegrityError, match="audit rows are never"):
            records.execute(statement)


def test_a_row_is_written_with_what_it_belongs_to_or_not_at_all(records, key):
    with pytest.raises(RuntimeError), writing(records):
        append(records, key, Entry("fenxi", "分析员", audit.OPENED, "GD9"))
        raise RuntimeError
    assert verify(records, key).rows == ROWS


def test_two_writers_make_one_chain(storage, records, key):
    with opened_records(storage) as other:
        for number in range(5):
            for connection in (records, other):
                with writing(connection):
                    append(connection, key, Entry("fenxi", "分析员", audit.OPENED, f"GD{number}"))
    found = verify(records, key)
    assert (found.rows, found.wrong_at) == (ROWS + 10, None)


def test_the_key_lies_outside_the_store_and_is_its_owners_alone(storage, records, key):
    assert storage.audit_key.parent == storage.config
    assert storage.audit_key.stat().st_mode & 0o777 == 0o600
    stored = b"".join(path.read_bytes() for path in storage.data.glob("records.sqlite*"))
    assert key not in stored
    assert key.hex().encode() not in stored


@pytest.mark.parametrize("content", [None, "", "00"])
def test_a_lost_key_is_never_replaced_in_silence(storage, records, content):
    storage.audit_key.unlink()
    if content is not None:
        storage.audit_key.write_text(content, encoding="ascii")
    with pytest.raises(KeyFileError, match="备份"):
        load_audit_key(storage, records)
    assert verify(records, b"another").wrong_at == 1


def test_the_newest_come_first(records):
    first, second = newest_entries(records, 2)
    assert (first.audit_id, first.action, first.row_count) == (ROWS, audit.EXPORTED, 12)
    assert second.subject == "GD5"
