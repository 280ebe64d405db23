"""The marts of the issues: answers by the rules, only what changed is written, and wrong counts are found."""

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from made_warehouse import make

from hotline12345.sql import build
from hotline12345.sql.build import CheckError
from hotline12345.sql.issue_touching import touch_changed_members
from hotline12345.sql.landed_frames import replace_table
from hotline12345.sql.publish import publish
from hotline12345.sql.reads import Reader
from hotline12345.sql.storage import Storage
from hotline12345.sql.warehouse import Connection

FIRST = datetime(2026, 3, 20, 9)
ANSWERS = (  # resolution, satisfaction → resolved, satisfied
    ("解决", "满意", True, True),
    ("基本解决", "基本满意", True, True),
    ("部分解决", "一般", False, False),
    ("未解决", "不满意", False, False),
    ("解决", "未评价", True, None),
    (None, "无人接听", None, None),
    (None, None, None, None),
)


def order(number: int, **said: Any) -> dict[str, Any]:
    """One order a day; D0, D1, …"""
    created = FIRST + timedelta(days=number)
    return {
        "order_id": f"D{number}",
        "created_at": created,
        "closed_at": created + timedelta(hours=2),
        "order_type": "投诉",
        "unit_name": ("东河街道", "西岭镇")[number % 2],
        "place_town": "东河街道",
        "caller_key": f"k{number}",
        "topic_level1": "住房",
        **said,
    }


@pytest.fixture
def warehouse(tmp_path: Path) -> Connection:
    rows = [order(n, resolution=said[0], satisfaction=said[1]) for n, said in enumerate(ANSWERS)]
    rows.append(
        order(7, return_count=2, is_whistled=True, exclusion_tag="挂账", is_confidential=True, topic_level1="教育")
    )
    connection = make(tmp_path, rows)
    yield connection
    connection.close()


def facts(connection: Connection) -> dict[str, dict[str, Any]]:
    rows = connection.sql("select * from intermediate.issue_facts").pl()
    return {row["order_id"]: row for row in rows.iter_rows(named=True)}


def test_answers_are_yes_no_or_unknown(warehouse: Connection) -> None:
    found = facts(warehouse)
    for number, (*_, resolved, satisfied) in enumerate(ANSWERS):
        row = found[f"D{number}"]
        assert (row["is_resolved"], row["is_satisfied"]) == (resolved, satisfied), ANSWERS[number]


def test_flags_are_handed_on(warehouse: Connection) -> None:
    row, plain = facts(warehouse)["D7"], facts(warehouse)["D0"]
    names = ("is_returned", "is_whistled", "is_suspended", "is_excluded", "is_need_to_know", "is_urgent")
    assert [row[name] for name in names] == [True, True, True, False, True, False]
    assert [plain[name] for name in names] == [None, None, False, False, False, False]


def put(
    connection: Connection, members: list[tuple[str, str, int]], recurred: dict[tuple[str, str], str | None]
) -> None:
    """Land issues as a run leaves them, and build what depends on them. `recurred`: who ended an occurrence → who came after."""
    orders = pl.DataFrame(members, schema=["issue_id", "order_id", "occurrence"], orient="row")
    _replace(connection, "landed.recurring_issue_orders", orders)
    ended = [(*key, None, after) for key, after in recurred.items()]
    schema = {
        **dict.fromkeys(("issue_id", "order_id"), pl.String),
        "occurrence": pl.Int64,
        "recurred_order_id": pl.String,
    }
    _replace(connection, "landed.issue_resolutions", pl.DataFrame(ended, schema=schema, orient="row"))
    known = facts(connection)
    counts = [
        (
            issue,
            len(own := [order_id for of, order_id, _ in members if of == issue]),
            sum(known[order_id]["is_resolved"] is not None for order_id in own),
            sum(after is not None for key, after in recurred.items() if key[0] == issue),
        )
        for issue in sorted({issue for issue, *_ in members})
    ]
    names = ["issue_id", "order_count", "resolution_asked_count", "recurrence_count"]
    measures = pl.DataFrame(counts, schema=names, orient="row").with_columns(known_until=pl.lit(FIRST))
    _replace(connection, "landed.issue_measures", measures)
    _replace(connection, "landed.recurring_issues", pl.DataFrame({"issue_id": [issue for issue, *_ in counts]}))
    touch_changed_members(connection)
    build.run_files(connection, build.stages()[2])


