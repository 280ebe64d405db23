"""每月一题: the candidates with their evidence, the year list, two or three side by side, decisions and what became of them.

The meeting decides; this page ranks, shows and notes.
"""

from collections.abc import Callable

import streamlit as st

from hotline12345.dashboard import components, issue_board, issue_data, issue_records
from hotline12345.dashboard.views import issue_candidates, issue_compare, issue_decide, issue_recurrence, issue_year
from hotline12345.dashboard.views.issue_choice import CANDIDATES, COMPARE, DECIDE, PART, RECURRENCE, YEAR
from hotline12345.dashboard.views.scope import Scope
from hotline12345.sql.records.store import RecordsError

PARTS: dict[str, Callable[[Scope], None]] = {
    CANDIDATES: issue_candidates.render,
    YEAR: issue_year.render,
    COMPARE: issue_compare.render,
    DECIDE: issue_decide.render,
    RECURRENCE: issue_recurrence.render,
}
BY_YEAR, BY_MONTH = "year", "month"


def render(scope: Scope) -> None:
    """The page."""
    components.heading(
        "每月一题", "哪些问题反复出现、为什么这样排；比较、决定，再看决定之后怎样。名次供会议参考，由会议决定。"
    )
    if issue_data.issues(scope.viewer, scope.snapshot).is_empty():
        components.empty("没有找到反复出现的问题。工单较少，或文本没有导入时会这样。")
        return
    method = issue_data.choice(scope.viewer, scope.snapshot).method
    parts = [part for part in PARTS if part != YEAR or method != BY_MONTH]
    part = st.segmented_control(
        "看什么",
        parts,
        default=YEAR if method == BY_YEAR else CANDIDATES,
        required=True,
        key=PART,
        bind="query-params",
        label_visibility="collapsed",
    )
    try:
        _waiting(scope)
        PARTS[str(part)](scope)
    except RecordsError as error:
        components.failure(str(error))


def _waiting(scope: Scope) -> None:
    """Says which changes the figures do not show yet; what stands below keeps its place, and so an open tab, when it begins to."""
    place = st.container()
    landed = issue_data.landed_edits(scope.viewer, scope.snapshot)
    waiting = issue_board.waiting(issue_records.edits(scope.viewer), landed)
    if waiting:
        place.caption(f"有 {len(waiting)} 项合并或拆分已记录，数字在下次刷新（导入或 hotline publish）后更新。")
