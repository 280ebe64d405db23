"""目标: targets in force and expired, entering one, how far each unit is; 降量提质 with what may hide behind it."""

from datetime import timedelta
from typing import Any

import polars as pl
import streamlit as st

from hotline12345.dashboard import components, labels, rank_tables, rate_data, tables, target_entries
from hotline12345.dashboard.target_progress import ENTERED, EXPIRED, Progress, Target, configured, entered, progress
from hotline12345.dashboard.views import quadrant, volumes
from hotline12345.dashboard.views.scope import Scope, heading
from hotline12345.sql.records.targets import StatedTarget
from hotline12345.sql.targets import INDICATORS, SCORE, highest

EVERY = "各单位"
PROGRESS = ("unit_name", "figure", "gap", "orders", "said")


def render(scope: Scope) -> None:
    """The page."""
    if not scope.period or not scope.has_rates:
        volumes.render(scope)
        return
    heading(scope, "目标", "各单位距目标还有多远；诉求量与解决率一起看。")
    wanted = [*configured(rate_data.targets(scope.viewer, scope.snapshot)), *_entered(scope)]
    distance, volume, enter = st.tabs(["完成情况", "降量提质", "录入与撤回"], key="target_part", bind="query-params")
    with distance:
        _progress(scope, wanted)
    with volume:
        quadrant.render(scope)
    with enter:
        _list(scope, wanted)
        if scope.viewer.can("targets"):
            _form(scope)


def _entered(scope: Scope) -> list[Target]:
    return entered(target_entries.entries(scope.viewer), scope.rule_id, scope.period_id)


def _progress(scope: Scope, wanted: list[Target]) -> None:
    if not wanted:
        components.empty("还没有目标。请在“录入与撤回”里录入，或在配置目录的 targets.csv 中写明。")
        return
    day = (scope.period["end_at"] - timedelta(microseconds=1)).date()
    chosen = st.selectbox(
        "目标",
        wanted,
        format_func=lambda target: (
            f"{target.title(day)}：{labels.column(target.indicator)} {_figure(target.indicator, target.value)}"
        ),
        key="target",
        bind="query-params",
    )
    is_expired = chosen.state(day) == EXPIRED
    if is_expired:
        components.empty("这个目标已到期，只作参照，不作为是否达标的依据。")
    rows = []
    for unit in scope.scores.filter(pl.col("valid") > 0).iter_rows(named=True):
        for one in progress(unit, [chosen], scope.period):
            rows.append({"unit_id": unit["unit_id"], "unit": unit, "one": one, "unit_name": unit["unit_name"]})
    if not rows:
        components.empty("这一期没有适用这个目标的单位，或目标还没有生效。")
        return
    st.caption(f"来源：{chosen.source}。“约合件数”为分母不变时，还需由未得分变为满分的件数。")
    groups = list(dict.fromkeys(row["unit"]["unit_group"] for row in rows))
    group = st.segmented_control(
        "单位类别",
        groups,
        default=groups[0],
        required=True,
        key="target_group",
        bind="query-params",
        label_visibility="collapsed",
    )
    part = [row for row in rows if row["unit"]["unit_group"] == group]
    components.table(_table(part, chosen.indicator, is_expired))


def _table(rows: list[dict[str, Any]], indicator: str, is_expired: bool) -> str:
    part = [
        {
            "unit_name": row["unit_name"],
            "figure": _told(row["unit"], indicator),
            "gap": _gap(row["one"], indicator),
            "orders": ""
            if row["one"].orders is None
            else labels.count(row["one"].orders, "件")
            if row["one"].orders
            else labels.MISSING,
            "said": _state(row["one"], is_expired),
        }
        for row in rows
    ]
    headings = {
        "unit_name": "单位",
        "figure": labels.column(indicator),
        "gap": "与目标相差",
        "orders": "约合件数",
        "said": "状态",
    }
    frame = pl.DataFrame(part, schema=dict.fromkeys(PROGRESS, pl.String))
    cells: dict[str, tables.Cell] = {"said": lambda row: row["said"]}
    return tables.html_table(frame, PROGRESS, cells, headings)


