"""The topic classifier: TF-IDF of jieba words and logistic regression."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import softmax
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.linear_model import LogisticRegression
from sklearn.utils.validation import check_is_fitted
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from hotline12345.models.topics.features import Document, WordFeatures
from hotline12345.models.topics.lexicon import Lexicon
from hotline12345.models.topics.tokenizer import Tokenizer

_TOLERANCE: Final = 1e-5  # stopping earlier costs accuracy, see docs/decisions/0006-topic-model.md
_MAX_ITERATIONS: Final = 3000
_BATCH: Final = 4096  # documents scored at a time, so that memory does not grow with their number


class TooFewExamples(ValueError):  # noqa: N818 - a statement about the data, as users read it
    """There is not enough to learn from; `counts` holds the records per class. The message is for users."""

    def __init__(self, reason: str, counts: Mapping[str, int]) -> None:
        self.counts = dict(counts)
        present = "、".join(f"{label} {count} 条" for label, count in self.counts.items()) or "无"
        super().__init__(f"训练样本不足：{reason}。现有类别：{present}。请补充已分类的工单后再训练。")


@dataclass(frozen=True)
class Explanation:
    """Why one document got its class."""

    label: str
    probability: float
    words: tuple[tuple[str, float], ...]
    """Words that speak for the class, strongest first, with what each adds to the log-odds against an average class."""


class TopicModel(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """Classifies documents by their words; a scikit-learn classifier over texts instead of arrays.

    `X` is a sequence of n documents (tuples of field texts, the title first), `y` n class names. The same examples give
    the same coefficients bit for bit, whatever their order and the number of threads.

    Parameters: `lexicon` (None: the packaged one), `title_weight` of the title's own block of features beside the block
    of all words, `min_records` that must hold a word before it is learnt, `min_examples` that a class needs (smaller
    classes are left out, see `left_out_`), `C` inverse strength of regularisation. Classes weigh the same whatever
    their size.

    Learned: `classes_` sorted, `coef_` (classes, words) centred over classes, `intercept_` (classes,), `features_`,
    `class_counts_` and `left_out_` (records per class learnt and not learnt).
    """

    def __init__(
        self,
        lexicon: Lexicon | None = None,
        title_weight: float = 0.5,
        min_records: int = 2,
        min_examples: int = 5,
        C: float = 30.0,  # noqa: N803
    ) -> None:
        self.lexicon = lexicon
        self.title_weight = title_weight
        self.min_records = min_records
        self.min_examples = min_examples
        self.C = C

    def fit(self, X: Sequence[Document], y: Sequence[str]) -> "TopicModel":  # noqa: N803
        """Learn from n documents and their classes. Raises TooFewExamples, and ValueError if the lengths differ."""
        if len(X) != len(y):
            raise ValueError(f"{len(X)} documents but {len(y)} labels")
        counts = dict(sorted(Counter(map(str, y)).items()))
        self.class_counts_ = {label: n for label, n in counts.items() if n >= self.min_examples}
        self.left_out_ = {label: n for label, n in counts.items() if n < self.min_examples}
        if len(self.class_counts_) < 2:
            raise TooFewExamples(f"至少需要 2 个类别，每类不少于 {self.min_examples} 条", counts)
        examples = sorted((_fields(document), str(label)) for document, label in zip(X, y, strict=True))
        examples = [example for example in examples if example[1] in self.class_counts_]
        self.features_ = self._new_features()
        with threadpool_limits(limits=1):
            matrix = self.features_.fit_transform([document for document, _ in examples])
            if matrix.shape[1] == 0:
                raise TooFewExamples(f"没有任何词语出现在 {self.min_records} 条以上工单中", counts)
            regression = LogisticRegression(
                C=self.C, class_weight="balanced", tol=_TOLERANCE, max_iter=_MAX_ITERATIONS
            ).fit(matrix, [label for _, label in examples])
        self.classes_ = regression.classes_
        self.coef_ = _per_class(regression.coef_)
        self.intercept_ = _per_class(regression.intercept_[:, np.newaxis])[:, 0]
        return self

    def predict_proba(self, X: Sequence[Document]) -> NDArray[np.float64]:  # noqa: N803
        """Probabilities, shape (documents, classes), columns as in `classes_`."""
        check_is_fitted(self)
        scores = [matrix @ self.coef_.T + self.intercept_ for matrix in self._batches(X)]
        return np.asarray(softmax(np.vstack(scores), axis=1)) if scores else np.empty((0, len(self.classes_)))

    def predict(self, X: Sequence[Document]) -> NDArray[np.str_]:  # noqa: N803
        """The most probable class of each document; the first in `classes_` where two are equal."""
        probabilities = self.predict_proba(X)
        return np.asarray(self.classes_[probabilities.argmax(axis=1)])

    def explain(self, document: Document, k: int = 8) -> Explanation:
        """The class of one document and at most `k` words of it that speak for that class."""
        probabilities = self.predict_proba([document])[0]
        chosen = int(probabilities.argmax())
        row = self.features_.transform([document])
        names = self.features_.words
        total: defaultdict[str, float] = defaultdict(float)
        for column, value in zip(row.indices, row.data, strict=True):
            total[names[column]] += float(value * self.coef_[chosen, column])
        ranked = sorted(((word, weight) for word, weight in total.items() if weight > 0), key=lambda w: (-w[1], w[0]))
        return Explanation(str(self.classes_[chosen]), float(probabilities[chosen]), tuple(ranked[:k]))

    def to_arrays(self) -> dict[str, NDArray[Any]]:
        """What was learnt, as plain arrays; with the parameters enough to rebuild the model."""
        check_is_fitted(self)
        return {
            "classes": np.array(self.classes_, dtype=str),
            "class_counts": np.array([self.class_counts_[label] for label in self.classes_.tolist()]),
            "left_out": np.array(list(self.left_out_), dtype=str),
            "left_out_counts": np.array(list(self.left_out_.values()), dtype=np.int64),
            "coef": self.coef_,
            "intercept": self.intercept_,
            **self.features_.to_arrays(),
        }

    def restore(self, arrays: dict[str, NDArray[Any]]) -> "TopicModel":
        """Take over what `to_arrays` of a model with the same parameters gave; returns self."""
        self.classes_ = arrays["classes"]
        self.class_counts_ = dict(zip(self.classes_.tolist(), arrays["class_counts"].tolist(), strict=True))
        self.left_out_ = dict(zip(arrays["left_out"].tolist(), arrays["left_out_counts"].tolist(), strict=True))
        self.coef_, self.intercept_ = arrays["coef"], arrays["intercept"]
        self.features_ = self._new_features().restore(arrays)
        return self

    def _new_features(self) -> WordFeatures:
        lexicon = Lexicon.packaged() if self.lexicon is None else self.lexicon
        return WordFeatures(Tokenizer(lexicon), self.title_weight, self.min_records)

    def _batches(self, documents: Sequence[Document]) -> Iterator[Any]:
        for start in range(0, len(documents), _BATCH):
            yield self.features_.transform(documents[start : start + _BATCH])


def _fields(document: Document) -> tuple[str, ...]:
    return (document,) if isinstance(document, str) else tuple(field or "" for field in document)


def _per_class(weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """One row per class, centred over classes; a two-class regression gives one row for the second class."""
    rows = np.vstack([-weights, weights]) / 2 if len(weights) == 1 else weights
    return np.asarray(rows - rows.mean(axis=0))
