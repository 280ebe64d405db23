"""The committed files: made from the seed, small, dirty in every known way, and the last one revises the others."""

import csv
import re
import zipfile
from pathlib import Path

import fastexcel
import openpyxl
import polars as pl
import pytest

from hotline12345.sample_data import answers, exports
from hotline12345.sample_data.dirt import DAMAGED_IDS
from hotline12345.sample_data.exports import Table, write_tables
from hotline12345.sample_data.generate import DEFAULT_SEED, make_orders
from hotline12345.sample_data.orders import COLUMNS
from hotline12345.sample_data.paths import FILE_NAMES, ROOT, TRUTH, sample_files
from hotline12345.sample_data.world import BASE_ORDERS

LIMIT_BYTES = 8_000_000
BASES, LATER = slice(0, 3), 3
DIRT_KINDS = {
    "id_scientific", "id_decimal", "id_full_width", "date_serial", "date_chinese", "date_slash", "date_compact",
    "date_only", "town_unknown", "town_blank", "town_prefixed", "town_variant", "unit_prefixed", "unit_full_name",
    "unit_variant", "unit_old_name", "html_entity", "zero_width", "full_width", "line_break", "padded",
    "row_repeated", "broken_date", "broken_no_id", "broken_closed_before_created",
}  # fmt: skip


def cells(path: Path) -> list[list[object]]:
    """Every cell of the first sheet or of the table, title row included."""
    if path.suffix == ".csv":
        with path.open(encoding="gb18030", newline="") as file:
            return [list(row) for row in csv.reader(file)]
    sheet = fastexcel.read_excel(path).load_sheet(0, header_row=None, dtypes="string")
    return [list(row) for row in sheet.to_polars().iter_rows()]


@pytest.fixture(scope="module")
def committed() -> list[list[list[object]]]:
    """Cells of the four committed files."""
    return [cells(path) for path in sample_files()]


def test_the_seed_makes_the_committed_files(
    tables: list[Table], committed: list[list[list[object]]], tmp_path: Path
) -> None:
    made = write_tables(tmp_path, tables)
    assert [path.name for path in made] == list(FILE_NAMES)
    for path, before in zip(made, committed, strict=True):
        assert cells(path) == before, f"{path.name}: run python -m hotline12345.sample_data"


def test_the_seed_makes_the_committed_truth(tables: list[Table]) -> None:
    made = answers.make_truth(tables, DEFAULT_SEED)
    assert made["truth"].equals(pl.read_parquet(TRUTH / "truth.parquet"))
    assert made["dirt"].equals(pl.read_parquet(TRUTH / "dirt.parquet"))
    assert made["problems"].equals(pl.read_csv(TRUTH / "problems.csv"))


def test_everything_committed_stays_small() -> None:
    size = sum(p.stat().st_size for p in ROOT.rglob("*") if p.is_file() and "__pycache__" not in p.parts)
    assert size < LIMIT_BYTES


def test_every_file_says_what_it_is(committed: list[list[list[object]]]) -> None:
    for path, rows in zip(sample_files(), committed, strict=True):
        assert "模拟数据" in path.name
        assert "模拟数据" in str(rows[0][0])


def test_formats(committed: list[list[list[object]]]) -> None:
    assert sample_files()[0].read_bytes()[:2] == sample_files()[3].read_bytes()[:2] == b"PK"
    assert sample_files()[2].read_bytes()[:4] == b"\xd0\xcf\x11\xe0"
    with pytest.raises(UnicodeDecodeError):
        sample_files()[1].read_text("utf-8")
    headers = [rows[1] for rows in committed]
    assert headers[0] == list(COLUMNS)
    assert "来电时间" in headers[1]
    assert headers[1][-1] == ""
    assert {"问题分类", "工单号"} <= set(headers[2])
    assert any(len(row) > len(headers[1]) for row in committed[1])


def test_totals_end_each_file(committed: list[list[list[object]]]) -> None:
    assert all(rows[-1][0] == "合计" for rows in committed)


def test_another_reader_sees_the_same_workbook(committed: list[list[list[object]]]) -> None:
    book = openpyxl.load_workbook(sample_files()[LATER], read_only=True)
    rows = [list(row) for row in book.worksheets[0].iter_rows(values_only=True)]
    assert book.sheetnames == ["工单", "说明"]
    assert len(rows) == len(committed[LATER])
    assert rows[1:30] == committed[LATER][1:30]
    book.close()


def test_serial_dates_are_numbers_in_the_workbook() -> None:
    with zipfile.ZipFile(sample_files()[0]) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    numbers = re.findall(r"<c><v>([\d.]+)</v></c>", sheet)
    assert len(numbers) == 40
    assert all(45_000 < float(number) < 47_000 for number in numbers)


def test_every_kind_of_dirt_is_planted_and_known(tables: list[Table]) -> None:
    planted = [d for table in tables for d in table.dirt]
    assert {d.kind for d in planted} == DIRT_KINDS
    for table in tables:
        assert len({d.row for d in table.dirt}) == len(table.dirt)
        for d in table.dirt:
            assert table.clean[d.column][d.row] == d.clean
            assert d.kind == "row_repeated" or d.written != d.clean, d


def test_dirt_is_written_where_the_truth_says(tables: list[Table]) -> None:
    for table in tables:
        written = {column: set(table.frame[column].to_list()) for column in {d.column for d in table.dirt}}
        assert all(d.written in written[d.column] for d in table.dirt)
        repeated = [d.order_id for d in table.dirt if d.kind == "row_repeated"]
        ids = table.frame["工单编号"].drop_nulls()
        twice = ids.filter(ids.is_duplicated() & ~ids.str.contains("E+", literal=True))  # Excel's form loses digits
        assert sorted(twice.unique()) == sorted(repeated)


def test_only_old_numeric_ids_are_damaged(tables: list[Table]) -> None:
    damaged = [d for table in tables for d in table.dirt if d.kind in DAMAGED_IDS]
    assert len(damaged) == 18
    assert all(d.order_id.isdigit() and str(d.written)[0].isdigit() for d in damaged)


def test_exports_hold_nothing_later_than_themselves(tables: list[Table]) -> None:
    newest = [max(str(table.clean[c].drop_nulls().max()) for c in ("创建时间", "办结时间")) for table in tables]
    assert newest == sorted(newest)
    assert all(last <= window[2] for last, window in zip(newest[BASES], exports._WINDOWS, strict=True))
    due = [str(table.clean["截止时间"].max()) for table in tables]
    assert due == sorted(due)


def test_loading_all_files_in_order_gives_the_known_state(tables: list[Table]) -> None:
    latest = pl.concat([table.clean for table in tables]).unique("工单编号", keep="last", maintain_order=True)
    orders, _ = make_orders(BASE_ORDERS)
    assert latest.sort("工单编号").equals(exports.numeric_ids(orders).sort("工单编号"))


def test_the_later_export_revises_repeats_and_adds(tables: list[Table]) -> None:
    before = pl.concat([table.clean for table in tables[BASES]])
    later = tables[LATER].clean
    known = later.join(before, on="工单编号", suffix="_before")
    unchanged = later.join(before, on=list(COLUMNS), how="semi", nulls_equal=True)
    assert unchanged.height == 150
    assert known.height - unchanged.height > 500
    assert later.height - known.height > 50

    def revised(column: str) -> int:
        return known.filter(pl.col(column).ne_missing(pl.col(f"{column}_before"))).height

    assert revised("是否有效回访") > 500
    assert revised("是否保留") > 20
    assert revised("二级承办单位简称") > 0
    assert revised("主要内容") == revised("创建时间") == 0
