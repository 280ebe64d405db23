"""The topic classifier: TF-IDF of dictionary words and logistic regression, calibrated, scored by a compiled kernel."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.special import softmax
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.linear_model import LogisticRegression
from sklearn.utils.validation import check_is_fitted
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from hotline12345.models.topics.boilerplate import Boilerplate
from hotline12345.models.topics.calibration import fit_temperature
from hotline12345.models.topics.evaluate import split_by_text
from hotline12345.models.topics.features import Counts, Document, Features, count_terms, field_texts
from hotline12345.models.topics.lexicon import Lexicon
from hotline12345.models.topics.recipe import Recipe
from hotline12345.models.topics.scorer import Scored, columns_of, linear_scores
from hotline12345.models.topics.tables import Tables, make_tables

_TOLERANCE: Final = 1e-4  # decision 0012: the mean gradient; ten times as much costs accuracy
_MAX_ITERATIONS: Final = 5000
_BATCH: Final = 20_000  # documents scored at a time, so that memory does not grow with their number
_SEED: Final = 12345
_MINIMUM_HELD: Final = 50  # records that a temperature can be measured on
_MOST_CLASSES: Final = 300  # beside each other; time and memory grow with them, and no catalogue has so many
_TOLD: Final = 10  # classes that an error names, the largest


class TooFewExamples(ValueError):  # noqa: N818 - a statement about the data, as users read it
    """There is not enough to learn from; `counts` holds the records per class. The message is for users."""

    def __init__(self, reason: str, counts: Mapping[str, int]) -> None:
        self.counts = dict(counts)
        largest = sorted(self.counts.items(), key=lambda item: -item[1])[:_TOLD]
        present = "、".join(f"{label} {count} 条" for label, count in largest) or "无"
        others = f"等 {len(self.counts)} 类" if len(self.counts) > _TOLD else ""
        super().__init__(f"训练样本不足：{reason}。现有类别：{present}{others}。请补充已分类的工单后再训练。")


@dataclass(frozen=True)
class Examples:
    """Counted documents with their classes, in an order that does not depend on the rows they came in.

    Attributes:
        counts: terms of n documents.
        labels: n class names.
        callers: n callers, None for an unknown one; None where no example names any.
        is_held: which n documents a temperature may be measured on.
    """

    counts: Counts
    labels: NDArray[np.str_]
    callers: Sequence[str | None] | None
    is_held: NDArray[np.bool_]

    def rows(self, chosen: NDArray[np.bool_], labels: NDArray[np.str_]) -> "Examples":
        """Some of them, under these labels."""
        callers = None if self.callers is None else [self.callers[row] for row in np.flatnonzero(chosen).tolist()]
        return Examples(self.counts.rows(np.flatnonzero(chosen)), labels, callers, self.is_held[chosen])


class TopicModel(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """Classifies documents by their words; a scikit-learn classifier over texts instead of arrays.

    `X` is a sequence of n documents (tuples of field texts, the title first), `y` n class names. The same examples give
    the same coefficients bit for bit, whatever their order and the number of threads. Classes weigh the same whatever
    their size; those of fewer than `recipe.min_examples` records are left out, see `left_out_`.

    Parameters: `recipe` (None: the one that ships), `lexicon` (None: the packaged one).

    Learned: `classes_` sorted, `weights_` (terms, classes) centred over classes, in single precision so that every
    scorer reads the same numbers, `intercept_` (classes,), `temperature_`, `features_`, `tables_` for the compiled scorer,
    `class_counts_` and `left_out_` (records per class learnt and not learnt).
    """

    def __init__(self, recipe: Recipe | None = None, lexicon: Lexicon | None = None) -> None:
        self.recipe = recipe
        self.lexicon = lexicon

    def fit(
        self,
        X: Sequence[Document],  # noqa: N803
        y: Sequence[str],
        callers: Sequence[str | None] | None = None,
    ) -> "TopicModel":
        """Learn from n documents, their classes and, where known, who wrote them.

        Raises TooFewExamples, and ValueError if the lengths differ.
        """
        return self.fit_examples(prepare(self.recipe or Recipe(), self._lexicon(), X, y, callers))

    def fit_examples(self, examples: Examples, temperature: float = 1.0) -> "TopicModel":
        """Learn from counted documents; `temperature` holds where too few are held back to measure one."""
        recipe = self.recipe or Recipe()
        counts = dict(sorted(Counter(examples.labels.tolist()).items()))
        self.class_counts_ = {label: n for label, n in counts.items() if n >= recipe.min_examples}
        self.left_out_ = {label: n for label, n in counts.items() if n < recipe.min_examples}
        if len(self.class_counts_) < 2:
            raise TooFewExamples(f"至少需要 2 个类别，每类不少于 {recipe.min_examples} 条", counts)
        if len(self.class_counts_) > _MOST_CLASSES:
            raise TooFewExamples(
                f"类别有 {len(self.class_counts_):,} 种，同一级最多 {_MOST_CLASSES} 种。"
                "请核对分类列有没有对错；细类请登记到 topics.csv 的二级、三级",
                counts,
            )
        is_learnt = np.isin(examples.labels, list(self.class_counts_))
        examples = examples.rows(is_learnt, examples.labels[is_learnt])
        self.features_ = Features(recipe)
        matrix = self.features_.fit_transform(examples.counts, examples.callers)
        if matrix.shape[1] == 0:
            raise TooFewExamples("没有任何词语出现在足够多的工单中", counts)
        with threadpool_limits(limits=1):
            regression = LogisticRegression(
                C=recipe.C, class_weight="balanced", tol=_TOLERANCE, max_iter=_MAX_ITERATIONS, warm_start=True
            )
            self.temperature_ = _temperature(regression, matrix, examples, temperature)
            regression.fit(matrix, examples.labels)
        self.classes_ = regression.classes_
        self.weights_ = np.ascontiguousarray(_per_class(regression.coef_).T.astype(np.float32))
        self.intercept_ = _per_class(regression.intercept_[:, np.newaxis])[:, 0]
        self.tables_ = make_tables(self.features_)
        return self

    def predict_proba(self, X: Sequence[Document]) -> NDArray[np.float64]:  # noqa: N803
        """Calibrated probabilities, shape (documents, classes), columns as in `classes_`."""
        scores = self.scores(X)
        return self.probabilities(scores)

    def probabilities(self, scores: NDArray[np.float64]) -> NDArray[np.float64]:
        """Calibrated probabilities of scores, of the same shape."""
        return np.asarray(softmax(scores / self.temperature_, axis=1))

    def predict(self, X: Sequence[Document]) -> NDArray[np.str_]:  # noqa: N803
        """The most probable class of each document; the first in `classes_` where two are equal."""
        answers = self.scores(X).argmax(axis=1)
        return np.asarray(self.classes_[answers])

    def scores(self, X: Sequence[Document]) -> NDArray[np.float64]:  # noqa: N803
        """Log-odds against the average class, shape (documents, classes); the same documents in any company."""
        check_is_fitted(self)
        scores = np.empty((len(X), len(self.classes_)))
        lengths = np.array([len(field_texts(document)) for document in X], dtype=np.int64)
        for length in np.unique(lengths):  # documents of as many fields are one table
            rows = np.flatnonzero(lengths == length)
            for part in (rows[start : start + _BATCH] for start in range(0, len(rows), _BATCH)):
                scores[part] = self.score_columns(columns_of([X[row] for row in part])).scores
        return scores

    def score_columns(self, columns: Sequence[pl.Series]) -> Scored:
        """Scores and known letters of texts that come as columns, one a field, the title first."""
        return self.score_cleaned(self.boilerplate.out_of(columns))

    def score_cleaned(self, texts: Sequence[pl.Series]) -> Scored:
        """The same for texts without boilerplate and nulls."""
        check_is_fitted(self)
        return linear_scores(self.features_, self.tables_, self.weights_, self.intercept_, texts)

    def to_arrays(self) -> dict[str, NDArray[Any]]:
        """What was learnt, as plain arrays; with the parameters enough to rebuild the model."""
        check_is_fitted(self)
        return {
            "classes": np.array(self.classes_, dtype=str),
            "class_counts": np.array([self.class_counts_[label] for label in self.classes_.tolist()]),
            "left_out": np.array(list(self.left_out_), dtype=str),
            "left_out_counts": np.array(list(self.left_out_.values()), dtype=np.int64),
            "weights": self.weights_,
            "intercept": self.intercept_,
            "temperature": np.array(self.temperature_),
            **self.features_.to_arrays(),
            **self.tables_.to_arrays(),
        }

    def restore(self, arrays: dict[str, NDArray[Any]]) -> "TopicModel":
        """Take over what `to_arrays` of a model with the same parameters gave; returns self."""
        self.classes_ = arrays["classes"]
        self.class_counts_ = dict(zip(self.classes_.tolist(), arrays["class_counts"].tolist(), strict=True))
        self.left_out_ = dict(zip(arrays["left_out"].tolist(), arrays["left_out_counts"].tolist(), strict=True))
        self.weights_, self.intercept_ = arrays["weights"], arrays["intercept"]
        self.temperature_ = float(arrays["temperature"])
        self.features_ = Features(self.recipe or Recipe()).restore(arrays)
        self.tables_ = Tables.from_arrays(arrays)
        return self

    @property
    def boilerplate(self) -> Boilerplate:
        """What is taken out of texts before they are scored."""
        return Boilerplate(self._lexicon())

    def _lexicon(self) -> Lexicon:
        return Lexicon.packaged() if self.lexicon is None else self.lexicon


def prepare(
    recipe: Recipe,
    lexicon: Lexicon,
    documents: Sequence[Document],
    labels: Sequence[str],
    callers: Sequence[str | None] | None,
) -> Examples:
    """Sort and count documents with their labels; ValueError if the lengths differ."""
    if len(documents) != len(labels) or (callers is not None and len(callers) != len(labels)):
        raise ValueError(f"{len(documents)} documents but {len(labels)} labels")
    named = [caller or "" for caller in callers] if callers is not None else [""] * len(labels)
    rows = sorted(zip(map(field_texts, documents), map(str, labels), named, strict=True))
    texts = [text for text, _, _ in rows]
    blanked = Boilerplate(lexicon).blanked
    is_held = np.zeros(len(rows), dtype=bool)
    is_held[split_by_text(texts, recipe.calibration_share, _SEED)[1]] = True
    return Examples(
        count_terms(recipe, lexicon, [tuple(map(blanked, text)) for text in texts]),
        np.array([label for _, label, _ in rows], dtype=str),
        [caller or None for _, _, caller in rows] if any(named) else None,
        is_held,
    )


def _temperature(regression: LogisticRegression, matrix: Any, examples: Examples, otherwise: float) -> float:
    """The temperature on the held examples under a fit to the others, which is also where the last fit starts from."""
    learn, held = np.flatnonzero(~examples.is_held), np.flatnonzero(examples.is_held)
    if len(held) < _MINIMUM_HELD or set(examples.labels[learn]) != set(examples.labels):
        return otherwise
    regression.fit(matrix[learn], examples.labels[learn])
    scores = matrix[held] @ _per_class(regression.coef_).T + _per_class(regression.intercept_[:, np.newaxis])[:, 0]
    return fit_temperature(np.asarray(scores), np.searchsorted(regression.classes_, examples.labels[held]))


def _per_class(weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """One row per class, centred over classes; a two-class regression gives one row for the second class."""
    rows = np.vstack([-weights, weights]) / 2 if len(weights) == 1 else weights
    return np.asarray(rows - rows.mean(axis=0))
