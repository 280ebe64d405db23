"""Opening the records store: one SQLite file, created or brought up to this version, never down."""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime, timedelta, timezone
from pathlib import Path

from hotline12345.sql.storage import Storage

Connection = sqlite3.Connection

SCHEMA = Path(__file__).with_name("schema.sql")
TARGETS = Path(__file__).with_name("targets.sql")
TOPIC_EVENTS = Path(__file__).with_name("topic_events.sql")
ISSUE_EVENTS = Path(__file__).with_name("issue_events.sql")
BOARD_EVENTS = Path(__file__).with_name("board_events.sql")
ACCOUNTS = Path(__file__).with_name("accounts.sql")
APPEALS = Path(__file__).with_name("appeals.sql")
SAVED_SEARCHES = Path(__file__).with_name("saved_searches.sql")
MIGRATIONS: tuple[Path, ...] = (
    SCHEMA,
    TARGETS,
    TOPIC_EVENTS,
    ISSUE_EVENTS,
    BOARD_EVENTS,
    ACCOUNTS,
    APPEALS,
    SAVED_SEARCHES,
)  # the script at i brings a store of version i to version i + 1
BUSY_SECONDS = 30.0
SHANGHAI = timezone(timedelta(hours=8))


class RecordsError(Exception):
    """The records store cannot be used; the message is Chinese and says what to do."""


def open_records(storage: Storage) -> Connection:
    """The records store, made or migrated where needed; each thread opens its own.

    RecordsError when the file is of a newer version, is no such store, or cannot be read or written.
    """
    path = storage.records
    try:
        if not path.exists():
            storage.make()
            os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
        connection = sqlite3.connect(path, timeout=BUSY_SECONDS, isolation_level=None)
        try:
            connection.row_factory = sqlite3.Row
            connection.execute("pragma journal_mode = wal")
            connection.execute("pragma foreign_keys = on")
            _bring_up(connection, path)
        except BaseException:
            connection.close()
            raise
    except sqlite3.Error:
        raise RecordsError(
            f"无法打开记录库 {path}：没有权限、磁盘已满或文件已损坏。请检查后再试，或从备份恢复；工单数据不受影响。"
        ) from None
    return connection


@contextmanager
def opened_records(storage: Storage) -> Iterator[Connection]:
    """The records store for one block of reads or writes, as `open_records` gives it."""
    with closing(open_records(storage)) as connection:
        yield connection


def version(connection: Connection) -> int:
    """The version of the tables in a store; 0 for an empty file."""
    return int(connection.execute("pragma user_version").fetchone()[0])


def moment(later: timedelta = timedelta()) -> str:
    """The time in Shanghai to the second, as the store keeps times; now, or so much later."""
    return (datetime.now(SHANGHAI) + later).strftime("%Y-%m-%d %H:%M:%S")


@contextmanager
def writing(connection: Connection) -> Iterator[None]:
    """One transaction that writes, all or nothing; it waits for other writers first.

    RecordsError when the disk is full or does not answer.
    """
    try:
        connection.execute("begin immediate")
        yield
        connection.execute("commit")
    except BaseException as error:
        if connection.in_transaction:
            connection.execute("rollback")
        if isinstance(error, sqlite3.OperationalError):
            raise RecordsError("无法写入记录库：磁盘已满、没有权限或长时间被占用。请检查后再试。") from None
        raise


def _bring_up(connection: Connection, path: Path) -> None:
    if version(connection) > len(MIGRATIONS):
        raise RecordsError(
            f"记录库 {path} 是更新版本的程序建立的（版本 {version(connection)}，本程序最高支持 {len(MIGRATIONS)}）。"
            "请升级程序后再打开；不要删除这个文件，其中有人工记录。"
        )
    if version(connection) == len(MIGRATIONS):
        return
    with writing(connection):
        found = version(connection)  # another process may have migrated while this one waited
        if 0 < found < len(MIGRATIONS):
            _keep_copy(path, found)
        for number in range(found, len(MIGRATIONS)):
            for statement in _statements(MIGRATIONS[number]):
                connection.execute(statement)
        connection.execute(f"pragma user_version = {len(MIGRATIONS)}")


def _keep_copy(path: Path, found: int) -> None:
    """A copy of the store as it was, beside it; the caller keeps others from writing."""
    copy = path.with_name(f"{path.stem}.version-{found}{path.suffix}")
    aside = copy.with_suffix(".partial")
    aside.unlink(missing_ok=True)
    os.close(os.open(aside, os.O_RDWR | os.O_CREAT, 0o600))
    with closing(sqlite3.connect(path)) as source, closing(sqlite3.connect(aside)) as target:
        source.backup(target)
        target.execute("pragma journal_mode = delete")
    aside.replace(copy)


def _statements(script: Path) -> Iterator[str]:
    """The statements of a script one by one: `executescript` would end the transaction."""
    statement = ""
    for line in script.read_text(encoding="utf-8").splitlines(keepends=True):
        statement += line
        if sqlite3.complete_statement(statement):
            yield statement
            statement = ""
