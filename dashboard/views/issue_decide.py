"""决定与跟踪: what was decided about which issues; of one issue the decision, its plan, and what became of it."""

from collections.abc import Mapping
from typing import Any

import polars as pl
import streamlit as st

from hotline12345.dashboard import (
    components,
    issue_board,
    issue_comparing,
    issue_data,
    issue_deciding,
    issue_records,
    labels,
    tables,
)
from hotline12345.dashboard.issue_deciding import BoardError
from hotline12345.dashboard.views import issue_choice, issue_follow, issue_pack, issue_plan
from hotline12345.dashboard.views.scope import Scope
from hotline12345.sql.records.board_events import CHOSEN, WITHDRAWN, Decision, NotedDecision

TURN = "issue_decision_turn"
TABS = ("决定", "一方案三清单", "跟踪")
Decisions = Mapping[str, NotedDecision]


def render(scope: Scope) -> None:
    """The part of the page."""
    merged = issue_board.same_as(issue_data.merged(scope.viewer, scope.snapshot))
    decisions = issue_deciding.in_force(issue_records.decisions(scope.viewer), merged)
    every = issue_board.edited(issue_data.issues(scope.viewer, scope.snapshot), issue_records.edits(scope.viewer))
    _decided(scope, every, decisions)
    issue = _issue(scope, every, decisions)
    if issue is None:
        components.empty("选一个问题来决定：在上面选，或在“本月候选”里点“去决定”。")
        return
    _facts(issue)
    decision = decisions.get(issue["issue_id"])
    same = (issue["issue_id"], *merged.get(issue["issue_id"], ()))
    decide, plan, follow = st.tabs(TABS, key="issue_decide_part", bind="query-params")
    with decide:
        _decide(scope, issue, decision, same)
    with plan:
        issue_plan.render(scope, issue, same)
    with follow:
        issue_follow.render(scope, issue, decision)


def _decided(scope: Scope, every: pl.DataFrame, decisions: Decisions) -> None:
    """Every issue that something was decided about, with lead and progress."""
    if not decisions:
        return
    units = issue_data.units(scope.viewer, scope.snapshot)
    items = issue_records.plan_items(scope.viewer)
    today = scope.facts["cutoff_at"].date()
    names = dict(every.select("issue_id", "issue_name").iter_rows())
    rows = [
        {
            "issue_name": names.get(issue_id, issue_id),
            "board_state": issue_deciding.state(decision),
            "lead": units.get(decision.lead_unit_id or "", labels.MISSING),
            "progress": issue_deciding.progress([each for each in items if each.issue_id == issue_id], today).said
            if decision.decision == CHOSEN
            else labels.MISSING,
            "reason": decision.reason,
        }
        for issue_id, decision in sorted(decisions.items(), key=lambda each: -each[1].event_id)
    ]
    components.section("已有决定")
    text = st.column_config.TextColumn
    st.dataframe(
        rows,
        hide_index=True,
        height=min(38 + 35 * len(rows), 250),
        column_config={
            "issue_name": text(labels.column("issue_name"), width=220),
            "board_state": text(labels.column("board_state"), width=130),
            "lead": text(issue_deciding.LEAD, width=180),
            "progress": text("一方案三清单进度", width=190),
            "reason": text("理由", width=400),
        },
    )


def _issue(scope: Scope, every: pl.DataFrame, decisions: Decisions) -> dict[str, Any] | None:
    """The issue of the selector: those decided first, then as ranked; it begins with the one that the URL names."""
    wanted = issue_choice.open_id(scope)
    rows = issue_choice.offered(every, [*decisions, *([wanted] if wanted else [])])
    states = {issue_id: issue_deciding.state(decisions.get(issue_id)) for issue_id in rows["issue_id"]}
    names = issue_choice.names(rows, states)
    chosen = st.selectbox(
        "哪个问题",
        list(names),
        index=list(names).index(wanted) if wanted in names else None,
        format_func=names.__getitem__,
        key=f"issue_decided_{wanted}_{st.session_state.get(TURN, 0)}",  # anew once a decision changes its words
        placeholder="输入名称查找",
    )
    if chosen is None:
        return None
    issue_choice.open_issue(chosen)
    return rows.row(by_predicate=pl.col("issue_id") == chosen, named=True)


