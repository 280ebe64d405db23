"""Opening the writer's warehouse: schemas, tables, comments. The only place that opens it for writing."""

from pathlib import Path

import duckdb

from hotline12345.sql.graph import LAYERS, TABLE_SCHEMAS, load_folder
from hotline12345.sql.storage import Storage

Connection = duckdb.DuckDBPyConnection


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
        connection = duckdb.connect(str(storage.warehouse))
    except duckdb.Error as error:
        if "set lock on file" in str(error):
            raise WarehouseBusyError("另一个任务正在写入数据，请等它结束后再试。已发布的数据不受影响。") from None
        raise WarehouseError(
            f"无法打开数据仓库 {storage.warehouse}：没有权限、磁盘已满或文件已损坏。请检查后再试；已发布的数据不受影响。"
        ) from None
    storage.warehouse.chmod(0o600)
    prepare(connection)
    return connection


def open_memory() -> Connection:
    """An empty warehouse in memory, for replaying the SQL on other inputs."""
    connection = duckdb.connect()
    prepare(connection)
    return connection


def open_snapshot(path: Path) -> Connection:
    """Open a published snapshot for reading only; WarehouseError when its file is missing or damaged."""
    try:
        return duckdb.connect(str(path), read_only=True)
    except duckdb.Error:
        raise WarehouseError(
            f"无法打开已发布的数据 {path}：文件不存在、没有权限或已损坏。请再次运行 hotline run（同样的文件即可），会重新发布。"
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
