"""Landing one prepared file: versions, texts, quarantine and the accounting, in one transaction."""

import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import polars as pl

from hotline12345.sql.build import PUBLISHED, set_parameter
from hotline12345.sql.storage import Storage
from hotline12345.sql.warehouse import Connection

_NOT_CONTENT = {"row_number", "batch_id", "known_at", "row_hash", "text_hash", "title", "body", "result_text"}
TEXT_COLUMNS = ("title", "body", "result_text")
ANSWERS = {
    "has_callback": "is_valid_callback",
    "has_contact": "is_contacted",
    "has_resolution": "resolution",
    "has_satisfaction": "satisfaction",
}


@dataclass(frozen=True)
class BatchSource:
    """What is known of a file besides its rows; `file_name` is masked, `absent_columns` are those the file does not have."""

    file_name: str
    content_hash: str
    file_format: str
    encoding: str | None
    sheet: str | None
    header_row: int
    column_mapping: str
    unmapped_columns: str
    absent_columns: tuple[str, ...]
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
    """The accounting of a second load of a file that is in the warehouse already; None when it is new."""
    rows = connection.execute(
        "select batch_id, rows_read, rows_not_data, rows_quarantined from landed.batches where content_hash = ?",
        [content_hash],
    ).fetchall()
    if not rows:
        return None
    batch_id, read, not_data, quarantined = rows[0]
    return Accounting(batch_id, True, read, 0, 0, read - not_data - quarantined, 0, not_data, quarantined)


def land_batch(
    connection: Connection, storage: Storage, orders: pl.DataFrame, quarantine: pl.DataFrame, source: BatchSource
) -> Accounting:
    """Store one file's typed, masked rows.

    `orders` has grain row_number, `quarantine` grain row_number, column_name, rule. A row repeated in the file counts
    once: the last one stands. Cost grows with the file, plus one hash join on the stored versions.
    """
    connection.execute("begin")
    try:
        batch_id = connection.execute("select coalesce(max(batch_id), 0) + 1 from landed.batches").fetchall()[0][0]
        connection.register("incoming_orders", orders)
        connection.register("incoming_quarantine", quarantine)
        _classify(connection, orders.columns, source)
        _store_texts(connection, storage, batch_id)
        _store_versions(connection, batch_id, source)
        counts = dict(connection.execute("select fate, count(*) from classified group by fate").fetchall())
        late, conflicting = connection.execute(
            "select count(*) filter (where fate = 'revised' and is_late), count(*) filter (where is_conflicting) from classified"
        ).fetchall()[0]
        accounting = Accounting(
            batch_id,
            False,
            source.rows_read,
            counts.get("new", 0),
            counts.get("revised", 0),
            counts.get("unchanged", 0),
            counts.get("repeated", 0),
            source.rows_not_data,
            source.rows_quarantined,
            late,
            conflicting,
        )
        _store_batch(connection, source, accounting)
        connection.execute("drop table classified")
        connection.execute("commit")
    except BaseException:
        connection.execute("rollback")
        raise
    finally:
        connection.unregister("incoming_orders")
        connection.unregister("incoming_quarantine")
    return accounting


# What was in force of each incoming order at the file's time: the version said or confirmed last.
_IN_FORCE = """
    known as (
        select order_id, batch_id as version_batch_id, batch_id, known_at from landed.order_versions
        union all
        select order_id, version_batch_id, batch_id, known_at from landed.sightings
    ),
    in_force as (
        select order_id, version_batch_id
        from known
        semi join incoming_orders using (order_id)
        where known_at <= $known_at
        qualify row_number() over (partition by order_id order by known_at desc, batch_id desc) = 1
    ),
    stored as (
        select versions.*
        from landed.order_versions as versions
        inner join in_force
            on in_force.order_id = versions.order_id and in_force.version_batch_id = versions.batch_id
    ),
    newest as (
        select order_id, max(known_at) as newest_at from known semi join incoming_orders using (order_id) group by order_id
    )
"""


