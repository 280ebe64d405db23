"""解决后再次反映: orders closed as resolved whose place and problem somebody reported again."""

import streamlit as st

from hotline12345.dashboard import components, street_data, street_rows
from hotline12345.dashboard.views import order_rows
from hotline12345.dashboard.views.mine_parts import Mine, window, window_note

NOTE = "答复“解决”之后，同一处同一问题又有人反映，按“每月一题”归并的问题认定；不说明谁对谁错，可能是新的情况。举报和保密工单不列。"


def render(mine: Mine) -> None:
    """The section."""
    name, days = window("mine_again")
    found = street_data.came_back(mine.own, days)
    st.caption(f"再次反映的时间在{window_note(mine, days)}{NOTE}")
    if found.is_empty():
        components.empty(f"{name}没有解决后再次反映的工单。可以在上面放宽时间。")
        return
    st.caption(f"共 {found.height:,} 件。点一行打开工单，点编号复制。")
    order_rows.show(street_rows.back_rows(street_data.titled(mine.own, found)), f"again_{name}")
