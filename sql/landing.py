"""Landing one prepared file, chunk by chunk: versions, texts, quarantine and the accounting, in one transaction."""

import shutil
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime

import duckdb
import polars as pl

from hotline12345.sql.build import PUBLISHED, set_parameter
from hotline12345.sql.storage import Storage
from hotline12345.sql.stored_texts import TEXT_COLUMNS, TEXT_HASH, batch_folder, keep_absent_texts, store_texts
from hotline12345.sql.transactions import transaction
from hotline12345.sql.versions import CALLBACKS, classify, count_conflicts, find_in_force, store_versions
from hotline12345.sql.warehouse import Connection

CORRECTED = {"row_number": pl.Int64(), "row_token": pl.String()}

MEMORY_LIMIT = "1GB"  # of the database's buffers while it lands a file; the whole load stays under 3 GB with it


@dataclass(frozen=True)
class LandedRows:
    """Some rows of a file as ingest hands them on.

    Attributes:
        orders: grain row_number; every column of an order version and the three texts.
        quarantine: grain row_number, column_name, rule.
        cells: grain row_number; the quarantined rows' `cells`.
        corrected: grain row_number; the `row_token` of the row in quarantine that a row corrects.
    """

    orders: pl.DataFrame
    quarantine: pl.DataFrame
    cells: pl.DataFrame
    corrected: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=CORRECTED))


@dataclass(frozen=True)
class BatchSource:
    """What is known of a file besides its rows; `file_name` is masked."""

    file_name: str
    content_hash: str
    file_format: str
    encoding: str | None
    sheet: str | None
    header_row: int
    column_mapping: str
    unmapped_columns: str
    known_at: datetime
    loaded_at: datetime
    rows_read: int
    rows_not_data: int
    rows_quarantined: int


@dataclass(frozen=True)
class Accounting:
    """What became of the rows of one file; the parts add up to `rows_read`.

    Of which: `rows_late` are revisions older than what is known already, kept but not current; `rows_conflicting` are
    repeated rows that say something else than the last one of their order, which stands.
    """

    batch_id: int
    already_loaded: bool
    rows_read: int
    rows_new: int
    rows_revised: int
    rows_unchanged: int
    rows_repeated: int
    rows_not_data: int
    rows_quarantined: int
    rows_late: int = 0
    rows_conflicting: int = 0


def loaded_before(connection: Connection, content_hash: str) -> Accounting | None:
    """The accounting of a second load of a file that is in the warehouse already; None when it is new or was undone."""
    rows = connection.execute(
        """
        select batch_id, rows_read, rows_not_data, rows_quarantined
        from landed.batches anti join landed.undos using (batch_id) where content_hash = ?
        """,
        [content_hash],
    ).fetchall()
    if not rows:
        return None
    batch_id, read, not_data, quarantined = rows[0]
    return Accounting(batch_id, True, read, 0, 0, read - not_data - quarantined, 0, not_data, quarantined)


def land_batch(
    connection: Connection,
    storage: Storage,
    rows: Iterable[LandedRows],
    absent: Sequence[str],
    describe: Callable[[], BatchSource],
) -> Accounting:
    """Store one file's typed, masked rows.

    A row repeated in the file counts once: a row of the main unit (主办) before one of a supporting unit, then the one
    dispatched last, then the last one. Cost grows with the file, plus one hash join on the stored versions.

    Args:
        rows: the file's rows in file order, chunk by chunk.
        absent: the columns that the file does not have; they keep what is stored.
        describe: called after the last chunk; what it raises undoes everything.
    """
    connection.execute(f"set memory_limit = '{MEMORY_LIMIT}'")
    batch_id = connection.execute("select coalesce(max(batch_id), 0) + 1 from landed.batches").fetchall()[0][0]
    # In a transaction of its own: see build._make_empty.
    connection.execute("create or replace temp table incoming as from landed.order_versions limit 0")
    try:
        with transaction(connection):
            for number, chunk in enumerate(rows):
                # Registered once for both, without a copy of the strings.
                connection.register("chunk_orders", chunk.orders.to_arrow(compat_level=pl.CompatLevel.newest()))
                _take(connection, chunk, absent, batch_id)
                told = f"select text_hash, {', '.join(TEXT_COLUMNS)} from chunk_orders inner join incoming using (row_number)"
                store_texts(connection, storage, batch_id, f"part-{number}", told)
                connection.unregister("chunk_orders")
            source = describe()
            has_stored = find_in_force(connection, source.known_at)
            if has_stored:
                keep_absent_texts(connection, storage, batch_id, absent)
            content = classify(connection, absent, source.known_at, has_stored)
            accounting = _accounting(connection, source, batch_id)
            store_versions(connection, batch_id, content, source.known_at)
            _store_batch(connection, source, accounting, not {*CALLBACKS} <= {*absent})
    except BaseException:
        shutil.rmtree(storage.texts / batch_folder(batch_id), ignore_errors=True)
        raise
    finally:
        with suppress(duckdb.Error):  # a disk that failed the load may have ended the connection too
            connection.execute("reset memory_limit")
    for table in ("incoming", "in_force", "stored", "repeats", "classified"):
        connection.execute(f"drop table {table}")
    return accounting