def _classify(connection: Connection, columns: list[str], source: BatchSource) -> None:
    """Set each row beside the version in force at the file's time; what the file has no column for keeps its value."""
    absent = set(source.absent_columns)
    kept = [f"stored.{name} as {name}" for name in columns if name in absent and name not in TEXT_COLUMNS]
    answers = [
        f"{str(name not in absent).lower()} or coalesce(stored.{flag}, false) as {flag}"
        for flag, name in ANSWERS.items()
    ]
    stored_text = "stored.text_hash" if absent.issuperset(TEXT_COLUMNS) else "null"
    texts = ", ".join(f"coalesce({name}, '')" for name in TEXT_COLUMNS)
    content = ", ".join(f"coalesce({name}::varchar, '')" for name in sorted({*columns, *ANSWERS} - _NOT_CONTENT))
    connection.execute(
        f"""
        create or replace temp table classified as
        with {_IN_FORCE},
        filled as (
            select
                incoming.* replace ({", ".join(["incoming.order_id as order_id", *kept])}),
                {", ".join(answers)},
                coalesce({stored_text}, md5(concat_ws(chr(31), {texts}))) as text_hash,
                stored.row_hash as stored_hash,
                stored.batch_id as version_batch_id,
                newest.newest_at,
                row_number() over (partition by incoming.order_id order by incoming.row_number desc) as repeat_rank
            from incoming_orders as incoming
            left join stored on stored.order_id = incoming.order_id
            left join newest on newest.order_id = incoming.order_id
        ),
        hashed as (
            select *, md5(concat_ws(chr(31), {content}, text_hash)) as row_hash from filled
        )
        select
            *,
            case
                when repeat_rank > 1 then 'repeated'
                when stored_hash = row_hash then 'unchanged'
                when newest_at is not null then 'revised'
                else 'new'
            end as fate,
            coalesce(newest_at > $known_at, false) as is_late,
            row_hash <> first_value(row_hash) over (partition by order_id order by repeat_rank) as is_conflicting
        from hashed
        """,
        {"known_at": source.known_at},
    )


def _store_texts(connection: Connection, storage: Storage, batch_id: int) -> None:
    fresh = connection.sql(
        f"""
        select text_hash, {", ".join(f"any_value({name}) as {name}" for name in TEXT_COLUMNS)}
        from classified
        anti join landed.texts using (text_hash)
        where fate in ('new', 'revised')
        group by text_hash
        order by text_hash
        """
    ).pl()
    if fresh.is_empty():
        return
    name = f"batch={batch_id:06d}/part-0.parquet"
    path = storage.texts / name
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh.write_parquet(path, compression="zstd")
    path.chmod(0o600)
    sync(path)
    connection.execute("insert into landed.text_files values (?, ?, ?)", [name, batch_id, fresh.height])
    connection.register("fresh_texts", fresh.select("text_hash"))
    connection.execute("insert into landed.texts select text_hash, ? from fresh_texts", [name])
    connection.unregister("fresh_texts")


def _store_versions(connection: Connection, batch_id: int, source: BatchSource) -> None:
    connection.execute(
        """
        insert into landed.order_versions by name
        select
            * exclude (title, body, result_text, stored_hash, version_batch_id, newest_at, repeat_rank, fate, is_late, is_conflicting),
            ?::integer as batch_id,
            ?::timestamp as known_at
        from classified
        where fate in ('new', 'revised')
        order by created_at, order_id
        """,
        [batch_id, source.known_at],
    )
    connection.execute(
        """
        insert into landed.sightings by name
        select order_id, ?::integer as batch_id, version_batch_id, ?::timestamp as known_at
        from classified where fate = 'unchanged' order by order_id
        """,
        [batch_id, source.known_at],
    )
    connection.execute(
        "insert into landed.quarantine by name select *, ?::integer as batch_id from incoming_quarantine", [batch_id]
    )
    connection.execute(
        """
        insert into run.touched_orders
        select order_id from classified where fate in ('new', 'revised')
        except select order_id from run.touched_orders
        """
    )


def _store_batch(connection: Connection, source: BatchSource, accounting: Accounting) -> None:
    simulated = connection.execute("select coalesce(bool_or(is_simulated), false) from classified").fetchall()[0][0]
    has_callback = ANSWERS["has_callback"] not in source.absent_columns
    row = {**source.__dict__, **accounting.__dict__, "is_simulated": simulated, "has_callback": has_callback}
    del row["already_loaded"], row["absent_columns"], row["rows_late"], row["rows_conflicting"]
    names = ", ".join(row)
    marks = ", ".join(f"${name}" for name in row)
    connection.execute(f"insert into landed.batches ({names}) values ({marks})", row)
    # Even a batch that changes no order has to be published: its rows in quarantine and its time are news.
    set_parameter(connection, PUBLISHED, "")


def sync(path: Path) -> None:
    """Force a file and its folder entry to disk."""
    for target in (path, path.parent):
        handle = os.open(target, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


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
