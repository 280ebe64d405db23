"""时限与诉求比 of one unit: orders closed in time, orders past their due time, and complaints per 10,000 residents."""

from typing import Any

import polars as pl
import streamlit as st

from hotline12345.dashboard import components, figures, labels, rank_tables, rate_data
from hotline12345.dashboard.figures import FIGURES
from hotline12345.dashboard.views import order_list
from hotline12345.dashboard.views.scope import Scope

ON_TIME_NOTE = "只算已办结且有办理时限的工单；时限用导出表的截止时间，没有的按时限表推算。"


def render(scope: Scope, row: dict[str, Any]) -> None:
    """The section of the unit's page."""
    on_time, overdue, volume = st.columns(3)
    with on_time:
        _on_time(row)
    with overdue:
        late = rate_data.overdue_open(scope.viewer, scope.snapshot, scope.rule_id, scope.period_id)
        _metric(
            "超期未办结", labels.count(late.get(row["unit_id"], 0), "件"), "已过时限、尚未办结；不在按期办结率内", ""
        )
    with volume:
        _volume(scope, row)
    _late(scope, row)


def _late(scope: Scope, row: dict[str, Any]) -> None:
    """The orders that were closed after their due time."""
    figure = FIGURES["on_time_lost"]
    ledger = rate_data.ledger(scope.viewer, scope.snapshot, scope.rule_id, scope.period_id, row["unit_id"])
    late = ledger.filter(figure.orders)
    components.section("超过时限才办结的工单", ON_TIME_NOTE)
    if late.is_empty():
        components.empty("没有超过时限才办结的工单。")
    else:
        order_list.show(figures.listed(late), f"late_{scope.period_id}_{row['unit_id']}", 260)


def _on_time(row: dict[str, Any]) -> None:
    if row["on_time_rate"] is None:
        _metric("按期办结率", labels.MISSING, "没有已办结且有时限的工单", ON_TIME_NOTE)
        return
    told = rank_tables.fraction(row["on_time_numerator"], row["on_time_denominator"]).replace("/", " / ")
    _metric("按期办结率", labels.rate(row["on_time_rate"]), told, ON_TIME_NOTE)


def _volume(scope: Scope, row: dict[str, Any]) -> None:
    places = rate_data.place_volumes(scope.viewer, scope.snapshot, scope.rule_id, scope.period_id)
    found = places.filter(pl.col("unit_id") == row["unit_id"])
    note = "按问题发生地统计本期创建的诉求，不含“不计入诉求总量”的；人口为常住人口，年份见下方。"
    if found.is_empty() or found["population"][0] is None:
        _metric("万人诉求比", labels.MISSING, "没有该单位的常住人口", note)
        return
    place = found.row(0, named=True)
    value = labels.round_half_up(place["volume_per_10k"], 1)
    told = f"{place['volume_count']:,} 件 / {place['population']:,} 人（{place['population_year']} 年人口）"
    _metric("万人诉求比", f"{value} 件/万人", told, note)


def _metric(title: str, value: str, below: str, explanation: str) -> None:
    st.metric(title, value, below, delta_color="off", delta_arrow="off", border=True, help=explanation or None)
