"""The counts of an issue that open their orders: which of its orders each is made of. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl


@dataclass(frozen=True)
class Part:
    """A count: its name, which orders of the read `issue_members` it is made of, and what that means."""

    title: str
    orders: pl.Expr
    definition: str


_OPEN = ~pl.col("is_need_to_know")  # a 举报 beside other orders of the same person would tell who reported
_SEVERAL = _OPEN & pl.col("caller_key").is_not_null() & (_OPEN.sum().over("caller_key") > 1)
PARTS: Mapping[str, Part] = {
    "all": Part("全部", pl.lit(True), "这个问题的全部工单，全口径（含剔除、挂账）。"),
    "unresolved": Part("未解决", ~pl.col("is_resolved"), "答了解决情况而没有解决的；没有答复的不计。"),
    "unsatisfied": Part("不满意", ~pl.col("is_satisfied"), "答了满意度而不满意的；没有答复的不计。"),
    "recurred": Part("解决后再次反映", pl.col("is_recurrence"), "同一地点同一问题，以“解决”办结之后的第一次反映。"),
    "several": Part(
        "同一诉求人多次", _SEVERAL, "同一诉求人反映过不止一次的全部工单；不含举报和保密工单，以免认出举报人。"
    ),
    "urgent": Part("紧急敏感（明确）", pl.col("is_urgent"), "文本被标为紧急敏感（明确）的。"),
    "returned": Part("退单", pl.col("is_returned"), "退回或有派单异议的。"),
    "whistled": Part("吹哨", pl.col("is_whistled"), "吹哨报到的。"),
    "held": Part("剔除和挂账", pl.col("is_excluded") | pl.col("is_suspended"), "剔除或挂账的；不计分，仍计入诉求量。"),
    "need_to_know": Part("举报和保密", pl.col("is_need_to_know"), "举报或保密工单：计数，不显示内容。"),
}


def counts(members: pl.DataFrame) -> dict[str, int]:
    """How many orders each part has, those with none left out."""
    row = members.select(
        part.orders.fill_null(False).sum().alias(name) for name, part in PARTS.items() if name != "all"
    )
    found = {"all": members.height, **row.row(0, named=True)}
    return {name: count for name, count in found.items() if count}


def order_ids(members: pl.DataFrame, name: str) -> list[str]:
    """The orders of a part, as `members` has them."""
    found: list[str] = members.filter(PARTS[name].orders.fill_null(False))["order_id"].to_list()
    return found
