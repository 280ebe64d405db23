"""One order's story in plain Chinese: what it is, what became known when, and how it counts."""

from collections.abc import Iterator, Mapping
from typing import Any

import polars as pl

from hotline12345.dashboard import labels

FOLLOWED = (
    "unit_name",
    "closed_at",
    "is_valid_callback",
    "is_contacted",
    "resolution",
    "satisfaction",
    "retention",
    "exclusion_tag",
)
TOLD = ("closed_at", "is_valid_callback", "is_contacted", "resolution", "satisfaction")
DERIVED = "来源文件没有工单编号：编号由创建时间、单位和正文推算，后续修订无法可靠对应。"
ANSWERS = ("resolution", "satisfaction")
PARTS = (("response", "response_rate"), ("resolution", "resolution_rate"), ("satisfaction", "satisfaction_rate"))


def order_story(
    order: Mapping[str, Any], versions: pl.DataFrame, ledger: pl.DataFrame, case: pl.DataFrame
) -> Iterator[str]:
    """Lines of text about one order.

    `versions` has grain batch_id, `ledger` grain rule_id, `case` (the other orders of its case) grain order_id.
    """
    yield f"工单 {order['order_id']}（{order['order_type'] or '类型未填'}），{labels.moment(order['created_at'])} 创建"
    yield f"承办单位：{order['unit_name']}；被反映街乡镇：{order['place_town']}；分类：{order['topic_name']}（{order['topic_source']}）"
    yield f"内容：{labels.CONFIDENTIAL if order['is_need_to_know'] else order['body'] or order['title'] or labels.MISSING}"
    yield "；".join(f"{labels.column(name)}：{labels.shown(name, order[name])}" for name in TOLD)
    if order["co_units"]:
        yield f"{labels.column('co_units')}：{order['co_units']}"
    if order["is_derived_id"]:
        yield DERIVED
    if not case.is_empty():
        yield f"同一案件的其他工单：{'、'.join(case['order_id'])}"
    for version, change in zip(versions.iter_rows(named=True), changes(versions), strict=True):
        known_at = labels.moment(version["known_at"])
        yield f"批次 {version['batch_id']}（{version['file_name']}，数据时点 {known_at}）：{change}{undone(version)}"
    for row in ledger.iter_rows(named=True):
        yield from (f"{name}：{sentence}" for name, sentence in counting(row))


def undone(version: Mapping[str, Any]) -> str:
    """A remark on a version whose batch was undone; empty for one in force."""
    return f"（该批次已于 {labels.moment(version['undone_at'])} 撤销，不再计入）" if version["undone_at"] else ""


def counting(row: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """How an order counts under one rule: names and sentences."""
    yield "规则", f"{row['rule_name']}，{labels.period(row['period_id'])}期（{row['period_state']}）"
    if row["reason_code"] != "counted":
        yield "结论", f"不进分母：{labels.REASONS[row['reason_code']]}"
        return
    answers = {"response": "已联系" if row["response_value"] else "未联系", **{name: row[name] for name in ANSWERS}}
    for stem, name in PARTS:
        value, answer = row[f"{stem}_value"] / 1000, answers[stem] or "回访结果空白"
        outside = "只评价响应率" if row["is_response_only"] and stem != "response" else "导入文件没有这一列"
        counted = f"{answer}，进分母，分子计 {value:g}" if row[f"is_in_{stem}"] else f"不进分母：{outside}"
        yield labels.column(name), counted


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
