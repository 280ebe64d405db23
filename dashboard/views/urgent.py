"""紧急敏感: orders whose text calls for a quick look, whatever their topic. A flag learnt from example sentences; people judge."""

from datetime import datetime, timedelta

import polars as pl
import streamlit as st

from hotline12345.dashboard import components, labels, tables, topic_data
from hotline12345.dashboard.views import order_list
from hotline12345.dashboard.views.scope import Scope

DAYS = {"最近 7 天": 7, "最近 30 天": 30, "最近 90 天": 90}
GRADES = {"明确": "certain", "可能": "possible"}  # as in urgent_totals, the more urgent first
EVERY = "全部"
NOTE = (
    "由例句学来的模型从标题和主要内容中看出：扬言、消防、燃气、供暖停、人身安全。“明确”是模型很有把握的，先看这些；"
    "“可能”是也许有，需要看原文。会有误标，也会有漏标：没有标记不等于不紧急。标记不改变分类，也不进入任何考核。"
    "明确的排在前面，其中未办结的在先。"
)


def render(scope: Scope) -> None:
    """The section: how many of which kind and grade, and the orders to open."""
    components.section("紧急敏感", NOTE)
    span = st.segmented_control(
        "时间", list(DAYS), default="最近 30 天", required=True, key="urgent_span", bind="query-params"
    )
    start_at: datetime = scope.facts["last_at"] - timedelta(days=DAYS[str(span)])
    totals = topic_data.urgent_totals(scope.viewer, scope.snapshot, start_at)
    counts = topic_data.urgent_counts(scope.viewer, scope.snapshot, start_at)
    st.caption(
        f"{span}（到 {labels.moment(scope.facts['last_at'])[:10]}）{labels.count(totals['orders'], '件')}中，标记"
        + "、".join(_told(grade, name, totals) for grade, name in GRADES.items())
        + "。"
    )
    if counts.is_empty():
        components.empty("这段时间没有标记为紧急敏感的工单。")
        return
    grade, kind = _choices(totals, counts)
    orders = topic_data.urgent_orders(scope.viewer, scope.snapshot, start_at, kind, grade)
    if orders.is_empty():
        components.empty("没有符合所选程度和情形的工单。")
    else:
        order_list.show(listed(orders), f"urgent_{span}_{grade}_{kind}", 330)
    if orders.height == topic_data.URGENT_LISTED:
        st.caption(f"只列出前 {orders.height} 件。")
    names = ("urgent_kinds", "certain_count", "possible_count", "order_count", "open_count")
    components.table(tables.html_table(counts, names))


def _told(grade: str, name: str, totals: dict[str, int]) -> str:
    return f"{grade} {labels.count(totals[name], '件')}（未办结 {labels.count(totals[f'{name}_open'], '件')}）"


def _choices(totals: dict[str, int], counts: pl.DataFrame) -> tuple[str | None, str | None]:
    """The grade and the kind to list, None for all; each choice with its number of orders."""
    left, right = st.columns([1, 1.6], vertical_alignment="bottom")
    flagged = sum(totals[name] for name in GRADES.values())
    with left:
        numbers = {EVERY: flagged} | {grade: totals[name] for grade, name in GRADES.items()}
        grade = _choice("程度", numbers, "urgent_grade", None)
    number = pl.col("order_count" if grade is None else f"{GRADES[grade]}_count")
    with right:
        kinds = {EVERY: numbers[grade or EVERY]} | dict(counts.select("urgent_kinds", number).iter_rows())
        kind = _choice("情形", kinds, "urgent_kind", "一张工单可以属于几种情形，各种件数不能相加。")
    return grade, kind


def _choice(label: str, numbers: dict[str, int], key: str, note: str | None) -> str | None:
    """One of the keys of `numbers`; None for the first, which stands for all."""
    chosen = st.segmented_control(
        label,
        list(numbers),
        default=EVERY,
        required=True,
        key=key,
        format_func=lambda name: f"{name} {numbers[name]:,}",
        help=note,
    )
    return None if chosen == EVERY else str(chosen)


def listed(orders: pl.DataFrame) -> pl.DataFrame:
    """Urgent orders as `order_list` shows them: grade, kinds and whether open as the remark; no text of need-to-know ones."""
    state = pl.when("is_open").then(pl.lit("（未办结）")).otherwise(pl.lit(""))
    hidden = pl.when("is_need_to_know").then(pl.lit(labels.CONFIDENTIAL))
    return orders.select(
        pl.format("{}：{}{}", "urgent_grade", "urgent_kinds", state).alias("remark"),
        hidden.otherwise(pl.col("title").fill_null("（无标题）")).alias("title"),
        *("topic_name", "place_town", "community"),
        pl.col("created_at").dt.strftime("%Y-%m-%d %H:%M"),
        "order_id",
    )


def note(scope: Scope, order_id: str) -> None:
    """On an order's page: that it is flagged, how surely and as what; nothing where it is not."""
    if kinds := topic_data.order_urgency(scope.viewer, scope.snapshot, order_id):
        told = "；".join(f"{grade}：{names}" for grade, names in kinds.items())
        st.warning(f"紧急敏感，{told}。由例句学来的模型从文本中看出，请看原文判断。", icon=":material/priority_high:")
