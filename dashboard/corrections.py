"""Rows kept aside as a workbook that a clerk corrects and loads again, and how its cells are written.

The workbook holds masked values only. `exported` says what a stored cell looks like in it, so that the loader can tell a
cell that was changed from one that was left as it was.
"""

import io
import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

import polars as pl
import xlsxwriter

from hotline12345.sql.dictionary import columns, label
from hotline12345.sql.reading import TEXTS

SHEET, NOTES_SHEET = "待改正", "说明"
PROBLEM, FIX = "问题", "改法"
MARK = "row_token"
CALLER_HEADING, KEPT_CALLER = "来电号码", "（已脱敏）"
KEPT_TEXT = "（须知内容，已隐去）"
LONGEST_CELL = 32_000  # characters; Excel takes 32,767
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_NOT_CONFIDENTIAL = ("", "否", "0", "0.0", "N", "NO", "F", "FALSE", "无", "×", "✗", "不保密")
_WIDE_COLUMNS = {"title": 30, "body": 60, "result_text": 40, "created_at": 20, "closed_at": 20, "order_id": 22}
_MADE_AT = datetime(2000, 1, 1)  # the same rows give the same bytes
_NOTES = (
    "这张表是导入时进入隔离区的行：不合要求，没有进入统计。原值已脱敏。",
    "1. 标黄的单元格有问题，“问题”“改法”两列说明原因和改法。请直接在标黄的单元格里改正。",
    "2. 没有改动的单元格保持原来存下的内容，包括脱敏的文字和来电号码，不必补回原号码。",
    f"3. 写着“{KEPT_CALLER}”“{KEPT_TEXT}”的单元格请保持原样；确需更改时填入完整的新内容。",
    "4. 清空一个单元格表示该项没有内容。",
    "5. 不要改动“行令牌”一列，它用来找回原行；不需要改正的行可以整行删去。",
    "6. 新的工单不要加在这张表里，请放进普通的导出表。",
    "7. 改好后保存为 .xlsx，像普通文件一样导入（hotline run 这个文件，或在“数据导入”页上传）。"
    "数据时点与原批次相同，不会覆盖更新的导出。",
)


def heading(name: str) -> str:
    """The workbook's heading of a canonical column; a caller's column is called by what a clerk types there."""
    return CALLER_HEADING if name == "caller_key" else label(name)


def exported(cells: Mapping[str, str], name: str) -> str | None:
    """What the workbook shows for the stored cell `name` of a row with these stored cells; None for an empty one.

    A caller's key and the texts of need-to-know rows are not shown; what a spreadsheet would take for a formula begins
    with an apostrophe.
    """
    value = cells.get(name)
    if value is None:
        return None
    if name == "caller_key":
        return KEPT_CALLER
    if name in TEXTS and _is_need_to_know(cells):
        return KEPT_TEXT
    return "'" * value.startswith(_FORMULA_STARTS) + value[:LONGEST_CELL].rstrip()


def typed_in(cell: str) -> str:
    """The value that a changed cell means: without the apostrophe that `exported` puts before a formula's sign."""
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_FORMULA_STARTS) else cell


def _is_need_to_know(cells: Mapping[str, str]) -> bool:
    said = cells.get("is_confidential") or ""
    return (cells.get("order_type") or "").startswith("举报") or said.upper() not in _NOT_CONFIDENTIAL


def quarantine_workbook(rows: pl.DataFrame, issues: pl.DataFrame) -> bytes:
    """The rows of one batch's quarantine as an .xlsx to correct.

    Args:
        rows: grain row_number: row_number, row_token, cells (JSON, canonical column → masked text), column_mapping
            (JSON, header → canonical column, the same in each row).
        issues: grain row_number, column_name, rule: also reason and fix; column_name is "" for a whole row.
    """
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        book.set_properties({"title": SHEET, "created": _MADE_AT})
        _write_rows(book, rows.sort("row_number"), _by_row(issues))
        notes = book.add_worksheet(NOTES_SHEET)
        notes.set_column(0, 0, 110, book.add_format({"text_wrap": True}))
        for number, line in enumerate(_NOTES):
            notes.write_string(number, 0, line)
    return content.getvalue()


def _by_row(issues: pl.DataFrame) -> dict[int, list[dict[str, Any]]]:
    """row_number → its issues in a fixed order."""
    found: dict[int, list[dict[str, Any]]] = {}
    for issue in issues.sort("row_number", "column_name", "rule").iter_rows(named=True):
        found.setdefault(issue["row_number"], []).append(issue)
    return found


def _write_rows(book: Any, rows: pl.DataFrame, issues: Mapping[int, Sequence[Mapping[str, Any]]]) -> None:
    names = exported_columns(rows)
    sheet = book.add_worksheet(SHEET)
    text = {"num_format": "@", "valign": "top", "font_size": 10}
    plain, wrong = book.add_format(text), book.add_format(text | {"bg_color": "#FFF2CC", "border": 1})
    told, fixed = book.add_format(text | {"text_wrap": True}), book.add_format(text | {"font_color": "#808080"})
    head = book.add_format({"bold": True, "bg_color": "#D9E2EC", "border": 1, "text_wrap": True, "valign": "top"})
    headings = [heading("row_number"), PROBLEM, FIX, *map(heading, names), heading(MARK)]
    widths = [8, 36, 44, *(_WIDE_COLUMNS.get(name, 14) for name in names), 22]
    for column, (title, width) in enumerate(zip(headings, widths, strict=True)):
        sheet.set_column(column, column, width, plain)
        sheet.write_string(0, column, title, head)
    for line, row in enumerate(rows.iter_rows(named=True), start=1):
        found = issues.get(row["row_number"], [])
        broken = {issue["column_name"] for issue in found}
        sheet.write_string(line, 0, str(row["row_number"]), fixed)
        sheet.write_string(line, 1, "\n".join(_problems(found)), told)
        sheet.write_string(line, 2, "\n".join(dict.fromkeys(issue["fix"] for issue in found)), told)
        cells = json.loads(row["cells"])
        for column, name in enumerate(names, start=3):
            is_wrong = name in broken or ("" in broken and not cells)
            shown, look = exported(cells, name), wrong if is_wrong else plain
            if shown is None:
                sheet.write_blank(line, column, None, look)
            else:
                sheet.write_string(line, column, shown, look)
        sheet.write_string(line, len(headings) - 1, row[MARK], fixed)
    sheet.freeze_panes(1, 3)
    sheet.autofilter(0, 0, max(rows.height, 1), len(headings) - 1)


def exported_columns(rows: pl.DataFrame) -> list[str]:
    """The canonical columns that the file of these rows had, in the order of the dictionary."""
    had = set(json.loads(rows["column_mapping"][0]).values()) if rows.height else set()
    return [name for name in columns() if name in had]


def _problems(issues: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    for issue in issues:
        yield f"{heading(issue['column_name'])}：{issue['reason']}" if issue["column_name"] else issue["reason"]
