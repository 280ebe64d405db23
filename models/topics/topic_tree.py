"""Three levels of topics: a model at the root, and one below every class that has more than one child to choose from.

A probability below the root is the parent's times the child's own, so it never grows with depth, and the children of a
class add up to the class itself.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from hotline12345.models.topics.explaining import Reasons, explain, similarity
from hotline12345.models.topics.features import Document
from hotline12345.models.topics.lexicon import Lexicon
from hotline12345.models.topics.phrases import Phrase
from hotline12345.models.topics.recipe import Recipe
from hotline12345.models.topics.tokenizer import Tokenizer
from hotline12345.models.topics.topic_model import Examples, TooFewExamples, TopicModel, prepare

ROOT: Final = ""
LEVELS: Final = 3
ANSWER_SCHEMA: Final = {
    **{f"level{level}_{what}": kind for level in (1, 2, 3) for what, kind in (("code", pl.String), ("probability", pl.Float64))},
    "runner_up_code": pl.String,
    "runner_up_probability": pl.Float64,
    "unseen_share": pl.Float64,
}  # fmt: skip


@dataclass(frozen=True)
class Explanation:
    """Why a document got its topic: the path of codes with their probabilities, and what carried the level-1 decision.

    The other fields are those of `Reasons`.
    """

    path: tuple[tuple[str, float], ...]
    phrases: tuple[Phrase, ...]
    against: tuple[Phrase, ...]
    runner_up_code: str
    runner_up_probability: float
    tipping: tuple[str, ...]


class TopicTree:
    """Topics of up to three levels by immutable codes.

    `nodes` holds a `TopicModel` for the root (`ROOT`) and for each class with at least two learnable children; a child
    with fewer than `recipe.min_examples` records counts for its parent, which is then a class of its own choice: an
    answer that stops there. `only` names the child of a class with exactly one.
    """

    def __init__(self, recipe: Recipe | None = None, lexicon: Lexicon | None = None) -> None:
        self.recipe = recipe or Recipe()
        self.lexicon = lexicon or Lexicon.packaged()
        self.tokenizer = Tokenizer(self.lexicon)
        self.nodes: dict[str, TopicModel] = {}
        self.only: dict[str, str] = {}
        self.left_out: dict[str, int] = {}

    @property
    def root(self) -> TopicModel:
        """The model of level 1."""
        return self.nodes[ROOT]

    @property
    def term_count(self) -> int:
        """Different terms that any of the models knows."""
        return len({term for node in self.nodes.values() for term in node.features_.names})

    def fit(
        self,
        X: Sequence[Document],  # noqa: N803
        paths: Sequence[Sequence[str]],
        callers: Sequence[str | None] | None = None,
    ) -> "TopicTree":
        """Learn from n documents, their codes from level 1 down (1 to 3 of them), and who wrote them where known.

        Raises TooFewExamples when level 1 cannot be learnt, ValueError if the lengths differ.
        """
        joined = ["\t".join(path[:LEVELS]) for path in paths]
        examples = prepare(self.recipe, self.lexicon, X, joined, callers)
        codes = [label.split("\t") for label in examples.labels.tolist()]
        self.nodes, self.only, self.left_out = {}, {}, {}
        labels = np.array([path[0] for path in codes], dtype=str)
        self.nodes[ROOT] = TopicModel(self.recipe, self.lexicon).fit_examples(examples.rows(_all(labels), labels))
        self.left_out.update(self.root.left_out_)
        for level in range(1, LEVELS):
            parents = np.array([path[level - 1] if len(path) >= level else ROOT for path in codes], dtype=str)
            own = np.array(
                [path[level] if len(path) > level else parent for path, parent in zip(codes, parents, strict=True)]
            )
            for parent in np.unique(parents[parents != ROOT]).tolist():
                self._fit_children(parent, examples, parents == parent, own)
        return self

    def answer(self, titles: pl.Series, bodies: pl.Series) -> pl.DataFrame:
        """The most probable topic of each text, one row a text in their order; columns as in `ANSWER_SCHEMA`.

        Probabilities are joint: that of level 2 is at most that of level 1. A level below a class that answers for itself is
        null. `unseen_share`: share of the letters that no known term of two or more letters covers.
        """
        texts = self.root.boilerplate.out_of([titles, bodies])
        scored = self.root.score_cleaned(texts)
        probabilities = self.root.probabilities(scored.scores)
        codes, own = self.root.classes_[scored.scores.argmax(axis=1)].astype(object), probabilities.max(axis=1)
        others = np.where(
            np.arange(probabilities.shape[1]) == scored.scores.argmax(axis=1)[:, None], -1.0, probabilities
        )
        answers: dict[str, Any] = {"level1_code": codes, "level1_probability": own}
        for level in range(2, LEVELS + 1):
            codes, own = self._below(codes, own, texts)
            answers |= {f"level{level}_code": codes, f"level{level}_probability": own}
        answers |= {
            "runner_up_code": self.root.classes_[others.argmax(axis=1)].astype(object),
            "runner_up_probability": others.max(axis=1) if len(titles) else own,
            "unseen_share": scored.unseen_share,
        }
        columns = {name: pl.Series(values.tolist(), dtype=ANSWER_SCHEMA[name]) for name, values in answers.items()}
        return pl.DataFrame(columns).select(list(ANSWER_SCHEMA)).with_columns(pl.col(pl.Float64).fill_nan(None))

    def explain(self, document: Document, k: int = 8) -> Explanation:
        """Why a document of two fields gets its topic."""
        title, body = document
        row = self.answer(pl.Series([title], dtype=pl.String), pl.Series([body], dtype=pl.String)).row(0, named=True)
        path = [(row[f"level{level}_code"], row[f"level{level}_probability"]) for level in (1, 2, 3)]
        why: Reasons = explain(self.root, self.tokenizer, document, k)
        return Explanation(
            path=tuple((code, probability) for code, probability in path if code),
            phrases=why.phrases,
            against=why.against,
            runner_up_code=why.runner_up,
            runner_up_probability=why.runner_up_probability,
            tipping=why.tipping,
        )

    def similarity(self, document: Document, titles: pl.Series, bodies: pl.Series) -> NDArray[np.float64]:
        """How like a document of two fields each text is (0-1)."""
        return similarity(self.root, document, [titles, bodies])

    def _fit_children(
        self, parent: str, examples: Examples, chosen: NDArray[np.bool_], labels: NDArray[np.str_]
    ) -> None:
        """Learn the children of one class; small ones and records without a child count for the class itself."""
        counts = Counter(labels[chosen].tolist())
        small = {code for code, n in counts.items() if n < self.recipe.min_examples and code != parent}
        self.left_out.update({code: counts[code] for code in sorted(small)})
        own = np.array([parent if code in small else code for code in labels[chosen].tolist()], dtype=str)
        large = sorted(code for code, n in Counter(own.tolist()).items() if n >= self.recipe.min_examples)
        if len(large) == 1 and large[0] != parent:
            self.only[parent] = large[0]
        if len(large) < 2:
            return
        model = TopicModel(self.recipe, self.lexicon)
        try:
            self.nodes[parent] = model.fit_examples(examples.rows(chosen, own), self.root.temperature_)
        except TooFewExamples:  # not a term in common
            return

    def _below(
        self, codes: NDArray[Any], probabilities: NDArray[np.float64], texts: Sequence[pl.Series]
    ) -> tuple[NDArray[Any], NDArray[np.float64]]:
        """The children chosen below `codes` (None: none) and their joint probabilities (NaN where none)."""
        children, joint = np.full(len(codes), None, dtype=object), np.full(len(codes), np.nan)
        for parent in sorted({code for code in codes.tolist() if code}):
            rows = np.flatnonzero(codes == parent)
            if parent in self.nodes:
                node = self.nodes[parent]
                scores = node.score_cleaned([text.gather(rows) for text in texts]).scores
                found = node.classes_[scores.argmax(axis=1)].astype(object)
                share = node.probabilities(scores).max(axis=1)
            elif parent in self.only:
                found, share = np.full(len(rows), self.only[parent], dtype=object), np.ones(len(rows))
            else:
                continue
            is_child = found != parent
            children[rows[is_child]], joint[rows[is_child]] = found[is_child], (probabilities[rows] * share)[is_child]
        return children, joint


def _all(labels: NDArray[np.str_]) -> NDArray[np.bool_]:
    return np.ones(len(labels), dtype=bool)
