"""与昨日相比: the score as it was published on the last earlier day, and the orders that came, were closed, or lost points since."""

import streamlit as st

from hotline12345.dashboard import components, labels, street_data, street_rows, street_words
from hotline12345.dashboard.street_words import CHANGES
from hotline12345.dashboard.views import order_rows
from hotline12345.dashboard.views.mine_parts import CHANGE, Mine

EXPLAINED = {
    CHANGES[0]: "上次发布时还没有导入的工单。",
    CHANGES[1]: "上次发布时还没有办结、现在已经办结的工单。",
    CHANGES[2]: "上次发布之后回访结果有变化、现在在本期失分的工单。",
}


def render(mine: Mine) -> None:
    """The section."""
    scope = mine.scope
    found = street_data.changes(mine.own, scope.rule_text, scope.period_id)
    if found is None:
        components.empty("没有前一日的发布可比。从第二天发布起，这里列出一天里的变化。")
        return
    st.caption(f"与 {labels.moment(found.since)} 发布的数据相比（此前最后一个有发布的日子）。")
    if mine.row is not None:
        said = street_words.score_words(mine.row, found.before, scope.rule["score_decimals"])
        st.markdown("　".join(said) if said else "上次发布没有本单位这一期的成绩，不作比较。")
    counts = found.counts
    chosen = st.segmented_control(
        "哪种变化",
        list(CHANGES),
        default=CHANGES[0],
        required=True,
        format_func=lambda name: f"{name} {counts[name]:,}",
        key=CHANGE,
        label_visibility="collapsed",
    )
    orders = found.of(str(chosen))
    st.caption(EXPLAINED[str(chosen)])
    if orders.is_empty():
        components.empty("没有这样的工单。")
        return
    newest = orders.tail(street_rows.SHOWN)
    if orders.height > newest.height:
        st.caption(f"共 {orders.height:,} 件，列出最近创建的 {newest.height} 件。")
    order_rows.show(street_rows.changed_rows(street_data.titled(mine.own, newest)), f"changed_{chosen}")
