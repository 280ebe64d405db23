"""Tables of 每月一题 as HTML: units by month, practice with intervals, issues side by side. Frame in, markup out."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from html import escape

import polars as pl

from hotline12345.dashboard import issue_recurrence, labels, rank_tables
from hotline12345.dashboard.issue_follow import Window
from hotline12345.dashboard.months import between, moved
from hotline12345.dashboard.score_evidence import Evidence
from hotline12345.dashboard.tables import DARK, Row, html_table

INTERVAL = "95% 区间"
UNITS = 12  # rows of the table of units; the rest is one row
MONTHS = 12


@dataclass(frozen=True)
class Line:
    """One line of a comparison: its name, a value for each issue, which of them stands out, and what it means."""

    name: str
    values: Sequence[str]
    leading: int | None = None
    meaning: str = ""


def unit_heat(months: pl.DataFrame, newest: date) -> str:
    """Units × the twelve months up to `newest`, the darker the more; grain created_month, unit_name."""
    first = moved(newest, 1 - MONTHS)
    inside = months.filter(pl.col("created_month").is_between(first, newest))
    totals = inside.group_by("unit_name").agg(pl.col("order_count").sum()).sort(-pl.col("order_count"), "unit_name")
    named = totals["unit_name"].head(UNITS).to_list()
    kept = pl.when(pl.col("unit_name").is_in(named)).then("unit_name").otherwise(pl.lit(labels.OTHER))
    cells = inside.group_by(kept.alias("unit_name"), "created_month").agg(pl.col("order_count").sum())
    counts = {
        (unit, month): count for unit, month, count in cells.select("unit_name", "created_month", "order_count").rows()
    }
    most = max(counts.values(), default=1)
    every = [moved(first, step) for step in range(between(first, newest) + 1)]
    head = "".join(f'<th class="num">{month:%y-%m}</th>' for month in every) + '<th class="num">合计</th>'
    rows = [*named, *([labels.OTHER] if totals.height > UNITS else [])]
    body = "".join(_heat_row(unit, [counts.get((unit, month), 0) for month in every], most) for unit in rows)
    return (
        f'<div class="ht-scroll"><table class="ht wide heat months"><thead><tr><th>承办单位</th>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )


def _heat_row(name: str, counts: Sequence[int], most: int) -> str:
    cells = "".join(_heat_cell(count, count / most) for count in counts)
    return f'<tr><td>{escape(name)}</td>{cells}<td class="num"><b>{labels.count(sum(counts))}</b></td></tr>'


def _heat_cell(count: int, depth: float) -> str:
    if not count:
        return "<td></td>"
    ink = "color:#fff;" if depth > DARK else ""
    return f'<td class="num" style="{ink}background:rgba(var(--heat),{0.85 * depth:.2f})">{labels.count(count)}</td>'


def practice(similar: pl.DataFrame, unit_id: str) -> str:
    """Units of similar volume with their solved rates and intervals; the one compared with is strong. Rows of `rated`."""

    def name(row: Row) -> str:
        text = escape(row["unit_name"])
        return f"<b>{text}</b>" if row["unit_id"] == unit_id else text

    def rate(row: Row) -> str:
        if row["resolution_rate"] is None:
            return '<span class="none">没有答复</span>'
        counts = f"{labels.count(row['resolved_count'])}/{labels.count(row['resolution_asked_count'])}"
        return f"{labels.rate(row['resolution_rate'])} <small>{counts}</small>"

    return html_table(
        similar,
        ("unit_name", "order_count", "resolution_rate", "interval"),
        {"unit_name": name, "resolution_rate": rate, "interval": lambda row: _interval(row, "resolution_rate")},
        {"resolution_rate": "解决率", "interval": INTERVAL},
    )


def recurrences(rows: pl.DataFrame, names: Sequence[str], overall: float | None) -> str:
    """Units or topics, `names` first, with how often what they solved was reported again; the dotted line is the rate over all."""

    def rate(row: Row) -> str:
        few = issue_recurrence.FEW if issue_recurrence.is_few(row) else ""
        return f"{labels.rate(row['recurrence_rate'])}<small>{few}</small>"

    return html_table(
        rows,
        (*names, *issue_recurrence.COUNTED, "interval"),
        {"recurrence_rate": rate, "interval": lambda row: _interval(row, "recurrence_rate", overall)},
        {"interval": INTERVAL},
    )


def _interval(row: Row, rate: str, overall: float | None = None) -> str:
    """A rate with its 95 % interval, drawn from 0 to 100 %."""
    if row[rate] is None:
        return labels.MISSING
    low, high = row[f"{rate}_low"], row[f"{rate}_high"]
    said = f"{labels.rate(low)}—{labels.rate(high)}"
    return rank_tables.interval((low, row[rate], high), (0.0, 1.0), said, overall)


def side_by_side(names: Sequence[str], lines: Sequence[Line]) -> str:
    """Issues beside each other, a line a measure; what stands out in a line is strong."""
    head = "".join(f'<th class="num">{escape(name)}</th>' for name in names)
    body = "".join(_line(line) for line in lines)
    return f'<div class="ht-scroll"><table class="ht"><thead><tr><th></th>{head}</tr></thead><tbody>{body}</tbody></table></div>'


def _line(line: Line) -> str:
    cells = "".join(
        f'<td class="num">{f"<b>{escape(value)}</b>" if place == line.leading else escape(value)}</td>'
        for place, value in enumerate(line.values)
    )
    return f'<tr><td title="{escape(line.meaning)}">{escape(line.name)}</td>{cells}</tr>'


def evidence(found: Sequence[Evidence]) -> str:
    """The measures behind the scores, each with what it is of."""
    names = ("score_name", "measure_name", "measure_value", "measure_of")
    frame = pl.DataFrame(list(found), schema=dict.fromkeys(names, pl.String), orient="row")
    return html_table(frame, names)


def windows(found: Sequence[Window]) -> str:
    """Before, after and last year: orders, solved rate with its fraction, recurrences."""
    frame = pl.DataFrame(
        {
            "window": [each.title for each in found],
            "span": [each.span for each in found],
            "order_count": [each.order_count for each in found],
            "resolution_rate": [_solved(each) for each in found],
            "recurrence_count": [each.recurrence_count for each in found],
        }
    )
    headings = {"window": "时段", "span": "月份", "resolution_rate": "解决率"}
    return html_table(frame, frame.columns, None, headings)


def _solved(window: Window) -> str:
    if window.resolution_rate is None:
        return "没有答复"
    return f"{labels.rate(window.resolution_rate)}（{window.resolved_count:,}/{window.resolution_asked_count:,}）"
