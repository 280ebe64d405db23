"""One unit: its rates in the period, their history, and the orders behind them, the costliest first."""

from typing import Any

import polars as pl
import streamlit as st

from hotline12345.dashboard import charts, components, data, labels
from hotline12345.dashboard.views.scope import Scope

LOST, COUNTED, AWAITED, OUTSIDE, ALL = "失分工单", "计入三率", "等待回访", "不计入", "全部"
FILTERS = {
    LOST: pl.col("lost_score") > 0,
    COUNTED: pl.col("reason_code") == "counted",
    AWAITED: pl.col("reason_code") == "callback_awaited",
    OUTSIDE: ~pl.col("reason_code").is_in(["counted", "callback_awaited"]),
    ALL: pl.lit(True),
}


def render(scope: Scope, scores: pl.DataFrame, unit_id: str, order_key: str) -> None:
    """The unit's part of the page; a chosen order goes to the session state under `order_key`."""
    mine = scores.filter(pl.col("unit_id") == unit_id)
    if mine.is_empty():
        components.empty("这一期没有该单位。请换一个考核周期或单位。")
        return
    row = mine.row(0, named=True)
    peers = scores.filter((pl.col("unit_group") == row["unit_group"]) & pl.col("score").is_not_null()).height
    _cards(row, peers)
    _orders(scope, row, order_key)
    history = data.unit_history(scope.viewer, scope.snapshot, scope.rule["rule_id"], unit_id)
    components.section(
        "各考核周期三率", "实心点为已定稿的一期，空心点为尚未定稿、数字仍会变的一期；没有有效回访的一期不画点。"
    )
    if history["response_rate"].drop_nulls().is_empty():
        components.empty("该单位还没有有效回访，没有可画的三率。")
    else:
        components.chart(charts.rate_history(history, 220), f"{row['unit_name']}各考核周期三率折线图")


def _cards(row: dict[str, Any], peers: int) -> None:
    name, *rates, valid = st.columns([1.5, 1, 1, 1, 1.1])
    with name:
        _metric(
            f"{row['unit_name']} · {labels.column('score')}",
            labels.NO_VALID if row["score"] is None else labels.score(row["score"]),
            _standing(row, peers),
            f"{row['band']}。位次只在同类单位内排。",
        )
    for column, stem in zip(rates, ("response", "resolution", "satisfaction"), strict=True):
        with column:
            value = row[f"{stem}_rate"]
            fraction = f"{row[f'{stem}_numerator']:,.1f}".removesuffix(".0") + f" / {row[f'{stem}_denominator']:,}"
            _metric(
                labels.column(f"{stem}_rate"),
                labels.rate(value),
                fraction if value is not None else labels.NO_VALID,
                "下方为分子 / 分母。",
            )
    with valid:
        shut = f"剔除 {row['excluded']:,}　挂账 {row['suspended']:,}"
        _metric("有效回访 / 受理", f"{row['valid']:,} / {row['received']:,}", shut, "受理为全口径，含剔除和挂账。")


def _standing(row: dict[str, Any], peers: int) -> str:
    """Rank among its peers and interval; units that are not ranked say so."""
    if row["score"] is None:
        return "不排位次"
    rank = f"{row['unit_group']}第 {row['score_rank']} 位，共 {peers} 个" if row["score_rank"] else "未登记，不排位次"
    return f"{rank}　区间 {labels.score(row['score_low'])}–{labels.score(row['score_high'])}"


def _metric(title: str, value: str, below: str, explanation: str) -> None:
    st.metric(title, value, below, delta_color="off", delta_arrow="off", border=True, help=explanation)


def _orders(scope: Scope, row: dict[str, Any], order_key: str) -> None:
    period_id = scope.period["period_id"]
    ledger = data.ledger(scope.viewer, scope.snapshot, scope.rule["rule_id"], period_id, row["unit_id"])
    counts = {name: ledger.filter(chosen).height for name, chosen in FILTERS.items()}
    components.section(
        "这一期的工单", "点一行打开该工单。影响成绩：这张工单使综合成绩减少的分数，加起来等于 100 减去未取整的成绩。"
    )
    left, right = st.columns([3, 1], vertical_alignment="center")
    with left:
        kind = st.segmented_control(
            "范围",
            list(FILTERS),
            default=LOST,
            required=True,
            format_func=lambda name: f"{name} {counts[name]:,}",
            label_visibility="collapsed",
            key="ledger_filter",
        )
    with right:
        words = st.text_input(
            "筛选", placeholder="标题、编号、社区中的字", label_visibility="collapsed", key="ledger_words"
        )
    shown = ledger.filter(FILTERS[kind or LOST])
    if words:
        found = pl.concat_str(
            [pl.col(name).fill_null("") for name in ("title", "order_id", "community", "topic_name")], separator=" "
        ).str.contains(words, literal=True)
        shown = shown.filter(found)
    if shown.is_empty():
        components.empty("这一范围没有工单。" if not words else "没有符合筛选的工单。")
        return
    chosen = components.pick_row(
        _list(shown), f"orders_{period_id}_{row['unit_id']}_{kind}", _columns(), 320, first=False
    )
    if chosen is not None:
        st.session_state[order_key] = shown["order_id"][chosen]
        st.rerun()


def _list(orders: pl.DataFrame) -> pl.DataFrame:
    """The order list as it is shown; texts of need-to-know orders are not in it."""
    return orders.select(
        pl.struct(pl.all()).map_elements(_why, pl.String).alias("why"),
        pl.col("lost_score").round(2),
        pl.when("is_need_to_know")
        .then(pl.lit(labels.CONFIDENTIAL))
        .otherwise(pl.col("title").fill_null("（无标题）"))
        .alias("title"),
        "topic_name",
        "place_town",
        "community",
        pl.col("created_at").dt.strftime("%Y-%m-%d %H:%M"),
        "order_id",
    )


def _why(order: dict[str, Any]) -> str:
    if order["reason_code"] != "counted":
        return labels.REASONS[order["reason_code"]]
    lost = labels.lost_parts(order)
    return "未失分" if lost == labels.MISSING else lost


def _columns() -> dict[str, Any]:
    text = st.column_config.TextColumn
    return {
        "why": text("失分或不计入的原因", width=190),
        "lost_score": st.column_config.NumberColumn(labels.column("lost_score"), format="%.2f", width=90),
        "title": text(labels.column("title"), width=255),
        "topic_name": text(labels.column("topic_name"), width=100),
        "place_town": text(labels.column("place_town"), width=110),
        "community": text(labels.column("community"), width=115),
        "created_at": text(labels.column("created_at"), width=130),
        "order_id": text(labels.column("order_id"), width=140),
    }
