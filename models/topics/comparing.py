"""Whether a challenger may take the champion's place: both answer the same held-out records, and chance is told from change."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

DRAWS: Final = 4000
CHANCE: Final = 0.05  # how often a challenger that is no worse may look so, over all classes together
MINIMUM_SUPPORT: Final = 30  # held-out records below which a class says too little about itself
WORSE_BY: Final = 0.02  # a class that lost less is not worth a refusal, however sure the loss is

Interval = tuple[float, float]


@dataclass(frozen=True)
class ClassChange:
    """One class under both models.

    `difference` is challenger minus champion; `interval` is as wide as comparing this many classes at once asks for.
    """

    code: str
    support: int
    champion_f1: float
    challenger_f1: float
    difference: float
    interval: Interval
    is_worse: bool


@dataclass(frozen=True)
class Comparison:
    """Champion and challenger on the same records. Macro-F1 is the plain mean over the classes of the truth."""

    records: int
    champion_macro_f1: float
    challenger_macro_f1: float
    difference: float
    interval: Interval
    classes: tuple[ClassChange, ...]

    @property
    def worse(self) -> tuple[ClassChange, ...]:
        """The classes that are clearly worse, the greatest loss first."""
        return tuple(sorted((c for c in self.classes if c.is_worse), key=lambda c: (c.difference, c.code)))

    @property
    def is_not_worse(self) -> bool:
        """The rule: neither the 95 % interval of the macro-F1 difference nor a class of enough records lies below 0."""
        return self.interval[1] >= 0 and not self.worse

    def to_dict(self) -> dict[str, Any]:
        """Ready for JSON: the fields, and `is_not_worse`."""
        return {**asdict(self), "is_not_worse": self.is_not_worse}


def compare(truth: Sequence[str], champion: Sequence[str], challenger: Sequence[str], seed: int = 12345) -> Comparison:
    """Compare two models by their answers to the same records; each argument holds one class name a record.

    Intervals are percentiles of a paired bootstrap: records are drawn with both answers, so what both get wrong cancels
    out (Efron and Tibshirani 1993). A class counts as worse when it has `MINIMUM_SUPPORT` records, lost `WORSE_BY` and
    its interval, widened by Bonferroni's inequality for the number of such classes, lies below 0. An answer that no
    record is of is wrong like any other. Raises ValueError without records or with different lengths.
    """
    if not truth or not len(truth) == len(champion) == len(challenger):
        raise ValueError(f"{len(truth)} records but {len(champion)} and {len(challenger)} answers")
    classes = sorted(set(truth))
    cells, counts = np.unique(np.array([truth, champion, challenger], dtype=str), axis=1, return_counts=True)
    generator = np.random.default_rng(seed)
    draws = generator.multinomial(len(truth), counts / len(truth), size=DRAWS)
    samples = np.vstack([counts, draws]).astype(np.float64)  # the records as they are first
    before, after = (_f1(samples, cells[0], cells[model], classes) for model in (1, 2))
    changes = after - before
    means = changes.mean(axis=1)
    support = [int(counts[cells[0] == code].sum()) for code in classes]
    judged = max(1, sum(n >= MINIMUM_SUPPORT for n in support))
    return Comparison(
        records=len(truth),
        champion_macro_f1=float(before[0].mean()),
        challenger_macro_f1=float(after[0].mean()),
        difference=float(means[0]),
        interval=_interval(means[1:], CHANCE),
        classes=tuple(
            _class_change(code, support[column], before[0, column], changes[:, column], CHANCE / judged)
            for column, code in enumerate(classes)
        ),
    )


def _class_change(code: str, support: int, before: float, changes: NDArray[np.float64], chance: float) -> ClassChange:
    difference, interval = float(changes[0]), _interval(changes[1:], chance)
    return ClassChange(
        code=code,
        support=support,
        champion_f1=float(before),
        challenger_f1=float(before + difference),
        difference=difference,
        interval=interval,
        is_worse=support >= MINIMUM_SUPPORT and difference <= -WORSE_BY and interval[1] < 0,
    )


def _f1(
    samples: NDArray[np.float64], truth: NDArray[np.str_], answers: NDArray[np.str_], classes: Sequence[str]
) -> NDArray[np.float64]:
    """F1 of each class in each sample, shape (samples, classes); 0 where a sample has neither record nor answer of it.

    `samples` counts the cells (truth, answer, answer) in each sample, shape (samples, cells).
    """
    of_class = np.array(classes)
    is_truth, is_answer = truth[:, np.newaxis] == of_class, answers[:, np.newaxis] == of_class
    found = samples @ (is_truth & is_answer).astype(np.float64)
    together = samples @ (is_truth.astype(np.float64) + is_answer)
    return np.asarray(2 * found / np.maximum(together, 1))


def _interval(values: NDArray[np.float64], chance: float) -> Interval:
    low, high = np.quantile(values, [chance / 2, 1 - chance / 2])
    return float(low), float(high)
