"""解决后再次反映: of what units solved, and of each topic, how much was reported again; with counts and intervals."""

import streamlit as st

from hotline12345.dashboard import components, issue_data, issue_recurrence, issue_tables, labels
from hotline12345.dashboard.views.scope import Scope

BY_UNIT, BY_TOPIC = "按单位", "按诉求分类"


def render(scope: Scope) -> None:
    """The part of the page."""
    found = issue_data.recurrences_in_all(scope.viewer, scope.snapshot)
    by = st.segmented_control(
        "怎样列", (BY_UNIT, BY_TOPIC), default=BY_UNIT, required=True, key="recurrence_by", bind="query-params"
    )
    components.section("解决后再次反映率", "圆点为这个率，横条为 95% 区间（Wilson），竖虚线为合计的率。")
    st.caption(issue_recurrence.said(found))
    if by == BY_UNIT:
        rows = issue_data.recurrences_by_unit(scope.viewer, scope.snapshot)
        components.table(issue_tables.recurrences(rows, ("unit_group", "unit_name"), found.recurrence_rate))
    else:
        rows = issue_data.recurrences_by_topic(scope.viewer, scope.snapshot)
        components.table(issue_tables.recurrences(rows, ("topic_name",), found.recurrence_rate))
        st.caption(labels.COUNTED_TOPICS)
    for note in issue_recurrence.notes(found):
        st.caption(note)
    components.section("怎样算的")
    components.listed(issue_recurrence.HOW)
