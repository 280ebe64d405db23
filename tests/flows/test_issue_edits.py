"""Identity in the warehouse: two runs with edits in between, a run that fails, what a changed edit touches and tells."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

import duckdb
import polars as pl
import pytest

from hotline12345.flows.issue_edits import edits_in_force, land_edits
from hotline12345.models.recurring.identity import Identified, identify
from hotline12345.models.recurring.matching import Found, Stored
from hotline12345.sql import build, issue_orders
from hotline12345.sql.issues import IssueRows, Moves, StoredIssues, read_stored, replace_issues
from hotline12345.sql.records.issue_events import IssueEdit, note_edit, split_edit, undo_edit
from hotline12345.sql.records.store import opened_records
from hotline12345.sql.storage import Storage
from hotline12345.sql.warehouse import Connection, open_warehouse

MARCH, APRIL = datetime(2026, 3, 31), datetime(2026, 4, 30)
PLACES = {"松园小区": ["A1", "A2", "A3"], "竹园小区": ["B1", "B2", "B3", "B4"]}


@pytest.fixture
def storage(tmp_path: Path) -> Storage:
    return Storage.at(tmp_path)


@pytest.fixture
def warehouse(storage: Storage) -> Iterator[Connection]:
    with closing(open_warehouse(storage)) as connection:
        yield connection


def by_letter(order_ids: list[str], parts: dict[str, list[str]]) -> list[str]:
    """A stand-in for the nearest centre: the part that holds the order before this one in the alphabet."""
    held = {order_id: part for part, orders in parts.items() for order_id in orders}
    return [held[max(each for each in held if each < order_id)] for order_id in order_ids]


def mined(places: dict[str, Sequence[str]], until: datetime) -> Found:
    """One cluster a place."""
    members = pl.DataFrame(
        [(place, order_id, 0.5) for place, orders in places.items() for order_id in orders],
        schema={"cluster_id": pl.String, "order_id": pl.String, "similarity": pl.Float64},
        orient="row",
    )
    clusters = [(place, "点位事件", place, "电梯故障") for place in places]
    return Found(
        pl.DataFrame(
            clusters, schema=dict.fromkeys(("cluster_id", "grain", "place", "problem"), pl.String), orient="row"
        ),
        members,
        members.select(
            "order_id", reported_at=pl.lit(MARCH - timedelta(days=9)), voice=pl.concat_str(pl.lit("k"), "order_id")
        ),
        until,
    )


def looked_at(orders: Sequence[str], grain: str = "点位事件") -> pl.DataFrame:
    """Orders that a run examines for one grain."""
    return pl.DataFrame({"order_id": [*orders]}, schema={"order_id": pl.String}).with_columns(issue_grain=pl.lit(grain))


def step(connection: Connection, found: Found, gone: Sequence[str] = ()) -> tuple[StoredIssues, Identified]:
    """Reading and identifying, before anything is written."""
    stored = read_stored(connection, looked_at([*found.members["order_id"], *gone]))
    edits = edits_in_force(connection)
    return stored, identify(found, Stored(stored.issues, stored.members, stored.former), edits, by_letter)


def no_moves(connection: Connection) -> Moves:
    """No order is pending and no theme is settled."""
    connection.execute("create or replace temp table window_orders (order_id text, is_need_to_know boolean)")
    issue_orders.find_pending(connection)
    issue_orders.find_examined(connection, [], "none")
    moved = issue_orders.settled_moves(connection).with_columns(occurrence=pl.lit(None, pl.Int64))
    changed = pl.DataFrame(schema={"issue_id": pl.String, "order_id": pl.String, "occurrence": pl.Int64})
    themes = pl.DataFrame(schema={"statistics_id": pl.String, "theme": pl.Int32, "found_id": pl.String})
    return Moves(moved, changed, themes)


def run(
    connection: Connection, places: dict[str, Sequence[str]], until: datetime = MARCH, gone: Sequence[str] = ()
) -> None:
    stored, result = step(connection, mined(places, until), gone)
    replace_issues(
        connection,
        stored,
        IssueRows(result.issues, result.members, result.former, result.history),
        no_moves(connection),
    )


def members(connection: Connection) -> dict[str, list[str]]:
    """Name of the issue → its orders."""
    rows = connection.execute(
        """
        select issue_name, list(order_id order by order_id)
        from landed.recurring_issue_orders inner join landed.recurring_issues using (issue_id) group by issue_name
        """
    )
    return dict(rows.fetchall())


def ids(connection: Connection) -> dict[str, str]:
    """Place → id of the issue that was found there."""
    return dict(connection.execute("select place, issue_id from landed.recurring_issues order by issue_id").fetchall())


def contents(connection: Connection) -> list[list[tuple[object, ...]]]:
    """Everything that identity stores."""
    tables = ("recurring_issues", "recurring_issue_orders", "former_issue_orders", "issue_history")
    return [connection.execute(f"select * from landed.{table} order by all").fetchall() for table in tables]


def said(storage: Storage, *edits: IssueEdit) -> list[int]:
    with opened_records(storage) as records:
        return [note_edit(records, "分析员", edit) for edit in edits]


def touched(connection: Connection) -> list[str]:
    """The touched orders, which are forgotten."""
    rows = connection.execute("select order_id from run.touched_orders order by order_id").fetchall()
    connection.execute("delete from run.touched_orders")
    return [order_id for (order_id,) in rows]


def test_two_runs_with_edits_in_between(warehouse: Connection, storage: Storage) -> None:
    run(warehouse, PLACES)
    first = ids(warehouse)
    pine, bamboo = first["松园小区"], first["竹园小区"]
    said(
        storage,
        IssueEdit("rename", bamboo, "更清楚", edited_name="竹园电梯停运"),
        IssueEdit("dismiss", pine, "已整体更换"),
        split_edit(bamboo, ["B4"], ["B1", "B2", "B3"], "竹园小区 电梯噪声", "另一件事"),
    )
    assert land_edits(warehouse, storage) == 3
    run(warehouse, {"松园小区": ["A1", "A2", "A3", "A4"], "竹园小区": ["B1", "B2", "B3", "B4", "B5"]}, APRIL)
    assert members(warehouse) == {
        "松园小区 电梯故障": ["A1", "A2", "A3", "A4"],
        "竹园电梯停运": ["B1", "B2", "B3"],
        "竹园小区 电梯噪声": ["B4", "B5"],
    }
    rows = warehouse.execute("select issue_id, name_source, is_dismissed, first_known_at from landed.recurring_issues")
    known = {issue_id: rest for issue_id, *rest in rows.fetchall()}
    assert known[pine] == ["系统", True, MARCH]
    assert known[bamboo] == ["人工", False, MARCH]
    assert ids(warehouse).items() >= {("松园小区", pine)}


def test_a_second_run_over_the_same_data_changes_nothing_and_tells_nothing(
    warehouse: Connection, storage: Storage
) -> None:
    run(warehouse, PLACES)
    said(storage, IssueEdit("merge", ids(warehouse)["松园小区"], "同一开发商", ids(warehouse)["竹园小区"]))
    land_edits(warehouse, storage)
    run(warehouse, PLACES)
    before = contents(warehouse)
    assert land_edits(warehouse, storage) == 0
    run(warehouse, dict(reversed(PLACES.items())))
    assert contents(warehouse) == before


def test_a_run_that_fails_while_it_writes_leaves_everything_as_it_was(warehouse: Connection) -> None:
    run(warehouse, PLACES)
    before = contents(warehouse)
    stored, result = step(warehouse, mined({"松园小区": ["A1", "A2", "B1", "B2", "B3"]}, APRIL), gone=["A3", "B4"])
    broken = result.history.with_columns(no_such_column=pl.lit(1))
    with pytest.raises(duckdb.Error):
        rows = IssueRows(result.issues, result.members, result.former, broken)
        replace_issues(warehouse, stored, rows, no_moves(warehouse))
    assert contents(warehouse) == before
    run(warehouse, {**PLACES, "松园小区": ["A1", "A2", "A3", "A9"]}, APRIL)
    assert members(warehouse)["松园小区 电梯故障"] == ["A1", "A2", "A3", "A9"]


def test_an_issue_that_vanished_comes_back_under_its_id(warehouse: Connection) -> None:
    run(warehouse, PLACES)
    pine = ids(warehouse)["松园小区"]
    run(warehouse, {}, APRIL, gone=PLACES["松园小区"])
    assert members(warehouse) == {"竹园小区 电梯故障": ["B1", "B2", "B3", "B4"]}
    former = warehouse.execute("select issue_id, order_id from landed.former_issue_orders order by order_id").fetchall()
    assert former == [(pine, order_id) for order_id in PLACES["松园小区"]]
    run(warehouse, {"柏园小区": ["A2", "A3", "A4"]}, APRIL + timedelta(days=1))
    assert members(warehouse)["松园小区 电梯故障"] == ["A2", "A3", "A4"]
    assert warehouse.execute("select count(*) from landed.former_issue_orders").fetchall() == [(0,)]
    told = warehouse.execute(
        "select event, noted_at from landed.issue_history where issue_id = ? order by noted_at", [pine]
    ).fetchall()
    assert told == [("出现", MARCH), ("消失", APRIL), ("恢复", APRIL + timedelta(days=1))]


def test_an_untouched_place_is_neither_read_nor_written(warehouse: Connection) -> None:
    run(warehouse, PLACES)
    stored = read_stored(warehouse, looked_at(["A1", "Z9"]))
    assert stored.members["order_id"].to_list() == PLACES["松园小区"]
    assert stored.members.filter("is_examined")["order_id"].to_list() == ["A1"]
    assert stored.issues.height == 2
    assert read_stored(warehouse, looked_at(["A1"], "共性问题")).members.is_empty(), "looked at for the other grain"


def test_a_merge_touches_one_order_of_each_issue_and_a_name_touches_none(
    warehouse: Connection, storage: Storage
) -> None:
    run(warehouse, PLACES)
    pine, bamboo = ids(warehouse)["松园小区"], ids(warehouse)["竹园小区"]
    build.set_parameter(warehouse, build.PUBLISHED, "20260331T000000-01")
    assert land_edits(warehouse, storage) == 0
    assert build.parameter(warehouse, build.PUBLISHED) == "20260331T000000-01"
    said(storage, IssueEdit("rename", pine, "", edited_name="松园电梯"))
    assert land_edits(warehouse, storage) == 1
    assert touched(warehouse) == []
    assert build.parameter(warehouse, build.PUBLISHED) == "", "the new name has to be published"
    (merge,) = said(storage, IssueEdit("merge", pine, "同一物业", bamboo))
    land_edits(warehouse, storage)
    assert touched(warehouse) == ["A1", "B1"]
    run(warehouse, {"松园小区": PLACES["松园小区"]})
    assert members(warehouse) == {"竹园小区 电梯故障": ["A1", "A2", "A3", "B1", "B2", "B3", "B4"]}
    with opened_records(storage) as records:
        assert undo_edit(records, "分析员", merge, "两家物业")
    land_edits(warehouse, storage)
    assert touched(warehouse) == ["A1", "B1"]
    run(warehouse, {"松园小区": PLACES["松园小区"]})
    assert members(warehouse) == {"松园电梯": PLACES["松园小区"], "竹园小区 电梯故障": PLACES["竹园小区"]}


def test_edits_are_told_once_with_their_reasons_and_without_personal_data(
    warehouse: Connection, storage: Storage
) -> None:
    run(warehouse, PLACES)
    pine, bamboo = ids(warehouse)["松园小区"], ids(warehouse)["竹园小区"]
    rename, *_ = said(
        storage,
        IssueEdit("rename", pine, "居民电话12900001111要求", edited_name="松园电梯 12900002222"),
        IssueEdit("merge", bamboo, "同一物业", pine),
        split_edit(pine, ["A1"], ["A2", "A3"], "电梯异响", ""),
    )
    with opened_records(storage) as records:
        undo_edit(records, "组长", rename, "名称有误")
    for _ in range(2):
        land_edits(warehouse, storage)
    told = warehouse.execute(
        "select event, other_issue_id, reason, who from landed.issue_history where history_id like 'edit-%' order by history_id"
    ).fetchall()
    assert [(event, who) for event, _, _, who in told] == [
        ("改名", "分析员"),
        ("合并", "分析员"),
        ("拆分", "分析员"),
        ("撤销", "组长"),
    ]
    reasons = [reason for _, _, reason, _ in told]
    assert reasons[1:3] == ["并入“松园小区 电梯故障”。理由：同一物业", "分出“电梯异响”：1 件工单。"]
    assert reasons[3].endswith("的“改名”。理由：名称有误")
    assert told[1][1] == pine
    landed = str(contents(warehouse)) + str(warehouse.execute("select * from landed.issue_edits").fetchall())
    assert "12900001111" not in landed
    assert "12900002222" not in landed
    assert [edit.action for edit in edits_in_force(warehouse)] == ["merge", "split"]


def test_without_a_records_store_nothing_is_landed_and_none_is_made(warehouse: Connection, storage: Storage) -> None:
    assert land_edits(warehouse, storage) == 0
    assert edits_in_force(warehouse) == []
    assert not storage.records.exists()
