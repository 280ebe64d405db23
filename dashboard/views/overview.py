"""总览: one screen for those who lead: volume, rates against targets, volume beside quality, what moved and why, how old the data are."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import Any

import polars as pl
import streamlit as st

from hotline12345.dashboard import (
    charts,
    comparisons,
    components,
    data,
    district,
    issue_data,
    labels,
    rate_data,
    tables,
    target_entries,
    topic_data,
)
from hotline12345.dashboard.comparisons import Window, Windows
from hotline12345.dashboard.target_progress import Target, configured, entered
from hotline12345.dashboard.views import overview_units, printing
from hotline12345.dashboard.views.scope import Scope, heading
from hotline12345.sql.records.store import SHANGHAI

TOP, TOWNS, TREND = 5, 7, 190
CARDS = ("response_rate", "resolution_rate", "satisfaction_rate", "score")


def render(scope: Scope) -> None:
    """The page."""
    if not scope.period:
        components.heading("总览", "已发布的数据里没有可以归入考核周期的工单。")
        components.empty("请到“数据健康”查看导入情况，或在“数据导入”页导入工单表。")
        return
    heading(scope, "总览", _lead(scope))
    with st.container(key="overview"):  # printed smaller, so that it fits one page
        _screen(scope)


def _screen(scope: Scope) -> None:
    windows = comparisons.windows(scope.period, scope.periods, scope.facts["first_at"])
    now = _places(scope, windows.now)
    before = _places(scope, windows.before) if windows.before else None
    year_ago = _places(scope, windows.year_ago) if windows.year_ago else None
    with st.container(key="cards"):
        _cards(scope, windows, now, before, year_ago)
    trend, beside = st.columns([1, 1.75] if scope.has_rates else [1.35, 1], gap="medium")
    with trend:
        components.section(
            "各考核周期受理量", "全口径：含剔除、挂账和不考核的类型。浅色空心柱为尚未结束或数据没有完整覆盖的一期。"
        )
        components.chart(
            charts.volume_trend(scope.periods, scope.period["period_id"], scope.facts["first_at"], TREND),
            "各考核周期受理量柱状图",
        )
    with beside:
        if scope.has_rates:
            overview_units.quality(scope, windows)
        else:
            _towns(scope, windows.now)
    units, topics, issues = st.columns([1.62, 1.33, 1], gap="medium")
    with units:
        overview_units.moves(scope, now, before, TOP)
    with topics:
        moved = _movers(windows, now, before, year_ago)
    with issues:
        leading = _issues(scope)
    printing.overview(scope, moved, leading)


def _lead(scope: Scope) -> str:
    dates = labels.span(scope.period["start_at"], scope.period["end_at"])
    state = f"{labels.period_name(scope.period['period_id'])}：{dates}，{labels.state(scope.period, scope.reasons)}"
    return f"{state}；{district.freshness(scope.facts, datetime.now(SHANGHAI).replace(tzinfo=None))}"


def _places(scope: Scope, window: Window) -> pl.DataFrame:
    return topic_data.topic_places(scope.viewer, scope.snapshot, window.start_at, window.end_at)


def _cards(
    scope: Scope, windows: Windows, now: pl.DataFrame, before: pl.DataFrame | None, year_ago: pl.DataFrame | None
) -> None:
    made, due = labels.callbacks(scope.reasons)
    total, earlier, last_year = (
        None if frame is None else int(frame["order_count"].sum()) for frame in (now, before, year_ago)
    )
    note = f"按前 {windows.now.days} 个整日比较" if scope.period["period_state"] == "期内" else "整期比较"
    volume, *rest = st.columns([1.3, 0.85, 1, 1, 1, 1] if scope.has_rates else [1.3, 5])
    with volume:
        _metric(
            "受理量（全口径）",
            labels.count(scope.period["received"], "件"),
            f"环比 {labels.change(total, earlier)}　同比 {labels.change(total, last_year)}",
            f"环比：与上一考核周期比；同比：与去年同期比；{note}。数据没有完整覆盖的一期不作比较，显示“—”。",
        )
    if not scope.has_rates:
        with rest[0]:
            components.empty(
                "已导入的文件没有“是否有效回访”列，不能计算三率，下面只列诉求量。请导入带回访结果的导出表。"
            )
        return
    callbacks, *rates = rest
    with callbacks:
        _metric(
            "有效回访",
            labels.count(scope.period["valid"], "件"),
            f"已回访 {labels.rate(made / due) if due else labels.MISSING}",
            "三率的分母。已回访为已回访件数与应回访件数之比。",
        )
    _rate_cards(scope, rates)


def _metric(title: str, value: str, below: str, explanation: str) -> None:
    st.metric(title, value, below, delta_color="off", delta_arrow="off", border=True, help=explanation)


def _rate_cards(scope: Scope, columns: list[st.delta_generator.DeltaGenerator]) -> None:
    """三率 and 综合成绩 of the first group of units: the change where both periods are final, and the target below."""
    now = _first_group(scope, scope.period["period_id"])
    earlier = comparisons.settled_before(scope.period, scope.periods)
    before = _first_group(scope, earlier) if earlier else None
    before = before if before and now and before["unit_group"] == now["unit_group"] else None
    group, valid = (now["unit_group"], now["valid"]) if now else ("街镇", 0)
    wanted = _targets(scope)
    units = scope.scores.filter(pl.col("unit_group") == group, pl.col("valid") > 0)
    for column, name in zip(columns, CARDS, strict=True):
        with column:
            value = now[name] if now else None
            shown = labels.score(value) if name == "score" else labels.rate(value)
            _metric(
                f"{group}{labels.column(name)}",
                shown if value is not None else labels.NO_VALID,
                f"较上期 {_change(name)(value, before[name])}" if before else f"有效回访 {labels.count(valid)}",
                "汇总行的数，按规则所定的办法汇总。只有两期都已定稿才比较；未定稿时两期回访进度不同，不作比较。"
                "下方为距目标：录入的目标先于配置的目标，已到期的只作参照。",
            )
            if now:
                said = district.goal(name, now | scope.period | {"unit_group": group}, units, wanted)
                components.below(said)


def _targets(scope: Scope) -> list[Target]:
    own = entered(target_entries.entries(scope.viewer), scope.rule_id, scope.period_id)
    return [*own, *configured(rate_data.targets(scope.viewer, scope.snapshot))]


def _change(name: str) -> Callable[[float | None, float | None], str]:
    return labels.score_change if name == "score" else labels.points


def _first_group(scope: Scope, period_id: str) -> dict[str, Any] | None:
    summary = rate_data.group_summary(scope.viewer, scope.snapshot, scope.rule["rule_id"], period_id)
    scored = [row for row in summary.iter_rows(named=True) if row["scored_units"]]
    return min(scored, key=lambda row: labels.unit_rank(row["unit_group"])) if scored else None


def _towns(scope: Scope, window: Window) -> None:
    components.section("各街乡镇诉求量", "本期，按问题发生地；全口径，含剔除。")
    inside = pl.col("created_date").is_between(window.start_at.date(), window.end_at.date(), closed="left")
    days = data.days(scope.viewer, scope.snapshot).filter(inside)
    towns = days.group_by("place_town").agg(pl.col("order_count").sum())
    shown = towns.sort("order_count", "place_town", descending=[True, False]).head(TOWNS)
    components.chart(charts.ranked_bars(shown, "place_town"), "各街乡镇诉求量条形图")


def _movers(
    windows: Windows, now: pl.DataFrame, before: pl.DataFrame | None, year_ago: pl.DataFrame | None
) -> pl.DataFrame:
    title = "变化最大的分类" if windows.before else "诉求最多的分类"
    components.section(
        title,
        "环比按件数、整日口径；同比见“诉求分类”页的逐月图。数据没有完整覆盖的一期显示“—”。"
        f"“在哪里”为使它变化最多的街乡镇（按问题发生地）。{labels.COUNTED_TOPICS}",
    )
    topics = [None if frame is None else _topics(frame) for frame in (now, before, year_ago)]
    moved = comparisons.movers(_topics(now), topics[1], topics[2], TOP)
    reasons = district.main_parts(now, before, "topic_code", "place_town")
    components.table(
        tables.html_table(
            moved.with_columns(
                reason=pl.col("topic_code").replace_strict(reasons, default=labels.MISSING, return_dtype=pl.String)
            ),
            ("topic_name", "now", "change", "change_year", "reason"),
            {
                "now": partial(_amount, "now"),
                "change": lambda row: labels.change(row["now"], row["before"]),
                "change_year": lambda row: labels.change(row["now"], row["year_ago"]),
                "reason": overview_units.reason,
            },
            {"now": "本期（件）", "change": "环比", "change_year": "同比", "reason": "在哪里"},
        )
    )
    return moved


def _topics(places: pl.DataFrame) -> pl.DataFrame:
    """Orders by topic alone."""
    return places.group_by("topic_code", "topic_name").agg(pl.col("order_count").sum())


def _amount(name: str, row: tables.Row) -> str:
    return labels.count(row[name])


def _issues(scope: Scope) -> pl.DataFrame:
    components.section("反复出现的问题", "每月一题候选的前几名，按得分排序；证据见“每月一题”页。")
    shown = issue_data.leading(scope.viewer, scope.snapshot, TOP)
    if shown.is_empty():
        components.empty("没有找到反复出现的问题。工单较少，或文本没有导入时会这样。")
        return shown
    components.table(
        tables.html_table(
            shown,
            ("issue_rank", "issue_name", "people_count", "order_count"),
            headings={"people_count": "人", "order_count": "件"},
        )
    )
    return shown
