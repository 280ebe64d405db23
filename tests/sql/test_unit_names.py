"""Who and where against the dated unit list: resolved by name and day, proposed when near, never merged in silence."""

from datetime import date, datetime
from pathlib import Path
from typing import Any

import made_warehouse
import polars as pl
import pytest

from hotline12345.sql.dated_names import FIRST_DAY, LAST_DAY, dated_names
from hotline12345.sql.reference_tables import ReferenceTableError
from hotline12345.sql.storage import Storage
from hotline12345.sql.unit_aliases import add_alias

UNITS = (
    "U1,高粱镇,街镇,示例区高粱镇|高粱,,,,2020-01-01,",
    "U2,东河街道,街镇,,,,,2020-01-01,",
    "B1,区住建委,区直部门,示例区住房和城乡建设委员会,,,,2020-01-01,",
    "OLD,老庙镇,街镇,老庙,,,,,2025-07-01",
    "NEW,新庙街道,街镇,老庙镇,,,,2025-07-01,",
)
DAY = datetime(2025, 6, 30, 23, 59, 59)


def rows(*named: tuple[str | None, str | None, datetime]) -> list[dict[str, Any]]:
    """Orders of (承办单位, 被反映街乡镇, 创建时间)."""
    return [
        {"order_id": f"A{number}", "unit_name": unit, "place_town": town, "created_at": at}
        for number, (unit, town, at) in enumerate(named)
    ]


def resolved(folder: Path, *named: tuple[str | None, str | None, datetime]) -> list[tuple[str, str]]:
    connection = made_warehouse.make(folder, rows(*named), UNITS)
    found = connection.execute("select unit_id, place_id from staging.orders order by order_id").fetchall()
    connection.close()
    return found


def proposals(folder: Path, *names: str) -> dict[str, tuple[str | None, str | None]]:
    """Unlisted name → proposed unit and reason."""
    connection = made_warehouse.make(folder, rows(*((name, None, DAY) for name in names)), UNITS)
    query = """
        select found_name, proposed_unit_id, proposal_reason from marts.mart_name_proposals
        where name_role = '承办单位' and name_issue = '未登记'
    """
    found = {name: (unit, reason) for name, unit, reason in connection.execute(query).fetchall()}
    connection.close()
    return found


def test_who_and_where_are_resolved_apart(tmp_path: Path) -> None:
    found = resolved(
        tmp_path,
        ("区住建委", "高粱", DAY),
        ("高粱镇", "区住建委", DAY),
        ("东河街道", None, DAY),
        (None, "东河街道", DAY),
    )
    assert found == [("B1", "U1"), ("U1", "B1"), ("U2", "none"), ("none", "U2")]


def test_a_name_belongs_to_another_unit_from_its_day_on(tmp_path: Path) -> None:
    after = datetime(2025, 7, 1)
    assert resolved(tmp_path, ("老庙镇", "老庙镇", DAY), ("老庙镇", "老庙镇", after)) == [
        ("OLD", "OLD"),
        ("NEW", "NEW"),
    ]


def test_a_name_nobody_took_over_stays_and_is_shown(tmp_path: Path) -> None:
    connection = made_warehouse.make(tmp_path, rows(("老庙", "高粱镇", datetime(2025, 7, 1))), UNITS)
    assert connection.execute("select unit_id from staging.orders").fetchall() == [("OLD",)]
    query = "select name_role, found_name, name_issue, order_count from marts.mart_name_proposals"
    assert connection.execute(query).fetchall() == [("承办单位", "老庙镇", "超出有效期", 1)]
    connection.close()


@pytest.mark.parametrize(
    ("name", "proposed"),
    [
        ("示例区东河街道", ("U2", "只差区名前缀或机构后缀")),
        ("东河街道办事处", ("U2", "只差区名前缀或机构后缀")),
        ("高粱镇人民政府", ("U1", "只差区名前缀或机构后缀")),
        ("高梁镇", ("U1", "一字之差")),
        ("示例区高梁镇", ("U1", "一字之差")),
        ("住建委", ("B1", "只差区名前缀或机构后缀")),
        ("区住建委物业科", ("B1", "名称互相包含")),
        ("大河水务站", (None, None)),
    ],
)
def test_a_near_name_is_proposed_and_not_merged(tmp_path: Path, name: str, proposed: tuple[str, str]) -> None:
    assert proposals(tmp_path, name, "东河街道") == {name: proposed}
    assert resolved(tmp_path / "again", (name, name, DAY)) == [(f"x:{name}", f"x:{name}")]


def test_empty_names_are_counted_and_not_filled_from_the_other_column(tmp_path: Path) -> None:
    connection = made_warehouse.make(tmp_path, rows(("高粱镇", None, DAY), ("高粱镇", None, DAY)), UNITS)
    query = "select name_role, name_issue, order_count from marts.mart_name_proposals"
    assert connection.execute(query).fetchall() == [("被反映街乡镇", "未填", 2)]
    assert connection.execute("select distinct place_id from staging.orders").fetchall() == [("none",)]
    connection.close()


