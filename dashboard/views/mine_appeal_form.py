"""Noting an application of 剔挂申诉台账: a new one, the next step of one, its evidence, and taking an entry back."""

from datetime import date

import streamlit as st

from hotline12345.dashboard import appeal_records, appeal_states, appeal_tables, components, street_data
from hotline12345.dashboard.access import NoAccessError
from hotline12345.dashboard.appeal_ledger import Line
from hotline12345.dashboard.appeal_states import AppealError
from hotline12345.dashboard.views.mine_parts import APPEAL, Mine
from hotline12345.sql.records.appeals import KINDS, SUSPENSION, Appeal, NotedAppeal
from hotline12345.sql.records.store import RecordsError

PIECES = "证明材料（每行一项；缺的在行首写“缺”加空格）"


def render(mine: Mine, ledger: list[Line]) -> None:
    """Two boxes below the list: update one that is noted, note a new one."""
    noted = {line.appeal.appeal_id: line for line in ledger if line.appeal}
    if noted:
        with st.expander("更新一件申请", icon=":material/edit:"):
            _update(mine, noted)
    with st.expander("登记一件申请", icon=":material/add:"):
        _new(mine)


def _new(mine: Mine) -> None:
    with st.form("appeal_new", border=False, clear_on_submit=False):
        number, kind, state, day = st.columns([1.6, 1, 1, 1])
        with number:
            order_id = st.text_input("工单编号", key="appeal_order", placeholder="粘贴本单位的工单编号")
        with kind:
            chosen = st.selectbox("类型", KINDS, key="appeal_kind")
        with state:
            first = st.selectbox("状态", appeal_states.next_states(None), key="appeal_first")
        with day:
            when = st.date_input("该状态的日期", street_data.today(), key="appeal_day", format="YYYY-MM-DD")
        pieces = st.text_area(PIECES, key="appeal_pieces", height=90)
        if st.form_submit_button("登记", type="primary", icon=":material/add:"):
            appeal = Appeal(order_id.strip(), chosen, first, _text(when), appeal_tables.pieces(pieces))
            _note(mine, appeal, None)


def _update(mine: Mine, noted: dict[int, Line]) -> None:
    if st.session_state.get(APPEAL) not in noted:
        st.session_state.pop(APPEAL, None)
    chosen = st.selectbox(
        "哪件申请",
        list(noted),
        format_func=lambda number: f"{noted[number].order_id}　{noted[number].kind}　{noted[number].state}",
        key=APPEAL,
    )
    line = noted[chosen]
    if line.appeal is None:
        return
    with st.form(f"appeal_{chosen}", border=False):
        appeal = _entry(line.appeal)
        if st.form_submit_button("记录", type="primary", icon=":material/check:"):
            _note(mine, appeal, chosen)
    history = appeal_records.history(chosen)
    components.table(appeal_tables.history(history))
    if st.button(
        "撤销最近一次记录", icon=":material/undo:", help="记录本身仍然保留，台账回到上一步。", key="appeal_undo"
    ):
        _undo(mine, line)


def _entry(before: NotedAppeal) -> Appeal:
    """The form of an application that is noted."""
    allowed = appeal_states.next_states(before) or (before.state,)
    state, day, settling = st.columns(3)
    with state:
        now = st.selectbox("状态", allowed, key=f"appeal_state_{before.event_id}")
    with day:
        when = st.date_input(
            "该状态的日期",
            None,
            key=f"appeal_when_{before.event_id}",
            format="YYYY-MM-DD",
            help="不填的，状态没有变就保持原来的日期，变了就记今天。",
        )
    due = before.settling_date
    if before.kind == SUSPENSION:
        with settling:
            said = st.date_input(
                "销账期限（批复写明时填）",
                date.fromisoformat(due) if due else None,
                key=f"appeal_settling_{before.event_id}",
                format="YYYY-MM-DD",
            )
            due = _text(said) if said else None
    pieces = st.text_area(
        PIECES, appeal_tables.pieces_text(before.evidence), key=f"appeal_evidence_{before.event_id}", height=90
    )
    result = st.text_input("结果说明", before.result_text, key=f"appeal_result_{before.event_id}")
    told = _text(when) if when else appeal_states.assumed_date(before, now, street_data.today())
    return Appeal(before.order_id, before.kind, now, told, appeal_tables.pieces(pieces), result.strip(), due)


def _note(mine: Mine, appeal: Appeal, appeal_id: int | None) -> None:
    try:
        street_data.note_appeal(mine.own, appeal, appeal_id)
    except (AppealError, NoAccessError, RecordsError) as error:
        components.failure(str(error))
        return
    st.rerun()


def _undo(mine: Mine, line: Line) -> None:
    try:
        street_data.undo_appeal(mine.own, line)
    except (NoAccessError, RecordsError) as error:
        components.failure(str(error))
        return
    st.rerun()


def _text(day: date) -> str:
    return day.isoformat()
