"""Tables as files to hand on: a workbook with its definition beside it, or CSV. Pure: frame in, bytes out.

Ids and every other text are written as text, and what a spreadsheet would take for a formula begins with an apostrophe.
"""

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import polars as pl
import xlsxwriter

from hotline12345.sql.dictionary import columns, label

EXCEL = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DEFINITION_SHEET = "口径说明"
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_MADE_AT = datetime(2000, 1, 1)  # the same rows give the same bytes
_WIDTHS = {"title": 46, "why": 24, "order_id": 22, "created_at": 18, "unit_name": 16, "community": 16}
_FORMATS = {"rate": "0.0%", "score": "0.0", "integer": "0"}


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
    """

    frame: pl.DataFrame
    definition: Sequence[str]
    headings: Mapping[str, str] = field(default_factory=dict)


def workbook(table: Table) -> bytes:
    """A table as an .xlsx with a second sheet that holds its definition, one line a row."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        book.set_properties({"title": DEFINITION_SHEET, "created": _MADE_AT})
        _write(book, table.frame, table.headings)
        notes = book.add_worksheet(DEFINITION_SHEET)
        notes.set_column(0, 0, 110, book.add_format({"text_wrap": True}))
        for number, line in enumerate(table.definition):
            notes.write_string(number, 0, inert(line))
    return content.getvalue()


def csv(table: Table) -> bytes:
    """The same as UTF-8 CSV with its mark, so that Excel reads the Chinese; the definition closes it, one line a row."""
    frame = table.frame
    names = {name: _heading(name, table.headings) for name in frame.columns}
    texts = [pl.col(name).map_elements(inert, pl.String) for name, kind in frame.schema.items() if kind == pl.String]
    rows = frame.with_columns(texts).rename(names).write_csv(datetime_format="%Y-%m-%d %H:%M:%S")
    notes = pl.DataFrame({"note": [inert(line) for line in table.definition]}).write_csv(include_header=False)
    return f"\ufeff{rows}\n{notes}".encode()


def _write(book: Any, frame: pl.DataFrame, headings: Mapping[str, str]) -> None:
    sheet = book.add_worksheet("数据")
    text = book.add_format({"num_format": "@", "valign": "top"})
    head = book.add_format({"bold": True, "bg_color": "#D9E2EC", "border": 1, "text_wrap": True, "valign": "top"})
    for place, name in enumerate(frame.columns):
        kind = columns()[name].type if name in columns() else ""
        number = book.add_format({"num_format": _FORMATS.get(kind, "General"), "valign": "top"})
        sheet.set_column(place, place, _WIDTHS.get(name, 12))
        sheet.write_string(0, place, _heading(name, headings), head)
        for line, value in enumerate(frame[name].to_list(), start=1):
            if value is None:
                continue
            if isinstance(value, bool):
                sheet.write_string(line, place, "是" if value else "否", text)
            elif isinstance(value, int | float):
                sheet.write_number(line, place, value, number)
            else:
                sheet.write_string(line, place, inert(str(value)), text)
    sheet.freeze_panes(1, 0)
    sheet.autofilter(0, 0, max(frame.height, 1), max(frame.width - 1, 0))


def _heading(name: str, headings: Mapping[str, str]) -> str:
    return headings.get(name) or label(name)
