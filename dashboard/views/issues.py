"""每月一题: candidates with their evidence. The meeting decides; this page only ranks and shows."""

import json
from typing import Any

import polars as pl
import streamlit as st

from hotline12345.dashboard import charts, components, data, labels, tables
from hotline12345.dashboard.views.scope import Scope

EXAMPLES = 5
EVERY = "全部"


def render(scope: Scope) -> None:
    """The page."""
    components.heading("每月一题", "候选问题按得分排序，供专题会比较；得分只用于排序，是否列入每月一题由会议决定。")
    issues = data.issues(scope.viewer, scope.snapshot)
    if issues.is_empty():
        components.empty("没有找到反复出现的问题。工单较少，或文本没有导入时会这样。")
        return
    left, right = st.columns([6, 7], gap="large")
    with left:
        chosen = _candidates(issues)
    with right:
        if chosen is None:
            components.empty("这一类没有候选问题。")
        else:
            _evidence(scope, issues, chosen)


def _candidates(issues: pl.DataFrame) -> dict[str, Any] | None:
    counts = {grain: issues.filter(pl.col("issue_grain") == grain).height for grain in labels.GRAINS}
    kind = st.segmented_control(
        "问题类型",
        (*labels.GRAINS, EVERY),
        default=labels.GRAINS[0] if counts[labels.GRAINS[0]] else EVERY,
        required=True,
        key="issue_kind",
        format_func=lambda name: f"{name} {counts.get(name, issues.height):,}",
        help="共性问题：一类问题在多处出现，可列入每月一题；点位事件：一处一事，作为共性问题的证据和属地的待办。",
    )
    shown = issues if kind == EVERY else issues.filter(pl.col("issue_grain") == kind)
    listed = shown.select("issue_rank", "issue_name", "people_count", "order_count", "month_count", "issue_score")
    number, text = st.column_config.NumberColumn, st.column_config.TextColumn
    columns = {
        "issue_rank": number(labels.column("issue_rank"), width=40),
        "issue_name": text(labels.column("issue_name"), width=170),
        "people_count": number(labels.column("people_count"), width=70),
        "order_count": number(labels.column("order_count"), width=65),
        "month_count": number(labels.column("month_count"), width=70),
        "issue_score": number(labels.column("issue_score"), format="%.1f", width=50),
    }
    index = components.pick_row(listed, f"issues_{kind}", columns, 640, first=True)
    return shown.row(index, named=True) if index is not None else None


def _evidence(scope: Scope, issues: pl.DataFrame, issue: dict[str, Any]) -> None:
    components.section(f"{issue['issue_rank']}. {issue['issue_name']}（{issue['issue_grain']}）")
    span = f"{labels.month(issue['first_at'])}—{labels.month(issue['last_at'])}"
    months = data.issue_months(scope.viewer, scope.snapshot, issue["issue_id"])
    counted = [
        *((labels.column(name), labels.count(issue[name], unit)) for name, unit in _COUNTS),
        *((labels.column(name), labels.rate(issue[name])) for name in ("unresolved_share", "unsettled_share")),
    ]
    components.table(tables.facts(counted))
    components.table(tables.facts([("反映时间", span), ("建议牵头单位（待会议确定）", _lead(months))]))
    if months.height:
        components.chart(charts.monthly_bars(months, "unit_name", 180), f"{issue['issue_name']}逐月诉求量，按承办单位")
    st.caption(f"得分构成：{_score_parts(issue)}。建议牵头单位为承办该问题工单最多的单位，供会议参考。")
    _related(issues, issue)
    components.section("典型工单", "最能代表该问题的几张，已脱敏；举报和保密工单不列出。")
    examples = data.issue_orders(scope.viewer, scope.snapshot, issue["issue_id"], EXAMPLES)
    for row in examples.iter_rows(named=True):
        where = "　".join(part for part in (row["place_town"], row["community"]) if part)
        head = f"{labels.moment(row['created_at'])[:10]}　{where}　{row['unit_name']}"
        components.text_block([(head, row["body"] or row["title"] or "没有导入文本")])
    if examples.is_empty():
        components.empty("没有可以列出的典型工单。")


_COUNTS = (
    ("people_count", "人"),
    ("order_count", "件"),
    ("month_count", "个月"),
    ("unit_count", "个"),
    ("place_count", "处"),
    ("recurrence_count", "次"),
)


def _score_parts(issue: dict[str, Any]) -> str:
    parts = json.loads(issue["score_parts"] or "{}")
    named = [f"{labels.column(name)} {labels.score(parts[name])}" for name in parts if parts[name] is not None]
    return "、".join([f"总分 {labels.score(issue['issue_score'])}", *named])


def _lead(months: pl.DataFrame) -> str:
    return charts.largest(months, "unit_name", 1)[0] if months.height else labels.MISSING


def _related(issues: pl.DataFrame, issue: dict[str, Any]) -> None:
    """A theme's events as its evidence, or the theme an event belongs to."""
    events = issues.filter(pl.col("parent_id") == issue["issue_id"])
    if events.height:
        with st.expander(f"其中的点位事件：{events.height} 个"):
            components.table(
                tables.html_table(
                    events, ("issue_name", "people_count", "order_count", "month_count", "recurrence_count")
                )
            )
    parent = issues.filter(pl.col("issue_id") == issue["parent_id"]) if issue["parent_id"] else issues.clear()
    if parent.height:
        st.caption(f"属于共性问题：{parent['issue_rank'][0]}. {parent['issue_name'][0]}")
