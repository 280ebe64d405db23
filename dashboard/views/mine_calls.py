"""多次来电: people who called many times, without their keys, and places that many people called about."""

import polars as pl
import streamlit as st

from hotline12345.dashboard import components, street_data, street_tables
from hotline12345.dashboard.views.mine_parts import Mine, pick_orders, window, window_note
from hotline12345.sql.street_reads import LEAST_CALLS

CALLERS = (
    f"同一诉求人 {LEAST_CALLS} 件及以上。只按加密后的来电标识归并，不显示号码；“诉求人 A”等只是本次列表里的称呼，换一次列表会变。"
    "用来发现没有办好的事，不用来评价诉求人。举报和保密工单不列入，以免认出举报人。"
)
SPOTS = f"同一地点、同一类诉求 {LEAST_CALLS} 件及以上，按反映的人数排。"


def render(mine: Mine) -> None:
    """The section."""
    name, days = window("mine_calls")
    st.caption(window_note(mine, days))
    left, right = st.columns(2, gap="medium")
    with left:
        components.section("多次来电的诉求人", CALLERS)
        callers = street_data.repeat_callers(mine.own, days)
        _pick(mine, street_tables.callers(callers), callers, f"多次来电（{name}）", CALLERS)
    with right:
        components.section("来电集中的地方", SPOTS)
        places = street_data.busy_places(mine.own, days)
        _pick(mine, street_tables.places(places), places, f"来电集中（{name}）", SPOTS)


def _pick(mine: Mine, shown: pl.DataFrame, found: pl.DataFrame, what: str, note: str) -> None:
    if found.is_empty():
        components.empty("这段时间没有。可以在上面放宽时间。")
        return
    st.caption("点一行列出这些工单。")
    pick_orders(mine, shown, found["order_ids"], what, note)
