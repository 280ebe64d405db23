"""Figures as of an earlier time: as they were published then, under the rules, units and model of then."""

from datetime import datetime
from pathlib import Path
from typing import Any

import made_warehouse
import polars as pl
from made_warehouse import UNIT_HEADER

from hotline12345.sql import build
from hotline12345.sql.publish import Snapshot, publish
from hotline12345.sql.reference import land_reference
from hotline12345.sql.reference_versions import keep_reference
from hotline12345.sql.replay import replay
from hotline12345.sql.storage import Storage
from hotline12345.sql.undo import undo_batch
from hotline12345.sql.warehouse import Connection, open_snapshot

ORDER: dict[str, Any] = {
    "order_id": "A1",
    "unit_name": "甲镇",
    "created_at": datetime(2026, 3, 1),
    "is_valid_callback": True,
    "is_contacted": True,
    "resolution": "未解决",
    "satisfaction": "不满意",
    "is_simulated": False,
}
SOLVED = ORDER | {"resolution": "解决", "satisfaction": "满意"}
TABLES = (
    "staging.orders",
    "intermediate.rate_ledger",
    "marts.mart_unit_scores",
    "marts.mart_periods",
    "intermediate.units",
)
FIRST_DAY, SECOND_DAY = datetime(2026, 5, 1, 18), datetime(2026, 5, 2, 18)


def publish_at(connection: Connection, storage: Storage, at: datetime) -> Snapshot:
    """Build everything and publish, as the flow does."""
    made_warehouse.rebuild(connection, storage)
    reference_hash = land_reference(connection, storage)
    build.set_parameter(connection, build.REFERENCE, reference_hash)
    keep_reference(connection, storage, reference_hash, at)
    return publish(connection, storage, at)


def tables(connection: Connection) -> dict[str, list[dict[str, Any]]]:
    """Sorted contents of the tables that figures come from."""
    return {name: connection.sql(f"select * from {name}").pl().sort(pl.all()).to_dicts() for name in TABLES}


def test_a_published_figure_comes_out_as_it_was_published(tmp_path: Path) -> None:
    storage = Storage.at(tmp_path)
    storage.make()
    units = storage.config / "units.csv"
    units.write_text(f"{UNIT_HEADER}\nU1,甲街道,街镇,甲镇,,,,,\n", encoding="utf-8")
    connection = made_warehouse.open_warehouse(storage)
    made_warehouse.land(connection, storage, [ORDER], datetime(2026, 5, 1, 9), loaded_at=datetime(2026, 5, 1, 17))
    first = publish_at(connection, storage, FIRST_DAY)
    then = tables(open_snapshot(first.path))

    # Afterwards: an old export loaded late, a revision, a renamed unit, an undone batch.
    late = ORDER | {"order_id": "B1"}
    made_warehouse.land(connection, storage, [late], datetime(2026, 4, 1), loaded_at=datetime(2026, 5, 2, 9))
    made_warehouse.land(connection, storage, [SOLVED], datetime(2026, 5, 2, 9), loaded_at=datetime(2026, 5, 2, 10))
    units.write_text(f"{UNIT_HEADER}\nU1,甲地区,街镇,甲镇,,,,,\n", encoding="utf-8")
    undo_batch(connection, 1, datetime(2026, 5, 2, 11), "")
    second = publish_at(connection, storage, SECOND_DAY)
    now = tables(open_snapshot(second.path))

    assert tables(replay(second, FIRST_DAY)) == then
    assert tables(replay(second, SECOND_DAY)) == now
    assert now != then and [row["unit_name"] for row in then["intermediate.units"]] == ["甲街道"]


def test_before_the_first_publication_the_files_own_times_count(tmp_path: Path) -> None:
    storage = Storage.at(tmp_path)
    connection = made_warehouse.make(tmp_path, [ORDER], known_at=datetime(2026, 3, 5))
    made_warehouse.land(connection, storage, [SOLVED], datetime(2026, 3, 9))
    snapshot = publish_at(connection, storage, SECOND_DAY)
    told = {day: tables(replay(snapshot, datetime(2026, 3, day)))["staging.orders"] for day in (4, 6, 10)}
    assert [[row["resolution"] for row in rows] for rows in told.values()] == [[], ["未解决"], ["解决"]]


def test_the_model_of_then_classifies(tmp_path: Path) -> None:
    storage = Storage.at(tmp_path)
    connection = made_warehouse.make(tmp_path, [ORDER], known_at=datetime(2026, 5, 1), loaded_at=datetime(2026, 5, 1))
    ((text_hash,),) = connection.execute("select text_hash from staging.orders").fetchall()
    for model, at in (("m1", FIRST_DAY), ("m2", SECOND_DAY)):
        connection.execute(
            """
            insert into landed.topic_predictions by name
            select ? as text_hash, ? as model_id, ? as level1_code, 0.9 as level1_probability
            """,
            [text_hash, model, f"by {model}"],
        )
        build.set_parameter(connection, build.MODEL, model)
        connection.execute("insert into run.touched_orders values ('A1')")
        snapshot = publish_at(connection, storage, at)
    topic = "select topic_code from intermediate.classified_orders"
    assert replay(snapshot, FIRST_DAY).execute(topic).fetchall() == [("by m1",)]
    assert replay(snapshot, SECOND_DAY).execute(topic).fetchall() == [("by m2",)]


def test_a_later_correction_is_not_known_then(tmp_path: Path) -> None:
    connection = made_warehouse.make(tmp_path, [ORDER], known_at=datetime(2026, 5, 1), loaded_at=datetime(2026, 5, 1))
    storage = Storage.at(tmp_path)
    publish_at(connection, storage, FIRST_DAY)
    connection.execute(
        "insert into landed.topic_corrections by name select 'A1' as order_id, 'X' as topic_code, ?::timestamp as corrected_at",
        [SECOND_DAY],
    )
    connection.execute("insert into run.touched_orders values ('A1')")
    snapshot = publish_at(connection, storage, SECOND_DAY)
    topic = "select topic_source from intermediate.classified_orders"
    assert replay(snapshot, FIRST_DAY).execute(topic).fetchall() == [("未归类",)]
    assert replay(snapshot, SECOND_DAY).execute(topic).fetchall() == [("复核",)]
