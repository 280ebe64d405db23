"""剔除测算 in words: figures before and after, and which other units move. Pure; the numbers come from sql/what_if.py."""

from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from hotline12345.dashboard import labels
from hotline12345.sql.rule_layout import ANSWERS
from hotline12345.sql.what_if import Assumption

RATES = ("response_rate", "resolution_rate", "satisfaction_rate", "on_time_rate")
FIGURES = ("received", "valid", *RATES, "score", "score_rank", "rank_range", "tier", "band", "set_aside")
WARNING = "测算：假定所列申请已有结果、所列回访已作答；是否剔除、挂账由主管部门认定，本系统不就申报哪些工单提出建议"
NAMES = {"rank_range": "位次范围（95%）", "set_aside": "剔除和挂账占比"}

Row = Mapping[str, Any]


def figures(now: Row, then: Row) -> pl.DataFrame:
    """One unit's figures before and after as texts; columns figure, before, after; an indicator that never applies is left out.

    `now` and `then` are rows of marts.mart_unit_scores.
    """
    kept = [name for name in FIGURES if name not in RATES or now[name] is not None or then[name] is not None]
    rows = [(NAMES.get(name) or labels.column(name), figure(now, name), figure(then, name)) for name in kept]
    return pl.DataFrame(rows, schema=dict.fromkeys(("figure", "before", "after"), pl.String), orient="row")


def figure(row: Row, name: str) -> str:
    """One figure as it prints; a rate with its fraction, the rank with how many are ranked."""
    if name in RATES:
        stem = name.removesuffix("_rate")
        return fraction(row[name], row[f"{stem}_numerator"], row[f"{stem}_denominator"])
    if name == "set_aside":
        return fraction(row["set_aside_share"], row["set_aside_count"], row["received"])
    if name == "rank_range":
        return rank_range(row) or labels.MISSING
    return labels.shown(name, row[name])


def fraction(share: float | None, numerator: float, denominator: int) -> str:
    """`88.0%（44/50）`; — without a denominator."""
    if share is None:
        return labels.MISSING
    return f"{labels.rate(share)}（{numerator:,.1f}".removesuffix(".0") + f"/{denominator:,}）"


def rank_range(row: Row) -> str:
    """`1–6`: the ranks that cannot be ruled out; empty for a unit without a rank."""
    return "" if row["rank_low"] is None else f"{row['rank_low']}–{row['rank_high']}"


def rank(row: Row) -> str:
    """`第 3（1–6）`: the rank with its range; — for a unit without one."""
    return labels.MISSING if row["score_rank"] is None else f"第 {row['score_rank']}（{rank_range(row)}）"


def moved(now: pl.DataFrame, then: pl.DataFrame, unit_id: str) -> pl.DataFrame:
    """The other units whose rank changes, by their new rank; grain unit_id: unit_name, unit_group, before, after."""
    columns = ("unit_id", "unit_name", "unit_group", "score_rank")
    before = now.select("unit_id", pl.col("score_rank").alias("before"))
    both = then.select(columns).rename({"score_rank": "after"}).join(before, on="unit_id")
    differs = pl.col("after").ne_missing(pl.col("before")) & (pl.col("unit_id") != unit_id)
    return both.filter(differs).sort("unit_group", "after", "unit_id", nulls_last=True)


def assumed(assumptions: Sequence[Assumption]) -> str:
    """What is assumed, in one sentence."""
    parts = {
        "假定剔除": {assumption.order_id for assumption in assumptions if assumption.is_excluded},
        "假定不剔除": {assumption.order_id for assumption in assumptions if assumption.is_excluded is False},
        "假定已回访": {assumption.order_id for assumption in assumptions if assumption.is_answer},
    }
    said = "，".join(f"{name} {len(order_ids):,} 件" for name, order_ids in parts.items() if order_ids)
    return said or "没有任何假定"


def answers(indicator: str, scale: Sequence[str]) -> list[str]:
    """The answers that may be assumed under a rule that counts those of `scale`: stars only where the rule counts stars."""
    kinds = {answer.endswith("星") for answer in scale}
    return [answer for answer in ANSWERS[indicator] if answer.endswith("星") in kinds]