def _facts(issue: Mapping[str, Any]) -> None:
    """The figures that a decision rests on, in one line."""
    line = {each.name: each.values[0] for each in issue_comparing.lines([issue], [""])}
    names = ("issue_score", "year_order_count", "people_count", "unit_count", "place_count")
    told = [(name, line[name]) for name in map(labels.column, (*names, "unresolved_share", "recurrence_rate"))]
    rank = labels.MISSING if issue["issue_rank"] is None else f"第 {issue['issue_rank']} 名"
    components.table(tables.facts([("名次", rank), *told]))
    st.caption(issue_comparing.period([issue]))


def _decide(scope: Scope, issue: Mapping[str, Any], decision: NotedDecision | None, same: tuple[str, ...]) -> None:
    units = issue_data.units(scope.viewer, scope.snapshot)
    told = [issue_deciding.told(each, units) for each in issue_records.decision_history(scope.viewer, same)]
    form, past = st.columns([1.2, 1], gap="large")
    with form:
        if scope.viewer.can("decide"):
            _form(scope, issue, decision, units)
        else:
            components.empty("您的角色可以查看决定，不能记录决定。")
    with past:
        components.section("决定记录", "每一次决定都保留，以最后一次为准。")
        components.listed(told)
        if not told:
            st.caption("还没有决定。")
        if decision is not None and scope.viewer.can("decide"):
            st.button(
                "撤回这个决定", key="decision_withdraw", icon=":material/undo:", on_click=_withdraw, args=(scope, issue)
            )
        components.section("证据包")
        issue_pack.render(scope, [issue["issue_id"]], issue_data.months(scope.viewer, scope.snapshot)[0])


def _form(scope: Scope, issue: Mapping[str, Any], decision: NotedDecision | None, units: Mapping[str, str]) -> None:
    turn = f"{issue['issue_id']}_{st.session_state.get(TURN, 0)}"
    undertaking = issue_data.issue_units(scope.viewer, scope.snapshot, issue["issue_id"])["unit_id"].to_list()
    offered = list(dict.fromkeys([*undertaking, *units]))
    months = issue_deciding.next_months(scope.facts["cutoff_at"])
    choice = st.segmented_control(
        "决定", list(issue_deciding.DECISIONS), default=CHOSEN, required=True, key=f"decision_{turn}"
    )
    st.caption(issue_deciding.DECISIONS[str(choice)])
    theme_month = None
    if choice == CHOSEN:
        theme_month = st.selectbox(
            "主题月",
            months,
            None,
            format_func=labels.period,
            key=f"decision_month_{turn}",
            width=200,
            placeholder="选一个月",
        )
    known = decision.lead_unit_id if decision else None
    lead = st.selectbox(
        issue_deciding.LEAD,
        offered,
        index=offered.index(known) if known in offered else None,
        format_func=lambda each: units.get(each, each),
        key=f"decision_lead_{turn}",
        placeholder="承办该问题工单多的单位排在前面",
    )
    supporting = st.multiselect(
        "配合单位",
        offered,
        default=[each for each in (decision.supporting_unit_ids if decision else ()) if each in offered],
        format_func=lambda each: units.get(each, each),
        key=f"decision_supporting_{turn}",
        placeholder="可以不选",
        select_all=False,
    )
    reason = st.text_area(
        "理由",
        key=f"decision_reason_{turn}",
        height=90,
        placeholder="依据哪些数字、为什么是现在；不写姓名、电话等个人信息",
    )
    if st.button("记录决定", key=f"decision_save_{turn}", type="primary", icon=":material/gavel:"):
        said = Decision(issue["issue_id"], str(choice), reason.strip(), theme_month, lead, tuple(supporting))
        try:
            allowed = issue_data.choice(scope.viewer, scope.snapshot)
            issue_deciding.refuse_decision(said, issue["issue_grain"], allowed.grains)
        except BoardError as error:
            components.failure(str(error))
            return
        issue_records.decide(scope.viewer, said)
        _turned(f"已记录：{said.decision}")


def _withdraw(scope: Scope, issue: Mapping[str, Any]) -> None:
    issue_records.decide(scope.viewer, Decision(issue["issue_id"], WITHDRAWN, "在页面上撤回"))
    st.session_state[TURN] = st.session_state.get(TURN, 0) + 1


def _turned(message: str) -> None:
    """Say it and empty the form."""
    st.session_state[TURN] = st.session_state.get(TURN, 0) + 1
    st.toast(message)
    st.rerun()
