"""One issue of the board: why it ranks so, its months and units, who solves it best, examples, its history and its edits."""

from collections.abc import Mapping
from typing import Any

import polars as pl
import streamlit as st

from hotline12345.dashboard import (
    charts,
    components,
    issue_board,
    issue_comparing,
    issue_data,
    issue_parts,
    issue_practice,
    issue_records,
    issue_tables,
    issue_weights,
    labels,
    score_evidence,
    tables,
)
from hotline12345.dashboard.views import issue_choice, issue_edit, issue_past, opened
from hotline12345.dashboard.views.opened import OrdersBehind
from hotline12345.dashboard.views.scope import Scope

EXAMPLES = 5
TABS = ("分布", "办理经验", "典型工单", "来历", "调整")
Issue = Mapping[str, Any]


def render(scope: Scope, issue: Issue, volume: str) -> None:
    """Everything about one issue, a row of `issues`; `volume` tells its volume in the choice of the board."""
    place = "未排名次" if issue["issue_rank"] is None else f"第 {issue['issue_rank']} 名"
    title, acts = st.columns([3, 2], vertical_alignment="bottom")
    with title:
        components.section(f"{place}　{issue['issue_name']}（{issue['issue_grain']}）")
    with acts:
        _acts(scope, issue)
    _why(scope, issue, volume)
    if scope.viewer.opens_orders:
        _orders_behind(scope, issue)
    spread, practice, examples, past, edit = st.tabs(TABS, key="issue_detail_part", bind="query-params")
    with spread:
        _spread(scope, issue)
    with practice:
        _practice(scope, issue)
    with examples:
        _examples(scope, issue)
    with past:
        issue_past.render(scope, issue)
    with edit:
        if scope.viewer.can("edit_issues"):
            issue_edit.render(scope, issue)
        else:
            components.empty("改名、合并、拆分由分析员进行。")


def _acts(scope: Scope, issue: Issue) -> None:
    beside = issue_choice.beside(scope)
    issue_id = issue["issue_id"]
    with st.container(horizontal=True, horizontal_alignment="right"):
        if issue_id in beside:
            st.button(
                "移出比较", key="issue_apart", icon=":material/remove:", on_click=_beside, args=(beside, issue_id)
            )
        else:
            st.button(
                f"加入比较（已选 {len(beside)}）",
                key="issue_beside",
                icon=":material/add:",
                disabled=len(beside) >= issue_choice.MOST,
                on_click=_beside,
                args=(beside, issue_id),
            )
        st.button(
            "去比较",
            key="issue_compare",
            disabled=len(beside) < 2,
            on_click=issue_choice.go,
            args=(issue_choice.COMPARE,),
        )
        st.button(
            "去决定",
            key="issue_decide",
            type="primary",
            icon=":material/gavel:",
            on_click=issue_choice.go,
            args=(issue_choice.DECIDE, issue_id),
        )


def _beside(beside: list[str], issue_id: str) -> None:
    issue_choice.put_beside(
        [each for each in beside if each != issue_id] if issue_id in beside else [*beside, issue_id]
    )


def _why(scope: Scope, issue: Issue, volume: str) -> None:
    """The four scores, each with the measures that made it; what these are of and held against below."""
    found = score_evidence.evidence(issue)
    names = score_evidence.SCORES
    for column, name in zip(st.columns(len(names)), names, strict=True):
        with column:
            head = f"{labels.column(name)}　{labels.score(issue[name], 0)}"
            lines = [(each.measure, each.value, each.of) for each in found if each.score == labels.column(name)]
            components.table(tables.scored(head, labels.meaning(name), (issue[name] or 0) / 100, lines))
    choice = issue_data.choice(scope.viewer, scope.snapshot)
    st.caption(
        f"{issue_comparing.period([issue])}{volume}。{issue_weights.steady(issue, choice)}{_before(scope, issue)}"
    )
    with st.expander("得分依据：分母和对照"):
        components.table(issue_tables.evidence(found))


