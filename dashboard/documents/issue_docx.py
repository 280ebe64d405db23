"""The evidence pack of 每月一题 as an official document: ranking, a page a candidate, plans, agenda and minutes."""

from collections.abc import Sequence
from datetime import date

import polars as pl
from docx.document import Document

from hotline12345.dashboard import charts, labels
from hotline12345.dashboard.documents import chart_images, meeting_drafts
from hotline12345.dashboard.documents import official_styles as styles
from hotline12345.dashboard.documents.issue_briefs import briefs
from hotline12345.dashboard.documents.issue_content import SCORES, Candidate, PackContent
from hotline12345.dashboard.documents.official import (
    Grid,
    add,
    add_picture,
    add_table,
    chinese_number,
    content,
    new_document,
)
from hotline12345.dashboard.issue_deciding import LEAD

_CHART_WIDTH, _CHART_HEIGHT = 620, 90  # pixels of the chart's own scale
_TREND_MONTHS, _HEAT_MONTHS, _HEAT_UNITS = 24, 12, 5
_EXAMPLE_LENGTH = 50  # characters: with its head two lines, so that a candidate fits on its page
_DEEPEST = (11, 79, 133)  # colour of the largest cell of a heat table


def document(pack: PackContent) -> bytes:
    """The pack as .docx; the same content gives the same bytes."""
    made = new_document(pack.title, pack.published_at)
    add(made, pack.title, styles.TITLE)
    add(made, f"（供专题会研究；{labels.DISCLAIMER}）", styles.SUBTITLE)
    if pack.is_simulated:
        add(made, labels.SIMULATED, styles.SUBTITLE)
    _ranking(made, pack)
    for number, candidate in enumerate(pack.candidates, start=1):
        if number == 1:
            add(made, "二、候选问题情况", styles.HEADINGS[0], new_page=True)
        _candidate(made, pack, candidate, number)
    meeting_drafts.plans(made, pack)
    meeting_drafts.agenda(made, pack)
    meeting_drafts.minutes(made, pack)
    add(made, "六、口径说明", styles.HEADINGS[0], new_page=True)
    for place, line in enumerate(pack.definition, start=1):
        add(made, f"{place}.{line}", styles.CELL)
    return content(made)


def _ranking(made: Document, pack: PackContent) -> None:
    kinds = [str(candidate.issue["issue_grain"]) for candidate in pack.candidates]
    counted = "、".join(f"{kind} {kinds.count(kind)} 个" for kind in labels.GRAINS if kind in kinds)
    add(
        made,
        f"根据{pack.span}的工单，梳理出候选问题 {len(kinds)} 个（{counted}），现将排名、证据和建议提交会议研究。"
        "排名按四项得分测算，权重为建议值；是否列入每月一题，由会议决定。",
    )
    add(made, "一、候选问题排名", styles.HEADINGS[0])
    head = (
        "名次",
        "问题",
        "类型",
        "诉求人数",
        "诉求量",
        *SCORES.values(),
        "稳定性",
    )
    rows = [
        (
            labels.count(candidate.issue["issue_rank"]),
            candidate.name,
            str(candidate.issue["issue_grain"]),
            labels.count(candidate.issue["people_count"]),
            labels.count(candidate.issue["order_count"]),
            *(labels.score(candidate.issue[name]) for name in SCORES),
            labels.rate(candidate.issue["top_share"]),
        )
        for candidate in pack.candidates
    ]
    widths = (10, 34, 17, 14, 13, 11, 11, 11, 11, 11, 13)
    add_table(made, Grid(head, rows, widths, numeric=frozenset({0, *range(3, 11)}), style=styles.SMALL_CELL))
    add(made, f"稳定性：权重变动时仍列在前面的比例。{pack.weights}{pack.basis()}", styles.NOTE)


