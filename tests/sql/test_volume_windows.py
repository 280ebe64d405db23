"""Orders per 10,000 residents with the year they stand on; the daily windows; orders open past their due time."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import made_warehouse
import polars as pl
import pytest

from hotline12345.sql.populations import check_listed, read_populations
from hotline12345.sql.publish import Snapshot, publish
from hotline12345.sql.reads import Reader
from hotline12345.sql.reference_tables import ReferenceTableError
from hotline12345.sql.storage import Storage

RULE = "example-10-50-40"
UNITS = (
    "U1,甲街道,街镇,,门城,50000,2020,,",
    "U2,乙镇,街镇,,深山,2000,2024,,",
    "U3,丙镇,街镇,,深山,,,,",
)
POPULATION = """unit_id,population_year,population,source
U1,2023,60000,统计年鉴
U1,2025,80000,统计年鉴
U1,2027,90000,统计年鉴
"""
NOON = datetime(2026, 3, 20, 12)


def order(number: int, created: datetime, place: str, **more: Any) -> dict[str, Any]:
    answers = {"is_valid_callback": True, "is_contacted": True, "resolution": "解决", "satisfaction": "满意"}
    return {
        "order_id": f"A{number}",
        "created_at": created,
        "place_town": place,
        "unit_name": place,
        **answers,
        **more,
    }


def reader(folder: Path, rows: list[dict[str, Any]], **tables: str) -> Reader:
    storage = Storage.at(folder)
    storage.make()
    for name, text in {"population": POPULATION, **tables}.items():
        (storage.config / f"{name}.csv").write_text(text, encoding="utf-8")
    connection = made_warehouse.make(folder, rows, UNITS, known_at=datetime(2026, 3, 20, 18))
    snapshot: Snapshot = publish(connection, storage, datetime(2026, 3, 20, 19))
    connection.close()
    return Reader(storage, snapshot)


def by_place(frame: pl.DataFrame) -> dict[str, tuple[Any, ...]]:
    names = ("unit_name", "received_by_place", "volume_count", "population", "population_year", "volume_per_10k")
    return {row[0]: row[1:] for row in frame.select(names).iter_rows()}


def test_volume_is_per_10000_residents_of_the_newest_year_not_after_the_period(tmp_path: Path) -> None:
    day = datetime(2026, 3, 1)
    rows = [order(n, day + timedelta(hours=n), "甲街道") for n in range(6)]
    rows += [
        order(6, day, "甲街道", volume_exclusion="重复"),
        order(7, day, "丁镇"),
        order(8, day, "甲街道", place_town=None),
    ]
    rows += [order(9, datetime(2024, 3, 1), "甲街道"), order(10, datetime(2022, 3, 1), "甲街道")]
    found = reader(tmp_path, rows)
    assert by_place(found.place_volumes(RULE, "2026-03")) == {
        "甲街道": (7, 6, 80000, 2025, 6 / 8),
        "乙镇": (0, 0, 2000, 2024, 0.0),
        "丁镇": (1, 1, None, None, None),
        "（未填街乡镇）": (1, 1, None, None, None),
    }
    earlier = {row["unit_name"]: row["population_year"] for row in found.place_volumes(RULE, "2024-03").to_dicts()}
    assert earlier["甲街道"] == 2023
    found.close()


def test_before_the_first_year_the_oldest_population_counts(tmp_path: Path) -> None:
    rule = (Path(__file__).parents[2] / "sql" / "rules" / f"{RULE}.toml").read_text("utf-8")
    rows = [order(0, datetime(2022, 3, 1), "甲街道")]
    (tmp_path / "config" / "rules").mkdir(parents=True)
    text = rule.replace(RULE, "own").replace("valid_from = 2024-01-01", "valid_from = 2020-01-01")
    (tmp_path / "config" / "rules" / "own.toml").write_text(text, encoding="utf-8")
    found = reader(tmp_path, rows)
    (row,) = [row for row in found.place_volumes("own", "2022-03").to_dicts() if row["unit_name"] == "甲街道"]
    assert (row["population_year"], row["volume_per_10k"]) == (2023, 1 / 6)
    found.close()


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("X9,2024,100,", "第 2 行，列 unit_id：units.csv 中没有“X9”"),
        ("U1,24,100,", "第 2 行，列 population_year：“24”应为四位年份"),
        ("U1,2024,0,", "第 2 行，列 population：常住人口应为 1 到 100000000 的整数"),
        ("U1,2024,99999999999999,", "现在是 99999999999999"),
        ("U1,2024,5万,", "第 2 行，列 population：“5万”应为整数"),
        ("U1,2024,100,\nU1,2024,200,", "第 3 行：“U1”的 2024 年出现两次"),
    ],
)
def test_a_wrong_population_says_where(tmp_path: Path, line: str, message: str) -> None:
    storage = Storage.at(tmp_path)
    storage.make()
    (storage.config / "population.csv").write_text(f"unit_id,population_year,population,source\n{line}\n", "utf-8")
    with pytest.raises(ReferenceTableError) as error:
        read_populations(storage, ["U1"])
    assert message in str(error.value)


@pytest.mark.parametrize(
    ("cells", "message"),
    [
        ("99999999999999,2024", "units.csv 第 3 行，列 population：应为 1 到 100000000 的整数"),
        ("100,20240", "units.csv 第 3 行，列 population_year：“20240”应为四位年份"),
    ],
)
def test_a_wrong_population_of_the_unit_list_says_where(cells: str, message: str) -> None:
    header, first = "unit_id,population,population_year", "U1,,"
    units = pl.read_csv(f"{header}\n{first}\nU2,{cells}".encode())
    with pytest.raises(ReferenceTableError) as error:
        check_listed(units)
    assert message in str(error.value)


def test_the_daily_window_is_noon_to_noon_with_and_without_exclusions(tmp_path: Path) -> None:
    bad = {"resolution": "未解决", "satisfaction": "不满意"}
    rows = [
        order(0, NOON - timedelta(hours=24), "甲街道"),
        order(1, NOON - timedelta(seconds=1), "甲街道", **bad),
        order(2, NOON - timedelta(hours=5), "甲街道", retention="剔除", **bad),
        order(3, NOON - timedelta(hours=5), "乙镇", is_valid_callback=None, resolution=None, satisfaction=None),
        order(4, NOON, "甲街道"),
        order(5, NOON - timedelta(hours=25), "甲街道", satisfaction="基本满意"),
        order(6, datetime(2026, 3, 18, 13), "甲街道"),
    ]
    found = reader(tmp_path, rows)
    assert found.window_end(NOON.date()) == NOON
    (period,) = found.period_at(RULE, NOON).to_dicts()
    windows = found.daily_windows(RULE, NOON, period["start_at"])
    rows_by = {(row["window_kind"], row["unit_name"]): row for row in windows.to_dicts()}
    today, before = rows_by["当日", "甲街道"], rows_by["前一日", "甲街道"]
    names = ("received", "callback_count", "callback_full_count", "resolution_numerator", "resolution_denominator")
    assert [today[name] for name in names] == [3, 2, 3, 1.0, 2]
    assert (today["resolution_rate"], today["resolution_full_rate"]) == (1 / 2, 1 / 3)
    assert (today["satisfaction_rate_before"], before["satisfaction_rate"]) == (0.95, 0.95)
    assert (today["received_before"], before["received"]) == (2, 2)
    assert rows_by["当日", "乙镇"]["resolution_rate"] is None and rows_by["当日", "丙镇"]["received"] == 0
    # the period began on the 19th at midnight: what was created on the 18th is in 前一日 and not in 考核期累计
    assert rows_by["考核期累计", "甲街道"]["received"] == 4
    whole = rows_by["当日", "全部单位"]
    assert (whole["received"], whole["resolution_full_denominator"]) == (4, 3)
    found.close()


def test_the_hour_of_the_window_is_the_sites(tmp_path: Path) -> None:
    hours = "kind,start_time,end_time\n工作时间,9:00,17:00\n日报窗口,16:30,16:30\n"
    found = reader(tmp_path, [order(0, NOON, "甲街道")], hours=hours)
    assert found.window_end(NOON.date()) == datetime(2026, 3, 20, 16, 30)
    found.close()


def test_open_orders_past_their_due_time_stand_apart(tmp_path: Path) -> None:
    start = datetime(2026, 3, 10)
    rows = [
        order(0, start, "甲街道", due_at=datetime(2026, 3, 12, 9)),
        order(1, start, "甲街道", due_at=datetime(2026, 3, 12, 9), closed_at=datetime(2026, 3, 13)),
        order(2, start, "甲街道", due_at=datetime(2026, 3, 25, 9)),
        order(3, start, "甲街道"),
    ]
    found = reader(tmp_path, rows)
    assert found.overdue_open(RULE, "2026-03").select("unit_id", "overdue_open_count").rows() == [("U1", 1)]
    found.close()
