"""Intervals, rank ranges, tiers and bands hold what they promise: coverage by simulation with known truth, seeds fixed."""

import math

import numpy as np
import polars as pl
import pytest
from scipy.stats import norm
from simulated_units import CELLS, RULE, chances, drawn, marts, score, true_score

SIZES = (10, 20, 50, 200)
TRUTHS = {
    "half": chances(0.90, 0.50, (0.6, 0.2), (0.05, 0.10)),
    "four fifths": chances(0.97, 0.80, (0.7, 0.2), (0.10, 0.10)),
    ".95": chances(0.99, 0.95, (0.85, 0.12), (0.20, 0.10)),
    "almost all": chances(1.00, 0.99, (0.97, 0.02), (0.00, 0.00)),
    "satisfied whenever solved": chances(1.00, 0.70, (1.0, 0.0), (0.00, 0.00)),
}


@pytest.mark.parametrize("name", TRUTHS)
def test_score_and_rates_are_covered(name: str) -> None:
    """1,000 units of each size; three standard errors of a coverage of .95 from 1,000 draws are .02."""
    chance = TRUTHS[name]
    units = [(f"p{draw}", f"u{size}", size, chance) for draw in range(1000) for size in SIZES]
    found = marts(score(drawn(units, seed=12345)))
    truth = {"score": true_score(chance)}
    truth |= {
        f"{stem}_rate": float(chance @ np.array(CELLS)[:, n]) / 1000
        for n, stem in enumerate(("response", "resolution", "satisfaction"))
    }
    covered = found.group_by("valid").agg(
        (pl.col(f"{figure}_low") - 1e-9).le(value).and_(pl.col(f"{figure}_high") + 1e-9 >= value).mean().alias(figure)
        for figure, value in truth.items()
    )
    assert covered["score"].min() >= 0.93, covered
    # Wilson's coverage of a rate near 1 moves with n between .89 and .99 and is .95 on average (Brown, Cai and DasGupta).
    assert (
        covered.select(pl.col("response_rate", "resolution_rate", "satisfaction_rate").min()).min_horizontal()[0]
        >= 0.87
    )
    assert found.filter(
        (pl.col("score_low") > pl.col("score") + 0.05) | (pl.col("score_high") < pl.col("score") - 0.05)
    ).is_empty()


def test_the_interval_of_the_score_is_shorter_than_wilsons_where_callbacks_are_many() -> None:
    """The answers of one order are no single yes or no: taking them for one wastes a quarter of the precision."""
    chance = TRUTHS[".95"]
    found = marts(score(drawn([(f"p{draw}", "u", 200, chance) for draw in range(300)], seed=5)))
    share, n = found["exact_score"] / 100, 200
    wilson = 200 * 1.96 * (share * (1 - share) / n + 0.9604 / n**2).sqrt() / (1 + 3.8416 / n)
    assert (found["score_high"] - found["score_low"]).mean() < 0.9 * wilson.mean()


def test_full_marks_of_twenty_are_not_certain() -> None:
    row = _scored([(1000, 1000, 1000)] * 20)
    assert (row["score"], row["score_high"]) == (100.0, 100.0)
    assert row["score_low"] == pytest.approx(100 * (22 / 24 - 1.96 * math.sqrt(22 / 24 * 2 / 24 / 24)))
    assert row["resolution_rate_low"] == pytest.approx(0.8389, abs=5e-5), "Wilson's 20 of 20, as textbooks print it"


def test_the_error_is_that_of_the_orders_influences() -> None:
    """An oracle order by order: the variance of a sum of w * (value - rate) / n, with four orders added."""
    orders = [(1000, 1000, 900)] * 7 + [(1000, 0, 0)] * 3 + [(0, 1000, 1000)] * 2
    row = _scored(orders)
    values = np.array([*orders, *[(0, 0, 0)] * 2, *[(1000, 1000, 1000)] * 2]) / 10
    weights = np.array([0.1, 0.5, 0.4])
    influence = (values - values.mean(axis=0)) @ weights / len(values)
    assert row["score_error"] == pytest.approx(float(np.sqrt((influence**2).sum())))
    centre = float(values.mean(axis=0) @ weights)
    assert (row["score_low"], row["score_high"]) == pytest.approx(
        (centre - 1.96 * row["score_error"], centre + 1.96 * row["score_error"])
    )


def test_a_deduction_is_covered() -> None:
    """2 points for each percentage point of resolution below 0.9."""
    rule = {**RULE, "score_method": "deduction"}
    for name in ("four fifths", ".95"):
        chance = TRUTHS[name]
        units = [(f"p{draw}", f"u{size}", size, chance) for draw in range(500) for size in SIZES]
        found = marts(score(drawn(units, seed=99), rule, [("resolution", 900, 2000)]))
        solved = float(chance @ np.array(CELLS)[:, 1]) / 1000
        truth = 100 - 2 * 100 * max(0.0, 0.9 - solved)
        covered = found.group_by("valid").agg(
            pl.lit(truth).is_between("score_low", "score_high").mean().alias("covered")
        )
        assert covered["covered"].min() >= 0.93, covered


