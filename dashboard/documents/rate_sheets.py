"""打印: the district at a glance, the three rates of all units or of one, on a page. Pure: frames in, .docx bytes out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import zip_longest
from typing import Any

import polars as pl
from docx.document import Document

from hotline12345.dashboard import labels, rank_tables
from hotline12345.dashboard.documents import official_styles as styles
from hotline12345.dashboard.documents.official import Grid, add, add_table, content, new_document
from hotline12345.dashboard.lost_tables import GRID
from hotline12345.sql.lost_reads import LostBy

Row = Mapping[str, Any]
_COUNTS = ("received", "valid", "contacted", "resolved", "satisfied", "basically_satisfied")
_RATES = tuple(f"{name}_rate" for name in rank_tables.RATES)
_HEAD = ("位次", "单位", "受理", "有效回访", "联系", "解决", "满意", "基本满意", "响应率", "解决率", "满意率", "成绩")
_WIDTHS = (8, 26, 11, 14, 11, 11, 11, 14, 13, 13, 13, 11)
_PLACES: Mapping[LostBy, str] = {"topic_name": "诉求分类", "community": "社区（村）"}
_TOP = 5
_PAGE_LINES = 32  # units and headings that a page holds below its title


@dataclass(frozen=True)
class Printed:
    """What every printed page says besides its figures.

    Attributes:
        title: of the page.
        subtitle: days of the period.
        ground: rule, period, cut-off, disclaimer: the lines of the pages' foot-note.
        published_at: written down as the document's date; the same content gives the same bytes.
        decimals: of the rule's score.
        is_simulated: whether the data are invented.
    """

    title: str
    subtitle: str
    ground: Sequence[str]
    published_at: datetime
    decimals: int
    is_simulated: bool


def rates_sheet(page: Printed, scores: pl.DataFrame, summary: pl.DataFrame) -> bytes:
    """Every unit with counts, rates and score, a table for each group of units with its 汇总 line.

    One page where all units fit on it, else one page a group.

    Args:
        page: what it says besides.
        scores: units in the order to print, grain unit_id (`Reader.unit_scores`); a unit without rates says why.
        summary: grain unit_group (`Reader.group_summary`).
    """
    made = opened(page)
    closing = {row["unit_group"]: row for row in summary.iter_rows(named=True)}
    groups = scores["unit_group"].unique(maintain_order=True).to_list()
    is_long = scores.height + 3 * len(groups) > _PAGE_LINES
    for group in groups:
        units = list(scores.filter(pl.col("unit_group") == group).iter_rows(named=True))
        rows = [_unit_line(row, page.decimals) for row in units]
        if group in closing and any(row["score_rank"] is not None for row in units):
            rows.append(_summary_line(closing[group], page.decimals))
        add(made, str(group), styles.HEADINGS[2], new_page=is_long and group != groups[0])
        numeric = frozenset(range(2, len(_HEAD)))
        add_table(made, Grid(_HEAD, rows, _WIDTHS, numeric=numeric, style=styles.SMALL_CELL))
    return closed(made, page)


def unit_sheet(
    page: Printed, row: Row, earlier: Mapping[str, Row], standing: str, lost: Mapping[LostBy, pl.DataFrame]
) -> bytes:
    """One unit: its rates with intervals and changes, the four kinds of answers, and where its points are lost.

    Args:
        page: what it says besides.
        row: of `Reader.unit_scores`.
        earlier: by comparison (previous, year_ago), what it may be compared with.
        standing: rank and range in words.
        lost: by grouping (`Reader.lost_summary`).
    """
    made = opened(page)
    add(made, f"综合成绩 {labels.score(row['score'], page.decimals)}，{standing}；{row['band']}。", styles.HEADINGS[2])
    head = ("指标", "数值", "分子/分母", "95% 区间", *rank_tables.COMPARISONS.values())
    rates = [_rate_line(name, row, earlier) for name in rank_tables.RATES]
    rates.append(_score_line(row, earlier, page.decimals))
    numeric = frozenset(range(1, len(head)))
    add_table(made, Grid(head, rates, (24, 20, 26, 38, 24, 24), numeric=numeric))
    if row["score"] is not None:
        _lost(made, lost)
    return closed(made, page)


def overview_sheet(page: Printed, summary: pl.DataFrame, moved: pl.DataFrame, issues: pl.DataFrame) -> bytes:
    """The district at a glance: each group of units, the topics that moved most, the first of the recurring issues.

    Args:
        page: what it says besides.
        summary: grain unit_group, in the order to print (`Reader.group_summary`); empty where there are no rates.
        moved: grain topic_code (`comparisons.movers`).
        issues: grain issue_id, the first of the ranking.
    """
    made = opened(page)
    if summary.height:
        add(made, "三率（按单位类别）", styles.HEADINGS[2])
        groups = ("单位类别", "受理", "有效回访", "响应率", "解决率", "满意率", "综合成绩")
        rows = [_group_line(row, page.decimals) for row in summary.iter_rows(named=True)]
        add_table(made, Grid(groups, rows, (36, 20, 20, 20, 20, 20, 20), numeric=frozenset(range(1, len(groups)))))
    add(made, "变化最大的分类（件，按整日）", styles.HEADINGS[2])
    head = ("诉求分类", "本期", "上期同日", "环比", "去年同期", "同比")
    rows = [_moved_line(row) for row in moved.iter_rows(named=True)]
    add_table(made, Grid(head, rows, (46, 22, 22, 22, 22, 22), numeric=frozenset(range(1, len(head)))))
    if issues.height:
        add(made, "反复出现的问题（每月一题候选，按得分）", styles.HEADINGS[2])
        rows = [_issue_line(row) for row in issues.iter_rows(named=True)]
        add_table(
            made, Grid(("名次", "问题", "诉求人数", "诉求量"), rows, (18, 90, 24, 24), numeric=frozenset({0, 2, 3}))
        )
    return closed(made, page)


def opened(page: Printed) -> Document:
    """A document that begins with the page's title and period."""
    made = new_document(page.title, page.published_at)
    add(made, page.title, styles.TITLE)
    add(made, f"（{page.subtitle}）", styles.SUBTITLE)
    if page.is_simulated:
        add(made, labels.SIMULATED, styles.NOTE)
    return made


