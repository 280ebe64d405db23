"""Which features classify best, on labelled petitions that are no part of the project: `--data FOLDER` names them.

    .venv/bin/python tests/benchmarks/topic_quality.py --data ../shared/data

Recipes are compared on the training file alone: five folds that keep near copies together (character-3-gram cosine above
.6), and one split in the order of time. The test file is read once, by the recipe that ships and by the baselines. Macro-F1
with a 95 % bootstrap interval; differences to the shipped recipe by a paired bootstrap and McNemar's exact test.
"""

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import jieba
import numpy as np
import polars as pl
from scipy import sparse
from scipy.sparse.csgraph import connected_components
from scipy.stats import binomtest
from sklearn.base import BaseEstimator, TransformerMixin
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import f1_score
from sklearn.model_selection import StratifiedGroupKFold
from sklearn.pipeline import make_pipeline, make_union
from sklearn.svm import LinearSVC

from hotline12345.models.topics.comparing import compare
from hotline12345.models.topics.evaluate import judge
from hotline12345.models.topics.lexicon import Lexicon
from hotline12345.models.topics.recipe import Block, Recipe
from hotline12345.models.topics.tokenizer import Tokenizer
from hotline12345.models.topics.topic_model import TopicModel

Documents = list[tuple[str, str]]
Factory = Callable[[], Any]
FOLDS, SEED = 5, 1
CHARACTERS = Block(terms="characters", longest=2)
SHIPPED = "words anywhere + title (shipped)"
REFERENCE = "words + characters 1-4 (reference)"


class Field(TransformerMixin, BaseEstimator):  # type: ignore[misc]
    """The whole text, or the title alone."""

    def __init__(self, title: bool = False) -> None:
        self.title = title

    def fit(self, X: Documents, y: Any = None) -> "Field":  # noqa: N803
        return self

    def transform(self, X: Documents) -> list[str]:  # noqa: N803
        return [title if self.title else f"{title} {body}" for title, body in X]


def words(title: bool = False, **settings: Any) -> Any:
    """TF-IDF of the words of jieba's segmentation."""
    tokenizer = Tokenizer(Lexicon())

    def cut(text: str) -> list[str]:
        return [word for word in tokenizer.segments(text) if word.strip()]

    return make_pipeline(Field(title), TfidfVectorizer(tokenizer=cut, token_pattern=None, min_df=2, **settings))


def characters(longest: int) -> Any:
    vectorizer = TfidfVectorizer(analyzer="char", ngram_range=(1, longest), min_df=2, sublinear_tf=True)
    return make_pipeline(Field(), vectorizer)


def regression(c: float) -> LogisticRegression:
    return LogisticRegression(C=c, class_weight="balanced", tol=1e-4, max_iter=5000)


def ours(**settings: Any) -> Factory:
    return lambda: TopicModel(replace(Recipe(calibration_share=0.0), **settings))


def naive() -> Any:
    vectorizer = TfidfVectorizer(tokenizer=jieba.lcut, token_pattern=None)
    return make_pipeline(Field(), vectorizer, LogisticRegression(max_iter=1000))


BASELINES: dict[str, Factory] = {
    "scikit-learn defaults on jieba words": naive,
    REFERENCE: lambda: make_pipeline(make_union(words(sublinear_tf=True), characters(4)), regression(100)),
    "linear SVC, words + characters 1-4": lambda: make_pipeline(
        make_union(words(sublinear_tf=True), characters(4)), LinearSVC(C=0.5, class_weight="balanced")
    ),
}
RECIPES: dict[str, Factory] = {
    SHIPPED: ours(),
    **{f"… C = {c}": ours(C=float(c)) for c in (10, 30, 300)},
    **{f"… title weight {w}": ours(blocks=(Block(), Block(fields="title", weight=w))) for w in (0.4, 1.0)},
    "… without title block": ours(blocks=(Block(),)),
    "… terms of 5 records": ours(min_records=5),
    "… + characters 1-2": ours(blocks=(Block(), CHARACTERS, Block(fields="title", weight=0.7))),
    "characters 1-2 + title": ours(blocks=(CHARACTERS, replace(CHARACTERS, fields="title", weight=0.7))),
    "segmented words, tuned, + title": lambda: make_pipeline(
        make_union(words(sublinear_tf=True), words(title=True, sublinear_tf=True)), regression(30)
    ),
}


