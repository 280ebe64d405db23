"""One order's story in plain Chinese: what it is, what became known when, and how it counts."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import polars as pl

from hotline12345.dashboard.labels import REASONS
from hotline12345.sql.dictionary import label

CONFIDENTIAL = "（举报或保密工单，内容仅限须知人员查看）"
_FOLLOWED = (
    "unit_name",
    "closed_at",
    "is_valid_callback",
    "is_contacted",
    "resolution",
    "satisfaction",
    "exclusion_tag",
)


def is_restricted(order: Mapping[str, Any]) -> bool:
    """Whether an order's texts are for a named need-to-know role only."""
    return bool(order["is_confidential"]) or order["order_type"] == "举报"


def order_story(order: Mapping[str, Any], versions: pl.DataFrame, ledger: pl.DataFrame) -> Iterator[str]:
    """Lines of text about one order; `versions` has grain batch_id, `ledger` grain rule_id."""
    yield f"工单 {order['order_id']}（{order['order_type'] or '类型未填'}），{_time(order['created_at'])} 创建"
    yield f"承办单位：{order['unit_name']}；被反映街乡镇：{order['place_town']}；分类：{order['topic_name']}（{order['topic_source']}）"
    yield f"内容：{CONFIDENTIAL if is_restricted(order) else order['body'] or order['title'] or '—'}"
    yield f"办结：{_time(order['closed_at'])}；{_answers(order)}"
    yield from _changes(versions)
    for row in ledger.iter_rows(named=True):
        yield from _counting(row)


def _changes(versions: pl.DataFrame) -> Iterator[str]:
    rows = list(versions.iter_rows(named=True))
    for index, row in enumerate(rows):
        heading = f"批次 {row['batch_id']}（{row['file_name']}，截至 {_time(row['known_at'])}）"
        if index == 0:
            yield f"{heading}：首次出现"
            continue
        changed = [name for name in _FOLLOWED if row[name] != rows[index - 1][name]]
        parts = [f"{label(name)}由“{_plain(rows[index - 1][name])}”变为“{_plain(row[name])}”" for name in changed]
        yield f"{heading}：{'；'.join(parts) or '其他栏目有变化'}"


def _counting(row: Mapping[str, Any]) -> Iterator[str]:
    yield f"规则 {row['rule_id']}，{row['period_id']} 期（{row['period_state']}，数据截至 {_time(row['cutoff_at'])}）："
    if row["reason_code"] != "counted":
        yield f"  不计入三率的分母：{REASONS[row['reason_code']]}"
        return
    for name, inside, value in (
        ("响应率", row["is_in_response"], row["response_value"]),
        ("解决率", row["is_in_resolution"], row["resolution_value"]),
        ("满意率", row["is_in_satisfaction"], row["satisfaction_value"]),
    ):
        yield f"  {name}：计入分母，分子计 {value / 1000:g}" if inside else f"  {name}：不计入（只评价响应率）"


def _answers(order: Mapping[str, Any]) -> str:
    if not order["has_callback"]:
        return "来文没有回访列，“是否解决”“是否满意”为承办单位自评"
    return "；".join(
        f"{label(name)}：{_plain(order[name])}"
        for name in ("is_valid_callback", "is_contacted", "resolution", "satisfaction")
    )


def _plain(value: object) -> str:
    if value is None:
        return "空白"
    if isinstance(value, bool):
        return "是" if value else "否"
    return _time(value) if isinstance(value, datetime) else str(value)


def _time(value: datetime | None) -> str:
    return value.strftime("%Y-%m-%d %H:%M") if value else "—"
