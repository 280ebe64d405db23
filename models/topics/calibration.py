"""How far probabilities can be believed: one temperature for all classes, and the figures that check it."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax

BINS: Final = 15
SURE: Final = 0.95
_BOUNDS: Final = (np.log(0.05), np.log(20.0))


def fit_temperature(scores: NDArray[np.float64], truth: NDArray[np.int64]) -> float:
    """The temperature that makes held-out texts most likely: probabilities are softmax(scores / temperature).

    Args:
        scores: log-odds, shape (texts, classes); truth: the column of each text's class.

    Source: Guo et al. 2017, On Calibration of Modern Neural Networks.
    """

    def loss(log_temperature: float) -> float:
        likelihoods = log_softmax(scores / np.exp(log_temperature), axis=1)
        return -float(likelihoods[np.arange(len(truth)), truth].mean())

    return float(np.exp(minimize_scalar(loss, bounds=_BOUNDS, method="bounded").x))


def expected_calibration_error(confidence: NDArray[np.float64], is_right: NDArray[np.bool_]) -> float:
    """Mean distance between stated confidence and share right over `BINS` bins of equal width, weighted by texts (0-1)."""
    bins = np.minimum((confidence * BINS).astype(int), BINS - 1)
    gaps = np.bincount(bins, weights=confidence - is_right, minlength=BINS)
    return float(np.abs(gaps).sum() / len(confidence))


@dataclass(frozen=True)
class Sure:
    """The answers that are right at least `SURE` of the time: their share of all (0-1) and the smallest confidence."""

    share: float
    probability: float | None


def surest(confidence: NDArray[np.float64], is_right: NDArray[np.bool_]) -> Sure:
    """The largest group of the most confident answers of which at least `SURE` are right."""
    order = np.argsort(-confidence, kind="stable")
    right = np.cumsum(is_right[order]) / np.arange(1, len(order) + 1)
    is_end = np.append(np.diff(confidence[order]) < 0, True)  # equal confidences stay together
    enough = np.flatnonzero((right >= SURE) & is_end)
    if not len(enough):
        return Sure(0.0, None)
    return Sure(float((enough[-1] + 1) / len(order)), float(confidence[order][enough[-1]]))
