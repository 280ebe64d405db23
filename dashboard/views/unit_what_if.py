"""测算 of one unit: the figures if applications somebody has filed were decided, or open callbacks answered, in some way.

It computes what follows from assumptions that a person makes; it never says which orders to file for.
"""

from typing import Any

import polars as pl
import streamlit as st

from hotline12345.dashboard import components, labels, rank_tables, rate_data
from hotline12345.dashboard.tables import Cell, html_table
from hotline12345.dashboard.views.scope import Scope
from hotline12345.sql.rule_layout import ANSWERS
from hotline12345.sql.rules import Rule
from hotline12345.sql.what_if import Assumption, WhatIf, WhatIfError

RATES = (*rank_tables.RATES, "on_time")
NOT_VALID = "回访无效"


def render(scope: Scope, row: dict[str, Any]) -> None:
    """The section of the unit's page."""
    components.section(
        "测算", "只回答“如果这样，会怎样”。假设由您填写；系统不建议申请哪些工单。结果只在本页显示，不保存。"
    )
    unit = (scope.viewer, scope.snapshot, scope.rule_id, scope.period_id, row["unit_id"])
    try:
        prepared = rate_data.what_if(*unit)
        left, right = st.columns(2, gap="medium")
        with left:
            assumptions = _applications(scope, prepared, row)
        with right:
            taken = {assumption.order_id for assumption in assumptions}
            assumptions += _callbacks(prepared, taken, scope.rule_text, row)
        if not assumptions:
            components.empty("请在上面选择已提交的申请，或填写待回访的结果；下面会列出新的三率、成绩、位次范围。")
            return
        then = prepared.assume(assumptions).filter(pl.col("unit_id") == row["unit_id"])
    except WhatIfError as error:
        components.empty(str(error))
        return
    _result(scope, row, then.row(0, named=True), len(assumptions))


def _applications(scope: Scope, prepared: WhatIf, row: dict[str, Any]) -> list[Assumption]:
    st.markdown("**已提交的剔除申请**")
    choices = prepared.orders.filter(~pl.col("is_excluded"))["order_id"].to_list()
    chosen = st.multiselect(
        "申请获准的工单编号",
        choices,
        key=f"granted_{row['unit_id']}_{scope.period_id}",
        placeholder="输入编号查找，可多选",
        select_all=False,
        help="只填已经提交申请的工单，假定申请获准（改为剔除）。",
    )
    undone = prepared.orders.filter(pl.col("is_excluded"))["order_id"].to_list()
    refused: list[str] = []
    if undone:
        refused = st.multiselect(
            "被驳回（恢复计分）的工单编号",
            undone,
            key=f"refused_{row['unit_id']}_{scope.period_id}",
            placeholder="现为剔除的工单，可多选",
            select_all=False,
            help="现在标为剔除、假定申请被驳回的工单。",
        )
    kind = _kind(scope.rule_text, row) if chosen else None
    return [
        *(Assumption(order_id, is_excluded=True, exclusion_kind=kind) for order_id in chosen),
        *(Assumption(order_id, is_excluded=False) for order_id in refused),
    ]


def _kind(rule: Rule, row: dict[str, Any]) -> str | None:
    """Which kind of 剔除 is assumed, where the rule takes only some."""
    if not rule.exclusion_kinds:
        return None
    chosen: str | None = st.selectbox("剔除类型", list(rule.exclusion_kinds), key=f"kind_{row['unit_id']}")
    return chosen


def _callbacks(prepared: WhatIf, taken: set[str], rule: Rule, row: dict[str, Any]) -> list[Assumption]:
    """Answers of open callbacks, but of those of which something else is assumed."""
    waiting = [order_id for order_id in prepared.open_orders() if order_id not in taken]
    st.markdown(f"**待回访的工单（{len(waiting):,} 件）的答复**")
    if not waiting:
        st.caption("没有待回访的工单。")
        return []
    outcomes = _outcomes(rule)
    left = len(waiting)
    counts: dict[str, int] = {}
    for place, (column, name) in enumerate(zip(st.columns(len(outcomes)), outcomes, strict=True)):
        with column:
            counts[name] = int(
                st.number_input(
                    name, 0, left, 0, key=f"open_{row['unit_id']}_{place}", help="件数，从最早的工单起依次假定。"
                )
            )
        left -= counts[name]
    st.caption(f"还有 {left:,} 件保持待回访。")
    order_ids = iter(waiting)
    return [outcomes[name](next(order_ids)) for name, number in counts.items() for _ in range(number)]


def _outcomes(rule: Rule) -> dict[str, Any]:
    """What an open callback may come to, named by the answers that the rule counts for most and for nothing."""
    solved, unsolved = _ends(rule, "resolution")
    pleased, displeased = _ends(rule, "satisfaction")

    def answered(resolution: str, satisfaction: str) -> Any:
        return lambda order_id: Assumption(
            order_id, is_valid_callback=True, is_contacted=True, resolution=resolution, satisfaction=satisfaction
        )

    return {
        f"{solved}、{pleased}": answered(solved, pleased),
        f"{solved}、{displeased}": answered(solved, displeased),
        f"{unsolved}、{displeased}": answered(unsolved, displeased),
        NOT_VALID: lambda order_id: Assumption(order_id, is_valid_callback=False),
    }


def _ends(rule: Rule, indicator: str) -> tuple[str, str]:
    """The answer that counts for most, and the plainest one that counts for nothing."""
    values = rule.answers[indicator]
    best = max(values, key=lambda answer: (values[answer], -ANSWERS[indicator].index(answer)))
    nothing = [
        answer for answer in ANSWERS[indicator] if not values.get(answer) and answer in ("未解决", "不满意", "0星")
    ]
    return best, nothing[0]


def _result(scope: Scope, now: dict[str, Any], then: dict[str, Any], count: int) -> None:
    """The unit's figures now and under the assumptions, side by side, the share of 剔除 and 挂账 among them."""
    decimals = scope.rule["score_decimals"]
    names = [name for name in RATES if name != "on_time" or now["on_time_rate"] is not None]
    rows: list[tuple[str, Any]] = [
        ("综合成绩", lambda row: labels.score(row["score"], decimals)),
        (
            "95% 区间",
            lambda row: f"{labels.score(row['score_low'], decimals)}–{labels.score(row['score_high'], decimals)}",
        ),
        ("位次（范围）", rank_tables.rank),
        ("与同组均值相比", lambda row: row["band"]),
        *((labels.column(f"{name}_rate"), _rate(name)) for name in names),
        (
            "剔除+挂账占受理",
            lambda row: f"{labels.rate(row['set_aside_share'])}（{row['set_aside_count']:,}/{row['received']:,}）",
        ),
    ]
    frame = pl.DataFrame([{"figure": name, "now": told(now), "then": told(then)} for name, told in rows])
    bold: dict[str, Cell] = {"then": lambda row: f"<b>{row['then']}</b>" if row["then"] != row["now"] else row["then"]}
    headings = {"figure": "指标", "now": "现在", "then": f"假定 {count:,} 件之后"}
    components.table(html_table(frame, ("figure", "now", "then"), bold, headings))
    st.caption("测算与整期重算一致；其他单位保持不变。剔除和挂账占比升高时，数字变好不等于问题减少。")


def _rate(name: str) -> Any:
    def told(row: dict[str, Any]) -> str:
        if row[f"{name}_rate"] is None:
            return rank_tables.no_rate(row)
        return f"{labels.rate(row[f'{name}_rate'])}（{rank_tables.fraction(row[f'{name}_numerator'], row[f'{name}_denominator'])}）"

    return told