def test_an_alias_moves_the_orders_at_the_next_build(tmp_path: Path) -> None:
    storage = Storage.at(tmp_path)
    connection = made_warehouse.make(tmp_path, rows(("高梁镇", "高梁镇", DAY)), UNITS)
    assert add_alias(storage, "高梁镇", "U1", date(2026, 3, 5))
    made_warehouse.rebuild(connection, storage)
    assert connection.execute("select unit_id, place_id from staging.orders").fetchall() == [("U1", "U1")]
    assert connection.execute("select count(*) from marts.mart_name_proposals").fetchall() == [(0,)]
    assert [
        name
        for (name,) in connection.execute("select unit_name from marts.mart_unit_scores where received > 0").fetchall()
    ] == ["高粱镇"]
    connection.close()


@pytest.mark.parametrize(("encoding", "line_end"), [("utf-8", "\n"), ("utf-8-sig", "\r\n"), ("gb18030", "\r\n")])
def test_an_alias_leaves_the_rest_of_the_file_as_it_is(tmp_path: Path, encoding: str, line_end: str) -> None:
    storage = Storage.at(tmp_path)
    storage.make()
    path = storage.config / "units.csv"
    lines = [
        "unit_id,unit_name,unit_group,aliases,备注",
        'U1,高粱镇,街镇,高粱|示例区高粱镇,"甲,乙"',
        "U2,东河街道,街镇",
    ]
    path.write_bytes(line_end.join([*lines, ""]).encode(encoding))
    assert add_alias(storage, "高梁镇", "U1", date(2026, 3, 5))
    assert not add_alias(storage, "高梁镇", "U1", date(2026, 3, 6)), "it is there already"
    expected = [
        f"{lines[0]},note",
        'U1,高粱镇,街镇,高粱|示例区高粱镇|高梁镇,"甲,乙",2026-03-05 加别名 高梁镇',
        "U2,东河街道,街镇,,,",
    ]
    assert path.read_bytes() == line_end.join([*expected, ""]).encode(encoding)


@pytest.mark.parametrize(
    ("name", "unit_id", "says"),
    [
        ("东河街道", "U1", "同一时间属于两行"),
        ("高梁镇", "U9", "没有单位编号“U9”"),
        ("高梁|高糧", "U1", "每次只加一个名称"),
        (" ", "U1", "不能为空"),
    ],
)
def test_an_alias_that_cannot_be_is_refused_and_nothing_changes(
    tmp_path: Path, name: str, unit_id: str, says: str
) -> None:
    storage = Storage.at(tmp_path)
    storage.make()
    path = storage.config / "units.csv"
    path.write_text("\n".join([made_warehouse.UNIT_HEADER, *UNITS]) + "\n", encoding="utf-8")
    before = path.read_bytes()
    with pytest.raises(ReferenceTableError, match=says):
        add_alias(storage, name, unit_id, date(2026, 3, 5))
    assert path.read_bytes() == before
    assert [file.name for file in storage.config.glob("units*")] == ["units.csv"]


def table(*owners: tuple[str, str, str | None, str | None]) -> pl.DataFrame:
    """(name, aliases, valid_from, valid_to) as units.csv has them; the owner is the name."""
    frame = pl.DataFrame(owners, schema=["name", "aliases", "valid_from", "valid_to"], orient="row")
    return frame.with_columns(pl.col("valid_from", "valid_to").cast(pl.String).str.to_date())


def test_intervals_of_a_name_leave_no_day_out() -> None:
    found = dated_names(
        table(("甲", "共；丙", "2020-01-01", "2021-01-01"), ("乙", "共", "2022-01-01", None)),
        "name",
        "name",
        "units.csv",
    )
    assert found.filter(pl.col("alias") == "共").rows() == [
        ("共", "甲", FIRST_DAY, date(2022, 1, 1)),
        ("共", "乙", date(2022, 1, 1), LAST_DAY),
    ]
    assert found.filter(pl.col("alias") == "丙").rows() == [("丙", "甲", FIRST_DAY, LAST_DAY)]


@pytest.mark.parametrize(
    ("owners", "says"),
    [
        ((("甲", "共", None, "2021-01-02"), ("乙", "共", "2021-01-01", None)), "“共”在同一时间属于两行"),
        ((("甲", "共", None, None), ("乙", "共", None, None)), "“共”在同一时间属于两行"),
        ((("甲", "", "2021-01-01", "2021-01-01"),), "“甲”的失效日期"),
    ],
)
def test_one_name_in_two_units_at_one_time_is_refused(owners: tuple[Any, ...], says: str) -> None:
    with pytest.raises(ReferenceTableError, match=says):
        dated_names(table(*owners), "name", "name", "units.csv")
