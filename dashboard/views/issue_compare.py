"""比较: two or three issues side by side, their months in one chart, and how firm their order is."""

import polars as pl
import streamlit as st

from hotline12345.dashboard import (
    charts,
    components,
    issue_board,
    issue_comparing,
    issue_data,
    issue_deciding,
    issue_records,
    issue_tables,
    issue_weights,
    labels,
)
from hotline12345.dashboard.views import issue_choice, issue_pack
from hotline12345.dashboard.views.scope import Scope


def render(scope: Scope) -> None:
    """The part of the page."""
    every = issue_board.edited(issue_data.issues(scope.viewer, scope.snapshot), issue_records.edits(scope.viewer))
    chosen = _chosen(scope, every)
    if len(chosen) < 2:
        components.empty("选两到三个问题并排比较：在上面选，或在“本月候选”里点“加入比较”。")
        return
    issues = [every.row(by_predicate=pl.col("issue_id") == issue_id, named=True) for issue_id in chosen]
    names = {issue["issue_id"]: issue["issue_name"] for issue in issues}
    people = {issue["issue_id"]: issue["people_count"] or 0 for issue in issues}
    merged = issue_board.same_as(issue_data.merged(scope.viewer, scope.snapshot))
    decisions = issue_deciding.in_force(issue_records.decisions(scope.viewer), merged)
    states = [issue_deciding.state(decisions.get(issue_id)) for issue_id in chosen]
    left, right = st.columns([1.15, 1], gap="large")
    with left:
        components.section("指标对比", "加粗为该行最大的一个；指向行名可看含义。")
        components.table(issue_tables.side_by_side(list(names.values()), issue_comparing.lines(issues, states)))
        st.caption(f"{issue_comparing.period(issues)}{labels.DISCLAIMER}。")
    with right:
        components.section("逐月诉求量")
        months = pl.concat(
            issue_data.issue_months(scope.viewer, scope.snapshot, issue_id)
            .select("created_month", "order_count")
            .with_columns(issue_name=pl.lit(names[issue_id]))
            for issue_id in chosen
        )
        components.chart(charts.monthly_lines(months, "issue_name", 280), "所比较问题的逐月诉求量折线图")
        components.section("名次有多稳", "权重是建议值。换一组权重，名次可能不同。")
        components.listed(
            [
                *issue_weights.swapped(every, issue_data.scoring(scope.viewer, scope.snapshot), chosen),
                *issue_comparing.shared(issue_data.shared(scope.viewer, scope.snapshot, tuple(chosen)), names, people),
            ]
        )
    for column, issue in zip(st.columns(len(issues)), issues, strict=True):
        with column:
            st.button(
                f"去决定：{issue['issue_name']}",
                key=f"compare_decide_{issue['issue_id']}",
                on_click=issue_choice.go,
                args=(issue_choice.DECIDE, issue["issue_id"]),
                width="stretch",
            )
    components.section("证据包", "所比较的几个问题的会议材料。")
    issue_pack.render(scope, chosen, issue_data.months(scope.viewer, scope.snapshot)[0])


def _chosen(scope: Scope, every: pl.DataFrame) -> list[str]:
    """The issues of the selector; it begins with those that the URL names."""
    beside = issue_choice.beside(scope)
    names = issue_choice.names(issue_choice.offered(every, beside))
    chosen = st.multiselect(
        "比较哪些问题",
        list(names),
        default=[each for each in beside if each in names],
        max_selections=issue_choice.MOST,
        format_func=names.__getitem__,
        key="issue_beside_chosen",
        placeholder="选两到三个",
    )
    issue_choice.put_beside(chosen)
    return list(chosen)
