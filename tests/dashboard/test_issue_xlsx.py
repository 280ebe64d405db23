"""The workbook of an evidence pack: figures can be counted again, shares are formulas, nothing is a stray formula."""

import io

import fastexcel
import openpyxl
import pytest
from made_pack import FORMULA, pack

from hotline12345.dashboard.documents.issue_xlsx import EVIDENCE, MONTHS, ORDERS, RANKING, SHARES, UNITS, workbook
from hotline12345.dashboard.exports import DEFINITION_SHEET

SHEETS = [RANKING, EVIDENCE, SHARES, MONTHS, UNITS, ORDERS, DEFINITION_SHEET]


@pytest.fixture(scope="module")
def content() -> bytes:
    return workbook(pack())


def book(content: bytes, data_only: bool = False) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(content), data_only=data_only)


def rows(content: bytes, sheet: str, data_only: bool = True) -> list[dict[str, object]]:
    """The rows of a sheet by their headings."""
    head, *lines = book(content, data_only)[sheet].iter_rows(values_only=True)
    return [dict(zip(head, line, strict=True)) for line in lines]


def test_sheets_print_on_a4_across_with_their_headings(content):
    sheets = book(content)
    assert sheets.sheetnames == SHEETS
    for sheet in sheets:
        assert (sheet.page_setup.paperSize, sheet.page_setup.orientation) == (9, "landscape")
        if sheet.title != DEFINITION_SHEET:
            assert sheet.freeze_panes == "A2"
            assert sheet.print_title_rows == "$1:$1"


def test_the_ranking_counts_the_rows_behind_it(content):
    formulas, values = rows(content, RANKING, data_only=False), rows(content, RANKING)
    assert [row["明细列出"] for row in formulas] == [f"=COUNTIF('{ORDERS}'!$A:$A,B{n})" for n in (2, 3, 4)]
    listed = [row["候选编号"] for row in rows(content, ORDERS)]
    for row in values:
        assert row["明细列出"] == listed.count(row["候选编号"])
    assert [(row["诉求量"], row["明细列出"]) for row in values] == [(40, 40), (34, 30), (12, 12)]
    assert [row["决定"] for row in values] == ["选定", "—", "—"]


def test_shares_are_formulas_over_the_counts_beside_them(content):
    formulas, values = rows(content, SHARES, data_only=False), rows(content, SHARES)
    assert formulas[0]["比例"] == '=IF(G2=0,"",F2/G2)'
    for row in values:
        assert row["比例"] == pytest.approx(row["分子数"] / row["分母数"])
    assert book(content)[SHARES]["H2"].number_format == "0.0%"


def test_a_unit_that_nobody_answered_has_no_share(content):
    months = rows(content, MONTHS)
    unanswered = [row for row in months if row["解决占比"] in (None, "")]
    assert unanswered
    assert sum(row["诉求量"] for row in months) == 40 + 30 + 12


def test_readers_that_do_not_calculate_see_the_values(content):
    read = fastexcel.read_excel(content).load_sheet(UNITS).to_polars()
    asked, resolved, share = read.columns[5:8]
    assert share == "解决占比"
    assert (read[share] - read[resolved] / read[asked]).abs().max() == pytest.approx(0)


def test_ids_are_text_and_no_text_is_a_formula(content):
    orders = rows(content, ORDERS, data_only=False)
    assert isinstance(orders[0]["工单编号"], str)
    assert f"'{FORMULA}" in {row["村/社区"] for row in orders}
    cells = [cell for row in book(content)[ORDERS].iter_rows() for cell in row]
    assert not [cell.value for cell in cells if cell.data_type == "f"]


def test_the_definition_says_what_is_missing(content):
    lines = [row[0] for row in book(content)[DEFINITION_SHEET].iter_rows(values_only=True)]
    assert "电动自行车飞线充电：另有 4 件举报或保密工单计数但不列出。" in lines
    assert any("规则：示例规则" in line and "数据截至" in line for line in lines)


def test_no_caller_is_in_it(content):
    heads = {cell for sheet in book(content) for cell in next(sheet.iter_rows(values_only=True))}
    assert not heads & {"来电人", "诉求人", "caller_key"}


def test_the_same_content_gives_the_same_bytes(content):
    assert workbook(pack()) == content
