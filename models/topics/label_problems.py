"""Labels that are probably wrong: confident learning on out-of-fold probabilities, and like texts labelled differently.

Confident learning after Northcutt, Jiang and Chuang, "Confident Learning: Estimating Uncertainty in Dataset Labels",
Journal of Artificial Intelligence Research 70 (2021), 1373-1411: an example counts as class j when its probability of j
reaches what examples labelled j reach on average.
"""

import hashlib
import re
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from heapq import nsmallest
from itertools import combinations, pairwise
from typing import Any, Final, Protocol
from zlib import crc32

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.csgraph import connected_components

FOLDS: Final = 3
SEED: Final = 12345
NEAR: Final = 0.8  # Jaccard similarity of the shingles from which two texts are near-same
SHINGLE: Final = 4  # characters
SKETCH: Final = 12  # shingles by which a text meets others
MOST_SHARED: Final = 50  # of more texts that share one, not every pair is compared
_NO_LETTER: Final = re.compile(r"[\W_\d]+")

Floats = NDArray[np.float64]
Whole = NDArray[np.int64]


class Classifier(Protocol):
    """What can be cross-validated: a scikit-learn classifier over documents."""

    classes_: Any

    def fit(self, X: Sequence[Any], y: Sequence[str], /) -> Any:  # noqa: N803
        """Learn."""

    def predict_proba(self, X: Sequence[Any], /) -> Any:  # noqa: N803
        """Probabilities, shape (documents, classes)."""


@dataclass(frozen=True)
class Doubts:
    """Examples whose label is doubted, the most doubtful first.

    Attributes:
        example: positions of the examples, shape (k,).
        suggested: the class that they more likely belong to, as a column number, shape (k,).
        label_probability, suggested_probability: out-of-fold probabilities 0–1 of both, shape (k,).
    """

    example: Whole
    suggested: Whole
    label_probability: Floats
    suggested_probability: Floats


def out_of_fold(
    make: Callable[[], Classifier], documents: Sequence[Any], texts: Sequence[str], labels: Sequence[str]
) -> tuple[list[str], Floats]:
    """Classes and the probabilities (n, classes) that models give which never saw the text of the example.

    `texts` decide the fold: texts that differ in white space, digits and signs only stay together. A class that a fold's
    model did not learn has probability 0 there. Raises what `fit` raises.
    """
    classes = sorted(set(labels))
    column = {name: number for number, name in enumerate(classes)}
    fold = np.array([_fold(text) for text in texts])
    found = np.zeros((len(labels), len(classes)))
    for number in range(FOLDS):
        inside: list[int] = np.flatnonzero(fold == number).tolist()
        if not inside:
            continue
        learn: list[int] = np.flatnonzero(fold != number).tolist()
        model = make()
        model.fit([documents[row] for row in learn], [labels[row] for row in learn])
        columns = [column[str(name)] for name in model.classes_]
        found[np.ix_(np.array(inside), np.array(columns))] = model.predict_proba([documents[row] for row in inside])
    return classes, found


def doubtful_labels(probabilities: Floats, labels: Whole) -> Doubts:
    """Examples that confidently belong to another class than their label; the least probable label first.

    Args:
        probabilities: out of fold, shape (n, classes).
        labels: column number of each label, shape (n,).
    """
    number = np.arange(len(labels))
    own = probabilities[number, labels]
    counts = np.bincount(labels, minlength=probabilities.shape[1])
    sums = np.bincount(labels, weights=own, minlength=probabilities.shape[1])
    threshold = np.where(counts > 0, sums / np.maximum(counts, 1), np.inf)
    confident = np.where(probabilities >= threshold, probabilities, -1.0)
    best = confident.argmax(axis=1)
    doubted = np.flatnonzero((confident[number, best] >= 0) & (best != labels) & (probabilities[number, best] > own))
    margin = own[doubted] - probabilities[doubted, best[doubted]]
    chosen = doubted[np.argsort(margin, kind="stable")]
    return Doubts(
        chosen.astype(np.int64),
        best[chosen].astype(np.int64),
        own[chosen],
        probabilities[chosen, best[chosen]],
    )


def conflicting_groups(texts: Sequence[str], labels: Sequence[str]) -> list[list[int]]:
    """Groups of same or near-same texts that carry different labels; positions in each group rise, groups by their first.

    Same: equal but for white space, digits and signs. Near-same: `NEAR` of all shingles in common. Cost grows with the
    texts, not with their pairs.
    """
    keys = [_letters(text) for text in texts]
    different = {key: number for number, key in enumerate(dict.fromkeys(keys))}
    groups: dict[int, list[int]] = defaultdict(list)
    of_key = _near_groups(list(different))
    for position, key in enumerate(keys):
        if key:
            groups[of_key[different[key]]].append(position)
    found = (group for group in groups.values() if len({labels[position] for position in group}) > 1)
    return sorted(found)


def _near_groups(keys: Sequence[str]) -> list[int]:
    """A group number for each of different texts.

    Texts are compared when they share one of their first shingles in the order of a hash, which near-same texts nearly
    always do; where very many share one, each with its neighbours in the order of the texts only.
    """
    shingles = [{key[at : at + SHINGLE] for at in range(max(1, len(key) - SHINGLE + 1))} for key in keys]
    holders: dict[str, list[int]] = defaultdict(list)
    for number in sorted(range(len(keys)), key=keys.__getitem__):
        for shingle in nsmallest(SKETCH, shingles[number], key=_mixed):
            holders[shingle].append(number)
    compared = (combinations(group, 2) if len(group) <= MOST_SHARED else pairwise(group) for group in holders.values())
    pairs = {pair for group in compared for pair in group}
    near = [pair for pair in sorted(pairs) if _jaccard(shingles[pair[0]], shingles[pair[1]]) >= NEAR]
    rows, columns = (np.array([pair[side] for pair in near], dtype=np.int64) for side in (0, 1))
    graph = sparse.coo_array((np.ones(len(near)), (rows, columns)), shape=(len(keys), len(keys)))
    _, numbers = connected_components(graph, directed=False)
    return [int(number) for number in numbers]


def _mixed(shingle: str) -> tuple[int, str]:
    return crc32(shingle.encode("utf-8", "surrogatepass")), shingle


def _jaccard(one: set[str], other: set[str]) -> float:
    shared = len(one & other)
    return shared / (len(one) + len(other) - shared)


def _fold(text: str) -> int:
    digest = hashlib.sha256(f"{SEED}\x1f{_letters(text)}".encode("utf-8", "surrogatepass")).digest()
    return int.from_bytes(digest[:8], "big") % FOLDS


def _letters(text: str) -> str:
    return _NO_LETTER.sub("", text)
