"""The found orders of 民生诉求库, page by page: what each says, to open it or to look for orders like it."""

from collections.abc import Sequence
from typing import Any

import polars as pl
import streamlit as st

from hotline12345.dashboard import components, exports, labels, library_data, library_words
from hotline12345.dashboard.exports import File, Table
from hotline12345.dashboard.views import opened
from hotline12345.dashboard.views.scope import Scope
from hotline12345.models.search.asked import Part
from hotline12345.sql.search_reads import Narrowed

NUMBER, LIKE = "library_page", "library_like"
COLUMNS = (
    "title",
    "body",
    "result_text",
    "topic_name",
    "unit_name",
    "place_town",
    "community",
    "outcome",
    "created_at",
)


def render(scope: Scope, question: Sequence[Part], narrowed: Narrowed, total: int) -> None:
    """The list, at most `library_data.PAGE` orders at a time."""
    pages = -(-total // library_data.PAGE)
    number = min(int(st.session_state.get(NUMBER, 0)), pages - 1)
    orders = library_data.page(scope.viewer, scope.snapshot, tuple(question), narrowed, number)
    components.section("工单", "标题里写到检索词多的在前，其余新的在前。点“打开”看整张工单。")
    for order in orders.iter_rows(named=True):
        _card(scope, order, question)
    _pages(number, pages)
    _download(scope, question, narrowed, total)


def _card(scope: Scope, order: dict[str, Any], question: Sequence[Part]) -> None:
    with st.container(border=True, gap="xxsmall", key=f"found_{order['order_id']}"):
        components.table(_markup(order, question))
        with st.container(horizontal=True):
            if st.button("打开", key=f"open_{order['order_id']}", type="tertiary"):
                opened.open_order(order["order_id"])
            st.button(
                "相似的工单",
                key=f"like_{order['order_id']}",
                type="tertiary",
                on_click=_like,
                args=(order["order_id"],),
            )
        if st.session_state.get(LIKE) == order["order_id"]:
            _similar(scope, order["order_id"])


def _markup(order: dict[str, Any], question: Sequence[Part]) -> str:
    title = library_words.marked(order["title"] or "（无标题）", question)
    text = library_words.excerpt((order["body"], order["result_text"]), question)
    facts = [order[name] for name in ("topic_name", "unit_name", "place_town", "community", "outcome") if order[name]]
    told = "　".join([*facts, labels.moment(order["created_at"]), order["order_id"]])
    return f'<div class="found"><b>{title}</b><div>{text}</div><small>{library_words.marked(told, ())}</small></div>'


def _similar(scope: Scope, order_id: str) -> None:
    """The orders with the closest texts, below the one they are like."""
    found = library_data.similar(scope.viewer, scope.snapshot, order_id)
    if found.is_empty():
        st.caption("没有找到相似的工单。")
        return
    st.caption("同一分类中用词最接近的工单，百分数为共同用词所占的分量：")
    for order in found.iter_rows(named=True):
        share = labels.rate(order["text_similarity"])
        said = f"{share}　{order['title'] or '（无标题）'}　{order['unit_name']}　{labels.day(order['created_at'])}　{order['outcome']}"
        if st.button(said, key=f"like_{order_id}_{order['order_id']}", type="tertiary"):
            opened.open_order(order["order_id"])


def _like(order_id: str) -> None:
    st.session_state[LIKE] = None if st.session_state.get(LIKE) == order_id else order_id


def _pages(number: int, pages: int) -> None:
    if pages < 2:
        return
    with st.container(horizontal=True, vertical_alignment="center"):
        st.button("上一页", disabled=number == 0, on_click=_turn, args=(number - 1,))
        st.button("下一页", disabled=number == pages - 1, on_click=_turn, args=(number + 1,))
        st.caption(f"第 {number + 1:,} 页，共 {pages:,} 页")


def _turn(number: int) -> None:
    st.session_state[NUMBER] = number


def _download(scope: Scope, question: Sequence[Part], narrowed: Narrowed, total: int) -> None:
    """The first orders as a workbook; its name and its audit entry hold no words."""
    rows = min(total, library_data.MOST)
    note = f"按检索顺序的前 {rows:,} 件，共检索到 {total:,} 件；已脱敏。"

    def make() -> bytes:
        orders = library_data.listed(scope.viewer, scope.snapshot, tuple(question), narrowed)
        told = orders.select("order_id", *COLUMNS).with_columns(pl.col("created_at").dt.strftime("%Y-%m-%d %H:%M"))
        definition = [f"检索：{library_words.understood(question)}", note, *scope.ground]
        return exports.workbook(Table(told, definition))

    components.file_button(scope.viewer, File("民生诉求库_工单.xlsx", rows, make), "下载工单", note)
