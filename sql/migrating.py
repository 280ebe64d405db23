"""The warehouse's version: an older file is brought up to date in place after a copy, a newer one is refused."""

import shutil
from pathlib import Path

import duckdb

from hotline12345.sql.files import sync
from hotline12345.sql.transactions import transaction

STEPS = Path(__file__).with_name("migrations")  # 0002.sql leads from version 1 to version 2, and so on
VERSION = 6
_NAME = "version"  # the parameter that holds it; a file without it is version 1


class NewerVersionError(Exception):
    """The file was made by a later release; `version` is its version."""

    def __init__(self, version: int) -> None:
        super().__init__(version)
        self.version = version


def stored_version(connection: duckdb.DuckDBPyConnection) -> int | None:
    """The version of an open warehouse or snapshot; None for a file without tables."""
    tables = connection.execute(
        "select count(*) from information_schema.tables where table_schema = 'run' and table_name = 'parameters'"
    ).fetchall()[0][0]
    if not tables:
        return None
    rows = connection.execute("select text_value from run.parameters where parameter_name = ?", [_NAME]).fetchall()
    return int(rows[0][0]) if rows else 1


def migrate(path: Path) -> None:
    """Bring a warehouse file to `VERSION`; the file as it was stays beside it as `….v<version>`.

    All steps and the new version are one transaction: a killed migration leaves the old version, and the next run
    repeats it. NewerVersionError for a file of a later release.
    """
    connection = duckdb.connect(str(path))
    try:
        version = stored_version(connection)
        if version is None or version == VERSION:
            return
        if version > VERSION:
            raise NewerVersionError(version)
        connection.execute("checkpoint")
    finally:
        connection.close()
    _keep_copy(path, version)
    connection = duckdb.connect(str(path))
    try:
        if stored_version(connection) != version:  # another process was faster
            return
        with transaction(connection):
            for step in range(version + 1, VERSION + 1):
                connection.execute((STEPS / f"{step:04d}.sql").read_text(encoding="utf-8"))
            write_version(connection)
    finally:
        connection.close()


def write_version(connection: duckdb.DuckDBPyConnection) -> None:
    """Note that an open warehouse has the tables of `VERSION`."""
    connection.execute("delete from run.parameters where parameter_name = ?", [_NAME])
    connection.execute("insert into run.parameters values (?, null, ?)", [_NAME, str(VERSION)])


def _keep_copy(path: Path, version: int) -> None:
    copy = path.with_suffix(f"{path.suffix}.v{version}")
    if copy.exists():  # of a migration that did not end; the file has not changed since
        return
    aside = copy.with_suffix(".partial")
    shutil.copyfile(path, aside)
    aside.chmod(0o600)
    sync(aside)
    aside.rename(copy)
