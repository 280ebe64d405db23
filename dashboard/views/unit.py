"""One unit: its rates in the period with interval and change, and what lies behind them, section by section."""

from collections.abc import Callable
from typing import Any

import polars as pl
import streamlit as st

from hotline12345.dashboard import components, labels, rank_tables, rate_data
from hotline12345.dashboard.bridges import SCORE
from hotline12345.dashboard.views import (
    unit_bridge,
    unit_distance,
    unit_lost,
    unit_time,
    unit_trend,
    unit_what_if,
    volumes,
)
from hotline12345.dashboard.views.scope import Scope, heading, unit_picker

SECTION = "section"
BRIDGE = "为什么变了"
SECTIONS: dict[str, Callable[[Scope, dict[str, Any]], None]] = {
    "失分工单": unit_lost.render,
    BRIDGE: unit_bridge.render,
    "差距": unit_distance.render,
    "测算": unit_what_if.render,
    "走势": unit_trend.render,
    "时限与诉求比": unit_time.render,
}
ON_TIME = "on_time"


def render(scope: Scope) -> None:
    """The page."""
    if not scope.period or not scope.has_rates:
        volumes.render(scope)
        return
    scores = scope.own_scores
    heading(scope, "单位", _lead(scope))
    picker, section = st.columns([1, 3.4], vertical_alignment="bottom")
    with picker:
        unit_id = unit_picker(scores, "单位", "选一个单位")
    if not unit_id:
        components.empty("请在上面选一个单位，或在“三率”页点单位名称。")
        return
    mine = scores.filter(pl.col("unit_id") == unit_id)
    if mine.is_empty():
        components.empty("这一期没有该单位。请换一个考核周期或单位。")
        return
    row = mine.row(0, named=True)
    with section:
        chosen = st.segmented_control(
            "看什么",
            list(SECTIONS),
            default="失分工单",
            required=True,
            key=SECTION,
            bind="query-params",
            label_visibility="collapsed",
            wrap=True,
        )
    with st.container(key="cards"):
        _cards(scope, row)
    SECTIONS[str(chosen)](scope, row)


def _lead(scope: Scope) -> str:
    dates = labels.span(scope.period["start_at"], scope.period["end_at"])
    return f"{dates}，{labels.state(scope.period, scope.reasons)}"


def _cards(scope: Scope, row: dict[str, Any]) -> None:
    earlier = rate_data.compared_scores(scope.viewer, scope.snapshot, scope.rule_id, scope.period_id)
    others = {
        other["comparison"]: other
        for other in earlier.filter(pl.col("unit_id") == row["unit_id"]).iter_rows(named=True)
    }
    stems = [*rank_tables.RATES, *([ON_TIME] if _scores_on_time(scope) else [])]
    name, *rates = st.columns([1.35, *[1] * len(stems)])
    with name:
        _score_card(scope, row, others)
    for column, stem in zip(rates, stems, strict=True):
        with column:
            _rate_card(row, stem, others)


def _scores_on_time(scope: Scope) -> bool:
    return bool(scope.rule_text.weights["on_time"] or "on_time" in scope.rule_text.deductions)


def _score_card(scope: Scope, row: dict[str, Any], others: dict[str, dict[str, Any]]) -> None:
    decimals = scope.rule["score_decimals"]
    title = f"{row['unit_name']} · {labels.column('score')}"
    value = rank_tables.no_rate(row) if row["score"] is None else labels.score(row["score"], decimals)
    _metric(title, value, standing(row), f"{row['band']}。位次只在同类单位内排；括号内为位次范围。")
    lines = []
    if row["score_low"] is not None:
        low, high = (labels.score(row[f"score_{end}"], decimals) for end in ("low", "high"))
        lines.append(f"95% 区间 {low}–{high} 分，{row['band']}")
    lines += _official(scope, row["unit_id"])
    lines += _changes("score", row, others)
    _below(lines, SCORE)


def _official(scope: Scope, unit_id: str) -> list[str]:
    """The official rank and score in words, where a table was loaded."""
    found = scope.official.filter(pl.col("unit_id") == unit_id)
    if found.is_empty():
        return []
    row = found.row(0, named=True)
    rank = f"第 {row['official_rank']}" if row["official_rank"] else "位次未公布"
    return [f"正式：{rank}，{labels.score(row['official_score'])} 分；上面为测算"]


def standing(row: dict[str, Any]) -> str:
    """Rank among its peers with its range; units that are not ranked say so."""
    if row["score"] is None:
        return "不排位次"
    if row["score_rank"] is None:
        return "未登记或有效回访不足，不排位次"
    return f"{row['unit_group']}{rank_tables.rank(row)}，共 {row['ranked_units']} 个"


def _rate_card(row: dict[str, Any], stem: str, others: dict[str, dict[str, Any]]) -> None:
    value = row[f"{stem}_rate"]
    told = rank_tables.no_rate(row)
    lines = []
    if value is not None:
        told = rank_tables.fraction(row[f"{stem}_numerator"], row[f"{stem}_denominator"]).replace("/", " / ")
        low, high = row[f"{stem}_rate_low"], row[f"{stem}_rate_high"]
        lines.append(f"95% 区间 {labels.rate(low)}–{labels.rate(high)}")
        if stem != ON_TIME:
            lines += _changes(f"{stem}_rate", row, others)
    _metric(labels.column(f"{stem}_rate"), labels.rate(value), told, "下方为分子 / 分母。")
    _below(lines, stem)


def _changes(figure: str, row: dict[str, Any], others: dict[str, dict[str, Any]]) -> list[str]:
    words = rank_tables.COMPARISONS
    return ["　".join(f"{words[name]} {rank_tables.change(figure, row, others.get(name))}" for name in words)]


def _below(lines: list[str], figure: str) -> None:
    if lines:
        st.html(f'<div class="below">{"<br>".join(lines)}</div>')
    st.button(
        "为什么变了", key=f"why_{figure}", icon=":material/help:", type="tertiary", on_click=_ask_why, args=(figure,)
    )


def _ask_why(figure: str) -> None:
    st.session_state[SECTION] = BRIDGE
    st.session_state[unit_bridge.FIGURE] = figure


def _metric(title: str, value: str, below: str, explanation: str) -> None:
    st.metric(title, value, below, delta_color="off", delta_arrow="off", border=True, help=explanation)
