"""为什么变了: the difference of one figure between two states, split into causes that open their orders."""

from datetime import datetime
from typing import Any

import polars as pl
import streamlit as st

from hotline12345.dashboard import bridge_words, components, data, labels, rate_charts, rate_data
from hotline12345.dashboard.bridge_states import Answer, BridgeError, Moment, Question
from hotline12345.dashboard.bridges import SCORE, Bridge, build_bridge
from hotline12345.dashboard.rank_tables import COMPARISONS
from hotline12345.dashboard.tables import html_table
from hotline12345.dashboard.views import opened
from hotline12345.dashboard.views.opened import OrdersBehind
from hotline12345.dashboard.views.scope import Scope
from hotline12345.sql.rule_layout import INDICATORS

FIGURE = "bridge_figure"  # the key of the first selector on the unit's page
WITHIN = "within"
OTHER = "other"
AGAINST = {
    "previous": f"与上一期比（{COMPARISONS['previous']}）",
    "year_ago": f"与去年同期比（{COMPARISONS['year_ago']}）",
    WITHIN: "与本期较早时比",
    OTHER: "与另一期比",
}


def render(scope: Scope, row: dict[str, Any]) -> None:
    """The section of the unit's page."""
    components.section("为什么变了", "差额按原因拆开，各项相加正好等于差额；每个原因可以打开它的工单。")
    show(scope, row["unit_id"], "bridge")


def show(scope: Scope, unit: str, key: str) -> None:
    """The bridge of a unit, or of a group of units by its name, with its selectors; `key` keeps those apart."""
    what, against, more = st.columns([1, 1.4, 1.4], vertical_alignment="bottom")
    with what:
        names = {SCORE: labels.column("score"), **INDICATORS}
        indicator = st.selectbox(
            "哪个数", list(names), format_func=names.__getitem__, key=f"{key}_figure", bind="query-params"
        )
    starts = _starts(scope)
    with against:
        kind = st.selectbox(
            "与什么比", list(starts), format_func=AGAINST.__getitem__, key=f"{key}_against", bind="query-params"
        )
    with more:
        start = _start(scope, str(kind), starts, key)
    if start is None:
        components.empty("没有更早的一期或更早的数据时点可以比较。请换一个比法。")
        return
    question = Question(unit, start, Moment(scope.period_id), scope.rule_id)
    try:
        answer = rate_data.bridge_answer(scope.viewer, scope.snapshot, question)
    except BridgeError as error:
        components.empty(str(error))
        return
    _shown(answer, build_bridge(answer.chain, str(indicator)), key)


def _starts(scope: Scope) -> dict[str, Moment | None]:
    """What the chosen period can be compared with; fair comparisons at the same age first, as the ranking makes them."""
    earlier = rate_data.compared_scores(scope.viewer, scope.snapshot, scope.rule_id, scope.period_id)
    found: dict[str, Moment | None] = {}
    for comparison in COMPARISONS:
        rows = earlier.filter(pl.col("comparison") == comparison)
        if rows.height:
            found[comparison] = Moment(rows["compared_period_id"][0], rows["compared_as_of"][0])
    return found | {OTHER: None, WITHIN: None}


def _start(scope: Scope, kind: str, starts: dict[str, Moment | None], key: str) -> Moment | None:
    """The moment asked for; the fair comparisons are fixed, the others take a day or a period."""
    if fixed := starts[kind]:
        known = f"，按 {labels.moment(fixed.as_of)} 已知" if fixed.as_of else "，两期都已定稿"
        st.caption(f"{labels.period_name(fixed.period_id)}{known}")
        return fixed
    if kind == WITHIN:
        moments = _known_moments(scope)
        if not moments:
            return None
        chosen = st.selectbox("哪个数据时点", moments, format_func=labels.moment, key=f"{key}_moment")
        return Moment(scope.period_id, chosen)
    others = [each for each in scope.periods["period_id"] if each < scope.period_id]
    if not others:
        return None
    chosen = st.selectbox("哪一期（按最新数据）", others, format_func=labels.period, key=f"{key}_period")
    return Moment(str(chosen))