def say(line: str) -> None:
    """Print one line."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def near_copies(documents: Documents) -> np.ndarray:
    """A group number a document; near copies share one."""
    vectorizer = TfidfVectorizer(analyzer="char", ngram_range=(3, 3), min_df=2, sublinear_tf=True)
    matrix = sparse.csr_array(vectorizer.fit_transform(title + body for title, body in documents))
    close = sparse.vstack([(matrix[i : i + 500] @ matrix.T) > 0.6 for i in range(0, len(documents), 500)])
    return np.asarray(connected_components(close, directed=False)[1])


def folds(documents: Documents, labels: np.ndarray) -> list[tuple[np.ndarray, np.ndarray]]:
    splitter = StratifiedGroupKFold(FOLDS, shuffle=True, random_state=SEED)
    return list(splitter.split(documents, labels, near_copies(documents)))


def by_time(times: pl.Series) -> list[tuple[np.ndarray, np.ndarray]]:
    """The first four fifths of the records with a time, and the last."""
    order = times.to_frame("at").with_row_index().drop_nulls().sort("at", "index")["index"].to_numpy()
    cut = len(order) * 4 // 5
    return [(order[:cut], order[cut:])]


def answers(factory: Factory, documents: Documents, labels: np.ndarray, splits: Sequence[Any]) -> np.ndarray:
    """What models fitted on one side of each split say of the other; None where no split tests a record."""
    said = np.full(len(labels), None, dtype=object)
    for learn, test in splits:
        model = factory().fit([documents[row] for row in learn], labels[learn])
        said[test] = model.predict([documents[row] for row in test])
    return said


def line(name: str, truth: list[str], said: list[str], shipped: list[str], seconds: float) -> None:
    """One row: macro-F1, difference to the shipped recipe with its interval, McNemar's p."""
    found = compare(truth, shipped, said)
    better = sum(a == t != b for t, a, b in zip(truth, said, shipped, strict=True))
    worse = sum(b == t != a for t, a, b in zip(truth, said, shipped, strict=True))
    p = binomtest(better, better + worse).pvalue if better + worse else 1.0
    low, high = found.interval
    say(
        f"{name:38s} {f1_score(truth, said, average='macro'):.4f}  {found.difference:+.4f} [{low:+.4f}, {high:+.4f}]"
        f"  p {p:.2f}  {seconds:5.1f} s"
    )


def table(title: str, factories: dict[str, Factory], documents: Documents, labels: np.ndarray, splits: Any) -> None:
    say(f"\n{title}\n{'recipe':38s} macroF1  difference to shipped")
    shipped: list[str] = []
    for name, factory in factories.items():
        begin = time.perf_counter()
        said = answers(factory, documents, labels, splits)
        tested = [row for row, answer in enumerate(said) if answer is not None]
        told = [str(said[row]) for row in tested]
        shipped = shipped or told
        line(name, [str(labels[row]) for row in tested], told, shipped, time.perf_counter() - begin)


def held_out(train: tuple[Documents, np.ndarray], test: tuple[Documents, np.ndarray]) -> None:
    """The test file, read once."""
    truth = [str(label) for label in test[1]]
    begin = time.perf_counter()
    model = TopicModel().fit(*train)
    seconds = time.perf_counter() - begin
    figures = judge(truth, model.classes_.tolist(), model.predict_proba(test[0]))
    say(
        f"\ntest file, {figures.test_records} records: macro-F1 {figures.macro_f1:.4f} "
        f"[{figures.macro_f1_interval[0]:.3f}, {figures.macro_f1_interval[1]:.3f}], accuracy {figures.accuracy:.4f}, "
        f"ECE {figures.ece:.4f} [{figures.ece_interval[0]:.4f}, {figures.ece_interval[1]:.4f}], "
        f"{figures.sure_share:.1%} answered at 95 % right (from probability {figures.sure_probability}), "
        f"temperature {model.temperature_:.2f}, fitted in {seconds:.1f} s"
    )
    shipped = [str(label) for label in model.predict(test[0])]
    for name, factory in BASELINES.items():
        begin = time.perf_counter()
        said = [str(label) for label in factory().fit(*train).predict(test[0])]
        line(name, truth, said, shipped, time.perf_counter() - begin)


def read(path: Path) -> tuple[Documents, np.ndarray, pl.Series]:
    frame = pl.read_parquet(path)
    documents = list(frame.select(pl.col("title", "body").fill_null("")).iter_rows())
    return documents, frame["label"].to_numpy(), frame["time"].str.to_datetime("%Y/%m/%d %H:%M:%S", strict=False)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    folder = parser.parse_args().data
    jieba.setLogLevel(60)
    documents, labels, times = read(folder / "petitions_train.parquet")
    table("five folds without near copies", {**RECIPES, **BASELINES}, documents, labels, folds(documents, labels))
    table("in the order of time", {**RECIPES, **BASELINES}, documents, labels, by_time(times))
    held_out((documents, labels), read(folder / "petitions_dev.parquet")[:2])


if __name__ == "__main__":
    main()