def _replace(connection: Connection, table: str, frame: pl.DataFrame) -> None:
    replace_table(connection, table, frame)


def rows(connection: Connection) -> list[tuple]:
    query = "select issue_id, order_id, occurrence, is_recurrence from marts.mart_issue_orders order by all"
    return connection.execute(query).fetchall()


def touched(connection: Connection) -> set[str]:
    return {order_id for (order_id,) in connection.execute("select order_id from run.touched_orders").fetchall()}


FOUND = [("E1", "D0", 1), ("E1", "D1", 2), ("T1", "D0", 1), ("T1", "D2", 1), ("T1", "D4", 1)]


def test_only_what_changed_is_written_and_the_whole_is_as_if_built_anew(warehouse: Connection) -> None:
    put(warehouse, FOUND, {("E1", "D0"): "D1"})
    assert touched(warehouse) == {"D0", "D1", "D2", "D4"}
    build.finish(warehouse)
    put(warehouse, FOUND, {("E1", "D0"): "D1"})
    assert touched(warehouse) == set(), "nothing changed"
    later = [("E1", "D0", 1), ("E1", "D1", 2), ("E1", "D3", 2), ("T1", "D2", 1), ("T1", "D4", 2)]
    put(warehouse, later, {("E1", "D0"): "D3", ("T1", "D2"): None})
    assert touched(warehouse) == {"D0", "D1", "D3", "D4"}, "D2 stands as it stood"
    assert rows(warehouse) == [
        ("E1", "D0", 1, False),
        ("E1", "D1", 2, False),
        ("E1", "D3", 2, True),
        ("T1", "D2", 1, False),
        ("T1", "D4", 2, False),
    ]
    build.run_checks(warehouse)


def test_recurrences_count_a_resolved_order_once(warehouse: Connection) -> None:
    put(warehouse, FOUND, {("E1", "D0"): "D1", ("T1", "D0"): None, ("T1", "D4"): None})
    found = warehouse.execute(
        "select created_month, resolved_occurrence_count, recurrence_count from marts.mart_recurrences order by unit_id"
    ).fetchall()
    assert found == [(date(2026, 3, 1), 2, 1)]


def test_units_and_topics_that_resolved_nothing_have_their_row(warehouse: Connection, tmp_path: Path) -> None:
    put(warehouse, [*FOUND, ("T1", "D7", 1)], {("E1", "D0"): "D1", ("T1", "D0"): None, ("T1", "D4"): None})
    storage = Storage.at(tmp_path)
    reader = Reader(storage, publish(warehouse, storage, FIRST))
    assert reader.recurrences_by_unit().drop("unit_id", "unit_group").rows() == [("东河街道", 2, 1), ("西岭镇", 0, 0)]
    assert reader.recurrences_by_topic().drop("topic_code").rows() == [("住房", 2, 1), ("教育", 0, 0)]
    assert reader.recurrences_in_all().rows() == [(2, 1, date(2026, 3, 1), date(2026, 3, 1), FIRST)]
    reader.close()


@pytest.mark.parametrize("wrong", ["order_count = 9", "resolution_asked_count = 9", "recurrence_count = 9"])
def test_measures_of_other_orders_are_found(warehouse: Connection, wrong: str) -> None:
    put(warehouse, FOUND, {("E1", "D0"): "D1"})
    build.run_checks(warehouse)
    warehouse.execute(f"update landed.issue_measures set {wrong} where issue_id = 'T1'")
    build.run_files(warehouse, build.stages()[2])
    with pytest.raises(CheckError, match="问题的工单数相符"):
        build.run_checks(warehouse)
