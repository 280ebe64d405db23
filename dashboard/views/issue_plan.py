"""一方案三清单 of one issue: its lines by list, adding one, changing text, unit, date or state of one."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import polars as pl
import streamlit as st

from hotline12345.dashboard import components, issue_data, issue_deciding, issue_records, tables
from hotline12345.dashboard.issue_deciding import BoardError
from hotline12345.dashboard.views.scope import Scope
from hotline12345.sql.records.board_events import KINDS, NOT_BEGUN, STATES, TASK, NotedPlanItem, PlanItem

TURN = "issue_plan_turn"
COLUMNS = ("list", "text", "unit", "due", "state", "noted")
HEADINGS = {"list": "清单", "text": "内容", "unit": "责任单位", "due": "时限", "state": "状态", "noted": "最近更新"}


def render(scope: Scope, issue: Mapping[str, Any], same: Sequence[str]) -> None:
    """The tab of the page; `same` are the issue and those merged into it."""
    units = issue_data.units(scope.viewer, scope.snapshot)
    items = issue_deciding.in_order([each for each in issue_records.plan_items(scope.viewer) if each.issue_id in same])
    progress = issue_deciding.progress(items, scope.facts["cutoff_at"].date())
    st.caption(f"{progress.said}。是否逾期按数据截至日判断。每次修改都留有记录。")
    if items:
        late = {each.item_id for each in progress.overdue}
        components.table(_table(items, units, late))
    if not scope.viewer.can("decide"):
        return
    turn = f"{issue['issue_id']}_{st.session_state.get(TURN, 0)}"
    numbered = {each.item_id: each for each in items}
    chosen = st.selectbox(
        "改哪一项",
        list(numbered),
        index=None,
        format_func=lambda number: f"{issue_deciding.LISTS[numbered[number].kind]}：{numbered[number].item_text}",
        key=f"plan_item_{turn}",
        placeholder="不选则新增一项",
    )
    _form(scope, issue["issue_id"], numbered.get(chosen) if chosen else None, units, f"{turn}_{chosen}")


def _table(items: Sequence[NotedPlanItem], units: Mapping[str, str], late: set[int]) -> str:
    rows = [
        {
            "list": issue_deciding.LISTS[item.kind],
            "text": item.item_text,
            "unit": units.get(item.unit_id or "", "待定"),
            "due": issue_deciding.due(item),
            "state": f"{item.state}（已逾期）" if item.item_id in late else item.state,
            "noted": f"{item.at[:10]} {item.who}",
        }
        for item in items
    ]
    return tables.html_table(pl.DataFrame(rows, schema=dict.fromkeys(COLUMNS, pl.String)), COLUMNS, None, HEADINGS)


def _form(scope: Scope, issue_id: str, item: NotedPlanItem | None, units: Mapping[str, str], turn: str) -> None:
    with st.form(f"plan_{turn}", border=True):
        kind, unit, due, state = st.columns([1, 1.4, 1, 1])
        with kind:
            of = st.selectbox(
                "清单",
                KINDS,
                KINDS.index(item.kind if item else TASK),
                format_func=issue_deciding.LISTS.__getitem__,
                key=f"plan_kind_{turn}",
            )
        with unit:
            offered = list(units)
            known = offered.index(item.unit_id) if item and item.unit_id and item.unit_id in units else None
            by = st.selectbox(
                "责任单位", offered, known, format_func=units.__getitem__, key=f"plan_unit_{turn}", placeholder="待定"
            )
        with due:
            known_date = date.fromisoformat(item.due_date) if item and item.due_date else None
            until = st.date_input("时限", known_date, format="YYYY-MM-DD", key=f"plan_due_{turn}")
        with state:
            now = st.selectbox(
                "状态", STATES, STATES.index(item.state if item else NOT_BEGUN), key=f"plan_state_{turn}"
            )
        text = st.text_input(
            "内容",
            item.item_text if item else "",
            key=f"plan_text_{turn}",
            placeholder=issue_deciding.MEANINGS[str(of)],
        )
        if st.form_submit_button("保存修改" if item else "新增", type="primary", icon=":material/save:"):
            said = PlanItem(issue_id, str(of), text.strip(), by, until.isoformat() if until else None, str(now))
            _save(scope, said, item)


def _save(scope: Scope, said: PlanItem, item: NotedPlanItem | None) -> None:
    try:
        issue_deciding.refuse_item(said)
    except BoardError as error:
        components.failure(str(error))
        return
    issue_records.save_item(scope.viewer, said, item.item_id if item else None)
    st.session_state[TURN] = st.session_state.get(TURN, 0) + 1
    st.toast("已记录")
    st.rerun()