@pytest.mark.parametrize("spread", [0.0, 0.025])
def test_rank_ranges_hold_the_true_ranks(spread: float) -> None:
    """13 units from 10 to 600 callbacks, equal or falling by size; a range is right when it holds every rank a tie allows."""
    sizes = (10, 15, 20, 30, 40, 60, 80, 100, 150, 200, 300, 400, 600)
    truths = [chances(0.99, 0.95 - spread * n, (0.85, 0.12), (0.2, 0.1)) for n in range(13)]
    units = [(f"p{draw:03}", f"u{n:02}", sizes[n], truths[n]) for draw in range(300) for n in range(13)]
    found = marts(score(drawn(units, seed=3)))
    scores = [true_score(truth) for truth in truths]
    known = pl.DataFrame(
        {
            "unit_id": [f"u{n:02}" for n in range(13)],
            "best": [1 + sum(other > own + 1e-9 for other in scores) for own in scores],
            "worst": [13 - sum(other < own - 1e-9 for other in scores) for own in scores],
            "gap": [own - sum(scores) / 13 for own in scores],
        }
    )
    joined = found.join(known, on="unit_id")
    covered = joined.group_by("unit_id").agg(
        ((pl.col("rank_low") <= pl.col("best")) & (pl.col("rank_high") >= pl.col("worst"))).mean().alias("covered")
    )
    assert covered["covered"].min() >= 0.95, covered
    assert (
        joined.select((pl.col("score_rank") >= pl.col("rank_low")) & (pl.col("score_rank") <= pl.col("rank_high")))
        .to_series()
        .all()
    )
    wrong = (pl.col("band") == "高于同组均值") & (pl.col("gap") <= 1e-9) | (pl.col("band") == "低于同组均值") & (
        pl.col("gap") >= -1e-9
    )
    assert joined.group_by("period_id").agg(wrong.any().alias("wrong"))["wrong"].mean() <= 0.05


def test_tiers_are_led_by_the_first_that_differs() -> None:
    """Four large units far apart and a tiny one in between, which cannot be told from the leader."""
    solved = {"a": (1000, 990), "b": (1000, 985), "c": (1000, 800), "d": (1000, 600), "e": (5, 4)}
    rows = [
        ("p", unit, 1000, value, value, count)
        for unit, (n, good) in solved.items()
        for value, count in ((1000, good), (0, n - good))
    ]
    names = ("period_id", "unit_id", "response_value", "resolution_value", "satisfaction_value", "order_count")
    found = marts(score(pl.DataFrame(rows, schema=names, orient="row")))
    assert dict(found.select("unit_id", "tier").iter_rows()) == {"a": 1, "b": 1, "e": 1, "c": 2, "d": 3}
    ranges = {
        row["unit_id"]: (row["score_rank"], row["rank_low"], row["rank_high"]) for row in found.iter_rows(named=True)
    }
    assert ranges == {"a": (1, 1, 3), "b": (2, 1, 3), "c": (3, 3, 4), "d": (5, 4, 5), "e": (4, 1, 5)}


def test_critical_values() -> None:
    connection = score(drawn([("p", "u", 5, TRUTHS["half"])], 1))
    values = dict(connection.sql("from landed.normal_quantiles").fetchall())
    assert values == {count: pytest.approx(norm.isf(0.025 / count)) for count in range(1, 5001)}


def test_shrunken_rates_are_empirical_bayes() -> None:
    """An oracle of the moments; a unit without callbacks in a rate has none, alike units come to the pooled rate."""
    counts = {"a": (100, 95), "b": (80, 40), "c": (5, 5), "d": (300, 270)}
    n, good = (np.array(column, dtype=float) for column in zip(*counts.values(), strict=True))
    rate, mean = good / n, good.sum() / n.sum()
    excess = (n * (rate - mean) ** 2).sum() / (mean * (1 - mean)) - (len(n) - 1)
    tie = excess / (n.sum() - (n**2).sum() / n.sum() - (len(n) - 1))
    expected = mean + (rate - mean) * tie * n / (tie * n + 1 - tie)
    assert 0 < tie < 1 and abs(expected[2] - mean) < abs(rate[2] - mean)
    assert _shrunk(counts) == pytest.approx(expected.tolist())
    assert _shrunk({"a": (10, 9), "b": (20, 18), "c": (50, 45)}) == pytest.approx([0.9] * 3)
    assert _shrunk({"a": (10, 10), "b": (20, 20)}) == [1.0, 1.0]


def _shrunk(counts: dict[str, tuple[int, int]]) -> list[float]:
    rows = [
        ("p", u, 1000, v, 1000, c) for u, (n, good) in counts.items() for v, c in ((1000, good), (0, n - good)) if c
    ]
    names = ("period_id", "unit_id", "response_value", "resolution_value", "satisfaction_value", "order_count")
    return marts(score(pl.DataFrame(rows, schema=names, orient="row")))["resolution_rate_shrunk"].to_list()


def _scored(orders: list[tuple[int, int, int]]) -> dict[str, float]:
    names = ("response_value", "resolution_value", "satisfaction_value")
    frame = pl.DataFrame(orders, schema=names, orient="row").group_by(names).len("order_count")
    row: dict[str, float] = marts(score(frame.with_columns(period_id=pl.lit("p"), unit_id=pl.lit("u")))).row(
        0, named=True
    )
    return row
