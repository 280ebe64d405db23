"""What became of an issue: its identity, analysts' changes, decisions, and whether it was a topic before."""

from collections.abc import Mapping
from typing import Any

import streamlit as st

from hotline12345.dashboard import components, issue_board, issue_data, issue_deciding, issue_records, labels
from hotline12345.dashboard.views.scope import Scope


def render(scope: Scope, issue: Mapping[str, Any]) -> None:
    """The tab of the page."""
    merged = issue_board.same_as(issue_data.merged(scope.viewer, scope.snapshot))
    ids = (issue["issue_id"], *merged.get(issue["issue_id"], ()))
    components.section("是否曾列为每月一题")
    _topic_before(scope, ids)
    components.section("问题的来历", "系统每次计算时自动记录：出现、合并、拆分、消失、恢复。")
    history = issue_data.issue_history(scope.viewer, scope.snapshot, ids)
    components.listed([issue_board.history_told(row, issue["issue_id"]) for row in history.iter_rows(named=True)])
    st.caption(
        f"编号 {issue['issue_id']}，首次发现：{labels.moment(issue['first_known_at'])[:10]}。编号不变，改名、合并后旧链接仍可打开。"
    )


def _topic_before(scope: Scope, ids: tuple[str, ...]) -> None:
    units = issue_data.units(scope.viewer, scope.snapshot)
    listed = [
        f"{labels.period(entry.theme_month)}　年度清单“{entry.theme_name}”"
        + ("，上年结转" if entry.is_carried_over else "")
        + (f"，对应市级“{entry.city_topic}”" if entry.city_topic else "")
        for entry in issue_records.year_entries(scope.viewer)
        if not set(ids).isdisjoint(entry.issue_ids)
    ]
    decided = [issue_deciding.told(each, units) for each in issue_records.decision_history(scope.viewer, ids)]
    components.listed([*listed, *decided])
    if not listed and not decided:
        st.caption("没有列入过年度清单，也没有决定记录。")
