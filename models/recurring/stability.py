"""How much a rank depends on the weights: shares of drawn weightings, and the one weight that would change the order."""

import numpy as np
import polars as pl
from numpy.typing import NDArray

from hotline12345.models.recurring.scoring import SCORES, Scoring

Floats = NDArray[np.float64]
_SEED = 12345
_CELLS = 500_000  # draws times issues that are weighed at once, so that they stay in the processor's cache
_ALONE = 0.999  # a share that leaves nothing to the other scores
_FLAT = 1e-9  # below it a quadratic is a line
_DECIMALS = 6  # of a drawn score, so that equal issues are equal


def stability(scores: pl.DataFrame, scoring: Scoring, top: int) -> pl.DataFrame:
    """In what share of drawn weightings an issue is among the first `top`; grain issue_id: top_share, sorted by it.

    The four weights are drawn `scoring.draws` times from a Dirichlet distribution whose mean is the weights in force; the
    draws are the same in every run. Equal scores keep the order of their ranks.

    Args:
        scores: grain issue_id: the four scores and `issue_rank`; only issues that compete: with a rank and not covered.
        scoring: weights, draws and concentration.
        top: how many issues the list has.
    """
    ranked = scores.sort("issue_rank")
    drawn = _drawn_weights(scoring)
    values = ranked.select(f"{name}_score" for name in SCORES).to_numpy().astype(np.float64)
    counts = np.zeros(ranked.height, dtype=np.int64)
    size = max(1, _CELLS // max(1, ranked.height))
    for start in range(0, len(drawn), size):
        counts += _in_top(_totals(drawn[start : start + size], values), top).sum(axis=0)
    return (
        ranked.select("issue_id")
        .with_columns(top_share=pl.Series(counts / len(drawn), dtype=pl.Float64))
        .sort("issue_id")
    )


def _drawn_weights(scoring: Scoring) -> Floats:
    """Shape (draws, scores); each row sums to 1. A weight of 0 stays 0."""
    mean = np.array([scoring.weights[name] for name in SCORES], dtype=np.float64)
    generator = np.random.default_rng(_SEED)
    gammas = generator.standard_gamma(scoring.concentration * mean / mean.sum(), size=(scoring.draws, len(mean)))
    drawn: Floats = gammas / gammas.sum(axis=1, keepdims=True)
    return drawn


def _totals(weights: Floats, values: Floats) -> Floats:
    """Weighted means over the known scores, shape (draws, issues); `values` has NaN where a score is unknown."""
    is_known = ~np.isnan(values)
    known = weights @ is_known.T.astype(np.float64)
    total = weights @ np.nan_to_num(values).T
    means: Floats = np.divide(total, known, out=np.full_like(total, -1.0), where=known > 0)
    return means.round(_DECIMALS)


def _in_top(totals: Floats, top: int) -> NDArray[np.bool_]:
    """Which issues of each draw are among the first `top`; ties go to the first column."""
    if top >= totals.shape[1]:
        return np.ones(totals.shape, dtype=bool)
    edge = -np.partition(-totals, top - 1, axis=1)[:, top - 1 : top]
    is_above, is_edge = totals > edge, totals == edge
    free = top - is_above.sum(axis=1, keepdims=True)
    chosen: NDArray[np.bool_] = is_above | (is_edge & (is_edge.cumsum(axis=1) <= free))
    return chosen


def swaps(scores: pl.DataFrame, scoring: Scoring) -> pl.DataFrame:
    """Which single weight, changed by how much, would put an issue level with the one before it; grain issue_id, score_name.

    above_id: the issue ranked just before. weight: the share of the score in the weights of now; weight_needed: its share
    from which on the two change places, the other three keeping their proportions. A row only where some share below 1
    does it; the smallest change of each pair comes first.

    Args:
        scores: grain issue_id: the four scores and `issue_rank`; only issues that compete, as for `stability`.
        scoring: the weights in force.
    """
    ranked = scores.sort("issue_rank")
    values = ranked.select(f"{name}_score" for name in SCORES).to_numpy().astype(np.float64)
    weights = np.array([scoring.weights[name] for name in SCORES], dtype=np.float64)
    weights /= weights.sum()
    pairs = pl.DataFrame({"issue_id": ranked["issue_id"][1:], "above_id": ranked["issue_id"][:-1]})
    found = [
        pairs.with_columns(
            score_name=pl.lit(f"{name}_score"),
            weight=pl.lit(weights[number]),
            weight_needed=pl.Series(_level_at(values, weights, number), dtype=pl.Float64),
        )
        for number, name in enumerate(SCORES)
    ]
    change = (pl.col("weight_needed") - pl.col("weight")).abs()
    return pl.concat(found).drop_nans("weight_needed").sort("issue_id", change, "score_name")


def _level_at(values: Floats, weights: Floats, number: int) -> Floats:
    """The share of one score nearest to its own at which each row equals the one before; NaN where none from 0 to 1 does.

    With t for that share, an issue's total is (n0 + n1 t) / (d0 + d1 t); where all its scores are known, d is 1. Two totals are
    equal at the roots of a quadratic.
    """
    now = weights[number]
    if now == 1:
        return np.full(len(values) - 1, np.nan)
    rest = np.where(np.arange(len(weights)) == number, 0.0, weights) / (1 - now)
    is_known = (~np.isnan(values)).astype(np.float64)
    points = np.nan_to_num(values)
    n0, d0 = points @ rest, is_known @ rest
    n1, d1 = points[:, number] - n0, is_known[:, number] - d0
    below, above = slice(1, None), slice(None, -1)
    square = n1[below] * d1[above] - n1[above] * d1[below]
    linear = n0[below] * d1[above] + n1[below] * d0[above] - n0[above] * d1[below] - n1[above] * d0[below]
    constant = n0[below] * d0[above] - n0[above] * d0[below]
    with np.errstate(divide="ignore", invalid="ignore"):
        root = np.sqrt(linear**2 - 4 * square * constant)
        is_line = np.abs(square) < _FLAT
        shares = np.stack(
            [np.where(is_line, -constant / linear, (sign * root - linear) / (2 * square)) for sign in (1, -1)]
        )
    shares = np.where((shares >= 0) & (shares < _ALONE), shares, np.nan)
    distance = np.where(np.isnan(shares), np.inf, np.abs(shares - now))
    nearest: Floats = np.take_along_axis(shares, distance.argmin(axis=0)[None], axis=0)[0]
    return nearest
