"""The hand-made snapshot with answers of a model that is sure of some orders and unsure of others."""

from datetime import datetime

from made_snapshot import publish_orders

from hotline12345.sql import build
from hotline12345.sql.publish import Snapshot, publish
from hotline12345.sql.reference import land_reference
from hotline12345.sql.storage import Storage
from hotline12345.sql.topic_corrections import land_corrections
from hotline12345.sql.warehouse import Connection, open_warehouse

MODEL = "m1"
# Orders by the last digit of their number: what the model says of them, with its runner-up.
ANSWERS = {
    "0": ("T1", 0.97, "T2", 0.02),
    "1": ("T3", 0.95, "T1", 0.03),
    "2": ("T1", 0.52, "T2", 0.44),
    "3": ("T3", 0.60, "T2", 0.30),
    "6": ("T2", 0.46, "T3", 0.41),
}


def publish_reviewable(storage: Storage) -> Snapshot:
    """The orders of `made_snapshot` with the answers above, published; a second call publishes what was reviewed."""
    if not storage.warehouse.exists():
        publish_orders(storage)
    connection = open_warehouse(storage)
    try:
        return refresh(connection, storage)
    finally:
        connection.close()


def refresh(connection: Connection, storage: Storage) -> Snapshot:
    """What the flow does, with hand-made predictions."""
    reference_hash = land_reference(connection, storage)
    land_corrections(connection, storage)
    connection.execute("delete from landed.topic_predictions")
    build.set_parameter(connection, build.MODEL, MODEL)
    for digit, answer in ANSWERS.items():
        connection.execute(
            """
            insert into landed.topic_predictions by name
            select distinct
                text_hash, ? as model_id, ? as level1_code, ? as level1_probability, ? as runner_up_code,
                ? as runner_up_probability
            from landed.order_versions where right(order_id, 1) = ?
            """,
            [MODEL, *answer, digit],
        )
    connection.execute("delete from run.touched_orders")
    connection.execute("insert into run.touched_orders select distinct order_id from landed.order_versions")
    build.begin(connection, reference_hash)
    for files in build.stages():
        build.run_files(connection, files)
    build.run_checks(connection)
    build.finish(connection)
    snapshot = publish(connection, storage, datetime(2026, 3, 29, 15))
    build.set_parameter(connection, build.PUBLISHED, snapshot.run_id)
    return snapshot
