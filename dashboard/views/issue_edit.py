"""Changing an issue: name, merge, split, dismissal, pin. Every change is noted with its reason and can be taken back."""

from collections.abc import Mapping
from typing import Any

import polars as pl
import streamlit as st

from hotline12345.dashboard import components, issue_board, issue_data, issue_deciding, issue_records, labels
from hotline12345.dashboard.issue_deciding import BoardError
from hotline12345.dashboard.views.scope import Scope
from hotline12345.sql.records import issue_events
from hotline12345.sql.records.issue_events import DISMISS, MERGE, PIN, RENAME, RESTORE, SPLIT, UNPIN, IssueEdit

SPLIT_LISTED = 300  # orders that can be looked at for a split; the most representative first
TURN = "issue_edit_turn"
Issue = Mapping[str, Any]
NOTES = {
    RENAME: "改名立即显示。",
    MERGE: "并入后，这个问题的工单归到另一个问题，旧链接打开另一个问题。下次刷新后生效。",
    SPLIT: "选出应当另立的工单。以后新来的工单归到更相近的一边。下次刷新后生效。",
    DISMISS: "不再列为候选，以后的计算也不会再列出；可以恢复。",
    RESTORE: "重新列为候选。",
    PIN: "排在列表最前，名次不变。",
    UNPIN: "回到原来的位置。",
}


def render(scope: Scope, issue: Issue) -> None:
    """The tab of the page: one change at a time, and those that stand."""
    offered = [
        *(RENAME, MERGE, SPLIT),
        RESTORE if issue["is_dismissed"] else DISMISS,
        UNPIN if issue["is_pinned"] else PIN,
    ]
    turn = f"{issue['issue_id']}_{st.session_state.get(TURN, 0)}"
    action = st.segmented_control(
        "做什么",
        offered,
        format_func=issue_board.ACTIONS.__getitem__,
        default=RENAME,
        required=True,
        key=f"edit_{turn}",
    )
    st.caption(NOTES[str(action)])
    said = _inputs(scope, issue, str(action), turn)
    reason = st.text_input(
        "理由", key=f"edit_reason_{turn}", max_chars=200, placeholder="写明依据；不写姓名、电话等个人信息"
    )
    if st.button("记录", key=f"edit_save_{turn}", type="primary", icon=":material/save:"):
        _save(scope, issue, str(action), said, reason)
    _standing(scope, issue)


def _inputs(scope: Scope, issue: Issue, action: str, turn: str) -> dict[str, Any]:
    """What an action needs besides its reason."""
    if action == RENAME:
        longest = issue_events.LONGEST_NAME
        return {"name": st.text_input("新名称", issue["issue_name"], max_chars=longest, key=f"edit_name_{turn}")}
    if action == MERGE:
        others = issue_data.issues(scope.viewer, scope.snapshot).filter(
            (pl.col("issue_grain") == issue["issue_grain"])
            & (pl.col("issue_id") != issue["issue_id"])
            & pl.col("merged_into").is_null()
        )
        names = dict(others.select("issue_id", "issue_name").iter_rows())
        into = st.selectbox("并入哪个问题", list(names), None, format_func=names.__getitem__, key=f"edit_into_{turn}")
        return {"into": into}
    if action == SPLIT:
        return _split(scope, issue, turn)
    return {}


def _split(scope: Scope, issue: Issue, turn: str) -> dict[str, Any]:
    listed = issue_data.issue_examples(scope.viewer, scope.snapshot, issue["issue_id"], SPLIT_LISTED)
    text = st.column_config.TextColumn
    event = st.dataframe(
        listed.select("title", "place_town", "community", "unit_name", "created_at", "order_id"),
        key=f"edit_moved_{turn}",
        height=300,
        hide_index=True,
        column_config={
            "title": text(labels.column("title"), width=280),
            **{name: text(labels.column(name)) for name in ("place_town", "community", "unit_name", "order_id")},
            "created_at": st.column_config.DatetimeColumn(labels.column("created_at"), format="YYYY-MM-DD"),
        },
        on_select="rerun",
        selection_mode="multi-row",
        placeholder=labels.MISSING,
    )
    moved = [listed["order_id"][row] for row in event["selection"]["rows"] if row < listed.height]
    st.caption(
        f"已选 {len(moved)} 件移出（最多列出最有代表性的 {SPLIT_LISTED} 件；举报、保密工单不列出，留在原问题）。"
    )
    name = st.text_input("另立的问题叫什么", max_chars=issue_events.LONGEST_NAME, key=f"edit_part_{turn}")
    return {"moved": moved, "name": name}


def _save(scope: Scope, issue: Issue, action: str, said: Mapping[str, Any], reason: str) -> None:
    issue_id = issue["issue_id"]
    try:
        if action == SPLIT:
            members = issue_data.issue_members(scope.viewer, scope.snapshot, issue_id)["order_id"].to_list()
            moved = set(said["moved"])
            kept = [each for each in members if each not in moved]
            edit = issue_events.split_edit(issue_id, said["moved"], kept, said["name"].strip(), reason.strip())
        else:
            name = said["name"].strip() if "name" in said else None
            edit = IssueEdit(action, issue_id, reason.strip(), said.get("into"), name)
        issue_deciding.refuse_edit(edit)
    except (ValueError, BoardError) as error:
        components.failure(str(error))
        return
    issue_records.edit(scope.viewer, edit)
    _turned(f"已记录：{issue_board.ACTIONS[action]}")


def _standing(scope: Scope, issue: Issue) -> None:
    """What was changed so far, and a way to take each change back."""
    said = issue_records.edit_history(scope.viewer, issue["issue_id"])
    if not said:
        return
    every = issue_data.issues(scope.viewer, scope.snapshot)
    names = dict(every.select("issue_id", "issue_name").iter_rows())
    components.section("调整记录")
    components.listed([issue_board.edit_told(each, names) for each in said])
    undone = {each.undone_id for each in said}
    standing = [each for each in said if each.action != issue_events.UNDO and each.event_id not in undone]
    for edit in standing:
        st.button(
            f"撤回第 {edit.event_id} 号（{issue_board.ACTIONS[edit.action]}）",
            key=f"edit_undo_{edit.event_id}",
            icon=":material/undo:",
            on_click=_undo,
            args=(scope, edit.event_id),
        )


def _undo(scope: Scope, event_id: int) -> None:
    issue_records.undo_edit(scope.viewer, event_id, "在页面上撤回")


def _turned(message: str) -> None:
    """Say it and empty the form."""
    st.session_state[TURN] = st.session_state.get(TURN, 0) + 1
    st.toast(message)
    st.rerun()