def _known_moments(scope: Scope) -> list[datetime]:
    """When something was known of the period before what is known now, the newest first."""
    batches = data.batches(scope.viewer, scope.snapshot).filter(pl.col("undone_at").is_null())
    known = batches["known_at"].unique().sort(descending=True)
    return [each for each in known if scope.period["start_at"] < each < scope.period["cutoff_at"]]


def _shown(answer: Answer, found: Bridge, key: str) -> None:
    paragraph = bridge_words.paragraph(answer, found)
    if found.refusal or found.causes.is_empty():
        components.empty(paragraph)
        return
    ends = tuple(labels.period(moment.period_id) + ("（当时）" if moment.as_of else "") for moment in answer.moments)
    left, right = st.columns([1.15, 1], gap="medium")
    with left:
        name = f"{answer.unit_name}{bridge_words.figure_name(found.indicator)}变化的原因"
        components.chart(rate_charts.waterfall(found, (f"起 {ends[0]}", f"止 {ends[1]}")), name)
    with right:
        _causes(answer, found, key)
    if not found.units.is_empty():
        _units(answer, found)
    st.caption("可以复制的一段话（含分子、分母、工单件数和是否在一般波动之内）：")
    st.code(paragraph, language=None, wrap_lines=True)


def _causes(answer: Answer, found: Bridge, key: str) -> None:
    """Each cause with its part and a button that opens its orders."""
    told = bridge_words.told_orders(answer, found)
    for (cause, count, _), change in zip(found.causes.iter_rows(), rate_charts.changes(found), strict=True):
        text, button = st.columns([2.2, 1], vertical_alignment="center")
        with text:
            st.markdown(f"**{cause}**　{change}　{labels.count(count, '件') if count else ''}")
        with button:
            if count and st.button("看工单", key=f"{key}_cause_{cause}", icon=":material/list_alt:"):
                opened.open_orders(_behind(answer, found, told.filter(pl.col("cause") == cause), cause))


def _units(answer: Answer, found: Bridge) -> None:
    """For a group: what its units' weights did (结构), and what they themselves did (表现)."""
    unit = bridge_words.unit_of(found.indicator)
    named = found.units.join(answer.names, on="unit_id", how="left", maintain_order="left")
    told = named.with_columns(
        labels.told(named[name] + 0.0, lambda part: f"{labels.round_half_up(part, 2):+}")
        for name in ("structure", "performance")
    )
    with st.expander("各单位的结构与表现"):
        st.caption(f"结构：单位占有效回访的比重变化；表现：单位自身的变化。单位：{unit}，相加为口径变更之外的差额。")
        components.table(html_table(told, ("unit_name", "structure", "performance"), headings={"unit_name": "单位"}))


def _behind(answer: Answer, found: Bridge, orders: pl.DataFrame, cause: str) -> OrdersBehind:
    unit = bridge_words.unit_of(found.indicator)
    remarks = {
        row["order_id"]: f"{row['order_before']} → {row['order_after']}"
        + (f"（{row['detail']}）" if row["detail"] else "")
        + f"　{labels.round_half_up(row['contribution'], 2):+} {unit}"
        for row in orders.iter_rows(named=True)
    }
    title = f"{answer.unit_name}{bridge_words.figure_name(found.indicator)}为什么变了：{cause}"
    definition = [MEANINGS.get(cause, ""), bridge_words.paragraph(answer, found)]
    return OrdersBehind(title, [line for line in definition if line], tuple(remarks), remarks)


MEANINGS = {
    "新增回访": "新增回访：考核周期结束前得知的有效回访。",
    "迟到回访": "迟到回访：考核周期结束后才得知的有效回访。",
    "改判": "改判：同一件工单的答复前后不同。",
    "剔除": "剔除：因剔除或撤销剔除而进出分母。",
    "挂账/销账": "挂账/销账：因挂账或销账而进出分母。",
    "改派": "改派：工单转入或转出本单位。",
    "口径变更": "口径变更：规则或单位表不同。",
    "上期基数": "上期基数：上一期推算到同一进度并撤回剔除、挂账后的变化。",
}
