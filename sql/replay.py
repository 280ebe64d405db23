"""Figures as of an earlier time: the same SQL run in memory on what was known then, under the config and model of then."""

from collections.abc import Iterable
from datetime import datetime

from hotline12345.sql import build
from hotline12345.sql.graph import load_folder
from hotline12345.sql.publish import WRITER_ONLY, Snapshot
from hotline12345.sql.reference_versions import land_reference_of
from hotline12345.sql.rules import Rule
from hotline12345.sql.warehouse import STORED, Connection, open_memory

BY_BATCH = (
    "landed.order_versions",
    "landed.sightings",
    "landed.batches",
    "landed.quarantine",
    "landed.quarantined_rows",
    "landed.corrections",
)
# What is no part of a replay: made at each refresh for the cut-off of that day, or in no snapshot.
LEFT_OUT = {"landed.same_age_scores", *WRITER_ONLY}


def replay(snapshot: Snapshot, as_of: datetime) -> Connection:
    """A warehouse in memory as it stood at `as_of` (Asia/Shanghai).

    From the first publication on, that is what had been loaded by then, so a published figure comes out as it was
    published. For a time before it (history loaded later, simulated data), it is what the files say was known by then.
    Rules, units and the topic model are those of the last publication at that time, else of the first.
    Cost grows with the stored versions: everything is built once, nothing is written to disk.
    """
    connection = open_beside(snapshot)
    note_batches(connection, STORED, as_of)
    copy_known(connection, STORED, (file.name for file in load_folder("landed") if file.name not in LEFT_OUT))
    forget_later_undos(connection, as_of)
    connection.execute("delete from landed.kept_scores where published_at > ?", [as_of])
    forget_later_corrections(connection, as_of)
    connection.execute(f"detach {STORED}")
    use_config_of(connection, as_of)
    build.begin(connection, "replay", as_of)
    for files in build.stages():
        build.run_files(connection, files)
    return connection


def open_beside(snapshot: Snapshot) -> Connection:
    """An empty warehouse in memory with the snapshot attached as `STORED`, read-only, and its id."""
    connection = open_memory()
    path = str(snapshot.path).replace("'", "''")
    connection.execute(f"attach '{path}' as {STORED} (read_only)")
    connection.execute("create schema meta")
    connection.execute(f"create table meta.snapshot as from {STORED}.meta.snapshot")
    return connection


def note_batches(connection: Connection, stored: str, as_of: datetime) -> None:
    """The batches that counted at `as_of` → temp table `batches_then`, of the warehouse in the catalog `stored`."""
    connection.execute(
        f"""
        create or replace temp table batches_then as
        select batch_id from {stored}.landed.batches
        where known_at <= $as_of and (
            loaded_at <= $as_of
            or not exists (select * from {stored}.landed.publications where published_at <= $as_of)
        )
        """,
        {"as_of": as_of},
    )


def copy_known(connection: Connection, stored: str, names: Iterable[str], narrowed: str = "") -> None:
    """Fill landed tables from the catalog `stored` with what `batches_then` said; `narrowed` is a further join."""
    for name in names:
        then = "semi join batches_then using (batch_id)" if name in BY_BATCH else ""
        connection.execute(f"insert into {name} by name from {stored}.{name} {then} {narrowed}")


def forget_later_undos(connection: Connection, as_of: datetime) -> None:
    """Batches that were undone after `as_of` count again, from the first publication on."""
    connection.execute(
        """
        delete from landed.undos
        where undone_at > $as_of and exists (select * from landed.publications where published_at <= $as_of)
        """,
        {"as_of": as_of},
    )


def forget_later_corrections(connection: Connection, as_of: datetime) -> None:
    """Topics that people corrected after `as_of` are what they were; of an order corrected twice only the last is stored."""
    connection.execute("delete from landed.topic_corrections where corrected_at > ?", [as_of])


def use_config_of(connection: Connection, as_of: datetime) -> list[Rule]:
    """Land rules, units and topic model of the last publication by `as_of`, else of the first; returns the rules.

    Before anything was published the tables stay as they are, and no rule is returned.
    """
    rows = connection.execute(
        """
        select reference_hash, model_id from landed.publications
        order by published_at <= $as_of desc, case when published_at <= $as_of then published_at end desc, published_at
        limit 1
        """,
        {"as_of": as_of},
    ).fetchall()
    if not rows:
        return []
    reference_hash, model_id = rows[0]
    build.set_parameter(connection, build.MODEL, model_id)
    return land_reference_of(connection, reference_hash)
