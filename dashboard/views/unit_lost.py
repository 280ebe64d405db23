"""失分工单 of one unit: the four cells, where the points are lost, and the orders, the costliest first."""

from typing import Any

import streamlit as st

from hotline12345.dashboard import components, labels, lost_tables, rank_tables, rate_data
from hotline12345.dashboard.unit_packs import PackContent, file_stem, lost_orders, lost_table
from hotline12345.dashboard.views import order_list, printing
from hotline12345.dashboard.views.scope import Scope
from hotline12345.sql.lost_reads import LostBy

PLACES: dict[LostBy, str] = {"topic_name": "诉求分类", "community": "社区（村）", "undertaker_name": "承办单位"}
TOP = 6


def render(scope: Scope, row: dict[str, Any]) -> None:
    """The section of the unit's page."""
    unit = (scope.viewer, scope.snapshot, scope.rule_id, scope.period_id, row["unit_id"])
    if row["score"] is None:
        components.empty("这一期没有综合成绩（没有有效回访或指标不适用），没有失分可列。")
        return
    summaries = rate_data.lost_summaries(*unit)
    left, right = st.columns([1, 1.25], gap="medium")
    with left:
        components.section(
            "四种答复", "计入三率的工单按“是否解决”“是否满意”分成四格；“基本满意”等部分得分的答复算作“是”。"
        )
        components.table(lost_tables.four_cells(summaries["answer_cell"]))
    with right:
        components.section("失分在哪里", labels.COUNTED_TOPICS)
        name = st.segmented_control(
            "按什么列",
            list(PLACES),
            default="topic_name",
            required=True,
            format_func=PLACES.__getitem__,
            key="lost_by",
            bind="query-params",
            label_visibility="collapsed",
        )
        components.table(lost_tables.lost_by(summaries[name], name, PLACES[name], TOP))
    components.section(
        "失分工单", "点一行打开该工单。失分：这张工单使综合成绩减少的分数，加起来等于 100 减去未取整的成绩。"
    )
    listed = lost_orders(rate_data.ledger(*unit))
    if listed.is_empty():
        components.empty("这一期没有失分工单。")
        return
    order_list.show(listed, f"lost_{scope.period_id}_{row['unit_id']}", 300)
    content = PackContent(scope.rule_text, scope.period_id, scope.ground)
    with st.container(horizontal=True):
        stem = file_stem("失分工单", row["unit_name"], scope.period_id)
        components.downloads(scope.viewer, lost_table(row["unit_name"], listed, content), stem)
        printing.unit(scope, row, rank_tables.rank(row), summaries)
