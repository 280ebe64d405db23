"""The urgent flag: announced extreme acts, fire, gas, no heat, danger to life; learnt from examples, recall first.

The examples (`models/lexicon/urgent_examples.csv`) are invented sentences that people sorted into kinds, and ordinary
complaints beside them. One logistic regression a kind over the classifier's words learns what the wordings have in common,
so that a new way to say it is found as well; whoever misses one adds a sentence.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray
from scipy.special import expit
from sklearn.linear_model import LogisticRegression
from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

from hotline12345.models.topics.boilerplate import Boilerplate
from hotline12345.models.topics.features import Features, count_terms
from hotline12345.models.topics.lexicon import Lexicon
from hotline12345.models.topics.recipe import Block, Recipe
from hotline12345.models.topics.scorer import linear_scores
from hotline12345.models.topics.tables import Tables, make_tables

KINDS: Final = ("扬言", "消防", "燃气", "供暖停", "人身安全")  # in the order in which a flag names them
SEPARATOR: Final = "、"
POSSIBLE: Final = 0.2  # probabilities from which a kind is flagged, and from which it is 明确; chosen on the examples
CERTAIN: Final = 0.7
_RECIPE: Final = Recipe(blocks=(Block(),), C=30.0)
_STOP: Final = "。"  # stands between title and body


@dataclass(frozen=True)
class Examples:
    """Texts with the kinds that they are of, none for ordinary ones; `version` is the hash of the file they come from."""

    texts: tuple[str, ...]
    kinds: tuple[tuple[str, ...], ...]
    version: str

    @classmethod
    def parse(cls, content: bytes) -> "Examples":
        """Read a CSV with the columns text and kinds. Raises ValueError (Chinese) for a kind that is none or has no text."""
        rows = pl.read_csv(content).select("text", pl.col("kinds").fill_null("")).sort("text", "kinds")
        kinds = tuple(tuple(filter(None, said.split(SEPARATOR))) for said in rows["kinds"])
        told = {kind for said in kinds for kind in said}
        if strange := sorted(told - set(KINDS)):
            raise ValueError(f"紧急敏感例句中的情形“{strange[0]}”不在 {SEPARATOR.join(KINDS)} 之中。")
        if missing := [kind for kind in KINDS if kind not in told]:
            raise ValueError(f"紧急敏感例句中没有“{missing[0]}”的例句，每种情形至少要有几句。")
        return cls(tuple(rows["text"]), kinds, hashlib.sha256(content).hexdigest()[:12])


@dataclass(frozen=True)
class Detector:
    """What was learnt from examples: features, and one column of weights a kind."""

    version: str
    features: Features
    tables: Tables
    weights: NDArray[np.float32]
    intercept: NDArray[np.float64]

    @classmethod
    def learn(cls, examples: Examples) -> "Detector":
        """Learn from examples, less than a second for some thousands; the same ones give the same bits in any order."""
        blank = Boilerplate(Lexicon.packaged()).blanked
        features = Features(_RECIPE)
        counts = count_terms(_RECIPE, Lexicon.packaged(), [(blank(text),) for text in examples.texts])
        matrix = features.fit_transform(counts)
        truth = [np.array([kind in said for said in examples.kinds]) for kind in KINDS]
        with threadpool_limits(limits=1):
            found = [
                LogisticRegression(C=_RECIPE.C, class_weight="balanced", max_iter=2000).fit(matrix, is_kind)
                for is_kind in truth
            ]
        weights = np.vstack([each.coef_ for each in found]).T.astype(np.float32)
        return cls(
            version=examples.version,
            features=features,
            tables=make_tables(features),
            weights=np.ascontiguousarray(weights),
            intercept=np.array([each.intercept_[0] for each in found]),
        )

    def probabilities(self, titles: pl.Series, bodies: pl.Series) -> NDArray[np.float64]:
        """Probability of each kind for n texts, shape (n, kinds); nulls count as no text.

        0 for a text without a known word, whatever the average of the examples.
        """
        texts = pl.select(pl.concat_str(titles.fill_null(""), pl.lit(_STOP), bodies.fill_null(""))).to_series()
        cleaned = Boilerplate(Lexicon.packaged()).out_of([texts])
        scores = linear_scores(self.features, self.tables, self.weights, self.intercept, cleaned).scores
        is_silent = (scores == self.intercept).all(axis=1, keepdims=True)
        return np.where(is_silent, 0.0, expit(scores))

    def flags(self, titles: pl.Series, bodies: pl.Series) -> pl.DataFrame:
        """The kinds of n texts, in their order: urgent_kinds (all), certain_kinds (those of them that are 明确).

        Joined by 、, '' for none.
        """
        found = self.probabilities(titles, bodies)
        columns = {"urgent_kinds": _named(found >= POSSIBLE), "certain_kinds": _named(found >= CERTAIN)}
        return pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String))


@cache
def packaged_examples() -> Examples:
    """The examples that ship with the package."""
    return Examples.parse((files("hotline12345.models") / "lexicon" / "urgent_examples.csv").read_bytes())


@cache
def packaged_detector() -> Detector:
    """What was learnt from them."""
    return Detector.learn(packaged_examples())


def _named(is_kind: NDArray[np.bool_]) -> Sequence[str]:
    """The names of the kinds of each row."""
    return [SEPARATOR.join(kind for kind, is_one in zip(KINDS, row, strict=True) if is_one) for row in is_kind.tolist()]
