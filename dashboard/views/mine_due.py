"""待办: the unit's open orders by when they are due, and those without a record of contact."""

import streamlit as st

from hotline12345.dashboard import components, exports, street_data, street_due, street_rows
from hotline12345.dashboard.street_due import BUCKETS, EVERY, NOT_CONTACTED
from hotline12345.dashboard.unit_packs import file_stem
from hotline12345.dashboard.views import order_rows
from hotline12345.dashboard.views.mine_parts import BUCKET, Mine


def render(mine: Mine) -> None:
    """The section."""
    waiting = street_data.open_orders(mine.own)
    note = street_due.clock_note(mine.own.cutoff_at)
    if waiting.orders.is_empty():
        components.empty(f"没有办理中的工单。{note}")
        return
    counts = waiting.counts
    names = [EVERY, *BUCKETS, *([NOT_CONTACTED] if waiting.tells_contact else [])]
    chosen = st.segmented_control(
        "哪些工单",
        names,
        default=EVERY,
        required=True,
        format_func=lambda name: f"{name} {counts[name]:,}",
        key=BUCKET,
        label_visibility="collapsed",
        wrap=True,
    )
    st.caption(f"{note}点一行打开工单，点编号复制。")
    orders = street_data.titled(mine.own, waiting.of(str(chosen)))
    if orders.is_empty():
        components.empty("没有这样的工单。")
        return
    order_rows.show(street_rows.due_rows(orders), f"due_{chosen}")
    lines = [f"{mine.unit_name}　办理中的工单：{chosen} {orders.height:,} 件", note, *mine.scope.ground]
    table = exports.Table(street_rows.due_table(orders), lines, street_rows.HEADINGS)
    components.downloads(mine.scope.viewer, table, file_stem("待办", mine.unit_name, f"{mine.own.cutoff_at:%Y-%m-%d}"))