def _before(scope: Scope, issue: Issue) -> str:
    """Which weight would put the issue before the one that ranks just above it; empty for the first."""
    every = issue_board.edited(issue_data.issues(scope.viewer, scope.snapshot), issue_records.edits(scope.viewer))
    above = every.filter(pl.col("issue_rank") == (issue["issue_rank"] or 0) - 1)["issue_id"].to_list()
    scoring = issue_data.scoring(scope.viewer, scope.snapshot)
    return "".join(issue_weights.swapped(every, scoring, [*above, issue["issue_id"]]))


def _orders_behind(scope: Scope, issue: Issue) -> None:
    members = issue_data.issue_members(scope.viewer, scope.snapshot, issue["issue_id"])
    counts = issue_parts.counts(members)
    chosen = st.pills(
        "点开数字看工单",
        list(counts),
        format_func=lambda name: f"{issue_parts.PARTS[name].title} {counts[name]:,} 件",
        key=f"issue_part_{issue['issue_id']}_{opened.times_opened()}",
    )
    if chosen is not None:
        part = issue_parts.PARTS[chosen]
        title = f"{issue['issue_name']}　{part.title}"
        opened.open_orders(OrdersBehind(title, (part.definition,), issue_parts.order_ids(members, chosen)))


def _spread(scope: Scope, issue: Issue) -> None:
    months = issue_data.issue_months(scope.viewer, scope.snapshot, issue["issue_id"])
    if months.is_empty():
        components.empty("这个问题现在没有工单。")
        return
    newest = issue_data.months(scope.viewer, scope.snapshot)[0]
    left, right = st.columns([1, 1.15], gap="large")
    with left:
        components.section("逐月诉求量，按承办单位")
        drawn = charts.monthly_bars(months, "unit_name", 260, until=newest)
        components.chart(drawn, f"{issue['issue_name']}逐月诉求量，按承办单位")
    with right:
        components.section(
            "承办单位 × 月份", f"截至{labels.month(newest)}的 12 个月；格中为件数，颜色越深件数越多，空格为 0。"
        )
        components.table(issue_tables.unit_heat(months, newest))
    _related(scope, issue)


def _related(scope: Scope, issue: Issue) -> None:
    """A theme's events as its evidence, or the theme that an event belongs to."""
    every = issue_data.issues(scope.viewer, scope.snapshot)
    events = every.filter(pl.col("parent_id") == issue["issue_id"])
    if events.height:
        with st.expander(f"其中的点位事件：{events.height} 个"):
            names = ("issue_name", "people_count", "order_count", "month_count", "recurrence_count")
            components.table(tables.html_table(events, names))
    if issue["parent_id"] and (parent := issue_data.issue(scope.viewer, scope.snapshot, issue["parent_id"])):
        st.caption(f"属于共性问题：{parent['issue_name']}")


def _practice(scope: Scope, issue: Issue) -> None:
    units = issue_practice.rated(issue_data.issue_units(scope.viewer, scope.snapshot, issue["issue_id"]))
    if units.is_empty():
        components.empty("这个问题现在没有工单。")
        return
    names = dict(units.select("unit_id", "unit_name").iter_rows())
    unit_id = st.selectbox(
        "哪个单位想借鉴",
        list(names),
        format_func=names.__getitem__,
        key=f"issue_practice_{issue['issue_id']}",
        width=320,
        help="在同一问题上，与它诉求量相近（一半至两倍）的单位比较。排在前面的，区间下限最高。",
    )
    found = issue_practice.practice(units, unit_id)
    st.caption(found.said)
    components.table(issue_tables.practice(found.similar, unit_id))
    st.caption(f"解决率为这个问题的工单，分母为答了解决情况的件数。{labels.DISCLAIMER}。")


def _examples(scope: Scope, issue: Issue) -> None:
    examples = issue_data.issue_examples(scope.viewer, scope.snapshot, issue["issue_id"], EXAMPLES)
    for row in examples.iter_rows(named=True):
        where = "　".join(part for part in (row["place_town"], row["community"]) if part)
        head = f"{labels.moment(row['created_at'])[:10]}　{where}　{row['unit_name']}"
        components.text_block([(head, row["body"] or row["title"] or "没有导入文本")])
    if examples.is_empty():
        components.empty("没有可以列出的典型工单。")
    if issue["need_to_know_count"]:
        st.caption(f"另有 {issue['need_to_know_count']:,} 件举报或保密工单计数但不列出。")
