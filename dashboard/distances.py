"""Distances in orders: how many more must be solved (or satisfied) to reach a figure. Pure: frames in, words out.

The figures of each step come from `Reader.score_steps`, that is from the scoring formula itself; here the first step that
reaches the figure is looked up. Only counted orders whose answer counts less than fully make steps.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

NOISE = 1e-9
VERBS = {"resolution": "再解决", "satisfaction": "再有", "both": "再解决且满意"}
ENDS = {"resolution": "件", "satisfaction": "件满意", "both": "件"}


@dataclass(frozen=True)
class Distance:
    """`needed` orders to the figure; 0 when it is reached, None when the `available` ones do not suffice."""

    needed: int | None
    available: int


def to_figure(steps: pl.DataFrame, name: str, figure: float) -> Distance | None:
    """Orders until the column `name` of the steps (a rate 0-1, or `score`) is at least `figure`; None without such a rate.

    `steps` has grain step_count (rows of `Reader.score_steps`); rates never fall from one step to the next.
    """
    if steps.is_empty() or steps[name][0] is None:
        return None
    return _first(steps, steps[name] >= figure - NOISE)


def to_next_rank(steps: pl.DataFrame, scores: pl.DataFrame, unit_id: str, tie_break: str) -> Distance | None:
    """Orders until the unit stands higher among the ranked units of its group; None without a rank, or for the first.

    `scores` holds the period's rows of marts.mart_unit_scores; all other units stay as they are. `tie_break` is the rule's.
    """
    own = scores.row(by_predicate=pl.col("unit_id") == unit_id, named=True)
    if own["score_rank"] is None or own["score_rank"] == 1:
        return None
    others = scores.filter(
        pl.col("score_rank").is_not_null(), pl.col("unit_group") == own["unit_group"], pl.col("unit_id") != unit_id
    )
    standing = [_standing(row, row["score"], tie_break) for row in others.iter_rows(named=True)]
    ranks = [1 + sum(other > _standing(own, score, tie_break) for other in standing) for score in steps["score"]]
    return _first(steps, pl.Series(ranks) < own["score_rank"])


def _standing(row: Mapping[str, Any], score: float, tie_break: str) -> tuple[float, int]:
    """What ranks are ordered by: the rounded score, then the rule's tie-break."""
    return round(score, 6), 0 if tie_break == "shared" else row[tie_break]


def _first(steps: pl.DataFrame, reached: pl.Series) -> Distance:
    found = reached.arg_true()
    return Distance(int(steps["step_count"][int(found[0])]) if found.len() else None, steps.height - 1)


def say(distance: Distance | None, improved: str) -> str:
    """`再解决 3 件`; 已达到; or that the orders there are do not suffice. — where the figure does not apply."""
    if distance is None:
        return "—"
    if distance.needed == 0:
        return "已达到"
    if distance.needed is None:
        return f"现有 {distance.available:,} 件未得满分的工单全部改进也达不到"
    return f"{VERBS[improved]} {distance.needed:,} {ENDS[improved]}"
