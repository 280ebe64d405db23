"""小区和村: where the unit's orders come from, beside as many days before."""

import streamlit as st

from hotline12345.dashboard import components, street_data, street_tables
from hotline12345.dashboard.views.mine_parts import Mine, pick_orders, window, window_note


def render(mine: Mine) -> None:
    """The section."""
    name, days = window("mine_places")
    found = street_data.hot_communities(mine.own, days)
    st.caption(
        f"{window_note(mine, days)}与之前同样长的时间相比；数据不满两段时间的，前一段会偏少。点一行列出这些工单。"
    )
    if found.is_empty():
        components.empty("这段时间没有工单。可以在上面放宽时间。")
        return
    pick_orders(
        mine, street_tables.communities(found), found["order_ids"], f"小区和村（{name}）", window_note(mine, days)
    )
