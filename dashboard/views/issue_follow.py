"""跟踪 of one issue that was chosen: its months before and after, last year beside them, and what can be said of it."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import streamlit as st

from hotline12345.dashboard import components, issue_charts, issue_data, issue_follow, issue_tables, labels
from hotline12345.dashboard.months import Coverage
from hotline12345.dashboard.views.scope import Scope
from hotline12345.sql.records.board_events import NotedDecision


def render(scope: Scope, issue: Mapping[str, Any], decision: NotedDecision | None) -> None:
    """The tab of the page."""
    if decision is None or decision.theme_month is None:
        components.empty("选定并定了主题月的问题才能跟踪。")
        return
    chosen_for = date.fromisoformat(f"{decision.theme_month}-01")
    months = issue_data.follow_months(scope.viewer, scope.snapshot, issue["issue_id"])
    covered = Coverage.of(scope.facts["first_at"], scope.facts["cutoff_at"])
    found = issue_follow.follow(months, chosen_for, covered)
    components.section("逐月诉求量", "蓝色为当年各月，灰点为上一年同月；竖线为主题月。首尾不满的月份不画。")
    drawn = issue_charts.followed(months, chosen_for, covered)
    components.chart(drawn, f"{issue['issue_name']}逐月诉求量，主题月前后")
    if found.windows:
        components.table(issue_tables.windows(list(found.windows.values())))
    components.listed(found.said)
    st.caption(f"主题月 {labels.month(chosen_for)}，不计入前后两边。{labels.DISCLAIMER}。")
