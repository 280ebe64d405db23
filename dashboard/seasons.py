"""The season calendar: what comes back every year, beside what the months of the data say. Pure: frames in, markup out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape
from typing import Any

import polars as pl

from hotline12345.dashboard import labels
from hotline12345.dashboard.months import Coverage, between, is_season, moved
from hotline12345.sql.seasons import SEASON_STATUSES

MONTHS = range(1, 13)
STRONG = 0.85  # depth of the colour of a month that holds twice the row's mean, or more
DARK = 0.8  # of it, from which a number is white
LEVELS = ("topic_code", "topic_level2_code", "topic_level3_code")


@dataclass(frozen=True)
class CalendarRow:
    """One row of the calendar.

    Attributes:
        name: a season, or a topic.
        note: days, status and source of a season; empty for a topic.
        means: orders a month, January first; None where the data have no whole month of that name that may stand for it.
        inside: whether the season has a day in the month.
    """

    name: str
    note: str
    means: tuple[float | None, ...]
    inside: tuple[bool, ...]


def season_rows(seasons: pl.DataFrame, months: pl.DataFrame, covered: Coverage, day: date) -> list[CalendarRow]:
    """The seasons in force on a day with the orders of their topics.

    Args:
        seasons: rows of `Reader.seasons`.
        months: rows of `Reader.topic_calendar`.
        covered: the whole months of the data.
        day: which seasons are in force is judged on it.
    """
    rows = [row for row in seasons.iter_rows(named=True) if _in_force(row, day)]
    return [
        CalendarRow(row["season_name"], _note(row), _means(_of_season(months, row), covered), _months_of(row))
        for row in rows
    ]


def topic_rows(months: pl.DataFrame, names: Mapping[str, str], covered: Coverage, limit: int) -> list[CalendarRow]:
    """The largest level-1 topics; `names` by code."""
    totals = months.filter(pl.col("topic_code") != labels.UNCLASSIFIED).group_by("topic_code")
    largest = totals.agg(pl.col("order_count").sum()).sort("order_count", "topic_code", descending=[True, False])
    nothing = (False,) * len(MONTHS)
    return [
        CalendarRow(names.get(code, code), "", _means(months.filter(pl.col("topic_code") == code), covered), nothing)
        for code in largest["topic_code"].head(limit)
    ]


def baseline(covered: Coverage) -> list[date]:
    """The whole months that may stand for their season; none of an epidemic year."""
    every = [moved(covered.first, step) for step in range(between(covered.first, covered.last) + 1)]
    return [month for month in every if is_season(month, 1)]


def markup(rows: Sequence[CalendarRow], heading: str) -> str:
    """The calendar as a table: a month's colour is how far it lies above the row's mean, months of the season have a frame."""
    head = "".join(f'<th class="num">{month}月</th>' for month in MONTHS)
    body = "".join(_row(row) for row in rows)
    return (
        f'<div class="ht-scroll"><table class="ht wide heat months"><thead><tr><th>{escape(heading)}</th>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )


def _row(row: CalendarRow) -> str:
    known = [mean for mean in row.means if mean is not None]
    usual = sum(known) / len(known) if known else 0.0
    cells = "".join(_cell(mean, usual, inside) for mean, inside in zip(row.means, row.inside, strict=True))
    return f'<tr><td title="{escape(row.note)}">{escape(row.name)}</td>{cells}</tr>'


def _cell(mean: float | None, usual: float, inside: bool) -> str:
    kind = "num in" if inside else "num"
    if mean is None:
        return f'<td class="{kind} none">{labels.MISSING}</td>'
    above = min(1.0, max(0.0, mean / usual - 1)) if usual else 0.0
    ink = "color:#fff;" if above > DARK else ""
    return (
        f'<td class="{kind}" style="{ink}background:rgba(var(--heat),{STRONG * above:.2f})">{labels.count(mean)}</td>'
    )


def _in_force(row: Mapping[str, Any], day: date) -> bool:
    return (row["valid_from"] or date.min) <= day < (row["valid_to"] or date.max)


def _note(row: Mapping[str, Any]) -> str:
    status = SEASON_STATUSES[row["season_status"]]
    return f"{row['season_start_day']} 至 {row['season_end_day']}（{status}）：{row['season_source']}"


def _months_of(row: Mapping[str, Any]) -> tuple[bool, ...]:
    first, last = (int(row[name][:2]) for name in ("season_start_day", "season_end_day"))
    over_new_year = row["season_end_day"] < row["season_start_day"]
    return tuple((month >= first or month <= last) if over_new_year else first <= month <= last for month in MONTHS)


def _of_season(months: pl.DataFrame, row: Mapping[str, Any]) -> pl.DataFrame:
    codes = (row["season_topic_codes"] or "").split("、")
    return months.filter(pl.any_horizontal(pl.col(level).is_in(codes) for level in LEVELS))


def _means(months: pl.DataFrame, covered: Coverage) -> tuple[float | None, ...]:
    """The mean of each calendar month over its whole months; a month without orders counts 0."""
    counts = dict(months.group_by("created_month").agg(pl.col("order_count").sum()).iter_rows())
    found: dict[int, list[int]] = {}
    for month in baseline(covered):
        found.setdefault(month.month, []).append(counts.get(month, 0))
    return tuple(sum(found[month]) / len(found[month]) if month in found else None for month in MONTHS)
