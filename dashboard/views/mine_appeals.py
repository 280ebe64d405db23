"""剔挂申诉: 台账 of the unit's applications with their deadlines, what is missing, results, and the effect once granted."""

import streamlit as st

from hotline12345.dashboard import (
    appeal_ledger,
    appeal_tables,
    components,
    exports,
    labels,
    street_data,
    tables,
    what_ifs,
)
from hotline12345.dashboard.appeal_ledger import Line
from hotline12345.dashboard.unit_packs import file_stem
from hotline12345.dashboard.views import mine_appeal_form, order_rows
from hotline12345.dashboard.views.mine_parts import Mine
from hotline12345.sql.records.appeals import GRANTED
from hotline12345.sql.what_if import WhatIfError

NOTE = (
    "登记的申请和导入数据已写明剔除、挂账的工单。是否申报、是否认定由各单位和主管部门决定，本系统不就申报哪些工单提出建议。"
    "期限来自配置目录的 appeal_deadlines.csv；导入数据写明的挂账，按数据第一次写明之日起算销账期限。"
)
EVERY = "全部"


def render(mine: Mine) -> None:
    """The section."""
    ledger, today = street_data.ledger(mine.own), street_data.today()
    components.section("剔挂申诉台账", NOTE)
    soon = appeal_ledger.settling_soon(ledger, today)
    if soon:
        st.warning(f"{len(soon)} 件挂账须在 {appeal_ledger.SOON_DAYS} 天内销账。", icon=":material/event:")
    if ledger:
        _list(mine, ledger)
    else:
        components.empty("还没有登记申请，导入数据也没有写明剔除、挂账的工单。")
    if mine.own.viewer.can("appeals"):
        mine_appeal_form.render(mine, ledger)
    else:
        st.caption("您的角色只能查看台账，不能登记。")


def _list(mine: Mine, ledger: list[Line]) -> None:
    today = street_data.today()
    kinds = appeal_tables.kinds(ledger, today)
    chosen = str(
        st.segmented_control(
            "哪些",
            list(kinds),
            default=EVERY,
            required=True,
            format_func=lambda name: f"{name} {len(kinds[name])}",
            key="mine_appeal_kind",
            label_visibility="collapsed",
            wrap=True,
        )
    )
    shown = kinds[chosen]
    if not shown:
        components.empty("没有这样的申请。")
        return
    st.caption(f"期限按今天（{labels.day(today)}）计算。点一行打开工单，点编号复制。")
    order_rows.show(appeal_tables.rows(shown, today), f"appeals_{chosen}")
    lines = [f"{mine.unit_name}　剔挂申诉台账：{chosen} {len(shown)} 件", NOTE, *mine.scope.ground]
    table = exports.Table(appeal_tables.table(shown, today), lines, appeal_tables.HEADINGS)
    components.downloads(mine.scope.viewer, table, file_stem("剔挂申诉台账", mine.unit_name, today.isoformat()))
    _effect(mine, [line for line in ledger if line.state == GRANTED])


def _effect(mine: Mine, granted: list[Line]) -> None:
    """The unit's figures of the period without and with what was granted; all together, or one of them."""
    scope = mine.scope
    if mine.row is None or not granted:
        return
    components.section(
        "通过后的影响", "只算登记为“通过”、且属于所选一期的申请：没有它们和有它们时本单位的数字，其他单位不变。"
    )
    names = [EVERY, *(line.order_id for line in granted)]
    chosen = st.selectbox("哪件申请", names, key="appeal_effect")
    part = granted if chosen == EVERY else [line for line in granted if line.order_id == chosen]
    try:
        found = street_data.effect(mine.own, scope.rule_id, scope.period_id, part)
    except WhatIfError as error:
        components.empty(str(error))
        return
    if found is None:
        components.empty(f"这些申请的工单不在{labels.period_name(scope.period_id)}，换一期查看。")
        return
    headings = {"figure": "指标", "before": "没有通过时", "after": "通过后"}
    components.table(tables.html_table(what_ifs.figures(*found), list(headings), headings=headings))
    st.caption("测算，与整期重算一致。剔除和挂账占比升高时，数字变好不等于问题减少。")
