"""How much the rank of an issue depends on the weights, in words. Pure."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import polars as pl

from hotline12345.dashboard import labels
from hotline12345.models.recurring.scoring import SCORE_COLUMNS, Scoring
from hotline12345.models.recurring.stability import swaps
from hotline12345.sql.issue_settings import Choice


def steady(issue: Mapping[str, Any], choice: Choice) -> str:
    """How often an issue, a row of mart_issues, stays among the first while the weights vary."""
    if issue["top_share"] is None:
        return "没有参加排名，不看入围稳定度。"
    share = labels.rate(issue["top_share"])
    return f"权重随机变动时，有 {share} 的情形在前 {choice.shortlist_size} 名之内。"


def swapped(issues: pl.DataFrame, scoring: Scoring, issue_ids: Sequence[str]) -> list[str]:
    """Which single weight would change the order of two of these issues that follow each other; the smallest change of each pair.

    `issues` are rows of mart_issues; those without a rank, or covered by a theme, are left out.
    """
    competes = pl.col("issue_id").is_in(issue_ids) & pl.col("issue_rank").is_not_null() & ~pl.col("is_covered")
    ranked = issues.filter(competes).sort("issue_rank").select("issue_id", "issue_rank", *SCORE_COLUMNS)
    if ranked.height < 2:
        return []
    names = dict(issues.filter(competes).select("issue_id", "issue_name").iter_rows())
    nearest = swaps(ranked, scoring).unique("issue_id", keep="first", maintain_order=True)
    needed = {row["issue_id"]: row for row in nearest.iter_rows(named=True)}
    return [
        f"“{names[above]}”排在“{names[below]}”前：{_change(needed.get(below))}"
        for above, below in pairwise(ranked["issue_id"])
    ]


def _change(swap: Mapping[str, Any] | None) -> str:
    if swap is None:
        return "任何一个权重单独怎样变，都不改变先后。"
    score, now, then = (
        labels.column(swap["score_name"]),
        labels.rate(swap["weight"]),
        labels.rate(swap["weight_needed"]),
    )
    return f"{score}的权重从 {now} 调到 {then}（其余按比例），两者就会对调。"
