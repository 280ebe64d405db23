"""明细: the orders behind any figure, its definition on top, masked, to look at one by one or to download."""

import polars as pl
import streamlit as st

from hotline12345.dashboard import components, exports, figures, labels, rate_data
from hotline12345.dashboard.figures import FIGURES
from hotline12345.dashboard.views import order_list, volumes
from hotline12345.dashboard.views.opened import OrdersBehind
from hotline12345.dashboard.views.scope import Scope, heading, unit_picker
from hotline12345.sql.lost_reads import CELLS

FIGURE = "figure"
MOST = 50_000  # orders of all units that a browser still lists at ease


def render(scope: Scope) -> None:
    """The page: the orders of the chosen figure."""
    if not scope.period or not scope.has_rates:
        volumes.render(scope)
        return
    heading(scope, "明细", "任何一个数背后的工单；已脱敏，举报和保密工单不显示内容。")
    _figure(scope)


def behind(scope: Scope, found: OrdersBehind) -> None:
    """The orders that another page opened, in its place."""
    components.heading(found.title, "已脱敏；举报和保密工单不显示内容。")
    orders = rate_data.listed_orders(scope.viewer, scope.snapshot, scope.rule_id, tuple(found.order_ids))
    listed = figures.listed(orders)
    if found.remarks:
        remarks = [found.remarks.get(order_id, "") for order_id in listed["order_id"]]
        listed = listed.select(pl.Series("remark", remarks, dtype=pl.String), pl.all())
    _list(scope, listed, found.title, [f"共 {listed.height:,} 件", *found.definition])


def _figure(scope: Scope) -> None:
    unit, what, cell, words = st.columns([1, 1.1, 1, 1.2], vertical_alignment="bottom")
    with unit:
        unit_id = unit_picker(scope.own_scores, "单位", "全部单位")
    with what:
        name = st.selectbox(
            "哪个数",
            list(FIGURES),
            index=list(FIGURES).index("received"),
            format_func=lambda each: FIGURES[each].title,
            key=FIGURE,
            bind="query-params",
        )
    if not unit_id and scope.period["received"] > MOST:
        components.empty(f"这一期共 {scope.period['received']:,} 件，请先在上面选一个单位，再看它的工单。")
        return
    figure = FIGURES[str(name)]
    orders = figures.chosen(str(name), _orders(scope, unit_id), scope.rule_text)
    with cell:
        orders = _narrowed(orders)
    with words:
        part = st.text_input("筛选", placeholder="标题、编号、社区、分类中的字", key="orders_words")
    listed = figures.found_words(figures.listed(orders), part)
    whose = labels.MISSING
    if unit_id:
        whose = scope.own_scores.filter(pl.col("unit_id") == unit_id)["unit_name"].to_list()[0]
    title = f"{whose if unit_id else '全部单位'}　{labels.period_name(scope.period_id)}　{figure.title}"
    definition = [f"{title}：{listed.height:,} 件", *figures.definition(figure, scope.rule_text)]
    _list(scope, listed, title, definition)


def _orders(scope: Scope, unit_id: str | None) -> pl.DataFrame:
    if unit_id:
        return rate_data.ledger(scope.viewer, scope.snapshot, scope.rule_id, scope.period_id, unit_id)
    return rate_data.period_orders(scope.viewer, scope.snapshot, scope.rule_id, scope.period_id)


def _narrowed(orders: pl.DataFrame) -> pl.DataFrame:
    """Further by the reason an order is in no rate, or by the answers of one that is."""
    reasons = [each for each in orders["reason_code"].unique().sort() if each in labels.REASONS]
    cells = [each for each in CELLS if "answer_cell" in orders.columns and each in orders["answer_cell"]]
    titles = {f"r:{each}": labels.REASONS[each] for each in reasons} | {f"c:{each}": f"答复：{each}" for each in cells}
    chosen = st.selectbox(
        "原因或答复",
        list(titles),
        index=None,
        format_func=titles.__getitem__,
        key="orders_reason",
        bind="query-params",
        placeholder="全部",
    )
    if chosen is None:
        return orders
    kind, _, value = chosen.partition(":")
    return orders.filter(pl.col("reason_code" if kind == "r" else "answer_cell") == value)


def _list(scope: Scope, listed: pl.DataFrame, title: str, definition: list[str]) -> None:
    components.defined(definition)
    if listed.is_empty():
        components.empty("没有符合条件的工单。请换一个数，或放宽筛选。")
        return
    st.caption("点一行打开该工单。")
    order_list.show(listed, f"orders_{title}", 430)
    lines = [*definition, *scope.ground]
    components.downloads(scope.viewer, exports.Table(listed, lines, figures.HEADINGS), f"明细_{scope.period_id}")
