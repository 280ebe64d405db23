"""One order: its masked texts, what became known when, and how it counts."""

from collections.abc import Sequence
from typing import Any

import polars as pl

from hotline12345.dashboard import audit, components, data, labels, rate_data, tables
from hotline12345.dashboard.stories import DERIVED, changes, counting, undone
from hotline12345.dashboard.views import order_topic, urgent
from hotline12345.dashboard.views.scope import Scope

FACTS = (
    *("unit_name", "co_units", "order_type", "channel", "sub_center", "place_town", "community", "place_point"),
    *("created_at", "closed_at", "is_valid_callback", "is_contacted", "resolution", "satisfaction"),
)


def render(scope: Scope, order_id: str) -> None:
    """The page of one order; that it was opened is noted before anything of it is shown."""
    found = data.order(scope.viewer, scope.snapshot, order_id)
    if found.is_empty():
        components.empty("没有这张工单，或者您没有查看它的权限。")
        return
    order = found.row(0, named=True)
    audit.opened(scope.viewer, order_id)
    if order["is_need_to_know"] and not scope.viewer.rows.need_to_know:
        components.heading(f"工单 {order_id}", "举报或保密工单")
        components.empty(f"{labels.CONFIDENTIAL}。这张工单照常计入统计，只有专办人员可以打开它。")
        _counting(scope, order)
        return
    components.heading(f"工单 {order_id}", _topic(order))
    urgent.note(scope, order_id)
    components.table(tables.facts([(labels.column(name), labels.shown(name, order[name])) for name in FACTS]))
    texts = _texts(order, ("title", "body", "result_text"))
    components.text_block(texts or ((labels.column("body"), "没有导入文本"),))
    if order["is_derived_id"]:
        components.empty(DERIVED)
    case = data.case_orders(scope.viewer, scope.snapshot, order_id)
    if not case.is_empty():
        components.section(
            "同一案件的其他工单", "有案件编号按案件编号；否则同一诉求人、同一地点、同一类别且相隔 30 天以内。"
        )
        components.table(tables.html_table(case, ("order_id", "created_at", "unit_name", "resolution")))
    _counting(scope, order)
    order_topic.render(scope, order_id, _texts(order, ("title", "body")))
    _batches(scope, order_id)


def _counting(scope: Scope, order: dict[str, Any]) -> None:
    components.section("怎样计入三率")
    ledger = data.order_ledger(scope.viewer, scope.snapshot, order["order_id"])
    if ledger.is_empty():
        components.empty("没有规则的考核周期包含这张工单的创建时间。")
    rules = data.published_rules(scope.viewer, scope.snapshot)
    for row in ledger.iter_rows(named=True):
        scores = rate_data.unit_scores(scope.viewer, scope.snapshot, row["rule_id"], row["period_id"])
        for unit in scores.filter(pl.col("unit_id") == row["unit_id"]).iter_rows(named=True):
            components.text_block(list(counting(row, order, rules[row["rule_id"]], unit)))


def _batches(scope: Scope, order_id: str) -> None:
    components.section("各批次中的变化", "每次导入都保留当时的版本；数据时点最新的一版为准。")
    versions = data.order_versions(scope.viewer, scope.snapshot, order_id)
    components.table(
        tables.html_table(
            versions.with_columns(pl.Series("change", _told(versions), dtype=pl.String)),
            ("batch_id", "file_name", "known_at", "change"),
            headings={"change": "变化"},
        )
    )


def _texts(order: dict[str, Any], names: Sequence[str]) -> tuple[tuple[str, str], ...]:
    return tuple((labels.column(name), order[name]) for name in names if order[name])


def _told(versions: pl.DataFrame) -> list[str]:
    rows = versions.iter_rows(named=True)
    return [change + undone(row) for change, row in zip(changes(versions), rows, strict=True)]


def _topic(order: dict[str, Any]) -> str:
    sure = f"，模型概率 {labels.rate(order['model_probability'])}" if order["topic_source"] == "模型" else ""
    return f"分类：{order['topic_name']}（{labels.SOURCES[order['topic_source']]}{sure}）"
