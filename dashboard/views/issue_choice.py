"""Which issues the page 每月一题 looks at: one that is open and those side by side. Kept in the URL, so that a link reopens them."""

from collections.abc import Mapping, Sequence

import polars as pl
import streamlit as st

from hotline12345.dashboard import issue_data
from hotline12345.dashboard.views.scope import Scope
from hotline12345.models.recurring.edits import follow

ISSUE, BESIDE, PART = "issue", "beside", "board"
CANDIDATES, YEAR, COMPARE, DECIDE, RECURRENCE = "本月候选", "年度清单", "比较", "决定与跟踪", "解决后再次反映"
MOST = 3  # issues side by side
OFFERED = 500  # issues in a selector; others are opened from the list of candidates


def open_id(scope: Scope) -> str | None:
    """The issue that the URL names; of a merged one the issue that it lives on in. None where it names none."""
    wanted = st.query_params.get(ISSUE)
    return follow(issue_data.merged(scope.viewer, scope.snapshot), wanted) if wanted else None


def open_issue(issue_id: str) -> None:
    """Note which issue is looked at."""
    if st.query_params.get(ISSUE) != issue_id:
        st.query_params[ISSUE] = issue_id


def beside(scope: Scope) -> list[str]:
    """The issues to compare, at most `MOST`, in the order in which they were chosen."""
    merged = issue_data.merged(scope.viewer, scope.snapshot)
    named = [follow(merged, each) for each in st.query_params.get(BESIDE, "").split(",") if each]
    return list(dict.fromkeys(named))[:MOST]


def put_beside(issue_ids: Sequence[str]) -> None:
    """Note which issues are compared."""
    if issue_ids:
        st.query_params[BESIDE] = ",".join(issue_ids)
    else:
        st.query_params.pop(BESIDE, None)


def go(part: str, issue_id: str | None = None) -> None:
    """Show another part of the page with an issue; for a button's callback, before anything is drawn."""
    st.session_state[PART] = part
    if issue_id:
        open_issue(issue_id)


def offered(every: pl.DataFrame, first: Sequence[str]) -> pl.DataFrame:
    """The issues that a selector offers: those named, then as ranked, at most `OFFERED`; dismissed and merged ones only if named."""
    is_first = pl.col("issue_id").is_in(list(first))
    ranked = pl.col("issue_rank").is_not_null() & ~pl.col("is_dismissed")
    return every.filter(is_first | ranked).sort(~is_first, "issue_rank", "issue_id", nulls_last=True).head(OFFERED)


def names(rows: pl.DataFrame, states: Mapping[str, str] | None = None) -> dict[str, str]:
    """What a selector calls each issue: `供暖不热（共性问题）`, and with its state `供暖不热（共性问题，未决定）`."""
    known = states or {}
    return {
        issue_id: f"{name}（{'，'.join(filter(None, (grain, known.get(issue_id))))}）"
        for issue_id, name, grain in rows.select("issue_id", "issue_name", "issue_grain").iter_rows()
    }
