"""Exports: formulas are inert, ids stay text, the definition travels along."""

import io
import zipfile

import openpyxl
import polars as pl
import pytest

from hotline12345.dashboard.exports import DEFINITION_SHEET, EXCEL, File, Table, archive, csv, rate_formulas, workbook

FRAME = pl.DataFrame(
    {
        "order_id": ["00120260719", "=1+1"],
        "title": ['=HYPERLINK("x")', "@SUM(A1)"],
        "lost_score": [1.45, None],
        "resolution_rate": [0.9032, 1.0],
        "is_excluded": [True, False],
    }
)
TABLE = Table(FRAME, ["失分工单：2 件", "-规则：示例"])


@pytest.fixture
def book() -> openpyxl.Workbook:
    """The workbook as a spreadsheet program opens it."""
    return openpyxl.load_workbook(io.BytesIO(workbook(TABLE)))


def test_no_cell_is_a_formula(book):
    cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert not [cell.value for cell in cells if cell.data_type == "f"]
    texts = [cell.value for cell in cells if isinstance(cell.value, str)]
    assert not [text for text in texts if text.startswith(("=", "+", "-", "@"))]


def test_ids_are_text_and_numbers_are_numbers(book):
    rows = list(book["数据"].iter_rows(values_only=True))
    assert rows[0][0] == "工单编号"
    assert rows[1] == ("00120260719", '\'=HYPERLINK("x")', 1.45, 0.9032, "是")
    assert rows[2][2] is None
    assert book["数据"]["D2"].number_format == "0.0%"


def test_the_definition_has_a_sheet_of_its_own(book):
    assert [row[0] for row in book[DEFINITION_SHEET].iter_rows(values_only=True)] == ["失分工单：2 件", "'-规则：示例"]


def test_the_same_rows_give_the_same_bytes():
    assert workbook(TABLE) == workbook(TABLE)


def test_csv_has_its_mark_and_inert_cells():
    text = csv(TABLE).decode("utf-8")
    assert text.startswith("\ufeff工单编号,标题")
    assert "\n'=1+1," in text
    assert text.rstrip().endswith("'-规则：示例")


RATES = pl.DataFrame(
    {
        "unit_name": ["甲镇", "乙镇"],
        "received": [120, 10],
        "set_aside_count": [6, 0],
        "set_aside_share": [0.05, 0.0],
        "satisfaction_numerator": [88.0, 0.0],
        "satisfaction_denominator": [100, 0],
        "satisfaction_rate": [0.88, None],
        "satisfaction_rate_low": [0.8, None],
    }
)
RATES_TABLE = Table(
    RATES,
    ["三率"],
    sheets={"三率": RATES.columns[:7], "区间": ["unit_name", "satisfaction_rate", "satisfaction_rate_low"]},
)


def test_a_rate_is_a_formula_over_the_counts_beside_it_with_its_value_kept():
    content = workbook(RATES_TABLE)
    sheet = openpyxl.load_workbook(io.BytesIO(content))["三率"]
    values = openpyxl.load_workbook(io.BytesIO(content), data_only=True)["三率"]
    assert sheet["G2"].value == "=E2/F2"
    assert values["G2"].value == 88.0 / 100
    assert sheet["G2"].number_format == "0.0%"
    assert sheet["D2"].value == "=C2/B2"
    assert sheet["G3"].value is None, "without callbacks there is no rate"


def test_a_rate_whose_counts_are_on_another_sheet_is_a_number():
    sheet = openpyxl.load_workbook(io.BytesIO(workbook(RATES_TABLE)))["区间"]
    assert sheet["B2"].value == 0.88
    assert rate_formulas(("satisfaction_rate", "satisfaction_denominator")) == {}
    assert rate_formulas(("satisfaction_rate_low", "satisfaction_numerator", "satisfaction_denominator")) == {}


def test_csv_has_the_columns_of_all_sheets():
    head = csv(RATES_TABLE).decode("utf-8-sig").splitlines()[0]
    assert len(head.split(",")) == RATES.width


def test_sheets_print_on_a4_across_with_their_heading_on_each_page():
    sheet = openpyxl.load_workbook(io.BytesIO(workbook(RATES_TABLE)))["三率"]
    assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (int(sheet.PAPERSIZE_A4), "landscape")
    assert sheet.freeze_panes == "A2"
    assert sheet.print_title_rows == "$1:$1"


def test_an_archive_keeps_order_and_bytes():
    files = {"乙.txt": b"2", "甲.txt": b"1"}
    with zipfile.ZipFile(io.BytesIO(archive(files))) as opened:
        assert opened.namelist() == list(files)
        assert opened.read("甲.txt") == b"1"
    assert archive(files) == archive(dict(files))


def test_a_file_is_made_when_it_is_asked_for_and_knows_its_kind():
    made = []
    file = File("三率.xlsx", 3, lambda: bytes(made.append(1) or b"x"))
    assert (file.kind, made) == (EXCEL, [])
    assert (file.make(), made) == (b"x", [1])
