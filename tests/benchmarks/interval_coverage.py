"""Coverage of the intervals of decision 0009 and of the alternatives, over more draws and truths than the tests take.

    .venv/bin/python tests/benchmarks/interval_coverage.py [--draws 4000]

Prints, for each true unit and number of callbacks, how often the score's 95 % interval holds the true score and how wide it
is; then rank ranges of 13 units. Same draws, same figures.
"""

import argparse
import sys
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.stats import beta

sys.path.insert(0, str(Path(__file__).parent.parent))
from simulated_units import CELLS, chances, drawn, marts, score, true_score

SIZES = (10, 20, 50, 200)
TRUTHS = {
    "poor": chances(0.60, 0.20, (0.40, 0.20), (0.02, 0.02)),
    "half": chances(0.90, 0.50, (0.60, 0.20), (0.05, 0.10)),
    "four fifths": chances(0.97, 0.80, (0.70, 0.20), (0.10, 0.10)),
    "rates independent": chances(0.95, 0.90, (0.80, 0.15), (0.80, 0.15)),
    ".95": chances(0.99, 0.95, (0.85, 0.12), (0.20, 0.10)),
    ".98": chances(1.00, 0.98, (0.95, 0.04), (0.10, 0.10)),
    "almost all": chances(1.00, 0.995, (0.99, 0.005), (0.00, 0.00)),
    "satisfied whenever solved": chances(1.00, 0.70, (1.0, 0.0), (0.00, 0.00)),
}
RANKED = (10, 15, 20, 30, 40, 60, 80, 100, 150, 200, 300, 400, 600)


def say(line: str) -> None:
    """One line of the report."""
    sys.stdout.write(f"{line}\n")


def wilson(share: NDArray[np.float64], n: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Wilson's interval of the score's share, as if each order were one yes or no."""
    half = 1.96 * np.sqrt(np.maximum(share * (1 - share), 0) / n + 0.9604 / n**2)
    return (share + 1.9208 / n - half) / (1 + 3.8416 / n), (share + 1.9208 / n + half) / (1 + 3.8416 / n)


def clopper_pearson(share: NDArray[np.float64], n: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """The exact binomial interval of the score's share."""
    good = share * n
    with np.errstate(invalid="ignore"):
        low, high = beta.ppf(0.025, good, n - good + 1), beta.ppf(0.975, good + 1, n - good)
    return np.nan_to_num(low), np.nan_to_num(high, nan=1.0)


def resampled(chance: NDArray[np.float64], n: int, draws: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Percentile bootstrap with 400 resamples of each draw, and the plain delta method: their coverages need own draws."""
    random = np.random.default_rng(n)
    worth = np.array(CELLS) @ np.array([0.1, 0.5, 0.4]) / 1000
    counts = random.multinomial(n, chance, size=draws)
    again = np.stack([random.multinomial(n, row / n, size=400) @ worth / n for row in counts])
    truth = float(chance @ worth)
    low, high = np.quantile(again, [0.025, 0.975], axis=1)
    mean = counts @ worth / n
    error = np.sqrt(np.maximum(counts @ worth**2 / n - mean**2, 0) / n)
    held = np.array([((low <= truth) & (truth <= high)).mean(), (abs(mean - truth) <= 1.96 * error).mean()])
    return held, np.array([(high - low).mean(), 2 * 1.96 * error.mean()])


def intervals(draws: int) -> None:
    """Coverage (and mean width in points) of five methods."""
    say(f"{'truth':28}{'n':>5}{'score':>7}   delta + 4     Wilson        exact         bootstrap     plain delta")
    for name, chance in TRUTHS.items():
        truth = true_score(chance) / 100
        units = [(f"p{draw}", f"u{size:03}", size, chance) for draw in range(draws) for size in SIZES]
        found = marts(score(drawn(units, seed=2024)))
        for size in SIZES:
            rows = found.filter(pl.col("valid") == size)
            share = rows["exact_score"].to_numpy() / 100
            ours = rows["score_low"].to_numpy() / 100, rows["score_high"].to_numpy() / 100
            cells = [
                f"{((low <= truth) & (truth <= high)).mean():.3f} ({100 * (high - low).mean():4.1f})"
                for low, high in (ours, wilson(share, size), clopper_pearson(share, size))
            ]
            held, width = resampled(chance, size, min(draws, 1000))
            cells += [f"{one:.3f} ({100 * wide:4.1f})" for one, wide in zip(held, width, strict=True)]
            say(f"{name:28}{size:5}{100 * truth:7.1f}   {'  '.join(cells)}")


def ranks(draws: int) -> None:
    """How often a unit's rank range holds all ranks that are true of it; how wide it is; wrong bands in a table."""
    say("\n13 units of 10 to 600 callbacks: least and mean coverage of the range, mean width, tables with a wrong band")
    for name, solved in (
        ("all equal, .95", [0.95] * 13),
        ("all equal, .995", [0.995] * 13),
        ("falling with size", [0.98 - 0.015 * n for n in range(13)]),
        ("rising with size", [0.80 + 0.015 * n for n in range(13)]),
    ):
        truths = [chances(0.99, chance, (0.85, 0.12), (0.2, 0.1)) for chance in solved]
        units = [(f"p{draw}", f"u{n:02}", RANKED[n], truths[n]) for draw in range(draws) for n in range(13)]
        found = marts(score(drawn(units, seed=7)))
        scores = np.array([true_score(truth) for truth in truths])
        best = np.array([1 + (scores > own + 1e-9).sum() for own in scores])
        worst = np.array([13 - (scores < own - 1e-9).sum() for own in scores])
        low, high = (found[name].to_numpy().reshape(-1, 13) for name in ("rank_low", "rank_high"))
        held = ((low <= best) & (high >= worst)).mean(axis=0)
        band = found["band"].to_numpy().reshape(-1, 13)
        gap = scores - scores.mean()
        wrong = ((band == "高于同组均值") & (gap <= 1e-9)) | ((band == "低于同组均值") & (gap >= -1e-9))
        say(
            f"{name:20} {held.min():.3f} {held.mean():.3f}   {(high - low + 1).mean():4.1f} ranks   {wrong.any(axis=1).mean():.4f}"
        )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--draws", type=int, default=4000)
    wanted = parser.parse_args().draws
    intervals(wanted)
    ranks(wanted)
