"""Orders whose label was split or merged when the catalogue changed: which codes, how many, and the orders to open."""

import streamlit as st

from hotline12345.dashboard import components, labels, topic_data
from hotline12345.dashboard.views import opened
from hotline12345.dashboard.views.scope import Scope

SHOWN = ("topic_name", "crosswalk_relation", "successors", "valid_from", "order_count")
RELATIONS = {"split": "拆分", "merged": "合并"}
MOST = 500  # orders listed at once, the newest


def render(scope: Scope) -> None:
    """The section; nothing where no code was split or merged."""
    counts = topic_data.relabel_counts(scope.viewer, scope.snapshot)
    if counts.is_empty():
        return
    components.section(
        "目录调整后需要重新归类的工单",
        "所标的类已经拆分或合并，而且还没有人复核。合并的先按新类计；拆分的先计到各新类共同的上级，没有共同上级的仍按旧类计。",
    )
    listed = counts.select(SHOWN).with_columns(counts["crosswalk_relation"].replace(RELATIONS))
    text = st.column_config.TextColumn
    columns = {
        **{name: text(labels.column(name)) for name in SHOWN[:3]},
        "valid_from": st.column_config.DateColumn(labels.column("valid_from"), format="YYYY-MM-DD"),
        "order_count": st.column_config.NumberColumn(labels.column("order_count")),
    }
    chosen = components.pick_row(
        listed, f"relabel_{opened.times_opened()}", columns, 38 + 35 * min(len(listed), 8), False
    )
    st.caption("点一行列出它的工单；改正在“分类复核”页进行。")
    if chosen is not None:
        _open(scope, counts["topic_code"][chosen], listed.row(chosen, named=True))


def _open(scope: Scope, topic_code: str, row: dict[str, object]) -> None:
    orders = topic_data.relabel_orders(scope.viewer, scope.snapshot, topic_code, MOST)
    lines = [f"所标的“{row['topic_name']}”已{row['crosswalk_relation']}，现在可归入：{row['successors']}。"]
    if int(str(row["order_count"])) > MOST:
        lines.append(f"共 {labels.count(int(str(row['order_count'])), '件')}，这里列出最新的 {MOST} 件。")
    remarks = {order_id: f"可归入 {names}" for order_id, names in orders.select("order_id", "successors").iter_rows()}
    opened.open_orders(opened.OrdersBehind("需要重新归类的工单", lines, orders["order_id"].to_list(), remarks))
