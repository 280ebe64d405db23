"""失分工单 of the period: what each took from the score, the costliest first."""

from html import escape

import polars as pl
import streamlit as st

from hotline12345.dashboard import components, rank_tables, rate_data, street_rows
from hotline12345.dashboard.unit_packs import PackContent, file_stem, lost_orders, lost_table
from hotline12345.dashboard.views import order_rows, printing
from hotline12345.dashboard.views.mine_parts import Mine


def render(mine: Mine) -> None:
    """The section."""
    scope = mine.scope
    if mine.row is None or mine.row["score"] is None:
        components.empty("这一期没有综合成绩（没有有效回访或指标不适用），没有失分可列。可以在右上换一期。")
        return
    unit = (scope.viewer, scope.snapshot, scope.rule_id, scope.period_id, mine.own.unit_id)
    ledger = rate_data.ledger(*unit)
    lost = ledger.filter(pl.col("lost_score") > 0)
    if lost.is_empty():
        components.empty("这一期没有失分工单。")
        return
    shown = f"，先列 {street_rows.SHOWN} 件" if lost.height > street_rows.SHOWN else ""
    st.caption(f"共 {lost.height:,} 件{shown}。失分：这张工单使综合成绩减少的分数。点一行打开工单，点编号复制。")
    order_rows.show(street_rows.lost_rows(lost), "lost")
    content = PackContent(scope.rule_text, scope.period_id, scope.ground)
    with st.container(horizontal=True):
        table = lost_table(mine.unit_name, lost_orders(ledger), content)
        components.downloads(scope.viewer, table, file_stem("失分工单", mine.unit_name, scope.period_id))
        printing.unit(scope, mine.row, rank_tables.rank(mine.row), rate_data.lost_summaries(*unit))
    if "unit" in scope.viewer.pages:
        address = escape(scope.link("unit", unit=mine.unit_name))
        st.html(f'<a href="{address}" target="_self">失分在哪里、为什么变了、测算：见“单位”页</a>')
