"""总览: how many orders, how well handled, what changed, which problems come back. One screen."""

from collections.abc import Callable
from functools import partial
from typing import Any

import polars as pl
import streamlit as st

from hotline12345.dashboard import (
    charts,
    comparisons,
    components,
    data,
    issue_data,
    labels,
    rate_data,
    tables,
    topic_data,
)
from hotline12345.dashboard.comparisons import Window, Windows
from hotline12345.dashboard.views.scope import Scope, heading

TOP, TOWNS = 6, 9


def render(scope: Scope) -> None:
    """The page."""
    if not scope.period:
        components.heading("总览", "已发布的数据里没有可以归入考核周期的工单。")
        components.empty("请到“数据健康”查看导入情况，或在“数据导入”页导入工单表。")
        return
    heading(scope, "总览", _lead(scope))
    windows = comparisons.windows(scope.period, scope.periods, scope.facts["first_at"])
    now = _counts(scope, windows.now)
    before = _counts(scope, windows.before) if windows.before else None
    year_ago = _counts(scope, windows.year_ago) if windows.year_ago else None
    _cards(scope, windows, now, before, year_ago)
    left, right = st.columns([3, 2], gap="medium")
    with left:
        components.section(
            "各考核周期受理量", "全口径：含剔除、挂账和不考核的类型。浅色空心柱为尚未结束或数据没有完整覆盖的一期。"
        )
        components.chart(
            charts.volume_trend(scope.periods, scope.period["period_id"], scope.facts["first_at"]),
            "各考核周期受理量柱状图",
        )
    with right:
        if scope.has_rates:
            _groups(scope)
        else:
            _towns(scope, windows.now)
    left, right = st.columns([3, 2], gap="medium")
    with left:
        _movers(windows, comparisons.movers(now, before, year_ago, TOP))
    with right:
        _issues(scope)


def _lead(scope: Scope) -> str:
    dates = labels.span(scope.period["start_at"], scope.period["end_at"])
    return f"{labels.period_name(scope.period['period_id'])}：{dates}，{labels.state(scope.period, scope.reasons)}"


def _counts(scope: Scope, window: Window) -> pl.DataFrame:
    return topic_data.topic_counts(scope.viewer, scope.snapshot, window.start_at, window.end_at)


def _cards(
    scope: Scope, windows: Windows, now: pl.DataFrame, before: pl.DataFrame | None, year_ago: pl.DataFrame | None
) -> None:
    made, due = labels.callbacks(scope.reasons)
    total, earlier, last_year = (
        None if frame is None else int(frame["order_count"].sum()) for frame in (now, before, year_ago)
    )
    note = f"按前 {windows.now.days} 个整日比较" if scope.period["period_state"] == "期内" else "整期比较"
    volume, rest = st.columns([1.5, 5.2], vertical_alignment="center")
    with volume:
        st.metric(
            "受理量（全口径）",
            labels.count(scope.period["received"], "件"),
            f"环比 {labels.change(total, earlier)}　同比 {labels.change(total, last_year)}",
            delta_color="off",
            delta_arrow="off",
            border=True,
            help=f"环比：与上一考核周期比；同比：与去年同期比；{note}。数据没有完整覆盖的一期不作比较，显示“—”。",
        )
    if not scope.has_rates:
        with rest:
            components.empty(
                "已导入的文件没有“是否有效回访”列，不能计算三率，下面只列诉求量。请导入带回访结果的导出表。"
            )
        return
    callbacks, *rates = rest.columns(5)
    with callbacks:
        st.metric(
            "有效回访",
            labels.count(scope.period["valid"], "件"),
            f"已回访 {labels.rate(made / due) if due else labels.MISSING}",
            delta_color="off",
            delta_arrow="off",
            border=True,
            help="三率的分母。已回访为已回访件数与应回访件数之比。",
        )
    _rate_cards(scope, rates)