def closed(made: Document, page: Printed) -> bytes:
    """The document as a file; it ends with what its figures stand on."""
    for line in page.ground:
        if line != labels.SIMULATED:
            add(made, line, styles.NOTE)
    return content(made)


def _unit_line(row: Row, decimals: int) -> tuple[str, ...]:
    rank = labels.MISSING if row["score_rank"] is None else str(row["score_rank"])
    counts = [labels.count(row[name]) for name in _COUNTS]
    rates = [labels.rate(row[name]) for name in _RATES]
    return (rank, row["unit_name"], *counts, *rates, labels.score(row["score"], decimals))


def _summary_line(row: Row, decimals: int) -> tuple[str, ...]:
    counts = [labels.count(row[name]) for name in _COUNTS]
    rates = [labels.rate(row[name]) for name in _RATES]
    return ("", "汇总", *counts, *rates, labels.score(row["score"], decimals))


def _group_line(row: Row, decimals: int) -> tuple[str, ...]:
    rates = [labels.rate(row[name]) for name in _RATES]
    counts = [labels.count(row[name]) for name in ("received", "valid")]
    return (row["unit_group"], *counts, *rates, labels.score(row["score"], decimals))


def _moved_line(row: Row) -> tuple[str, ...]:
    changes = [(labels.count(row[name]), labels.change(row["now"], row[name])) for name in ("before", "year_ago")]
    return (row["topic_name"], labels.count(row["now"]), *(text for change in changes for text in change))


def _issue_line(row: Row) -> tuple[str, ...]:
    counts = [labels.count(row[name]) for name in ("people_count", "order_count")]
    return (labels.count(row["issue_rank"]), row["issue_name"], *counts)


def _rate_line(name: str, row: Row, earlier: Mapping[str, Row]) -> tuple[str, ...]:
    figure = f"{name}_rate"
    if row[figure] is None:
        return (labels.column(figure), rank_tables.no_rate(row), *[labels.MISSING] * 4)
    told = rank_tables.fraction(row[f"{name}_numerator"], row[f"{name}_denominator"])
    between = f"{labels.rate(row[f'{figure}_low'])}–{labels.rate(row[f'{figure}_high'])}"
    return (labels.column(figure), labels.rate(row[figure]), told, between, *_changes(figure, row, earlier))


def _score_line(row: Row, earlier: Mapping[str, Row], decimals: int) -> tuple[str, ...]:
    if row["score"] is None:
        return (labels.column("score"), rank_tables.no_rate(row), *[labels.MISSING] * 4)
    low, high = (labels.score(row[f"score_{end}"], decimals) for end in ("low", "high"))
    shown = labels.score(row["score"], decimals)
    return (labels.column("score"), shown, labels.MISSING, f"{low}–{high}", *_changes("score", row, earlier))


def _changes(figure: str, row: Row, earlier: Mapping[str, Row]) -> list[str]:
    return [rank_tables.change(figure, row, earlier.get(name)) for name in rank_tables.COMPARISONS]


def _lost(made: Document, lost: Mapping[LostBy, pl.DataFrame]) -> None:
    add(made, "四种答复中的失分工单", styles.HEADINGS[2])
    found = {row["answer_cell"]: row for row in lost["answer_cell"].iter_rows(named=True)}
    head = ("答复", "件数", "失分")
    rows = [_lost_line(cell, found.get(cell)) for line in GRID for cell in line]
    add_table(made, Grid(head, rows, (76, 40, 40), numeric=frozenset({1, 2})))
    add(made, "失分最多的地方", styles.HEADINGS[2])
    columns = [_most_lost(lost[name], name) for name in _PLACES]
    lines = [tuple(text for cells in line for text in cells) for line in zip_longest(*columns, fillvalue=("", "", ""))]
    titles = [text for title in _PLACES.values() for text in (title, *head[1:])]
    if lines:
        add_table(made, Grid(titles, lines, (42, 16, 20) * len(_PLACES), numeric=frozenset({1, 2, 4, 5})))
    else:
        add(made, "没有失分工单。", styles.CELL)


def _most_lost(summary: pl.DataFrame, name: str) -> list[tuple[str, str, str]]:
    shown = summary.filter(pl.col("lost_score") > 0).head(_TOP)
    return [_lost_line(row[name] or "（未填）", row) for row in shown.iter_rows(named=True)]


def _lost_line(name: str, row: Row | None) -> tuple[str, str, str]:
    if row is None:
        return (name, "0", labels.MISSING)
    return (name, labels.count(row["lost_count"]), str(labels.round_half_up(row["lost_score"], 2)))
