"""Who answered: unit, district and city callbacks, first and final, each in columns of its own; stars as answers."""

from pathlib import Path

import polars as pl
import pytest
from order_files import csv_bytes

from hotline12345.flows.ingest.aliases import aliases
from hotline12345.flows.ingest.mapping import normalise_header
from hotline12345.flows.ingest.prepare import prepare
from hotline12345.flows.ingest.values import parse_satisfactions
from hotline12345.flows.loading import load_file
from hotline12345.sql import build
from hotline12345.sql.graph import load_folder
from hotline12345.sql.reference import land_reference
from hotline12345.sql.storage import Storage
from hotline12345.sql.warehouse import open_warehouse

KNOWN = ["工单编号", "创建时间", "主要内容"]
ROW = ["2026050100001", "2026-05-01 10:20:30", "暖气不热"]
SOURCES = {
    "区回访是否有效": ("是", "is_valid_callback_district", True),
    "区回访是否联系": ("是", "is_contacted_district", True),
    "区回访是否解决": ("部分解决", "resolution_district", "部分解决"),
    "区回访是否满意": ("基本满意", "satisfaction_district", "基本满意"),
    "市回访是否有效": ("否", "is_valid_callback_city", False),
    "市级回访是否联系": ("", "is_contacted_city", None),
    "市回访是否解决": ("无人接听", "resolution_city", None),
    "市级回访是否满意": ("三星", "satisfaction_city", "3星"),
    "承办单位是否联系": ("有", "is_contacted_unit", True),
    "单位自评是否解决": ("是", "resolution_unit", "解决"),
    "单位自评是否满意": ("满意", "satisfaction_unit", "满意"),
    "首次是否解决": ("否", "resolution_first", "未解决"),
    "最终是否解决": ("是", "resolution_final", "解决"),
    "首次满意度": ("★★", "satisfaction_first", "2星"),
    "最终满意度": ("5分", "satisfaction_final", "5星"),
}


def write(path: Path, headers: list[str], *rows: list[str]) -> Path:
    path.write_bytes(csv_bytes([headers, *rows]))
    return path


def test_a_file_with_three_sources_fills_three_sets_of_columns(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", [*KNOWN, *SOURCES], [*ROW, *(cell for cell, *_ in SOURCES.values())])
    prepared = prepare(path, b"key")
    assert prepared.file.unmapped == [] and prepared.rows.rows_quarantined == 0
    found = prepared.rows.orders.row(0, named=True)
    assert {name: found[name] for _, name, _ in SOURCES.values()} == {name: said for _, name, said in SOURCES.values()}
    unqualified = ("is_valid_callback", "is_contacted", "resolution", "satisfaction")
    assert [found[name] for name in unqualified] == [None] * 4
    assert prepared.file.has_callback


def test_qualified_and_unqualified_headers_stand_side_by_side(tmp_path: Path) -> None:
    headers = [*KNOWN, "是否解决", "区回访是否解决", "市回访是否解决", "单位自评是否解决"]
    path = write(tmp_path / "a.csv", headers, [*ROW, "是", "否", "部分解决", "基本解决"])
    found = prepare(path, b"key").rows.orders.row(0, named=True)
    assert [found[f"resolution{which}"] for which in ("", "_district", "_city", "_unit")] == [
        "解决",
        "未解决",
        "部分解决",
        "基本解决",
    ]


def test_no_header_of_a_source_is_one_of_the_unqualified() -> None:
    known = aliases().columns | aliases().fallback
    plain = {header for header, column in known.items() if column in ("resolution", "satisfaction", "is_contacted")}
    assert not [header for header in plain if header.startswith(("区", "市", "单位", "首次", "最终", "自评"))]
    assert {known[normalise_header(header)] for header in SOURCES} == {name for _, name, _ in SOURCES.values()}


@pytest.mark.parametrize(
    ("said", "stars"),
    [
        ("5星", "5星"),
        ("五星", "5星"),
        ("5分", "5星"),
        ("★★★★★", "5星"),
        ("★★★☆☆", "3星"),
        ("零星", "0星"),
        ("一颗星", "1星"),
    ],
)
def test_stars_are_satisfaction_answers(said: str, stars: str) -> None:
    assert parse_satisfactions(pl.Series([said])).to_list() == [stars]


def test_a_bare_number_is_no_answer(tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", [*KNOWN, "是否满意"], [*ROW, "6星"], ["2", *ROW[1:], "5"])
    prepared = prepare(path, b"key")
    assert prepared.rows.quarantine["rule"].to_list() == ["unknown_satisfaction"] * 2
    assert "5星" in prepared.rows.quarantine["fix"][0]


def test_absent_columns_keep_what_is_stored_and_change_no_version(tmp_path: Path) -> None:
    storage = Storage.at(tmp_path / "data")
    connection = open_warehouse(storage)
    first = write(tmp_path / "a.csv", [*KNOWN, "市回访是否有效", "市回访是否解决"], [*ROW, "是", "解决"])
    plain = write(tmp_path / "b.csv", [*KNOWN, "单位自评是否解决"], [*ROW, "未解决"])
    again = write(tmp_path / "c.csv", KNOWN, ROW)
    fates = [load_file(connection, storage, path)[0] for path in (first, plain, again)]
    assert [(fate.rows_new, fate.rows_revised, fate.rows_unchanged) for fate in fates] == [
        (1, 0, 0),
        (0, 1, 0),
        (0, 0, 1),
    ]
    build.begin(connection, land_reference(connection, storage))
    build.run_files(connection, load_folder("staging"))
    (order,) = connection.sql("select * from staging.orders").pl().to_dicts()
    assert (order["is_valid_callback_city"], order["resolution_city"], order["resolution_unit"]) == (
        True,
        "解决",
        "未解决",
    )
    flags = {name: order[name] for name in order if name.startswith("has_")}
    had = ("has_callback_city", "has_resolution_city", "has_resolution_unit")
    assert {name for name, value in flags.items() if value} == {*had}
    assert set(flags.values()) == {True, False} and len(flags) == 15
    stored = connection.execute("select distinct has_callback_district from landed.order_versions").fetchall()
    assert stored == [(None,)], "null where no file had the column, so that hashes of earlier versions stay"
    connection.close()
