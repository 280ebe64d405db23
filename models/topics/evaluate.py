"""How good a classifier is on texts it has not seen, and how far its probabilities can be believed."""

import hashlib
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final, Protocol

import numpy as np
from numpy.typing import NDArray
from sklearn.metrics import accuracy_score, precision_recall_fscore_support

from hotline12345.models.topics.calibration import expected_calibration_error, surest
from hotline12345.models.topics.features import Document, field_texts

DRAWS: Final = 2000
_SEED: Final = 12345
_SHOWN: Final = 20  # confusions
_WARM: Final = 20  # documents scored before the clock starts: a first call may have to compile


class Classifier(Protocol):
    """What can be evaluated: a scikit-learn classifier over documents."""

    classes_: Any

    def fit(self, X: Sequence[Document], y: Sequence[str], /) -> Any:  # noqa: N803
        """Learn."""

    def predict_proba(self, X: Sequence[Document], /) -> NDArray[np.float64]:  # noqa: N803
        """Probabilities, shape (documents, classes)."""


@dataclass(frozen=True)
class ClassScore:
    """Quality for one class, each 0–1; 0 where undefined. `support`: records of the class in the test."""

    precision: float
    recall: float
    f1: float
    support: int


Interval = tuple[float, float]


@dataclass(frozen=True)
class Figures:
    """Quality of answers to held-out records; every share and probability 0–1.

    Attributes:
        macro_f1: the plain mean over the classes of the test and of the answers; with its 95 % bootstrap interval.
        accuracy: share right; per_class: by class; confusions: (truth, answer, records) of the commonest mistakes.
        ece: expected calibration error, with its 95 % bootstrap interval.
        sure_share: share of the records in the largest group of most confident answers of which 95 % are right;
            sure_probability: the smallest probability in it, null when there is none.
        test_records: records.
    """

    macro_f1: float
    macro_f1_interval: Interval
    accuracy: float
    per_class: Mapping[str, ClassScore]
    confusions: Sequence[tuple[str, str, int]]
    ece: float
    ece_interval: Interval
    sure_share: float
    sure_probability: float | None
    test_records: int

    def to_dict(self) -> dict[str, Any]:
        """Ready for JSON, keys as the fields."""
        return asdict(self)


@dataclass(frozen=True)
class Evaluation(Figures):
    """Figures of a model fitted for the purpose. `records_per_second`: the speed of predicting alone, once compiled."""

    records_per_second: float
    train_records: int


def evaluate(
    model_factory: Callable[[], Classifier],
    train_docs: Sequence[Document],
    train_labels: Sequence[str],
    test_docs: Sequence[Document],
    test_labels: Sequence[str],
) -> Evaluation:
    """Fit a new model on one part and judge it on the other.

    Raises ValueError without test records, and what the model's `fit` raises.
    """
    if not test_docs or len(test_docs) != len(test_labels):
        raise ValueError(f"{len(test_docs)} test documents but {len(test_labels)} labels")
    model = model_factory()
    model.fit(train_docs, train_labels)
    model.predict_proba(test_docs[:_WARM])
    start = time.perf_counter()
    probabilities = model.predict_proba(test_docs)
    seconds = time.perf_counter() - start
    found = judge([str(label) for label in test_labels], [str(label) for label in model.classes_], probabilities)
    return Evaluation(
        **{name: getattr(found, name) for name in Figures.__dataclass_fields__},
        records_per_second=len(test_docs) / seconds,
        train_records=len(train_docs),
    )


def judge(truth: Sequence[str], classes: Sequence[str], probabilities: NDArray[np.float64]) -> Figures:
    """Figures of probabilities, shape (records, classes), columns as in `classes`; the first of equals is the answer."""
    answers = np.array(classes)[probabilities.argmax(axis=1)]
    names = sorted({*truth, *answers.tolist()})
    columns = precision_recall_fscore_support(truth, answers, labels=names, zero_division=0)
    rows = zip(*(column.tolist() for column in columns), strict=True)
    confidence, is_right = probabilities.max(axis=1), answers == np.array(truth)
    sure = surest(confidence, is_right)
    return Figures(
        macro_f1=float(np.mean(columns[2])),
        macro_f1_interval=_macro_f1_interval(truth, answers.tolist(), names),
        accuracy=float(accuracy_score(truth, answers)),
        per_class={name: ClassScore(*row) for name, row in zip(names, rows, strict=True)},
        confusions=_confusions(truth, answers.tolist()),
        ece=expected_calibration_error(confidence, is_right),
        ece_interval=_ece_interval(confidence, is_right),
        sure_share=sure.share,
        sure_probability=sure.probability,
        test_records=len(truth),
    )


def _confusions(truth: Sequence[str], answers: Sequence[str]) -> list[tuple[str, str, int]]:
    pairs = Counter((said, answer) for said, answer in zip(truth, answers, strict=True) if said != answer)
    ranked = sorted(pairs.items(), key=lambda pair: (-pair[1], pair[0]))
    return [(said, answer, count) for (said, answer), count in ranked[:_SHOWN]]


def _macro_f1_interval(truth: Sequence[str], answers: Sequence[str], names: Sequence[str]) -> Interval:
    """95 % percentile bootstrap over records; drawing how often each pair of truth and answer occurs is the same."""
    cells, counts = np.unique(np.array([truth, answers], dtype=str), axis=1, return_counts=True)
    draws = np.random.default_rng(_SEED).multinomial(len(truth), counts / len(truth), size=DRAWS)
    is_truth, is_answer = (row[:, np.newaxis] == np.array(names) for row in cells)
    hits, sums = draws @ (is_truth & is_answer), draws @ (is_truth.astype(int) + is_answer)
    return _percentiles((2 * hits / np.maximum(sums, 1)).mean(axis=1))


def _ece_interval(confidence: NDArray[np.float64], is_right: NDArray[np.bool_]) -> Interval:
    generator = np.random.default_rng(_SEED)
    drawn = (generator.integers(len(confidence), size=len(confidence)) for _ in range(DRAWS // 4))
    return _percentiles(np.array([expected_calibration_error(confidence[rows], is_right[rows]) for rows in drawn]))


def _percentiles(values: NDArray[np.float64]) -> Interval:
    low, high = np.quantile(values, [0.025, 0.975])
    return float(low), float(high)


def split_by_text(documents: Sequence[Document], share: float, seed: int) -> tuple[list[int], list[int]]:
    """Positions of (training, test) records; about `share` (0–1) of the distinct texts go to the test.

    The side is a function of seed and text alone, white space aside: identical texts stay together, the order of rows
    does not matter, and records that come later never move an earlier one to the other side.
    """
    sides: tuple[list[int], list[int]] = ([], [])
    for position, document in enumerate(documents):
        text = "\x1f".join("".join(field.split()) for field in field_texts(document))
        digest = hashlib.sha256(f"{seed}\x1f{text}".encode("utf-8", "surrogatepass")).digest()
        in_test = int.from_bytes(digest[:8], "big") < share * 2**64
        sides[in_test].append(position)
    return sides
