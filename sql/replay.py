"""Figures as of an earlier day: the same SQL run in memory on what was known then."""

from datetime import datetime

from hotline12345.sql import build
from hotline12345.sql.graph import load_folder
from hotline12345.sql.publish import Snapshot
from hotline12345.sql.warehouse import Connection, open_memory


def replay(snapshot: Snapshot, as_of: datetime) -> Connection:
    """A warehouse in memory built from the versions, batches and freezes known at `as_of` (Asia/Shanghai).

    Cost grows with the stored versions: everything is built once, nothing is written to disk.
    """
    connection = open_memory()
    path = str(snapshot.path).replace("'", "''")
    connection.execute(f"attach '{path}' as stored (read_only)")
    for file in load_folder("landed"):
        known = (
            "where known_at <= $as_of"
            if file.name in ("landed.order_versions", "landed.sightings", "landed.batches")
            else ""
        )
        parameters = {"as_of": as_of} if known else {}
        connection.execute(f"insert into {file.name} by name select * from stored.{file.name} {known}", parameters)
    connection.execute("create schema meta")
    connection.execute("create table meta.snapshot as select * from stored.meta.snapshot")
    connection.execute("detach stored")
    build.begin(connection, "replay", as_of)
    for files in build.stages():
        build.run_files(connection, files)
    return connection
