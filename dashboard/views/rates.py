"""三率: the ranking of each group of units, official figures first, with intervals, comparisons and both countings."""

from collections.abc import Mapping
from typing import Any

import polars as pl
import streamlit as st

from hotline12345.dashboard import components, exports, labels, rank_tables, rate_data, tables
from hotline12345.dashboard.rank_tables import Look
from hotline12345.dashboard.views import printing, unit_bridge, volumes
from hotline12345.dashboard.views.scope import Scope, heading

SCORES, COMPARED, FULL = "成绩与位次", "与上期、去年同期相比", "全口径（含剔除、挂账）"
EVERY = "全部"
FILTERS = {"terrain": "地形", "size_class": "规模（按有效回访件数）"}
NOTES = {
    SCORES: (
        "{ranking}。括号内为位次范围：考虑回访件数有限带来的偶然波动，真实位次有 95% 的把握在此范围内。"
        "比率旁为分子/分母，成绩旁为 95% 区间，下方横条为同样的区间，成绩横条中的虚线为汇总值。汇总行的小字为各单位合并的分子/分母。"
        "“暂不可区分”指与同组均值的差别可能只是偶然。成绩按“{scope}”计算。"
    ),
    COMPARED: "比率的变化以百分点计，成绩的变化以分计；{compared}。没有可比的一期显示“—”。数字按“{scope}”计算。",
    FULL: "全口径：剔除和挂账的工单也算在内，其余与规则相同；只列数字，不排位次。位次按“{scope}”排。",
}
COUNTS = ("received", "valid", "contacted", "resolved", "satisfied", "basically_satisfied")
TOTALS = (
    *("group_id", "units", "received", "valid", "response_rate", "resolution_rate", "satisfaction_rate"),
    "score",
)


def render(scope: Scope) -> None:
    """The page."""
    if not scope.period or not scope.has_rates:
        volumes.render(scope)
        return
    dates = labels.span(scope.period["start_at"], scope.period["end_at"])
    heading(scope, "三率", f"{dates}，{labels.state(scope.period, scope.reasons)}")
    scores = _with_official(scope, _with_kinds(scope))
    kind, shown = _asked(scores)
    groups = scores["unit_group"].unique(maintain_order=True).to_list()
    for tab, group in zip(st.tabs(groups, key="rates_group", bind="query-params"), groups, strict=True):
        with tab:
            part = shown.filter(pl.col("unit_group") == group)
            if part.is_empty():
                components.empty("这一类没有符合筛选的单位。请放宽上面的条件。")
            else:
                _table(scope, kind, part, is_whole=part.height == _members(scores, group))
                _like(scope, group)
                if st.toggle(f"{group}为什么变了（各单位合并计算）", key=f"why_{group}"):
                    unit_bridge.show(scope, group, f"bridge_{group}")
    st.caption(_note(scope, kind))
    _export(scope, shown)


def _with_kinds(scope: Scope) -> pl.DataFrame:
    kinds = rate_data.unit_kinds(scope.viewer, scope.snapshot, scope.rule_id, scope.period_id)
    return scope.scores.join(kinds.select("unit_id", "size_class"), on="unit_id", how="left", maintain_order="left")


def _with_official(scope: Scope, scores: pl.DataFrame) -> pl.DataFrame:
    """Scores with the official rank and score where a table was loaded for the period."""
    official = scope.official
    if official.is_empty():
        return scores
    known = official.select("unit_id", "official_rank", "official_score")
    return scores.join(known, on="unit_id", how="left", maintain_order="left")


def _asked(scores: pl.DataFrame) -> tuple[str, pl.DataFrame]:
    """What to show, and the units that the filters leave."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        kind = st.segmented_control(
            "看什么",
            [SCORES, COMPARED, FULL],
            default=SCORES,
            required=True,
            key="rates_kind",
            bind="query-params",
            label_visibility="collapsed",
            wrap=True,
        )
        with st.popover("筛选单位", icon=":material/filter_alt:"):
            wanted = {name: _wanted(scores, name, title) for name, title in FILTERS.items()}
            part = st.text_input("单位名称", placeholder="名称中的字", key="rates_words")
    chosen = scores
    for name, value in wanted.items():
        chosen = chosen if value == EVERY else chosen.filter(pl.col(name) == value)
    chosen = chosen.filter(pl.col("unit_name").str.contains(part, literal=True)) if part else chosen
    if active := [value for value in (*wanted.values(), part) if value and value != EVERY]:
        st.caption(f"已筛选：{'、'.join(active)}，列出 {chosen.height} 个单位；位次仍是在全部同类单位中的位次。")
    return str(kind), chosen


def _wanted(scores: pl.DataFrame, name: str, title: str) -> str:
    have = scores[name].drop_nulls().unique().sort().to_list()
    return str(st.selectbox(title, [EVERY, *have], key=f"rates_{name}", bind="query-params"))


def _members(scores: pl.DataFrame, group: str) -> int:
    return scores.filter(pl.col("unit_group") == group).height


def _table(scope: Scope, kind: str, part: pl.DataFrame, is_whole: bool) -> None:
    look = Look(lambda row: _unit_page(scope, row), scope.rule["score_decimals"])
    if kind == FULL:
        components.table(rank_tables.full_count(part, look))
    elif kind == COMPARED:
        earlier = rate_data.compared_scores(scope.viewer, scope.snapshot, scope.rule_id, scope.period_id)
        components.table(rank_tables.compared(part, earlier, look))
    else:
        summary = rate_data.group_summary(scope.viewer, scope.snapshot, scope.rule_id, scope.period_id)
        mine = summary.filter(pl.col("unit_group") == part["unit_group"][0])
        closing = mine.row(0, named=True) if mine.height and is_whole else None
        components.table(rank_tables.ranking(part, closing, look))


def _unit_page(scope: Scope, row: Mapping[str, Any]) -> str | None:
    """The address of a unit's page, for those who may open it."""
    viewer = scope.viewer
    is_open = "unit" in viewer.pages and (viewer.units is None or row["unit_id"] in viewer.units)
    return scope.link("unit", unit=row["unit_name"]) if is_open else None