def _rate_cards(scope: Scope, columns: list[st.delta_generator.DeltaGenerator]) -> None:
    """三率 and 综合成绩 of the first group of units, with the change where both periods are final."""
    names = ("response_rate", "resolution_rate", "satisfaction_rate", "score")
    now = _first_group(scope, scope.period["period_id"])
    earlier = comparisons.settled_before(scope.period, scope.periods)
    before = _first_group(scope, earlier) if earlier else None
    before = before if before and now and before["unit_group"] == now["unit_group"] else None
    group, valid = (now["unit_group"], now["valid"]) if now else ("街镇", 0)
    for column, name in zip(columns, names, strict=True):
        with column:
            value = now[name] if now else None
            shown = labels.score(value) if name == "score" else labels.rate(value)
            st.metric(
                f"{group}{labels.column(name)}",
                shown if value is not None else labels.NO_VALID,
                f"较上期 {_change(name)(value, before[name])}" if before else f"有效回访 {labels.count(valid)}",
                delta_color="off",
                delta_arrow="off",
                border=True,
                help="汇总行的数，按规则所定的办法汇总。只有两期都已定稿才比较；未定稿时两期回访进度不同，不作比较。",
            )


def _change(name: str) -> Callable[[float | None, float | None], str]:
    return labels.score_change if name == "score" else labels.points


def _first_group(scope: Scope, period_id: str) -> dict[str, Any] | None:
    summary = rate_data.group_summary(scope.viewer, scope.snapshot, scope.rule["rule_id"], period_id)
    scored = [row for row in summary.iter_rows(named=True) if row["scored_units"]]
    return min(scored, key=lambda row: labels.unit_rank(row["unit_group"])) if scored else None


def _groups(scope: Scope) -> None:
    components.section("三率（按单位类别）", "不同类别的单位分开汇总，不放在一起比较。")
    summary = rate_data.group_summary(scope.viewer, scope.snapshot, scope.rule["rule_id"], scope.period["period_id"])
    shown = labels.in_group_order(summary.filter(pl.col("received") > 0))
    names = ("unit_group", "received", "valid", "response_rate", "resolution_rate", "satisfaction_rate", "score")
    components.table(tables.html_table(shown, names))
    method = labels.summary_method(scope.rule["summary_method"])
    st.caption(f"每行为该类别的汇总：{method}。分子、分母和各单位位次见“三率”页。")


def _towns(scope: Scope, window: Window) -> None:
    components.section("各街乡镇诉求量", "本期，按问题发生地；全口径，含剔除。")
    inside = pl.col("created_date").is_between(window.start_at.date(), window.end_at.date(), closed="left")
    days = data.days(scope.viewer, scope.snapshot).filter(inside)
    towns = days.group_by("place_town").agg(pl.col("order_count").sum())
    shown = towns.sort("order_count", "place_town", descending=[True, False]).head(TOWNS)
    components.chart(charts.ranked_bars(shown, "place_town"), "各街乡镇诉求量条形图")


def _movers(windows: Windows, moved: pl.DataFrame) -> None:
    title = "变化最大的分类" if windows.before else "诉求最多的分类"
    components.section(title, f"件数按整日口径；数据没有完整覆盖的一期显示“—”。三率不在此比较。{labels.COUNTED_TOPICS}")
    components.table(
        tables.html_table(
            moved,
            ("topic_name", "now", "before", "change", "year_ago", "change_year"),
            {
                **{name: partial(_amount, name) for name in ("now", "before", "year_ago")},
                "change": lambda row: labels.change(row["now"], row["before"]),
                "change_year": lambda row: labels.change(row["now"], row["year_ago"]),
            },
            {
                "now": "本期（件）",
                "before": "上期同日",
                "change": "环比",
                "year_ago": "去年同期",
                "change_year": "同比",
            },
        )
    )


def _amount(name: str, row: tables.Row) -> str:
    return labels.count(row[name])


def _issues(scope: Scope) -> None:
    components.section("反复出现的问题", "每月一题候选的前几名，按得分排序；证据见“每月一题”页。")
    issues = issue_data.issues(scope.viewer, scope.snapshot)
    if issues.is_empty():
        components.empty("没有找到反复出现的问题。工单较少，或文本没有导入时会这样。")
        return
    shown = issues.filter(pl.col("issue_rank").is_not_null() & ~pl.col("is_covered")).head(TOP)
    components.table(
        tables.html_table(
            shown, ("issue_rank", "issue_name", "issue_grain", "people_count", "order_count", "month_count")
        )
    )
