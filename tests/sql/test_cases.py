"""Which orders are one case, and which row of an order told several times stands."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import made_warehouse
import polars as pl

START = datetime(2026, 3, 1)
CALL: dict[str, Any] = {
    "unit_name": "甲镇",
    "created_at": START,
    "caller_key": "k1",
    "place_point": "东里小区",
    "topic_level1": "住房",
}


def cases(folder: Path, *orders: dict[str, Any]) -> dict[str, str]:
    """case_key of each order; the orders are called A, B, C …"""
    rows = [CALL | {"order_id": chr(ord("A") + number)} | order for number, order in enumerate(orders)]
    connection = made_warehouse.make(folder, rows)
    return dict(connection.execute("select order_id, case_key from intermediate.cases order by order_id").fetchall())


def later(days: int) -> dict[str, Any]:
    """An order created days after the first."""
    return {"created_at": START + timedelta(days=days)}


def test_the_same_caller_place_and_topic_within_thirty_days(tmp_path: Path) -> None:
    assert cases(tmp_path, {}, later(30), later(60), later(91)) == {"A": "A", "B": "A", "C": "A", "D": "D"}


def test_another_caller_place_or_topic_is_another_case(tmp_path: Path) -> None:
    others = ({"caller_key": "k2"}, {"place_point": "西里小区"}, {"topic_level1": "教育"})
    assert cases(tmp_path, {}, *others) == {"A": "A", "B": "B", "C": "C", "D": "D"}


def test_what_is_not_known_joins_nothing(tmp_path: Path) -> None:
    for number, unknown in enumerate(("caller_key", "place_point", "topic_level1")):
        assert cases(tmp_path / str(number), {unknown: None}, {unknown: None}) == {"A": "A", "B": "B"}


def test_a_case_number_decides(tmp_path: Path) -> None:
    numbered = {"case_id": "X9", "caller_key": "k2", "place_point": None}
    assert cases(tmp_path, {"case_id": "X9"}, numbered) == {"A": "X9", "B": "X9"}


def test_a_later_file_joins_its_order_to_the_case(tmp_path: Path) -> None:
    rows = [CALL | {"order_id": "A"}, CALL | {"order_id": "B"} | later(50)]
    connection = made_warehouse.make(tmp_path, rows)
    storage = made_warehouse.Storage.at(tmp_path)
    made_warehouse.land(connection, storage, [CALL | {"order_id": "C"} | later(25)], datetime(2030, 1, 3))
    made_warehouse.rebuild(connection, storage)
    assert connection.execute("select distinct case_key from intermediate.cases").fetchall() == [("A",)]


def standing(folder: Path, *rows: dict[str, Any]) -> tuple[str, str | None]:
    """Unit and supporting units of one order told by several rows."""
    connection = made_warehouse.make(folder, [CALL | {"order_id": "A"} | row for row in rows])
    query = "select unit_name, co_units from landed.order_versions"
    ((unit, co_units),) = connection.execute(query).fetchall()
    return unit, co_units


def test_the_main_unit_stands_and_the_supporting_ones_are_kept(tmp_path: Path) -> None:
    main = {"handling_role": "主办", "unit_name": "甲镇"}
    others = [{"handling_role": "协办", "unit_name": name} for name in ("区水务局", "区城管委")]
    assert standing(tmp_path, main, *others) == ("甲镇", "区城管委、区水务局")


def test_supporting_units_named_by_rows_follow_the_newest_file(tmp_path: Path) -> None:
    def told(*names: str) -> list[dict[str, Any]]:
        row = CALL | {"order_id": "A"}
        return [row, *(row | {"handling_role": "协办", "unit_name": name} for name in names)]

    connection, storage = made_warehouse.make(tmp_path, told("区水务局")), made_warehouse.Storage.at(tmp_path)
    newer = told("区水务局", "区城管委")
    made_warehouse.land(connection, storage, newer, datetime(2030, 1, 3), absent=("co_units",))
    query = "select co_units from landed.order_versions order by known_at"
    assert [units for (units,) in connection.execute(query).fetchall()] == ["区水务局", "区城管委、区水务局"]


def test_texts_that_a_file_has_no_column_for_are_kept(tmp_path: Path) -> None:
    row = CALL | {"order_id": "A", "title": "暖气不热", "body": "三天没有暖气", "result_text": "正在抢修"}
    connection, storage = made_warehouse.make(tmp_path, [row]), made_warehouse.Storage.at(tmp_path)
    absent = ("title", "body")
    for day, said in ((3, "已修好"), (4, "已修好")):
        newer = row | {"title": None, "body": None, "result_text": said}
        counts = made_warehouse.land(connection, storage, [newer], datetime(2030, 1, day), absent)
        assert (counts.rows_revised, counts.rows_unchanged) == ((1, 0) if day == 3 else (0, 1))
    ((newest,),) = connection.execute("select arg_max(text_hash, known_at) from landed.order_versions").fetchall()
    files = connection.execute("select text_file from landed.texts where text_hash = ?", [newest]).fetchall()
    stored = pl.concat([pl.read_parquet(storage.texts / name) for (name,) in files]).filter(
        pl.col("text_hash") == newest
    )
    assert stored.drop("text_hash").rows() == [("暖气不热", "三天没有暖气", "已修好")]


def test_of_a_redispatched_order_the_last_dispatch_stands(tmp_path: Path) -> None:
    again = {"dispatched_at": START + timedelta(days=2), "unit_name": "乙镇"}
    assert standing(tmp_path, again, {"dispatched_at": START, "unit_name": "甲镇"}) == ("乙镇", None)
