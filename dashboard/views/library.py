"""民生诉求库: full-text search over the masked texts of the orders that the viewer may open.

The filters stand in the URL, the words never: they may name a person. A kept search is opened by its number.
"""

from collections.abc import Sequence
from typing import Any

import polars as pl
import streamlit as st

from hotline12345.dashboard import charts, components, exports, labels, library_data, library_words
from hotline12345.dashboard.library_words import Near
from hotline12345.dashboard.views import library_filters, library_results, library_saved
from hotline12345.dashboard.views.scope import Scope
from hotline12345.models.search.asked import Part
from hotline12345.sql.search_reads import Narrowed

NEAR, ASKED_NEAR = "library_near", "library_asked_near"
SERIES, BARS = 4, 12
LEAD = "检索已脱敏的标题、内容和办理结果。举报、保密工单只有须知人员能检索到内容。"
HOW = (
    "怎么查：几个词用空格隔开，每个词都要有；整句会自动分词。加引号如“电梯停运”按原字查。"
    "两个字的词按整词查（查“供暖”不会查到“提供暖气”）。只检索您有权查看的工单。"
)


def render(scope: Scope) -> None:
    """The page."""
    components.heading("民生诉求库", LEAD)
    library_saved.open_named(scope.viewer)
    words = _words(scope)
    narrowed = library_filters.render(scope)
    asked = library_data.parts(words)
    if not asked:
        _nothing_asked(words)
        return
    found = library_data.counts(scope.viewer, scope.snapshot, asked, narrowed)
    question, found = _near(scope, asked, narrowed, found)
    if found.is_empty():
        components.empty(
            f"没有同时写到{library_words.understood(asked)}的工单。请少写一个词、换个说法，或放宽上面的条件。"
        )
        return
    _summary(question, found)
    listed, figures = st.columns([1.9, 1], gap="large")
    with figures:
        _figures(scope, found)
    with listed:
        library_results.render(scope, question, narrowed, int(found["order_count"].sum()))


def _words(scope: Scope) -> str:
    """The words, kept in the session while other pages are shown."""
    st.session_state.setdefault(library_saved.WORDS, st.session_state.get(library_saved.KEPT_WORDS, ""))
    asked, kept = st.columns([3.2, 1.4], vertical_alignment="bottom")
    with asked:
        words: str = st.text_input(
            "检索词",
            key=library_saved.WORDS,
            max_chars=100,
            placeholder="如：供暖 不热",
            help=HOW,
            on_change=_asked_anew,
        )
    st.session_state[library_saved.KEPT_WORDS] = words
    with kept:
        library_saved.render(scope, words)
    return words


def _asked_anew() -> None:
    """Other words: the first page again, nothing near them, and no kept search any more."""
    for key in (NEAR, ASKED_NEAR, library_results.NUMBER):
        st.session_state.pop(key, None)
    st.query_params.pop(library_saved.SAVED, None)


def _nothing_asked(words: str) -> None:
    if words.strip():
        components.empty("检索词里没有汉字、字母或数字。请写一个词，如“停车”。")
        return
    components.empty("请在上面写检索词，按回车。" + HOW)


def _near(
    scope: Scope, asked: Sequence[Part], narrowed: Narrowed, found: pl.DataFrame
) -> tuple[tuple[Part, ...], pl.DataFrame]:
    """The question itself, or one near it: the chosen one, or the best where nothing is found."""
    chosen: Near | None = st.session_state.get(NEAR)
    if found.height and chosen is None and not st.session_state.get(ASKED_NEAR):
        st.button("错字也查", key="library_ask_near", type="tertiary", on_click=_ask_near, help="查只差一个字的写法。")
        return tuple(asked), found
    offered = library_data.near(scope.viewer, scope.snapshot, tuple(asked), narrowed)
    if chosen is None and found.is_empty() and offered:
        chosen = offered[0][0]
    _offer(asked, offered, chosen)
    if chosen is None:
        return tuple(asked), found
    question = library_words.with_near(asked, chosen)
    return question, library_data.counts(scope.viewer, scope.snapshot, question, narrowed)


def _ask_near() -> None:
    st.session_state[ASKED_NEAR] = True


def _offer(asked: Sequence[Part], offered: Sequence[tuple[Near, int]], chosen: Near | None) -> None:
    """The near questions, each with a button."""
    if not offered:
        st.caption("没有只差一个字的写法。")
        return
    what = library_words.understood(asked)
    st.caption(f"{what}相近的写法：" if chosen is None else f"下面不是{what}，而是相近的写法：")
    with st.container(horizontal=True):
        for near, count in offered:
            st.button(
                f"{library_words.near_words(asked, near)}（{labels.count(count, '件')}）",
                key=f"near_{near.place}_{near.word}",
                type="primary" if near == chosen else "secondary",
                on_click=_choose,
                args=(near,),
            )
        st.button("回到原词", key="near_none", type="tertiary", on_click=_choose, args=(None,))


def _choose(near: Near | None) -> None:
    st.session_state[NEAR] = near
    st.session_state.pop(ASKED_NEAR, None)
    st.session_state.pop(library_results.NUMBER, None)


def _summary(question: Sequence[Part], found: pl.DataFrame) -> None:
    facts: dict[str, Any] = {
        "orders": labels.count(int(found["order_count"].sum()), "件"),
        "units": labels.count(found["unit_id"].n_unique(), "个承办单位"),
    }
    months = [labels.month(value) for value in (found["created_month"].min(), found["created_month"].max())]  # type: ignore[arg-type]
    span = months[0] if months[0] == months[1] else f"{months[0]}至{months[1]}"
    components.lead(f"写到{library_words.understood(question)}的工单 {facts['orders']}，{facts['units']}，{span}。")


def _figures(scope: Scope, found: pl.DataFrame) -> None:
    components.section("逐月", "按工单创建时间，全口径；最多的几个承办单位各一种颜色。")
    height = 210
    components.chart(charts.monthly_bars(found, "unit_name", height, SERIES), "检索到的工单逐月条形图")
    components.section("承办单位", "检索到的工单最多的单位。")
    units = found.group_by("unit_name").agg(pl.col("order_count").sum())
    most = units.sort("order_count", "unit_name", descending=[True, False]).head(BARS)
    components.chart(charts.ranked_bars(most, "unit_name"), "检索到的工单按承办单位条形图")
    if units.height > BARS:
        st.caption(f"列出最多的 {BARS} 个，另有 {units.height - BARS} 个；全部见下载。")
    components.downloads(
        scope.viewer,
        exports.Table(
            found.select("unit_name", "created_month", "order_count"),
            ["检索到的工单数，按承办单位和月份；全口径，按工单创建时间。", labels.DISCLAIMER],
        ),
        "民生诉求库_件数",
    )
