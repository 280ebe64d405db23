"""Opening the writer's warehouse: schemas, tables, comments. The only place that opens it for writing."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from hotline12345.sql.graph import LAYERS, TABLE_SCHEMAS, load_folder
from hotline12345.sql.migrating import VERSION, NewerVersionError, migrate, stored_version, write_version
from hotline12345.sql.storage import Storage

Connection = duckdb.DuckDBPyConnection

STORED = "stored"  # the catalog under which a snapshot is attached


class WarehouseError(Exception):
    """The warehouse cannot be opened; the message is Chinese and says what to do."""


class WarehouseBusyError(WarehouseError):
    """Another process is writing; the same command works once it has ended."""


def open_warehouse(storage: Storage) -> Connection:
    """Open the private warehouse for writing, creating what is missing; WarehouseBusyError when another run holds it.

    WarehouseError when the file cannot be read or written, or is no DuckDB file.
    """
    storage.make()
    try:
        migrate(storage.warehouse)
        connection = duckdb.connect(str(storage.warehouse), config=_settings(storage))
    except NewerVersionError as error:
        raise WarehouseError(
            f"数据仓库 {storage.warehouse} 由更新版本的程序建立（版本 {error.version}，本程序支持到 {VERSION}）。"
            "请升级程序后再试；数据没有改变。"
        ) from None
    except duckdb.Error as error:
        if "set lock on file" in str(error):
            raise WarehouseBusyError(
                f"另一个任务{_holder(error)}正在写入数据，请等它结束后再试。已发布的数据不受影响。"
            ) from None
        raise WarehouseError(
            f"无法打开数据仓库 {storage.warehouse}：没有权限、磁盘已满或文件已损坏。请检查后再试；已发布的数据不受影响。"
        ) from None
    storage.warehouse.chmod(0o600)
    prepare(connection)
    write_version(connection)
    return connection


def _settings(storage: Storage) -> dict[str, str | bool | int | float | list[str]]:
    """What does not fit into memory is spilled to a folder of the site's own, masked as everything here."""
    return {"temp_directory": str(storage.caches / "spilled")}


def _holder(error: duckdb.Error) -> str:
    """Which process holds the lock, as far as the system tells."""
    found = re.search(r"PID (\d+)", str(error))
    return f"（进程号 {found[1]}）" if found else ""


def explain_fault(error: Exception) -> str | None:
    """The Chinese message for a disk that failed the database while it worked; None for any other error."""
    if not isinstance(error, duckdb.IOException | duckdb.OutOfMemoryException):
        return None
    return (
        "写入数据仓库失败：磁盘已满、只读或出错。本次没有发布，已发布的数据不受影响；请腾出空间后再次运行，会接着完成。"
    )


def open_memory() -> Connection:
    """An empty warehouse in memory, for replaying the SQL on other inputs."""
    connection = duckdb.connect()
    prepare(connection)
    return connection


def open_snapshot(path: Path) -> Connection:
    """A connection that reads a published snapshot, attached as `STORED`; WarehouseError when it is missing or damaged.

    The connection's own catalog is empty memory: a cursor of it says `use` first.
    """
    try:
        connection = duckdb.connect(config={"temp_directory": f"{path}.tmp"})
        connection.execute(
            "set global parquet_metadata_cache = true"
        )  # of the search index: the same files at each search
        escaped = str(path).replace("'", "''")
        connection.execute(f"attach '{escaped}' as {STORED} (read_only)")
        connection.execute(f"use {STORED}")
        version = stored_version(connection)
        if version == VERSION:
            return connection
        connection.close()
        raise WarehouseError(
            f"已发布的数据由另一版本的程序生成（版本 {version}，本程序为 {VERSION}）。请运行 hotline publish 重新发布。"
        )
    except duckdb.Error:
        raise WarehouseError(
            f"无法打开已发布的数据 {path}：文件不存在、没有权限或已损坏。请再次运行 hotline run（同样的文件即可），会重新发布。"
        ) from None


@contextmanager
def damage_told(path: Path) -> Iterator[None]:
    """WarehouseError in place of what the database says when a published file turns out damaged while it is read."""
    try:
        yield
    except duckdb.Error as error:
        if not isinstance(error, duckdb.IOException | duckdb.InternalException) and type(error) is not duckdb.Error:
            raise
        raise WarehouseError(
            f"已发布的数据 {path} 读到一半出错：文件已损坏或磁盘出错。请检查磁盘，删除这个文件后运行 hotline publish 重新发布；"
            "工单数据不受影响。"
        ) from None


def prepare(connection: Connection) -> None:
    """Create the schemas and the tables that Python fills; does nothing where they exist."""
    for schema in (*TABLE_SCHEMAS, *LAYERS):
        connection.execute(f"create schema if not exists {schema}")
    for schema in TABLE_SCHEMAS:
        for file in load_folder(schema):
            connection.execute(file.text)
            comment = file.comment.replace("'", "''")
            connection.execute(f"comment on table {file.name} is '{comment}'")