def _told(unit: dict[str, Any], indicator: str) -> str:
    if unit[indicator] is None:
        return rank_tables.no_rate(unit)
    if indicator == SCORE:
        return labels.score(unit[SCORE])
    stem = indicator.removesuffix("_rate")
    return f"{labels.rate(unit[indicator])}（{rank_tables.fraction(unit[f'{stem}_numerator'], unit[f'{stem}_denominator'])}）"


def _gap(one: Progress, indicator: str) -> str:
    if one.gap is None:
        return labels.MISSING
    scale, unit = (1, "分") if indicator == SCORE else (100, "个百分点")
    size = labels.round_half_up(scale * one.gap, 1)
    if not size and one.gap:
        return f"{'高' if one.gap > 0 else '低'}不足 0.1 {unit}"
    return f"{size:+} {unit}"


def _state(one: Progress, is_expired: bool) -> str:
    """A mark that does not rest on colour; an expired target is grey, whatever the figure."""
    if is_expired:
        return '<span class="band b3">仅供参照</span>'
    if one.is_reached is None:
        return '<span class="band b1">不作比较</span>'
    return '<span class="band b0">已达到</span>' if one.is_reached else '<span class="band b1">未达到</span>'


def _figure(indicator: str, value: float) -> str:
    return f"{labels.score(value)} 分" if indicator == SCORE else labels.rate(value)


def _list(scope: Scope, wanted: list[Target]) -> None:
    """Every target with its source; an expired one in grey; entered ones can be withdrawn."""
    components.section("全部目标", "配置的目标在配置目录的 targets.csv；录入的目标记录谁在何时录入、撤回。")
    names = dict(scope.scores.select("unit_id", "unit_name").iter_rows())
    day = (scope.period["end_at"] - timedelta(microseconds=1)).date()
    rows = [
        {
            "name": target.title(day),
            "what": f"{labels.column(target.indicator)} {_figure(target.indicator, target.value)}",
            "unit_name": names.get(target.unit_id or "", target.unit_id) or target.unit_group or EVERY,
            "source": target.source,
            "expired": target.state(day) == EXPIRED,
        }
        for target in wanted
    ]
    if rows:
        cells: dict[str, tables.Cell] = {
            "name": lambda row: f'<span class="{"none" if row["expired"] else ""}">{row["name"]}</span>'
        }
        headings = {"unit_name": "单位", "name": "目标", "what": "指标与目标值", "source": "来源"}
        components.table(
            tables.html_table(pl.DataFrame(rows), ("name", "what", "unit_name", "source"), cells, headings)
        )
    own = [target for target in wanted if target.name == ENTERED]
    if own and scope.viewer.can("targets"):
        chosen = st.selectbox(
            "撤回录入的目标",
            own,
            index=None,
            placeholder="选一个",
            key="withdraw_target",
            format_func=lambda target: (
                f"第 {target.target_id} 号　{labels.column(target.indicator)} {_figure(target.indicator, target.value)}"
            ),
        )
        if chosen and st.button("撤回", icon=":material/undo:"):
            target_entries.withdraw(scope.viewer, int(chosen.target_id))
            st.rerun()


def _form(scope: Scope) -> None:
    components.section("录入一个目标", "同一指标、单位、起始周期以最后录入的为准；撤回也留有记录。")
    units = dict(scope.scores.select("unit_id", "unit_name").iter_rows())
    with st.form("target", border=False):
        what, value, unit, since = st.columns(4)
        with what:
            indicator = st.selectbox("指标", INDICATORS, 1, format_func=labels.column)
        with value:
            number = st.number_input("目标值（率填百分数，成绩填分数）", 0.0, 100.0, None, 0.1, format="%.1f")
        with unit:
            unit_id = st.selectbox("单位", ["", *units], format_func=lambda each: units.get(each, EVERY))
        with since:
            period_id = st.selectbox(
                "从哪一期起",
                ["", *scope.periods["period_id"]],
                format_func=lambda each: labels.period(each) if each else "各期",
            )
        if st.form_submit_button("录入", type="primary", icon=":material/add:"):
            if number is None:
                components.failure("请填写目标值。")
            else:
                share = highest(str(indicator)) * number / 100
                stated = StatedTarget(str(indicator), round(share, 6), str(unit_id), "", str(period_id))
                target_entries.enter(scope.viewer, stated)
                st.rerun()
