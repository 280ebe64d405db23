"""More rows than one row group: every landed order reaches the current orders and the ledger, at the first build."""

from datetime import datetime, timedelta
from pathlib import Path

import made_warehouse
import polars as pl

from hotline12345.sql import build
from hotline12345.sql.build import CheckError
from hotline12345.sql.storage import Storage

ROW_GROUP = 122_880


def test_more_than_one_row_group_is_seen_by_joins(tmp_path: Path) -> None:
    rows = ROW_GROUP + 20_000
    start = datetime(2026, 3, 1)
    orders = [{"order_id": "A0", "unit_name": "甲镇", "created_at": start, "is_valid_callback": True}]
    connection = made_warehouse.make(tmp_path, orders)
    connection.register(
        "many",
        pl.DataFrame({"n": range(1, rows)}).select(
            pl.format("A{}", "n").alias("order_id"),
            pl.lit(start).alias("created_at") + pl.duration(seconds=pl.col("n")),
        ),
    )
    for file in build.build_order():
        connection.execute(f"drop table {file.name}")
    connection.execute(
        "insert into landed.order_versions by name select * replace (many.order_id as order_id, many.created_at as created_at)"
        " from many, (select * from landed.order_versions limit 1)"
    )
    build.set_parameter(connection, "definition", "another")
    made_warehouse.rebuild(connection, Storage.at(tmp_path))
    found = made_warehouse.scores(connection, "2026-03")["甲镇"]
    assert found["received"] == found["valid"] == rows
    connection.close()
    assert timedelta(seconds=rows) < timedelta(days=17), "all of them lie in one period"


def test_a_lost_order_stops_the_publication(tmp_path: Path) -> None:
    connection = made_warehouse.make(
        tmp_path, [{"order_id": "A1", "unit_name": "甲镇", "created_at": datetime(2026, 3, 1)}]
    )
    connection.execute("delete from staging.orders")
    try:
        build.run_checks(connection)
    except CheckError as error:
        assert "没有发布" in str(error)
    else:
        raise AssertionError("the checks let a lost order pass")
    connection.close()
