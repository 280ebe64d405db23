"""What moves when a period is counted under another rule: orders, the clause that moved each, units, ranks."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

import polars as pl

from hotline12345.dashboard.rule_words import Clause, clause, clause_of_reason
from hotline12345.sql.rule_layout import INDICATORS
from hotline12345.sql.rules import Rule

COUNTED = ("counted", "unreached")


def explained(moved: pl.DataFrame, before: Rule, after: Rule) -> pl.DataFrame:
    """`moved_orders` with what moved in words (`rule_move`), the clause of the new rule that did it (`rule_clause`), and its key."""
    causes = [cause(row, before, after) for row in moved.iter_rows(named=True)]
    return moved.with_columns(
        pl.Series("rule_move", [move(row) for row in moved.iter_rows(named=True)], dtype=pl.String),
        pl.Series("clause_key", [one.key for one in causes], dtype=pl.String),
        pl.Series("rule_clause", [f"{one.ordinal} {one.title}" for one in causes], dtype=pl.String),
    )


def move(row: Mapping[str, Any]) -> str:
    """`解决率：计 1 → 不计；承办单位：甲街道 → 乙镇`."""
    parts = [
        f"{name}：{_value(row[f'before_{rate}_value'])} → {_value(row[f'after_{rate}_value'])}"
        for rate, name in INDICATORS.items()
        if row[f"before_{rate}_value"] != row[f"after_{rate}_value"]
    ]
    if row["before_unit_id"] != row["after_unit_id"]:
        parts.append(f"单位：{row['before_unit_name'] or '不在本期'} → {row['after_unit_name'] or '不在本期'}")
    return "；".join(parts)


def cause(row: Mapping[str, Any], before: Rule, after: Rule) -> Clause:
    """The clause that moved an order: of the new rule, as it reads there."""
    if row["before_unit_id"] is None or row["after_unit_id"] is None:
        return clause(after, "period" if before.clock == after.clock else "clock")
    old, new = row["before_reason_code"], row["after_reason_code"]
    if old != new:
        return clause_of_reason(after, old if new in COUNTED and old not in COUNTED else new)
    if row["before_unit_id"] != row["after_unit_id"]:
        return clause(after, "unit_role")
    if row["before_is_response_only"] != row["after_is_response_only"]:
        return clause(after, "response_only")
    changed = [rate for rate in INDICATORS if row[f"before_{rate}_value"] != row[f"after_{rate}_value"]]
    if any(row[f"before_{name}"] != row[f"after_{name}"] for name in ("resolution", "satisfaction") if name in changed):
        return clause(after, "callback")
    if all(row[f"{side}_{rate}_value"] is not None for rate in changed for side in ("before", "after")):
        return clause(after, "callback" if changed == ["response"] else "answers")
    return clause(after, "callback" if before.answer_source != after.answer_source else "denominators")


def summary(moved: pl.DataFrame, scores: pl.DataFrame, before: Rule, after: Rule) -> list[str]:
    """How many orders moved by which clause, and how many units' ranks; `moved` is `explained`, `scores` `side_by_side`."""
    lines = [f"共有 {moved.height:,} 件工单的计分不同。"]
    counts = Counter(moved["clause_key"].to_list())
    for key, number in sorted(counts.items(), key=lambda item: (-item[1], item[0])):
        lines.append(f"其中 {number:,} 件因为{clause(after, key).sentence}")
    ranks = scores.filter(pl.col("before_score_rank").ne_missing(pl.col("after_score_rank")))
    changed = scores.filter(pl.col("before_score").ne_missing(pl.col("after_score")))
    lines.append(f"{changed.height} 个单位的综合成绩不同，{ranks.height} 个单位的位次不同。")
    if before.unit_role != after.unit_role:
        lines.append("两个规则按不同角色的单位计分，同名单位的数不能直接对比。")
    return lines


def side_by_side(before: pl.DataFrame, after: pl.DataFrame, moved: pl.DataFrame) -> pl.DataFrame:
    """Unit scores under two rules in one row a unit, with the number of its orders that moved; grain unit_id."""
    names = ("unit_id", "unit_name", "unit_group")
    told = ("received", "valid", *_fractions(), "score", "score_rank")
    sides = [
        scores.select("unit_id", *(pl.col(name).alias(f"{side}_{name}") for name in (*names[1:], *told)))
        for side, scores in (("before", before), ("after", after))
    ]
    return (
        sides[1]
        .join(sides[0], on="unit_id", how="full", coalesce=True)
        .with_columns(pl.coalesce(f"after_{name}", f"before_{name}").alias(name) for name in names[1:])
        .join(_moved_of_units(moved), on="unit_id", how="left")
        .with_columns(pl.col("moved_count").fill_null(0))
        .sort("unit_group", "after_score_rank", "unit_id", nulls_last=True)
    )


def _fractions() -> list[str]:
    return [f"{rate}_{part}" for rate in INDICATORS for part in ("numerator", "denominator", "rate")]


def _moved_of_units(moved: pl.DataFrame) -> pl.DataFrame:
    """Each moved order once for every unit that gains or loses by it."""
    sides = [moved.select("order_id", pl.col(f"{side}_unit_id").alias("unit_id")) for side in ("before", "after")]
    return pl.concat(sides).drop_nulls().unique().group_by("unit_id").agg(pl.len().alias("moved_count"))


def _value(thousandths: int | None) -> str:
    return "不计" if thousandths is None else f"计 {thousandths / 1000:g}"
