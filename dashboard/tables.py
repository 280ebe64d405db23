"""Tables as HTML: frame in, markup out. Numbers stand right, everything is escaped, and it prints as it looks."""

from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import Any

import polars as pl

from hotline12345.dashboard import labels
from hotline12345.sql.dictionary import columns, label

Row = Mapping[str, Any]
Cell = Callable[[Row], str]
WIDE = 6  # columns; on a narrow screen the first of a wider table stays in sight


def html_table(
    frame: pl.DataFrame,
    names: Sequence[str],
    cells: Mapping[str, Cell] | None = None,
    headings: Mapping[str, str] | None = None,
    lines: Mapping[str, str] | None = None,
) -> str:
    """A table of the columns `names`; `cells` draws a column its own way, `headings` replaces a dictionary label.

    `lines` is ready markup for rows of its own: under a unit_id before that unit's row, under "" at the end. An unknown
    column without a heading is a KeyError.
    """
    cells, headings, lines = cells or {}, headings or {}, lines or {}
    align = {name: _align(name, frame) for name in names}
    head = "".join(
        f"<th{align[name]}{_meaning(name)}>{escape(headings.get(name) or label(name))}</th>" for name in names
    )
    body = "".join(
        lines.get(row.get("unit_id") or "-", "") + _row(row, align, cells) for row in frame.iter_rows(named=True)
    )
    kind = "ht wide" if len(names) > WIDE else "ht"
    return f'<div class="ht-scroll"><table class="{kind}"><thead><tr>{head}</tr></thead><tbody>{body}{lines.get("", "")}</tbody></table></div>'


def _row(row: Row, align: Mapping[str, str], cells: Mapping[str, Cell]) -> str:
    drawn = {name: cells[name](row) if name in cells else escape(labels.shown(name, row[name])) for name in align}
    return "<tr>" + "".join(f"<td{align[name]}>{cell}</td>" for name, cell in drawn.items()) + "</tr>"


def _align(name: str, frame: pl.DataFrame) -> str:
    """Numbers stand right; what only a cell draws is taken for a number."""
    return ' class="num"' if name not in frame.columns or frame.schema[name].is_numeric() else ""


def _meaning(name: str) -> str:
    return f' title="{escape(columns()[name].meaning)}"' if name in columns() else ""


def facts(pairs: Sequence[tuple[str, str]]) -> str:
    """Names and values side by side, values escaped; for the head of a detail page."""
    items = "".join(f"<div><dt>{escape(name)}</dt><dd>{escape(value)}</dd></div>" for name, value in pairs)
    return f'<dl class="facts">{items}</dl>'


def bar(share: float) -> str:
    """A small horizontal bar for a share 0–1, to stand before its number."""
    return f'<span class="bar"><i style="width:{100 * max(0.0, min(1.0, share)):.0f}%"></i></span>'
