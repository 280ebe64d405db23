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
FEW = 20  # orders below which a town's shares are not coloured
DARK = 0.8  # depth of a cell's colour from which its number is white


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


def scored(head: str, meaning: str, share: float, lines: Sequence[tuple[str, str, str]]) -> str:
    """A score with its bar (`share` 0–1) and below it the measures that made it: name, value, what it is of; escaped."""
    items = "".join(
        f'<div title="{escape(of)}"><dt>{escape(name)}</dt><dd>{escape(value)}</dd></div>' for name, value, of in lines
    )
    return f'<div class="scored" title="{escape(meaning)}"><b>{escape(head)}</b>{bar(share)}<dl>{items}</dl></div>'


def heat_table(
    cells: pl.DataFrame,
    towns: Sequence[str],
    topics: Sequence[str],
    name: str = "place_town",
    totals: Mapping[str, int] | None = None,
) -> str:
    """Town × topic with the number in each cell; grain place_town (or column `name`), topic_name with order_count.

    The colour is the topic's share within its town, the largest share darkest; none for the rest of the topics, and for
    towns with fewer than `FEW` orders, where one order would be a large share. A null count is a hidden one, its cell has
    a mark; then `totals` says how many orders each town has.
    """
    counts = {(town, topic): n for town, topic, n in cells.select(name, "topic_name", "order_count").iter_rows()}
    totals = totals or dict(cells.group_by(name).agg(pl.col("order_count").sum()).iter_rows())
    coloured = [name for name in topics if name not in (labels.OTHER, labels.UNCLASSIFIED)]
    shares = {
        (town, topic): (counts.get((town, topic)) or 0) / totals[town]
        for town in towns
        for topic in coloured
        if totals[town] >= FEW
    }
    most = max(shares.values(), default=0) or 1
    head = "".join(f'<th class="num">{escape(topic)}</th>' for topic in topics)
    body = "".join(
        f"<tr><td>{escape(town)}</td>"
        + "".join(
            _heat_cell(counts.get((town, topic), 0), totals[town], shares.get((town, topic), 0) / most)
            for topic in topics
        )
        + "</tr>"
        for town in towns
    )
    town = f"<th>{escape(label(name))}</th>"
    return (
        f'<div class="ht-scroll"><table class="ht wide heat"><thead><tr>{town}{head}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )


def _heat_cell(count: int | None, total: int, depth: float) -> str:
    """One cell; `depth` 0–1 is how dark it is, no `count` a hidden one."""
    if count is None:
        return f'<td class="num none" title="{labels.WITHHELD_BECAUSE}">{labels.WITHHELD}</td>'
    if not count:
        return "<td></td>"
    ink = "color:#fff;" if depth > DARK else ""
    style = f' style="{ink}background:rgba(var(--heat),{0.85 * depth:.2f})"' if depth else ""
    return f'<td class="num" title="占该地诉求 {labels.rate(count / total)}"{style}>{labels.count(count)}</td>'


def bar(share: float) -> str:
    """A small horizontal bar for a share 0–1, to stand before its number."""
    return f'<span class="bar"><i style="width:{100 * max(0.0, min(1.0, share)):.0f}%"></i></span>'
