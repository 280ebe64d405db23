"""Exports: formulas are inert, ids stay text, the definition travels along."""

import io

import openpyxl
import polars as pl
import pytest

from hotline12345.dashboard.exports import DEFINITION_SHEET, Table, csv, workbook

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