def _take(connection: Connection, chunk: LandedRows, absent: Sequence[str], batch_id: int) -> None:
    """Keep a chunk's rows, with the hash of their texts, for the comparison with what is stored; store its quarantine."""
    present = ", ".join(
        name for name in chunk.orders.columns if name == "caller_key" or name not in {*absent, *TEXT_COLUMNS}
    )
    connection.execute(f"insert into incoming by name select {present}, {TEXT_HASH} as text_hash from chunk_orders")
    for table, frame in (
        ("quarantine", chunk.quarantine),
        ("quarantined_rows", chunk.cells),
        ("corrections", chunk.corrected),
    ):
        if frame.height:
            connection.register("chunk_rows", frame)
            connection.execute(
                f"insert into landed.{table} by name select *, ?::integer as batch_id from chunk_rows", [batch_id]
            )
            connection.unregister("chunk_rows")


def _accounting(connection: Connection, source: BatchSource, batch_id: int) -> Accounting:
    counts = dict(connection.execute("select fate, count(*) from classified group by fate").fetchall())
    late = connection.execute("select count(*) from classified where fate = 'revised' and is_late").fetchall()[0][0]
    return Accounting(
        batch_id=batch_id,
        already_loaded=False,
        rows_read=source.rows_read,
        rows_new=counts.get("new", 0),
        rows_revised=counts.get("revised", 0),
        rows_unchanged=counts.get("unchanged", 0),
        rows_repeated=counts.get("repeated", 0),
        rows_not_data=source.rows_not_data,
        rows_quarantined=source.rows_quarantined,
        rows_late=late,
        rows_conflicting=count_conflicts(connection),
    )


def _store_batch(connection: Connection, source: BatchSource, accounting: Accounting, has_callback: bool) -> None:
    simulated = connection.execute("select coalesce(bool_or(is_simulated), false) from incoming").fetchall()[0][0]
    row = {**source.__dict__, **accounting.__dict__, "is_simulated": simulated, "has_callback": has_callback}
    for name in ("already_loaded", "rows_late", "rows_conflicting"):
        del row[name]
    names = ", ".join(row)
    marks = ", ".join(f"${name}" for name in row)
    connection.execute(f"insert into landed.batches ({names}) values ({marks})", row)
    connection.execute(
        """
        update landed.quarantined_rows
        set row_token = batch_id || '-' || row_number || '-' || left(md5($content_hash || row_number), 8)
        where batch_id = $batch_id
        """,
        {"content_hash": source.content_hash, "batch_id": accounting.batch_id},
    )
    # Even a batch that changes no order has to be published: its rows in quarantine and its time are news.
    set_parameter(connection, PUBLISHED, "")


def sweep_orphans(connection: Connection, storage: Storage) -> int:
    """Delete text files of killed runs: those that no transaction listed. Returns how many."""
    listed = {name for (name,) in connection.execute("select text_file from landed.text_files").fetchall()}
    orphans = [
        path
        for path in sorted(storage.texts.glob("batch=*/*.parquet"))
        if str(path.relative_to(storage.texts)) not in listed
    ]
    for path in orphans:
        path.unlink()
    return len(orphans)