def _candidate(made: Document, pack: PackContent, candidate: Candidate, number: int) -> None:
    name = f"（{chinese_number(number)}）{candidate.name}（{candidate.issue['issue_grain']}）"
    add(made, name, styles.HEADINGS[1], new_page=number > 1)
    add(made, f"得分和依据（总分 {labels.score(candidate.issue['issue_score'])}）", styles.HEADINGS[2])
    add_table(made, _evidence(candidate))
    _trend(made, candidate, pack.months(_TREND_MONTHS))
    months = pack.months(_HEAT_MONTHS)
    span = f"{labels.month(months[0])}至{labels.month(months[-1])}"
    add(made, f"各单位诉求量（件）：{span}；合计、解决为全部月份", styles.HEADINGS[2])
    add_table(made, _heat(candidate, months))
    add(made, "典型工单（已脱敏）", styles.HEADINGS[2])
    for row in candidate.examples.iter_rows(named=True):
        where = "　".join(part for part in (row["place_town"], row["community"]) if part)
        head = f"{row['created_at']:%Y-%m-%d}　{where}（承办：{row['unit_name']}）"
        add(made, f"{head}{_short(row['text'])}", styles.CELL)
    if candidate.examples.is_empty():
        add(made, "没有可以列出的典型工单。", styles.CELL)
    history = f"以往情况：{'；'.join(candidate.history)}。" if candidate.history else ""
    add(made, f"{candidate.missing_note}{history}{LEAD}：{candidate.lead}。{pack.basis()}", styles.NOTE)


def _evidence(candidate: Candidate) -> Grid:
    rows = [(SCORES[name], labels.score(candidate.issue[name]), told) for name, told in briefs(candidate.issue).items()]
    return Grid(("方面", "得分", "依据"), rows, (14, 14, 128), numeric=frozenset({1}))


def _trend(made: Document, candidate: Candidate, months: Sequence[date]) -> None:
    """Bars of the same months for all candidates."""
    add(made, f"近 {len(months)} 个月诉求量（件），按承办单位", styles.HEADINGS[2])
    ends = pl.DataFrame({"created_month": [months[0], months[-1]]}).with_columns(
        pl.lit(candidate.units["unit_name"][0]).alias("unit_name"), pl.lit(0, pl.Int64).alias("order_count")
    )
    shown = candidate.months.filter(pl.col("created_month") >= months[0]).select(ends.columns)
    picture = chart_images.png(charts.monthly_bars(pl.concat([shown, ends]), "unit_name", _CHART_HEIGHT), _CHART_WIDTH)
    if picture is None:
        add(made, chart_images.NO_FONT, styles.NOTE)
    else:
        add_picture(made, picture, f"{candidate.name}逐月诉求量柱形图，按承办单位")


def _heat(candidate: Candidate, months: Sequence[date]) -> Grid:
    """Unit × month, the largest cell darkest; the totals are of all months, not only of those shown."""
    units = candidate.units.head(_HEAT_UNITS)
    named = candidate.months.with_columns(
        pl.when(pl.col("unit_name").is_in(units["unit_name"].to_list()))
        .then("unit_name")
        .otherwise(pl.lit(labels.OTHER))
    )
    cells = {
        (unit, month): count
        for unit, month, count in named.group_by("unit_name", "created_month").agg(pl.col("order_count").sum()).rows()
    }
    lines = [(row["unit_name"], row) for row in units.iter_rows(named=True)]
    if rest := candidate.units.height - units.height:
        lines.append((labels.OTHER, candidate.units.tail(rest).sum().row(0, named=True)))
    most = max((cells.get((name, month), 0) for name, _ in lines for month in months), default=0) or 1
    rows: list[tuple[str, ...]] = []
    fills: dict[tuple[int, int], str] = {}
    for line, (name, unit) in enumerate(lines):
        counts = [cells.get((name, month), 0) for month in months]
        fills |= {(line, place): _tint(count / most) for place, count in enumerate(counts, start=1) if count}
        solved = f"{labels.count(unit['resolved_count'])}/{labels.count(unit['resolution_asked_count'])}"
        rows.append((name, *(str(count or "") for count in counts), labels.count(unit["order_count"]), solved))
    head = ("承办单位", *(f"{month.month}月" for month in months), "合计", "解决/答复")
    month_width = 105 / len(months)
    return Grid(head, rows, (24, *[month_width] * len(months), 11, 16), fills=fills, style=styles.SMALL_CELL)


def _tint(depth: float) -> str:
    """A colour between white and half of the deepest; a black number stays readable on it."""
    return "".join(f"{round(255 - (255 - value) * 0.6 * depth):02X}" for value in _DEEPEST)


def _short(text: str | None) -> str:
    flat = " ".join((text or "没有导入文本").split())
    return flat if len(flat) <= _EXAMPLE_LENGTH else f"{flat[:_EXAMPLE_LENGTH]}…"
