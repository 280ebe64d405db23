"""三率: the ranking of each group of units; one unit with its history and orders; one order's story."""

import polars as pl
import streamlit as st

from hotline12345.dashboard import components, data, labels, tables
from hotline12345.dashboard.views import order, unit, volumes
from hotline12345.dashboard.views.scope import UNIT, Scope, period_picker, unit_picker

ORDER = "order_id"  # session state only: an order never stands in a URL


def render(scope: Scope) -> None:
    """The page: ranking, or a unit, or an order."""
    if not scope.period or not scope.has_rates:
        volumes.render(scope)
        return
    if chosen := st.session_state.get(ORDER):
        st.button("返回工单列表", icon=":material/arrow_back:", on_click=_close_order)
        order.render(scope, chosen)
        return
    scores = data.unit_scores(scope.viewer, scope.snapshot, scope.rule["rule_id"], scope.period["period_id"])
    title, units, periods = st.columns([3, 1, 1], vertical_alignment="bottom")
    with periods:
        period_picker(scope)
    with units:
        unit_id = unit_picker(labels.in_group_order(scores), "承办单位", "全部单位（选一个看明细）")
    with title:
        dates = labels.span(scope.period["start_at"], scope.period["end_at"])
        components.heading("三率", f"{dates}，{labels.state(scope.period, scope.reasons)}")
    if unit_id:
        st.button("返回全部单位", icon=":material/arrow_back:", on_click=_close_unit)
        unit.render(scope, scores, unit_id, ORDER)
    else:
        _ranking(scope, labels.in_group_order(scores))


def _ranking(scope: Scope, scores: pl.DataFrame) -> None:
    summary = data.group_summary(scope.viewer, scope.snapshot, scope.rule["rule_id"], scope.period["period_id"])
    summaries = {row["unit_group"]: row for row in summary.iter_rows(named=True)}
    groups = scores["unit_group"].unique(maintain_order=True).to_list()
    for tab, group in zip(st.tabs(groups), groups, strict=True):
        with tab:
            components.table(tables.ranking(scores.filter(pl.col("unit_group") == group), summaries.get(group)))
    st.caption(
        "位次只在同类单位内排，先把综合成绩四舍五入到一位小数，同分时受理量大者在前。比率旁的小字为分子/分母。"
        "区间为 95% 的 Wilson 区间，圆点为成绩，虚线为汇总值；区间盖住同组均值的单位“暂不可区分”，位次差别可能只是偶然。"
    )


def _close_unit() -> None:
    st.session_state[UNIT] = None


def _close_order() -> None:
    st.session_state.pop(ORDER, None)
