"""One order: its masked texts, what became known when, and how it counts."""

from collections.abc import Iterator
from typing import Any

import polars as pl

from hotline12345.dashboard import components, data, labels, tables
from hotline12345.dashboard.views.scope import Scope

FACTS = (
    *("unit_name", "order_type", "channel", "place_town", "community", "place_point"),
    *("created_at", "closed_at", "is_valid_callback", "is_contacted", "resolution", "satisfaction"),
)
FOLLOWED = (
    "closed_at",
    "is_valid_callback",
    "is_contacted",
    "resolution",
    "satisfaction",
    "retention",
    "exclusion_tag",
)
ANSWERS = ("resolution", "satisfaction")
PARTS = (("response", "response_rate"), ("resolution", "resolution_rate"), ("satisfaction", "satisfaction_rate"))


def render(scope: Scope, order_id: str) -> None:
    """The page of one order."""
    found = data.order(scope.viewer, scope.snapshot, order_id)
    if found.is_empty():
        components.empty("没有这张工单，或者您没有查看它的权限。")
        return
    order = found.row(0, named=True)
    components.heading(f"工单 {order_id}", _topic(order))
    components.table(tables.facts([(labels.column(name), labels.shown(name, order[name])) for name in FACTS]))
    if order["is_confidential"]:
        components.empty(f"举报或保密工单：{labels.CONFIDENTIAL}。")
    else:
        texts = [(labels.column(name), order[name]) for name in ("title", "body", "result_text") if order[name]]
        components.text_block(texts or [(labels.column("body"), "没有导入文本")])
    components.section("怎样计入三率")
    ledger = data.order_ledger(scope.viewer, scope.snapshot, order_id)
    if ledger.is_empty():
        components.empty("没有规则的考核周期包含这张工单的创建时间。")
    for row in ledger.iter_rows(named=True):
        components.text_block(list(counting(row)))
    components.section("各批次中的变化", "每次导入都保留当时的版本；数据时点最新的一版为准。")
    versions = data.order_versions(scope.viewer, scope.snapshot, order_id)
    components.table(
        tables.html_table(
            versions.with_columns(pl.Series("change", list(changes(versions)), dtype=pl.String)),
            ("batch_id", "file_name", "known_at", "change"),
            headings={"change": "变化"},
        )
    )


def counting(row: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """How an order counts under one rule: names and sentences."""
    yield "规则", f"{row['rule_name']}，{labels.period(row['period_id'])}期（{row['period_state']}）"
    if row["reason_code"] != "counted":
        yield "结论", f"不进分母：{labels.REASONS[row['reason_code']]}"
        return
    answers = {"response": "已联系" if row["response_value"] else "未联系", **{name: row[name] for name in ANSWERS}}
    for stem, name in PARTS:
        value, answer = row[f"{stem}_value"] / 1000, answers[stem] or "回访结果空白"
        yield (
            labels.column(name),
            f"{answer}：进分母，分子计 {value:g}" if row[f"is_in_{stem}"] else "不进分母：只评价响应率",
        )


def changes(versions: pl.DataFrame) -> Iterator[str]:
    """What each version changed against the one before; one sentence a row, oldest first."""
    rows = list(versions.iter_rows(named=True))
    for index, row in enumerate(rows):
        if index == 0:
            yield "首次出现"
            continue
        before = rows[index - 1]
        parts = [
            f"{labels.column(name)}：{labels.shown(name, before[name])} → {labels.shown(name, row[name])}"
            for name in FOLLOWED
            if row[name] != before[name]
        ]
        yield "；".join(parts) or "其他栏目有变化"


def _topic(order: dict[str, Any]) -> str:
    sure = f"，把握 {labels.rate(order['model_probability'])}" if order["topic_source"] == "模型" else ""
    return f"分类：{order['topic_name']}（{labels.SOURCES[order['topic_source']]}{sure}）"
