"""走势 of one unit: its rates over the periods, and how this period's published figures moved."""

from typing import Any

import polars as pl

from hotline12345.dashboard import charts, components, rate_data, tables
from hotline12345.dashboard.views.scope import Scope


def render(scope: Scope, row: dict[str, Any]) -> None:
    """The section of the unit's page."""
    history = rate_data.unit_history(scope.viewer, scope.snapshot, scope.rule_id, row["unit_id"])
    components.section(
        "各考核周期三率", "实心点为已定稿的一期，空心点为尚未定稿、数字仍会变的一期；没有有效回访的一期不画点。"
    )
    if history["response_rate"].drop_nulls().is_empty():
        components.empty("该单位还没有有效回访，没有可画的三率。")
        return
    components.chart(charts.rate_history(history, 250), f"{row['unit_name']}各考核周期三率折线图")
    components.section("这一期历次发布的成绩", "每次发布都保留当天的成绩和位次；只列有变化的几次。")
    kept = rate_data.published_history(
        scope.viewer, scope.snapshot, scope.rule_id, scope.period_id, row["unit_id"]
    ).filter(pl.col("period_state").is_not_null())
    if kept.is_empty():
        components.empty("还没有保留的历次成绩。以后每次发布都会留下当天的成绩。")
        return
    names = ("published_at", "period_state", "valid", "score", "score_rank")
    components.table(tables.html_table(kept.sort("published_at", descending=True).head(12), names))
