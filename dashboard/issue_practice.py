"""Proven practice: which unit with a similar volume of one issue solves it best, as far as the numbers can tell. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from hotline12345.dashboard import labels
from hotline12345.dashboard.rate_intervals import with_rate

SIMILAR = 2.0  # a volume between half and twice that of the unit compared with is similar
LEAST_ASKED = 5  # answers below which a solved rate says nothing
Unit = Mapping[str, Any]


@dataclass(frozen=True)
class Practice:
    """What can be said for one unit.

    Attributes:
        unit: the unit that the others are compared with; a row of `rated`.
        similar: units of similar volume with enough answers and the unit itself, the surest solved rate first.
        said: one Chinese sentence.
    """

    unit: Unit
    similar: pl.DataFrame
    said: str


def rated(units: pl.DataFrame) -> pl.DataFrame:
    """Units with resolution_rate and both ends of its interval, most orders first; grain unit_id.

    `units` has unit_id, unit_name, order_count, resolution_asked_count, resolved_count; no rate where nobody answered.
    """
    found = with_rate(units, "resolved_count", "resolution_asked_count", "resolution_rate")
    return found.sort("order_count", "unit_id", descending=[True, False])


def practice(units: pl.DataFrame, unit_id: str) -> Practice:
    """The units of `rated` that one unit can learn from; LookupError when the unit has no order of the issue."""
    found = units.filter(pl.col("unit_id") == unit_id)
    if found.is_empty():
        raise LookupError(unit_id)
    unit = found.row(0, named=True)
    near = pl.col("order_count").is_between(unit["order_count"] / SIMILAR, unit["order_count"] * SIMILAR)
    enough = near & (pl.col("resolution_asked_count") >= LEAST_ASKED)
    similar = units.filter(enough | (pl.col("unit_id") == unit_id)).sort(
        "resolution_rate_low", "unit_id", descending=[True, False], nulls_last=True
    )
    return Practice(unit, similar, _said(unit, similar))


def _said(unit: Unit, similar: pl.DataFrame) -> str:
    others = similar.filter(
        (pl.col("unit_id") != unit["unit_id"]) & (pl.col("resolution_asked_count") >= LEAST_ASKED)
    ).rows(named=True)
    if not others:
        return f"没有与{unit['unit_name']}诉求量相近（一半至两倍）、且至少有 {LEAST_ASKED} 件答复的其他单位，无从比较。"
    best = others[0]
    told = f"诉求量相近的 {len(others)} 个单位中，{_rate(best)}"
    if unit["resolution_rate_low"] is None:
        return f"{told}；{unit['unit_name']}没有解决情况的答复，无从比较。"
    told += f"，{_rate(unit)}"
    if best["resolution_rate_low"] > unit["resolution_rate_high"]:
        return f"{told}。两者区间不重叠，{best['unit_name']}的做法值得了解。"
    return f"{told}。两者区间重叠，暂不可区分。"


def _rate(unit: Unit) -> str:
    counts = f"{labels.count(unit['resolved_count'])}/{labels.count(unit['resolution_asked_count'])}"
    return f"{unit['unit_name']}解决率 {labels.rate(unit['resolution_rate'])}（{counts}）"
