"""Which order a reviewer should look at next: the one whose answer is expected to put most right.

The gain of an answer is the probability that the label that counts is wrong, times what the answer teaches about orders
of its kind. A kind is what counts and what may be true instead. Of n answers about a kind whose labels hold W expected
errors, the worth grows as √(W·n): the first answer about a frequent confusion is worth most, and the queue moves on.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

CLERK_RIGHT: Final = 0.9  # of the clerks' labels, as far as is assumed before the text is looked at
_LEAST: Final = 1e-9  # a share of nothing, so that no division is by zero

Floats = NDArray[np.float64]


class Clerk(IntEnum):
    """How the clerk's label stands to the model's answer."""

    SILENT = 0
    AGREES = 1
    RUNNER_UP = 2  # the clerk says what the model holds for second
    ANOTHER = 3


@dataclass(frozen=True)
class Queue:
    """Orders by expected gain, the most first.

    Attributes:
        order: positions of the orders in what was given.
        gain: expected gain of each, in the same order.
        kind_errors: expected wrong labels among the orders of its kind, in the same order.
    """

    order: NDArray[np.int64]
    gain: Floats
    kind_errors: Floats


def wrong_probability(
    probability: Floats, runner_up_probability: Floats, clerk: NDArray[np.int64], classes: int
) -> Floats:
    """Probability 0–1 that the label that counts is wrong, shape (n,): the clerk's where there is one, else the model's.

    The clerk is a second witness who is right `CLERK_RIGHT` of the time and errs evenly (Bayes' rule).

    Args:
        probability: calibrated probability of the model's answer, shape (n,).
        runner_up_probability: of the second most probable class, shape (n,); 0 where there is none.
        clerk: a `Clerk` each, shape (n,).
        classes: number of classes.
    """
    others = max(classes - 2, 1)
    rest = np.clip(1 - probability - runner_up_probability, 0, 1) / others
    said = np.select(
        [clerk == Clerk.AGREES, clerk == Clerk.RUNNER_UP], [probability, runner_up_probability], default=rest
    )
    said = np.clip(said, _LEAST, 1)
    by_mistake = (1 - CLERK_RIGHT) / max(classes - 1, 1)
    right = said * CLERK_RIGHT / (said * CLERK_RIGHT + (1 - said) * by_mistake)
    return np.asarray(np.where(clerk == Clerk.SILENT, 1 - probability, 1 - right), dtype=np.float64)


def review_queue(wrong: Floats, kinds: Sequence[Hashable]) -> Queue:
    """Orders by expected gain; equal ones stay in the order given.

    Args:
        wrong: probability that each label is wrong, shape (n,).
        kinds: what each order is like, n of them.
    """
    if len(wrong) != len(kinds):
        raise ValueError(f"{len(wrong)} probabilities but {len(kinds)} kinds")
    numbers: dict[Hashable, int] = {}
    kind = np.array([numbers.setdefault(each, len(numbers)) for each in kinds], dtype=np.int64)
    errors: Floats = np.bincount(kind, weights=wrong, minlength=len(numbers)).astype(np.float64)
    place = _place_in_kind(wrong, kind)
    gain = wrong * np.sqrt(errors[kind]) * (np.sqrt(place + 1.0) - np.sqrt(place))
    order = np.argsort(-gain, kind="stable")
    return Queue(order.astype(np.int64), gain[order], errors[kind][order])


def _place_in_kind(wrong: Floats, kind: NDArray[np.int64]) -> NDArray[np.int64]:
    """How many orders of the same kind are likelier wrong, shape (n,); equal ones in the order given."""
    order = np.lexsort((np.arange(len(kind)), -wrong, kind))
    sorted_kind = kind[order]
    starts = np.flatnonzero(np.diff(sorted_kind, prepend=-1))
    sizes = np.diff(np.append(starts, len(order)))
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order)) - np.repeat(starts, sizes)
    return place
