"""Ranking tables of one group of units as HTML: figures with their fractions and intervals, comparisons, both countings."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import polars as pl

from hotline12345.dashboard import labels
from hotline12345.dashboard.tables import Cell, Row, html_table

UNIT = "单位"
RATES = ("response", "resolution", "satisfaction")
Span = tuple[float, float]  # both ends of an axis
COMPARISONS = {"previous": "环比", "year_ago": "同比"}


@dataclass(frozen=True)
class Look:
    """What a table needs beyond its frame: the address of a unit's page if it has one, and the decimals of the rule's score."""

    link: Callable[[Row], str | None]
    decimals: int = 1

    def score(self, value: float | None) -> str:
        """A score as its rule prints it."""
        return labels.score(value, self.decimals)


def rank(row: Row) -> str:
    """`第 3（1–6）`: the rank and the range it may lie in; 不排位次 for a unit without one."""
    if row["score_rank"] is None:
        return "不排位次"
    return f"第 {row['score_rank']}（{row['rank_low']}–{row['rank_high']}）"


def no_rate(row: Row) -> str:
    """Why there is no figure: nobody was called back, or the rate does not apply to the unit."""
    return labels.NO_VALID if not row["valid"] else "不适用"


def fraction(numerator: float, denominator: int) -> str:
    """`26/32`, a numerator of parts with one decimal."""
    return f"{numerator:,.1f}".removesuffix(".0") + f"/{denominator:,}"


def ranking(scores: pl.DataFrame, summary: Row | None, look: Look) -> str:
    """The ranking table of one group: official rank and score where known, ours with range, rates, score, band.

    Units stand in their tiers (档); those without a valid callback come last and say so. `summary` is the row of
    mart_group_summary; it closes the table of a group that is ranked.
    """
    has_official = "official_rank" in scores.columns
    names = (
        "unit_name",
        *(("official_rank", "official_score") if has_official else ()),
        *("rank", "valid", "response_rate", "resolution_rate", "satisfaction_rate", "score"),
        *("band", "set_aside_share"),
    )
    span = _span(scores, "score", 5.0, 100.0)
    spans = {name: _span(scores, f"{name}_rate", 0.1, 1.0) for name in RATES}
    mean = summary["score"] if summary and scores["score_rank"].count() else None
    cells: dict[str, Cell] = {
        "rank": lambda row: f"<b>{rank(row)}</b>" if row["score_rank"] else f'<span class="none">{rank(row)}</span>',
        "unit_name": lambda row: _linked(row, look),
        "valid": lambda row: f"{row['valid']:,} / {row['received']:,}",
        **{f"{name}_rate": _rate_cell(name, spans[name]) for name in RATES},
        "score": lambda row: _score_with_interval(row, span, mean, look),
        "band": band,
        "set_aside_share": set_aside,
    }
    headings = {
        "unit_name": UNIT,
        "rank": "测算位次（范围）",
        "valid": "有效回访/受理",
        "score": "测算成绩" if has_official else "综合成绩",
        "band": "与同组均值相比",
        "set_aside_share": "剔除+挂账",
    }
    closing = _summary(summary, has_official, look) if summary and scores["score_rank"].count() else ""
    return _in_tiers(scores, names, cells, headings, closing)


def full_count(scores: pl.DataFrame, look: Look) -> str:
    """全口径: the figures as if no 剔除 and no 挂账 had been taken out; every heading says so. No ranks: rules do not rank them."""
    names = ("unit_name", "received", *(f"{name}_full_rate" for name in RATES), "score_full", "excluded", "suspended")
    cells: dict[str, Cell] = {
        "unit_name": lambda row: _linked(row, look),
        **{f"{name}_full_rate": _rate_cell(f"{name}_full", None) for name in RATES},
        "score_full": lambda row: f"<b>{look.score(row['score_full'])}</b>",
        "set_aside_share": set_aside,
    }
    headings = {f"{name}_full_rate": f"{labels.column(f'{name}_rate')}（全口径）" for name in RATES}
    headings |= {"unit_name": UNIT, "score_full": "综合成绩（全口径）", "set_aside_share": "剔除+挂账"}
    shown = scores.sort("score_full", "received", "unit_id", descending=[True, True, False], nulls_last=True)
    return html_table(shown, (*names, "set_aside_share"), cells, headings)


def compared(scores: pl.DataFrame, earlier: pl.DataFrame, look: Look) -> str:
    """Each figure with its change against what it may be compared with, — where there is nothing fair to compare.

    `earlier` has grain comparison, unit_id (`Reader.compared_scores`).
    """
    before = {(row["comparison"], row["unit_id"]): row for row in earlier.iter_rows(named=True)}
    figures = (*(f"{name}_rate" for name in RATES), "score")
    cells: dict[str, Cell] = {"unit_name": lambda row: _linked(row, look)}
    headings = {"unit_name": UNIT}
    for figure in figures:
        stem = figure.removesuffix("_rate")
        cells[figure] = _score_cell(look) if figure == "score" else _rate_cell(stem, None)
        for comparison, word in COMPARISONS.items():
            cells[f"{figure} {comparison}"] = _change_cell(figure, comparison, before)
            headings[f"{figure} {comparison}"] = word
    names = ("unit_name", *(name for figure in figures for name in (figure, *(f"{figure} {c}" for c in COMPARISONS))))
    return html_table(scores, names, cells, headings)


def change(figure: str, row: Row, other: Row | None) -> str:
    """`+1.2 个百分点`, `-0.3 分`; — where nothing is fair to compare."""
    if other is None:
        return labels.MISSING
    return (labels.score_change if figure == "score" else labels.points)(row[figure], other[figure])


def band(row: Row) -> str:
    """The band as a mark that does not rest on colour alone."""
    return f'<span class="band b{labels.BANDS.index(row["band"])}">{escape(row["band"])}</span>'


def set_aside(row: Row) -> str:
    """The share of 剔除 and 挂账 with its fraction."""
    if row["set_aside_share"] is None:
        return labels.MISSING
    return f"{labels.rate(row['set_aside_share'])}<small>{row['set_aside_count']:,}/{row['received']:,}</small>"


def interval(values: tuple[float, float, float], span: Span, said: str, mean: float | None) -> str:
    """A bar from the first value to the last with a dot at the second, on an axis; `said` is read aloud and shown on hovering, `mean` is a dotted line."""

    def at(value: float) -> float:
        return max(0.0, min(100.0, 100 * (value - span[0]) / (span[1] - span[0])))

    low, point, high = values
    line = "" if mean is None else f'<u style="left:{at(mean):.1f}%"></u>'
    return (
        f'<span class="ci" title="{escape(said)}">{line}'
        f'<i style="left:{at(low):.1f}%;width:{at(high) - at(low):.1f}%"></i><b style="left:{at(point):.1f}%"></b></span>'
    )


def _in_tiers(
    scores: pl.DataFrame, names: Sequence[str], cells: Mapping[str, Cell], headings: Mapping[str, str], closing: str
) -> str:
    """One table; a line before each tier says what the tier means."""
    ranked = scores.filter(pl.col("tier").is_not_null()).sort("tier", "score_rank", maintain_order=True)
    rest = scores.filter(pl.col("tier").is_null())
    tiers = ranked["tier"].to_list()
    before: dict[str, str] = {}
    for tier in sorted(set(tiers)):
        first = ranked.filter(pl.col("tier") == tier)
        before[first["unit_id"][0]] = _tier_line(tier, first.height, len(set(tiers)), len(names))
    if rest.height and tiers:
        said = "不排位次：没有有效回访、有效回访不足，或未登记"
        before[rest["unit_id"][0]] = f'<tr class="tier"><td colspan="{len(names)}">{said}</td></tr>'
    return html_table(pl.concat([ranked, rest]), names, cells, headings, before | {"": closing})


def _tier_line(tier: int, units: int, tiers: int, width: int) -> str:
    said = f"第 {tier} 档　{units} 个单位，档内各单位与本档第一个单位的差别都不显著，先后可能只是偶然"
    if tiers == 1:
        said = f"只有一档　{units} 个单位都不能与第一位明确区分，位次先后可能只是偶然"
    return f'<tr class="tier"><td colspan="{width}">{said}</td></tr>'


def _linked(row: Row, look: Look) -> str:
    name, address = escape(row["unit_name"]), look.link(row)
    return f'<a href="{escape(address)}" target="_self">{name}</a>' if address else name


def _rate_cell(stem: str, span: Span | None) -> Cell:
    def cell(row: Row) -> str:
        value = row[f"{stem}_rate"]
        if value is None:
            return f'<span class="none">{no_rate(row)}</span>'
        shown = f"{labels.rate(value)}<small>{fraction(row[f'{stem}_numerator'], row[f'{stem}_denominator'])}</small>"
        if span is None or row[f"{stem}_rate_low"] is None:
            return shown
        low, high = row[f"{stem}_rate_low"], row[f"{stem}_rate_high"]
        said = f"95% 区间 {labels.rate(low)}–{labels.rate(high)}"
        return shown + interval((low, value, high), span, said, None)

    return cell


def _score_cell(look: Look) -> Cell:
    return lambda row: f"<b>{look.score(row['score'])}</b>"


def _change_cell(figure: str, comparison: str, before: Mapping[tuple[str, str], Row]) -> Cell:
    def cell(row: Row) -> str:
        return change(figure, row, before.get((comparison, row["unit_id"]))).replace(" 个百分点", "").replace(" 分", "")

    return cell


def _score_with_interval(row: Row, span: Span, mean: float | None, look: Look) -> str:
    if row["score"] is None:
        return f'<span class="none">{no_rate(row)}</span>'
    shown = f"<b>{look.score(row['score'])}</b>"
    if row["score_low"] is None:
        return shown
    low, high = look.score(row["score_low"]), look.score(row["score_high"])
    said = f"95% 区间 {low}–{high} 分，虚线为汇总值"
    bar = interval((row["score_low"], row["score"], row["score_high"]), span, said, mean)
    return f"{shown}<small>{low}–{high}</small>{bar}"


def _span(scores: pl.DataFrame, name: str, step: float, top: float) -> Span:
    """The axis of an interval: from the lowest bound, rounded down to a multiple of `step`, to the top."""
    lowest: Any = scores[f"{name}_low"].min()
    return (min(top - step, step * ((lowest or 0.0) // step)), top)


def _summary(summary: Row, has_official: bool, look: Look) -> str:
    rates = [f'<td class="num">{labels.rate(summary[f"{name}_rate"])}{_pooled(summary, name)}</td>' for name in RATES]
    title = escape(f"汇总（{labels.summary_method(summary['summary_method'])}）")
    width = 4 if has_official else 2
    valid = f'<td class="num">{summary["valid"]:,} / {summary["received"]:,}</td>'
    score = f'<td class="num">{look.score(summary["score"])}</td>'
    return f'<tr class="sum"><td colspan="{width}">{title}</td>{valid}{"".join(rates)}{score}<td></td><td></td></tr>'


def _pooled(summary: Row, name: str) -> str:
    """The fraction of all orders together; with a mean of units it says that it is not what the rate is made of."""
    told = fraction(summary[f"{name}_numerator"], summary[f"{name}_denominator"])
    if summary["summary_method"] == "pooled":
        return f"<small>{told}</small>"
    pooled = labels.rate(summary[f"{name}_rate_pooled"])
    return f'<small title="合并计算为 {pooled}">{told}</small>'
