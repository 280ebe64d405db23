"""Scoring columns of texts with the compiled kernel: the same sums as scikit-learn's, straight from Arrow's buffers."""

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from hotline12345.models.topics.features import Document, Features, field_texts
from hotline12345.models.topics.recipe import Recipe
from hotline12345.models.topics.tables import Tables, make_tables

_PARTS_A_THREAD: Final = 4  # so that a thread with long texts does not keep the others waiting
_SMALLEST_PART: Final = 256


@cache
def can_compile() -> bool:
    """Whether numba is installed and runs; without it scikit-learn scores, with the same decisions and much slower."""
    try:
        import_module("hotline12345.models.topics.kernel")
    except ImportError:  # also a numba that does not fit the numpy beside it
        return False
    return True


@dataclass(frozen=True)
class Scored:
    """One row a text: `scores` (texts, classes) and `unseen_share` (texts,).

    The share of a text's letters (0-1) that no known term of two or more letters covers; 0 for a text without letters.
    """

    scores: NDArray[np.float64]
    unseen_share: NDArray[np.float64]


def score(
    tables: Tables, weights: NDArray[np.float32], intercept: NDArray[np.float64], columns: Sequence[pl.Series]
) -> Scored:
    """Score texts, one column a field, the title first, all of one length and without nulls; on all processors.

    Args:
        weights: shape (features, classes), in C order; intercept: shape (classes,).
    """
    from hotline12345.models.topics.kernel import score_rows  # noqa: PLC0415  (numba takes half a second to import)

    rows = len(columns[0])
    scores, covered = np.empty((rows, len(intercept))), np.zeros((rows, 2), np.int64)
    texts = tuple(map(_buffers, columns))

    def part(start: int) -> None:
        score_rows(start, min(start + size, rows), texts, tables, weights, intercept, scores, covered)

    threads = len(os.sched_getaffinity(0))
    size = max(_SMALLEST_PART, -(-rows // (threads * _PARTS_A_THREAD)))
    if rows <= size:
        part(0)
    else:
        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(part, range(0, rows, size)))
    letters, known = covered[:, 0], covered[:, 1]
    return Scored(scores, 1 - np.divide(known, letters, out=np.ones(rows), where=letters > 0))


def linear_scores(
    features: Features,
    tables: Tables,
    weights: NDArray[np.float32],
    intercept: NDArray[np.float64],
    texts: Sequence[pl.Series],
) -> Scored:
    """Scores of texts without boilerplate and nulls, by the compiled kernel or, without numba, by scikit-learn."""
    if can_compile():
        return score(tables, weights, intercept, texts)
    documents = list(zip(*(column.to_list() for column in texts), strict=True))
    scores = np.asarray(features.transform(documents) @ weights.astype(np.float64) + intercept)
    return Scored(scores, features.unseen_share(documents))


def warm_up() -> None:
    """Compile the kernel now and keep it for later runs, instead of at the first text; does nothing without numba."""
    if can_compile():
        features = Features(Recipe())
        features.terms, features.idf = [np.array(["A"])] * 2, [np.ones(1)] * 2
        score(make_tables(features), np.zeros((2, 2), np.float32), np.zeros(2), [pl.Series(["A"])] * 2)


def columns_of(documents: Sequence[Document]) -> list[pl.Series]:
    """Documents, all of as many fields, as columns; lone surrogates, which no text file can hold, become `?`."""
    fields = zip(*(field_texts(document) for document in documents), strict=True)
    return [_column(field) for field in fields]


def _column(texts: tuple[str, ...]) -> pl.Series:
    try:
        return pl.Series(texts, dtype=pl.String)
    except UnicodeEncodeError:
        valid = (text.encode("utf-8", "replace").decode("utf-8") for text in texts)
        return pl.Series(valid, dtype=pl.String)


def _buffers(column: pl.Series) -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    """UTF-8 bytes and offsets (rows + 1) of a column without nulls."""
    array = column.to_arrow(compat_level=pl.CompatLevel.oldest())
    _, offsets, data = array.buffers()
    found = np.frombuffer(offsets, np.int64)[array.offset : array.offset + len(array) + 1]
    return np.frombuffer(data if data is not None and data.size else b"\0", np.uint8), found
