"""Tables as files to hand on: a workbook with its definition beside it, or CSV. Pure: frame in, bytes out.

Ids and every other text are written as text, and what a spreadsheet would take for a formula begins with an apostrophe.
A rate is a formula over the counts beside it. Sheets print on A4 across, their headings again on each page.
"""

import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import polars as pl
import xlsxwriter
from xlsxwriter.utility import xl_rowcol_to_cell

from hotline12345.dashboard.labels import told
from hotline12345.sql.dictionary import columns, label

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_KINDS = {"xlsx": EXCEL, "docx": WORD, "csv": "text/csv", "zip": "application/zip", "md": "text/markdown"}
DEFINITION_SHEET = "口径说明"
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_LINE_HEIGHT, _LINE_LENGTH = 15, 52  # points; Chinese characters of a line of the definition
_A4 = 9  # as the file format numbers it
_MADE_AT = datetime(2000, 1, 1)  # the same rows give the same bytes
_WIDTHS = {
    **{"title": 46, "why": 24, "order_id": 22, "created_at": 18, "closed_at": 18, "unit_name": 16, "community": 16},
    **{"issue_id": 16, "issue_name": 30, "measure_name": 22, "measure_value": 18, "measure_of": 56, "lead": 24},
}
_NARROW = {"boolean": 8, "integer": 9, "rate": 9, "score": 9}
_FORMATS = {"rate": "0.0%", "score": "0.0", "integer": "0"}
_SHARES = {
    "set_aside_share": ("set_aside_count", "received")
}  # share → numerator and denominator, where names do not say it
_ZIP_TIME = (1980, 1, 1, 0, 0, 0)


def inert(text: str) -> str:
    """A text that no spreadsheet takes for a formula."""
    return f"'{text}" if text.startswith(_FORMULA_STARTS) else text


@dataclass(frozen=True)
class Table:
    """What is exported.

    Attributes:
        frame: its columns in their order.
        definition: lines that say what it shows, under which rule, period, state and cut-off.
        headings: names of columns that the dictionary does not know.
        sheets: which columns stand on which sheet of the workbook; without any, one sheet has them all, as CSV always has.
    """

    frame: pl.DataFrame
    definition: Sequence[str]
    headings: Mapping[str, str] = field(default_factory=dict)
    sheets: Mapping[str, Sequence[str]] = field(default_factory=dict)


@dataclass(frozen=True)
class File:
    """A file to hand on, made when it is asked for: its name, how many rows it holds, its bytes."""

    name: str
    rows: int
    make: Callable[[], bytes]

    @property
    def kind(self) -> str:
        """Its media type."""
        return _KINDS[self.name.rpartition(".")[2]]


def workbook(table: Table) -> bytes:
    """A table as an .xlsx whose last sheet holds its definition, one line a row; rates are formulas over their counts."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        book.set_properties({"title": DEFINITION_SHEET, "created": _MADE_AT})
        for name, columns in (table.sheets or {"数据": table.frame.columns}).items():
            write_sheet(book, name, table.frame.select(columns), table.headings, rate_formulas(columns))
        write_definition(book, table.definition)
    return content.getvalue()


def csv(table: Table) -> bytes:
    """The same as UTF-8 CSV with its mark, so that Excel reads the Chinese; the definition closes it, one line a row."""
    frame = table.frame
    names = {name: _heading(name, table.headings) for name in frame.columns}
    texts = [told(frame[name], inert) for name, kind in frame.schema.items() if kind == pl.String]
    rows = frame.with_columns(texts).rename(names).write_csv(datetime_format="%Y-%m-%d %H:%M:%S")
    notes = pl.DataFrame({"note": [inert(line) for line in table.definition]}).write_csv(include_header=False)
    return f"\ufeff{rows}\n{notes}".encode()


def rate_formulas(names: Sequence[str]) -> dict[str, str]:
    """The formula of each rate whose numerator and denominator stand among the columns `names`, for `write_sheet`."""
    found: dict[str, str] = {}
    for name in names:
        stem = name.removesuffix("_rate")
        part, whole = _SHARES.get(name, (f"{stem}_numerator", f"{stem}_denominator"))
        if name in _SHARES or stem != name:
            found |= {name: f"={{{part}}}/{{{whole}}}"} if {part, whole} <= set(names) else {}
    return found


def archive(files: Mapping[str, bytes]) -> bytes:
    """Files by name as one .zip, in their order; the same files give the same bytes."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as target:
        for name, data in files.items():
            entry = zipfile.ZipInfo(name, _ZIP_TIME)
            entry.external_attr = 0o600 << 16
            target.writestr(entry, data, zipfile.ZIP_DEFLATED)
    return content.getvalue()


def write_definition(book: Any, lines: Sequence[str]) -> None:
    """The sheet that says what the figures of a workbook mean, one line a row."""
    notes = book.add_worksheet(DEFINITION_SHEET)
    notes.set_column(0, 0, 110, book.add_format({"text_wrap": True, "valign": "top"}))
    for number, line in enumerate(lines):
        notes.write_string(number, 0, inert(line))
        notes.set_row(number, _LINE_HEIGHT * -(-len(line) // _LINE_LENGTH))
    _set_page(notes)


def write_sheet(
    book: Any,
    name: str,
    frame: pl.DataFrame,
    headings: Mapping[str, str] | None = None,
    formulas: Mapping[str, str] | None = None,
) -> None:
    """A sheet of one frame.

    Args:
        book: the workbook that is being written.
        name: of the sheet.
        frame: its columns in their order.
        headings: names of columns that the dictionary does not know.
        formulas: by column, the formula of each of its cells, with `{column}` for another cell of the same row; the
            frame's value is what a program shows that does not calculate. Where it has none, neither has the cell.
    """
    headings, formulas = headings or {}, formulas or {}
    sheet = book.add_worksheet(name)
    text = book.add_format({"num_format": "@", "valign": "top"})
    head = book.add_format({"bold": True, "bg_color": "#D9E2EC", "border": 1, "text_wrap": True, "valign": "top"})
    for place, column in enumerate(frame.columns):
        kind = columns()[column].type if column in columns() else ""
        number = book.add_format({"num_format": _FORMATS.get(kind, "General"), "valign": "top"})
        sheet.set_column(place, place, _WIDTHS.get(column, _NARROW.get(kind, 12)))
        sheet.write_string(0, place, _heading(column, headings), head)
        for line, value in enumerate(frame[column].to_list(), start=1):
            if value is None:
                continue
            if column in formulas:
                cells = {other: xl_rowcol_to_cell(line, at) for at, other in enumerate(frame.columns)}
                sheet.write_formula(line, place, formulas[column].format(**cells), number, value)
            elif isinstance(value, bool):
                sheet.write_string(line, place, "是" if value else "否", text)
            elif isinstance(value, int | float):
                sheet.write_number(line, place, value, number)
            else:
                sheet.write_string(line, place, inert(str(value)), text)
    sheet.set_row(0, 2 * _LINE_HEIGHT)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(frame.height, 1), max(frame.width - 1, 0))
    sheet.repeat_rows(0)
    _set_page(sheet)


def _set_page(sheet: Any) -> None:
    sheet.set_paper(_A4)
    sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.set_footer("&C&P / &N")


def _heading(name: str, headings: Mapping[str, str]) -> str:
    return headings.get(name) or label(name)
