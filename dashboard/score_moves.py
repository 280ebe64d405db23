"""Which units' scores moved most against a fair comparison, and which rate moved them. Pure: frames in, frame and words out.

A rate's part is what the score loses or gains when that rate alone goes back to what it was, by the scoring formula itself.
With weights the parts add up to the whole change but for rounding.
"""

from collections.abc import Mapping
from math import hypot, sqrt
from typing import Any

import polars as pl

from hotline12345.dashboard import labels, rank_tables
from hotline12345.dashboard.scores import exact_score
from hotline12345.sql.rule_layout import CALLBACK_INDICATORS, INDICATORS
from hotline12345.sql.rules import Rule

Row = Mapping[str, Any]
_MOVES = pl.Schema(
    {
        **dict.fromkeys(("unit_id", "unit_name", "unit_group"), pl.String()),
        **dict.fromkeys(("score", "score_before", "score_change", "usual_change"), pl.Float64()),
        "reason": pl.String(),
    }
)


def score_moves(scores: pl.DataFrame, earlier: pl.DataFrame, rule: Rule) -> pl.DataFrame:
    """Ranked units by how clearly their score moved: the change against what is usual, the largest first; grain unit_id.

    Args:
        scores: rows of `Reader.unit_scores`.
        earlier: rows of one comparison of `Reader.compared_scores`.
        rule: whose formula it is.

    Returns:
        unit_id, unit_name, unit_group, score, score_before, score_change, usual_change (half width of the usual variation
        of such a difference, null without an interval), reason (Chinese).
    """
    before = {row["unit_id"]: row for row in earlier.iter_rows(named=True)}
    rows = [
        {
            **{name: row[name] for name in ("unit_id", "unit_name", "unit_group", "score")},
            "score_before": before[row["unit_id"]]["score"],
            "score_change": round(row["score"] - before[row["unit_id"]]["score"], 6),
            "usual_change": _usual(row, before[row["unit_id"]]),
            "reason": reason(row, before[row["unit_id"]], rule),
        }
        for row in scores.filter(pl.col("score_rank").is_not_null()).iter_rows(named=True)
        if before.get(row["unit_id"], {}).get("score") is not None
    ]
    moves = pl.DataFrame(rows, schema=_MOVES)
    clear = pl.col("score_change").abs() / pl.col("usual_change")
    return moves.sort(clear, pl.col("score_change").abs(), "unit_id", descending=[True, True, False], nulls_last=True)


def is_usual(row: Row) -> bool:
    """Whether a row of `score_moves` lies within the usual variation, or nothing is known of that."""
    return row["usual_change"] is None or abs(row["score_change"]) <= row["usual_change"]


def _usual(now: Row, before: Row) -> float | None:
    """From the interval of the newer score; that of the earlier one is taken as wider or narrower by its callbacks."""
    if now["score_low"] is None or not before["valid"]:
        return None
    half = float(now["score_high"] - now["score_low"]) / 2
    return hypot(half, half * sqrt(now["valid"] / before["valid"]))


def parts(now: Row, before: Row, rule: Rule) -> dict[str, float]:
    """Points of the score by rate; only of rates that count in both."""
    counts = {name: _counts(now, name) for name in INDICATORS}
    whole = exact_score(rule, counts)
    found = {}
    for name in CALLBACK_INDICATORS:
        then = _counts(before, name)
        other = exact_score(rule, counts | {name: then}) if then[1] and counts[name][1] else None
        if whole is not None and other is not None:
            found[name] = float(whole - other)
    return found


def reason(now: Row, before: Row, rule: Rule) -> str:
    """The rate that moved the score most in its own direction, with both fractions; that nothing moved, or nothing explains it."""
    change = now["score"] - before["score"]
    same = {name: part for name, part in parts(now, before, rule).items() if part * change > 0}
    if not same:
        return "没有变化" if not change else "各项率变化很小，或为不适用的指标、取整所致"
    name = max(same, key=lambda each: (abs(same[each]), each))
    then, since = (_told(row, name) for row in (before, now))
    return f"{INDICATORS[name]} {then} → {since}，{labels.round_half_up(same[name], 1):+} 分"


def _counts(row: Row, name: str) -> tuple[int, int]:
    """Thousandths of the numerator, and the denominator."""
    return round(1000 * (row[f"{name}_numerator"] or 0)), row[f"{name}_denominator"] or 0


def _told(row: Row, name: str) -> str:
    fraction = rank_tables.fraction(row[f"{name}_numerator"], row[f"{name}_denominator"])
    return f"{labels.rate(row[f'{name}_rate'])}（{fraction}）"
