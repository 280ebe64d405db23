"""The second row of 我的街镇: what is due, who was not contacted, the nearest deadlines, what changed since the day before."""

import polars as pl
import streamlit as st

from hotline12345.dashboard import appeal_ledger, labels, street_data
from hotline12345.dashboard.appeal_ledger import days_left
from hotline12345.dashboard.street_due import DAY, NOT_CONTACTED, OVERDUE, TWO_DAYS, OpenOrders, not_contacted
from hotline12345.dashboard.street_words import CHANGES, place_of
from hotline12345.dashboard.views.mine_parts import (
    APPEAL,
    APPEALS,
    BUCKET,
    CHANGE,
    CHANGED,
    DUE,
    LOST,
    Mine,
    link,
    tile,
)


def render(mine: Mine) -> None:
    """The row of tiles; a number opens its section."""
    waiting = street_data.open_orders(mine.own)
    with st.container(key="tiles"):
        due, contact, deadlines, changed = st.columns([1.1, 1, 1.3, 1])
        with due:
            _due(waiting)
        with contact:
            _contact(mine, waiting)
        with deadlines:
            _deadlines(mine)
        with changed:
            _changed(mine)


def _due(waiting: OpenOrders) -> None:
    with tile("办理期限", f"办理中 {waiting.orders.height:,} 件"):
        for name in (OVERDUE, DAY, TWO_DAYS):
            link(f"{name} {waiting.counts[name]:,} 件", DUE, **{BUCKET: name})


def _contact(mine: Mine, waiting: OpenOrders) -> None:
    with tile("尚未联系", "按填报的记录"):
        if waiting.tells_contact:
            link(f"办理中没有联系记录 {waiting.counts[NOT_CONTACTED]:,} 件", DUE, **{BUCKET: NOT_CONTACTED})
        else:
            st.caption("导入的表没有联系记录一列")
        link(f"本期回访答未联系 {not_contacted(_answers(mine)):,} 件", LOST)


def _deadlines(mine: Mine) -> None:
    ledger, today = street_data.ledger(mine.own), street_data.today()
    with tile("剔挂申诉期限", f"今天 {labels.day(today)}"):
        nearest = appeal_ledger.nearest(ledger, today)
        if not nearest:
            st.caption("没有将到的期限。")
        for due, line in nearest:
            said = f"{due.day.month}月{due.day.day}日（{days_left(due.day, today)}）{line.kind}{due.name}：{place_of(line.order)}"
            link(said, APPEALS, line.order_id, **({APPEAL: line.appeal.appeal_id} if line.appeal else {}))
        if passed := appeal_ledger.passed(ledger, today):
            link(f"另有 {len(passed)} 个期限已过", APPEALS)


def _changed(mine: Mine) -> None:
    found = street_data.changes(mine.own, mine.scope.rule_text, mine.scope.period_id)
    if found is None:
        with tile("与昨日相比", "没有前一日的发布"):
            st.caption("从第二天发布起，这里列出一天里的变化。")
        return
    with tile("与昨日相比", f"{labels.day(found.since)}发布"):
        for name in CHANGES:
            link(f"{name} {found.counts[name]:,} 件", CHANGED, **{CHANGE: name})


def _answers(mine: Mine) -> pl.DataFrame:
    return street_data.answers(mine.own, mine.scope.rule_id, mine.scope.period_id)
