"""How far a unit is from what it wants next: a target, its group's mean, the rank above. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from hotline12345.dashboard import labels
from hotline12345.dashboard.distances import say, to_figure, to_next_rank
from hotline12345.dashboard.target_progress import ENTERED, IN_FORCE, Progress, Target, progress
from hotline12345.sql.targets import SCORE

INDICATORS = (SCORE, "response_rate", "resolution_rate", "satisfaction_rate")
HIDDEN_RANKS = "其他单位的成绩不公开，不算差几件"


@dataclass(frozen=True)
class Standing:
    """What distances are measured in: the unit's row of `Reader.unit_scores`, every visible row, its steps, the rule's tie-break."""

    unit: Mapping[str, Any]
    scores: pl.DataFrame
    steps: pl.DataFrame
    tie_break: str


def goal_words(
    standing: Standing, targets: Sequence[Target], means: Mapping[str, Any], period: Mapping[str, Any]
) -> dict[str, str]:
    """By indicator, how far the unit is from its target, else from its group's mean; nothing without either or a figure.

    Args:
        standing: of the unit.
        targets: configured and entered ones; those entered, and for this unit, go first, expired ones never count.
        means: the row of its group in `Reader.group_summary`; {} without one.
        period: a row of `Reader.periods`.
    """
    unit, group = standing.unit, standing.unit["unit_group"]
    wanted = sorted(targets, key=lambda each: (each.name != ENTERED, each.unit_id is None, each.target_id))
    averages = [
        Target(f"mean_{name}", f"{group}汇总", name, means[name], None, None, None, None, "")
        for name in INDICATORS
        if means.get(name) is not None
    ]
    said: dict[str, str] = {}
    for one in progress(unit, [*wanted, *averages], period):
        if one.state == IN_FORCE and one.figure is not None:
            said.setdefault(one.target.indicator, _words(one, standing.steps))
    return said


def next_rank_words(standing: Standing) -> str:
    """How far the rank above is: `距前一位：再解决且满意 3 件`; '' for a unit without a rank."""
    unit = standing.unit
    if unit["score_rank"] is None:
        return ""
    if unit["score_rank"] == 1:
        return "已在第一位"
    peers = standing.scores.filter(pl.col("score_rank").is_not_null(), pl.col("unit_group") == unit["unit_group"])
    if peers.height < unit["ranked_units"]:
        return HIDDEN_RANKS
    return (
        f"距前一位：{say(to_next_rank(standing.steps, standing.scores, unit['unit_id'], standing.tie_break), 'both')}"
    )


def _words(one: Progress, steps: pl.DataFrame) -> str:
    target = one.target
    is_score = target.indicator == SCORE
    goal = f"{labels.score(target.value)} 分" if is_score else labels.rate(target.value)
    name = f"距目标 {goal}" if target.name == ENTERED else f"距{target.name} {goal}"
    if one.is_reached:
        return f"{name}：已达到"
    if is_score:
        return f"{name}：{say(to_figure(steps, SCORE, target.value), 'both')}"
    return f"{name}：{_orders(one)}"


def _orders(one: Progress) -> str:
    gap = labels.points(one.figure, one.target.value).lstrip("-")
    lacking = "差不足 0.1 个百分点" if gap.startswith("0.0") else f"差 {gap}"
    return f"{lacking}，约合 {one.orders:,} 件" if one.orders else lacking
