"""紧急敏感: orders whose text calls for a quick look, whatever their topic. A flag of word patterns; people judge."""

from datetime import datetime, timedelta

import polars as pl
import streamlit as st

from hotline12345.dashboard import components, labels, tables, topic_data
from hotline12345.dashboard.views import order_list
from hotline12345.dashboard.views.scope import Scope

DAYS = {"最近 7 天": 7, "最近 30 天": 30, "最近 90 天": 90}
LISTED = 200
EVERY = "全部"
NOTE = (
    "按词语规则从标题和主要内容中看出：扬言、消防、燃气、供暖停、人身安全。宁多勿漏，所以有一部分并不紧急；"
    "没有标记也不等于不紧急。标记不改变分类，也不进入任何考核。未办结的排在前面。"
)


def render(scope: Scope) -> None:
    """The section: how many, of which kinds, and the orders to open."""
    components.section("紧急敏感", NOTE)
    left, right = st.columns([1, 1.6], vertical_alignment="bottom")
    with left:
        span = st.segmented_control("时间", list(DAYS), default="最近 30 天", required=True, key="urgent_span")
    start_at: datetime = scope.facts["last_at"] - timedelta(days=DAYS[str(span)])
    totals = topic_data.urgent_totals(scope.viewer, scope.snapshot, start_at)
    counts = topic_data.urgent_counts(scope.viewer, scope.snapshot, start_at)
    st.caption(
        f"{span}（到 {labels.moment(scope.facts['last_at'])[:10]}）{labels.count(totals['orders'], '件')}中，"
        f"标记 {labels.count(totals['urgent'], '件')}，其中未办结 {labels.count(totals['open'], '件')}。"
    )
    if counts.is_empty():
        components.empty("这段时间没有标记为紧急敏感的工单。")
        return
    with right:
        kinds = counts["urgent_kinds"].to_list()
        numbers = dict(counts.select("urgent_kinds", "order_count").iter_rows())
        kind = st.segmented_control(
            "情形",
            [EVERY, *kinds],
            default=EVERY,
            required=True,
            key="urgent_kind",
            format_func=lambda name: f"{name} {numbers.get(name, totals['urgent']):,}",
            help="一张工单可以属于几种情形，各种件数不能相加。",
        )
    chosen = None if kind == EVERY else str(kind)
    orders = topic_data.urgent_orders(scope.viewer, scope.snapshot, start_at, LISTED, chosen)
    order_list.show(listed(orders), f"urgent_{span}_{kind}", 330)
    if orders.height == LISTED:
        st.caption(f"只列出前 {LISTED} 件。")
    components.table(tables.html_table(counts, ("urgent_kinds", "order_count", "open_count")))


def listed(orders: pl.DataFrame) -> pl.DataFrame:
    """Urgent orders as `order_list` shows them: the kinds and whether open as the remark; no text of need-to-know ones."""
    state = pl.when("is_open").then(pl.lit("（未办结）")).otherwise(pl.lit(""))
    hidden = pl.when("is_need_to_know").then(pl.lit(labels.CONFIDENTIAL))
    return orders.select(
        (pl.col("urgent_kinds") + state).alias("remark"),
        hidden.otherwise(pl.col("title").fill_null("（无标题）")).alias("title"),
        *("topic_name", "place_town", "community"),
        pl.col("created_at").dt.strftime("%Y-%m-%d %H:%M"),
        "order_id",
    )


def note(scope: Scope, order_id: str) -> None:
    """On an order's page: that it is flagged, and as what; nothing where it is not."""
    if kinds := topic_data.order_urgency(scope.viewer, scope.snapshot, order_id):
        st.warning(
            f"紧急敏感：{kinds}。按词语规则从文本中看出，宁多勿漏，请看原文判断。", icon=":material/priority_high:"
        )