def _like(scope: Scope, group: str) -> None:
    """Units of one kind taken together: by terrain, by size."""
    kinds = {"terrain": "按地形", "size_class": "按规模（有效回访件数）"}
    frames = {
        title: rate_data.like_summary(scope.viewer, scope.snapshot, scope.rule_id, scope.period_id, kind).filter(
            pl.col("unit_group") == group
        )
        for kind, title in kinds.items()
    }
    with st.expander("按地形、规模汇总"):
        st.caption(
            f"每行为同类单位的汇总：{labels.summary_method(scope.rule['summary_method'])}；括号内为合并的分子/分母。"
        )
        for title, frame in frames.items():
            if frame.is_empty():
                continue
            components.table(
                tables.html_table(frame, TOTALS, {name: _total_cell(name) for name in TOTALS[4:7]}, {"group_id": title})
            )


def _total_cell(name: str) -> tables.Cell:
    stem = name.removesuffix("_rate")

    def cell(row: Mapping[str, Any]) -> str:
        if row[name] is None:
            return labels.MISSING
        told = rank_tables.fraction(row[f"{stem}_numerator"], row[f"{stem}_denominator"])
        return f"{labels.rate(row[name])}<small>{told}</small>"

    return cell


def scope_name(rule: Mapping[str, Any]) -> str:
    """What a rule leaves out of its rates: 不含剔除、挂账, or 全口径."""
    out = [word for name, word in (("exclusions_apply", "剔除"), ("suspensions_apply", "挂账")) if rule[name]]
    return f"不含{'、'.join(out)}" if out else "全口径"


def compared_with(scope: Scope) -> str:
    """Which periods the comparisons are with, and as known when."""
    earlier = rate_data.compared_scores(scope.viewer, scope.snapshot, scope.rule_id, scope.period_id)
    told = []
    for comparison, word in rank_tables.COMPARISONS.items():
        rows = earlier.filter(pl.col("comparison") == comparison)
        if rows.is_empty():
            told.append(f"{word}没有可比的一期")
            continue
        as_of = rows["compared_as_of"][0]
        known = f"按当时（{labels.moment(as_of)}）已知的数据，两期进度相同" if as_of else "两期都已定稿"
        told.append(f"{word}与{labels.period_name(rows['compared_period_id'][0])}比，{known}")
    return "；".join(told)


def _note(scope: Scope, kind: str) -> str:
    rule = scope.rule
    ranking = labels.ranking(rule["score_decimals"], rule["tie_break"], rule["minimum_for_rank"])
    said = NOTES[kind].format(ranking=ranking, scope=scope_name(rule), compared=compared_with(scope))
    if not scope.official.is_empty():
        said = f"正式位次、正式成绩以通报为准，测算在后。{said}"
    return said


def _export(scope: Scope, shown: pl.DataFrame) -> None:
    parts = ("numerator", "denominator", "rate")
    official = ["official_rank", "official_score"] if "official_rank" in shown.columns else []
    sheets = {
        "三率": [
            *("score_rank", "unit_group", "unit_name", *official, *COUNTS),
            *(f"{rate}_{part}" for rate in (*rank_tables.RATES, "on_time") for part in parts),
            *("score", "band"),
        ],
        "区间和位次范围": [
            *(
                "unit_group",
                "unit_name",
                "terrain",
                "size_class",
                "score_rank",
                "rank_low",
                "rank_high",
                "tier",
                "valid",
            ),
            *(f"{rate}_rate_{end}" for rate in (*rank_tables.RATES, "on_time") for end in ("low", "high")),
            *("score_low", "score_high"),
        ],
        FULL: [
            *("unit_group", "unit_name", "received", "excluded", "suspended", "set_aside_count", "set_aside_share"),
            *(f"{rate}_full_{part}" for rate in rank_tables.RATES for part in parts),
            "score_full",
        ],
    }
    names = list(dict.fromkeys(name for columns in sheets.values() for name in columns))
    definition = ["三率", _note(scope, SCORES), *scope.ground]
    table = exports.Table(shown.select(names), definition, sheets=sheets)
    with st.container(horizontal=True):
        components.downloads(scope.viewer, table, f"三率_{scope.period_id}_{scope.rule_id}")
        printing.rates(scope, shown)
