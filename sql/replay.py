"""Figures as of an earlier time: the same SQL run in memory on what was known then, under the config and model of then."""

from datetime import datetime

from hotline12345.sql import build
from hotline12345.sql.graph import load_folder
from hotline12345.sql.publish import Snapshot
from hotline12345.sql.reference_versions import land_reference_of
from hotline12345.sql.warehouse import Connection, open_memory

BY_BATCH = (
    "landed.order_versions",
    "landed.sightings",
    "landed.batches",
    "landed.quarantine",
    "landed.quarantined_rows",
    "landed.corrections",
)


def replay(snapshot: Snapshot, as_of: datetime) -> Connection:
    """A warehouse in memory as it stood at `as_of` (Asia/Shanghai).

    From the first publication on, that is what had been loaded by then, so a published figure comes out as it was
    published. For a time before it (history loaded later, simulated data), it is what the files say was known by then.
    Rules, units and the topic model are those of the last publication at that time, else of the first.
    Cost grows with the stored versions: everything is built once, nothing is written to disk.
    """
    connection = open_memory()
    path = str(snapshot.path).replace("'", "''")
    connection.execute(f"attach '{path}' as stored (read_only)")
    parameters = {"as_of": as_of}
    has_published = "exists (select * from stored.landed.publications where published_at <= $as_of)"
    connection.execute(
        f"""
        create temp table batches_then as
        select batch_id from stored.landed.batches
        where known_at <= $as_of and (loaded_at <= $as_of or not {has_published})
        """,
        parameters,
    )
    for file in load_folder("landed"):
        then = "semi join batches_then using (batch_id)" if file.name in BY_BATCH else ""
        connection.execute(f"insert into {file.name} by name from stored.{file.name} {then}")
    connection.execute(
        f"delete from landed.undos where undone_at > $as_of and {has_published}",
        parameters,
    )
    connection.execute("create schema meta")
    connection.execute("create table meta.snapshot as from stored.meta.snapshot")
    connection.execute("detach stored")
    _use_config_of(connection, as_of)
    build.begin(connection, "replay", as_of)
    for files in build.stages():
        build.run_files(connection, files)
    return connection


def _use_config_of(connection: Connection, as_of: datetime) -> None:
    reference_hash, model_id = connection.execute(
        """
        select reference_hash, model_id from landed.publications
        order by published_at <= $as_of desc, case when published_at <= $as_of then published_at end desc, published_at
        limit 1
        """,
        {"as_of": as_of},
    ).fetchall()[0]
    land_reference_of(connection, reference_hash)
    build.set_parameter(connection, build.MODEL, model_id)
