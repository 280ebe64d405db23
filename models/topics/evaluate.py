"""How good a classifier is on texts it has not seen."""

import hashlib
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Protocol

import numpy as np
from sklearn.metrics import accuracy_score, precision_recall_fscore_support

from hotline12345.models.topics.features import Document


class Classifier(Protocol):
    """What can be evaluated: a scikit-learn classifier over documents."""

    def fit(self, X: Sequence[Document], y: Sequence[str], /) -> Any:  # noqa: N803
        """Learn."""

    def predict(self, X: Sequence[Document], /) -> Any:  # noqa: N803
        """One class per document."""


@dataclass(frozen=True)
class ClassScore:
    """Quality for one class, each 0–1; 0 where undefined. `support`: records of the class in the test."""

    precision: float
    recall: float
    f1: float
    support: int


@dataclass(frozen=True)
class Evaluation:
    """Quality on held-out records. Macro-F1 is the plain mean over the classes of the test and of the predictions."""

    macro_f1: float
    accuracy: float
    per_class: Mapping[str, ClassScore]
    records_per_second: float
    train_records: int
    test_records: int

    def to_dict(self) -> dict[str, Any]:
        """Ready for JSON, keys as the fields."""
        return asdict(self)


def evaluate(
    model_factory: Callable[[], Classifier],
    train_docs: Sequence[Document],
    train_labels: Sequence[str],
    test_docs: Sequence[Document],
    test_labels: Sequence[str],
) -> Evaluation:
    """Fit a new model on one part and judge it on the other. `records_per_second` is the speed of predicting alone.

    Raises ValueError without test records, and what the model's `fit` raises.
    """
    if not test_docs or len(test_docs) != len(test_labels):
        raise ValueError(f"{len(test_docs)} test documents but {len(test_labels)} labels")
    model = model_factory()
    model.fit(train_docs, train_labels)
    start = time.perf_counter()
    predicted = [str(label) for label in model.predict(test_docs)]
    seconds = time.perf_counter() - start
    truth = [str(label) for label in test_labels]
    classes = sorted({*truth, *predicted})
    columns = precision_recall_fscore_support(truth, predicted, labels=classes, zero_division=0)
    rows = zip(*(column.tolist() for column in columns), strict=True)
    return Evaluation(
        macro_f1=float(np.mean(columns[2])),
        accuracy=float(accuracy_score(truth, predicted)),
        per_class={name: ClassScore(*row) for name, row in zip(classes, rows, strict=True)},
        records_per_second=len(test_docs) / seconds,
        train_records=len(train_docs),
        test_records=len(test_docs),
    )


def split_by_text(documents: Sequence[Document], share: float, seed: int) -> tuple[list[int], list[int]]:
    """Positions of (training, test) records; about `share` (0–1) of the distinct texts go to the test.

    The side is a function of seed and text alone, white space aside: identical texts stay together, the order of rows
    does not matter, and records that come later never move an earlier one to the other side.
    """
    sides: tuple[list[int], list[int]] = ([], [])
    for position, document in enumerate(documents):
        fields = (document,) if isinstance(document, str) else document
        text = "\x1f".join("".join((field or "").split()) for field in fields)
        digest = hashlib.sha256(f"{seed}\x1f{text}".encode("utf-8", "surrogatepass")).digest()
        in_test = int.from_bytes(digest[:8], "big") < share * 2**64
        sides[in_test].append(position)
    return sides
