"""Tables as HTML: frame in, markup out. Numbers stand right, everything is escaped, and it prints as it looks."""

from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import Any

import polars as pl

from hotline12345.dashboard import labels
from hotline12345.sql.dictionary import columns, label

Row = Mapping[str, Any]
Cell = Callable[[Row], str]
NUMBERS = {"integer", "rate", "score", "number"}
FRACTIONS = {name: name.removesuffix("_rate") for name in ("response_rate", "resolution_rate", "satisfaction_rate")}


def html_table(
    frame: pl.DataFrame,
    names: Sequence[str],
    cells: Mapping[str, Cell] | None = None,
    headings: Mapping[str, str] | None = None,
    last: str = "",
) -> str:
    """A table of the columns `names`; `cells` draws a column its own way, `headings` replaces a dictionary label.

    `last` is ready markup for a closing row. An unknown column without a heading is a KeyError.
    """
    cells, headings = cells or {}, headings or {}
    align = {name: _align(name, frame) for name in names}
    head = "".join(
        f"<th{align[name]}{_meaning(name)}>{escape(headings.get(name) or label(name))}</th>" for name in names
    )
    body = "".join(_row(row, align, cells) for row in frame.iter_rows(named=True))
    return f'<div class="ht-scroll"><table class="ht"><thead><tr>{head}</tr></thead><tbody>{body}{last}</tbody></table></div>'


def _row(row: Row, align: Mapping[str, str], cells: Mapping[str, Cell]) -> str:
    drawn = {name: cells[name](row) if name in cells else escape(labels.shown(name, row[name])) for name in align}
    return "<tr>" + "".join(f"<td{align[name]}>{cell}</td>" for name, cell in drawn.items()) + "</tr>"


def _align(name: str, frame: pl.DataFrame) -> str:
    """Numbers stand right; what only a cell draws is taken for a number."""
    if name in columns():
        is_number = columns()[name].type in NUMBERS
    else:
        is_number = name not in frame.columns or frame.schema[name].is_numeric()
    return ' class="num"' if is_number else ""


def _meaning(name: str) -> str:
    return f' title="{escape(columns()[name].meaning)}"' if name in columns() else ""


def ranking(scores: pl.DataFrame, summary: Row | None) -> str:
    """The ranking table of one group of units: counts, rates with their fractions, score with interval, band.

    Units without a valid callback come last, without a rank, and say so. `summary` is the row of mart_group_summary; it
    closes the table of a group that is ranked.
    """
    names = (
        *("score_rank", "unit_name", "received", "valid", "response_rate", "resolution_rate"),
        *("satisfaction_rate", "score", "interval", "band"),
    )
    span = _span(scores)
    mean = summary["score"] if summary and scores["score_rank"].count() else None
    cells: dict[str, Cell] = {
        **{name: _fraction_cell(name) for name in FRACTIONS},
        "score": lambda row: f"<b>{labels.score(row['score'])}</b>",
        "interval": lambda row: _interval(row, span, mean),
        "band": lambda row: f'<span class="band b{labels.BANDS.index(row["band"])}">{escape(row["band"])}</span>',
    }
    heading = f"95% 区间 {span[0]:.0f}–{span[1]:.0f} 分"
    closing = _summary(summary) if summary and scores["score_rank"].count() else ""
    return html_table(scores, names, cells, {"interval": heading}, closing)


def _fraction_cell(name: str) -> Cell:
    stem = FRACTIONS[name]

    def cell(row: Row) -> str:
        if row[name] is None:
            return labels.MISSING
        numerator, denominator = row[f"{stem}_numerator"], row[f"{stem}_denominator"]
        return f"{labels.rate(row[name])}<small>{numerator:,.1f}".removesuffix(".0") + f"/{denominator:,}</small>"

    return cell


def _summary(summary: Row) -> str:
    figures = [labels.count(summary["received"]), labels.count(summary["valid"])]
    rates = [f"{labels.rate(summary[name])}<small></small>" for name in FRACTIONS]
    cells = "".join(f'<td class="num">{cell}</td>' for cell in (*figures, *rates, labels.score(summary["score"])))
    title = escape(f"汇总（{labels.summary_method(summary['summary_method'])}）")
    return f'<tr class="sum"><td class="num"></td><td>{title}</td>{cells}<td></td><td></td></tr>'


def _span(scores: pl.DataFrame) -> tuple[float, float]:
    """The axis of the interval column: from the lowest bound, rounded down to a multiple of 5, to 100."""
    lows = scores.filter(pl.col("score").is_not_null())["score_low"]
    lowest = min(lows.to_list(), default=0.0)
    return min(95.0, 5.0 * (lowest // 5)), 100.0


def _interval(row: Row, span: tuple[float, float], mean: float | None) -> str:
    if row["score"] is None:
        return f'<span class="none">{labels.NO_VALID}</span>'

    def at(value: float) -> float:
        return max(0.0, min(100.0, 100 * (value - span[0]) / (span[1] - span[0])))

    low, high, point = at(row["score_low"]), at(row["score_high"]), at(row["score"])
    line = "" if mean is None else f'<u style="left:{at(mean):.1f}%"></u>'
    said = f"{labels.score(row['score_low'])}–{labels.score(row['score_high'])} 分"
    return (
        f'<span class="ci" title="95% 区间 {said}，竖线为汇总值">{line}<i style="left:{low:.1f}%;width:{high - low:.1f}%"></i>'
        f'<b style="left:{point:.1f}%"></b></span>'
    )


def facts(pairs: Sequence[tuple[str, str]]) -> str:
    """Names and values side by side, values escaped; for the head of a detail page."""
    items = "".join(f"<div><dt>{escape(name)}</dt><dd>{escape(value)}</dd></div>" for name, value in pairs)
    return f'<dl class="facts">{items}</dl>'


def bar(share: float) -> str:
    """A small horizontal bar for a share 0–1, to stand before its number."""
    return f'<span class="bar"><i style="width:{100 * max(0.0, min(1.0, share)):.0f}%"></i></span>'
