"""The tables of the compiled scorer: a trie of all terms, what each of its nodes means in each block, and the weights."""

from collections.abc import Mapping
from functools import cache
from typing import Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from hotline12345.models.topics.features import Features
from hotline12345.models.topics.folding import HIGHEST, SEPARATOR, fold_code

SKIPPED, UNKNOWN, FIRST_LETTER = 1, 2, 3  # letter ids: invisible, in no term, the first in a term; 0 is a separator
ID_BITS: Final = 16
MULTIPLIER: Final = 0x9E3779B97F4A7C15  # Fibonacci hashing: 2^64 / golden ratio
_EMPTY: Final = -1
_NOTHING: Final = 0  # stands for no letter in the table of folds


class Tables(NamedTuple):
    """Arrays that the kernel walks. Node 0 is no node; feature -1 is none.

    Attributes:
        letters: letter id of each code point, shape (HIGHEST,).
        first: node of each letter at the start of a term, shape (letter ids,).
        keys, children: open hash table of the other edges, node << 16 | letter id → node; its size is a power of two.
        features: feature of each node in each block, shape (nodes, blocks).
        is_title: whether a block reads titles alone, shape (blocks,).
        idf: inverse document frequency of each feature; block: the block of each; weights of the blocks.
    """

    letters: NDArray[np.uint16]
    first: NDArray[np.int32]
    keys: NDArray[np.int64]
    children: NDArray[np.int32]
    features: NDArray[np.int32]
    is_title: NDArray[np.bool_]
    idf: NDArray[np.float64]
    block: NDArray[np.int8]
    block_weights: NDArray[np.float64]

    def to_arrays(self) -> dict[str, NDArray[Any]]:
        """By name; of the letters only those that are in a term, the rest follows from folding."""
        arrays = dict(self._asdict())
        ids, codes = np.unique(self.letters, return_index=True)
        own = dict(zip(ids.tolist(), codes.tolist(), strict=True))
        alphabet = [ord(fold_code(own[number])) for number in range(FIRST_LETTER, len(self.first))]
        return arrays | {"letters": np.array(alphabet, np.int32)}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, NDArray[Any]]) -> "Tables":
        """What `to_arrays` gave."""
        others = {name: arrays[name] for name in cls._fields if name != "letters"}
        return cls(letters=_letters(arrays["letters"]), **others)


def make_tables(features: Features) -> Tables:
    """The tables of fitted features; cost and size grow with their terms."""
    ids = _letter_ids(features)
    nodes: dict[tuple[int, int], int] = {}
    found: dict[int, list[int]] = {}
    blocks = features.recipe.blocks
    column = 0
    for number, terms in enumerate(features.terms):
        for term in terms.tolist():
            node = 0
            for letter in term:
                node = nodes.setdefault((node, ids[letter]), len(nodes) + 1)
            found.setdefault(node, [_EMPTY] * len(blocks))[number] = column
            column += 1
    first = np.zeros(FIRST_LETTER + len(ids), np.int32)
    for (parent, letter), child in nodes.items():
        if parent == 0:
            first[letter] = child
    meanings = np.full((len(nodes) + 1, len(blocks)), _EMPTY, np.int32)
    for node, columns in found.items():
        meanings[node] = columns
    keys, children = _hash_table({edge: child for edge, child in nodes.items() if edge[0]})
    return Tables(
        letters=_letters(np.array([ord(letter) for letter in ids], np.int32)),
        first=first,
        keys=keys,
        children=children,
        features=meanings,
        is_title=np.array([block.fields == "title" for block in blocks]),
        idf=np.concatenate(features.idf) if features.idf else np.empty(0),
        block=np.repeat(np.arange(len(blocks), dtype=np.int8), [len(terms) for terms in features.terms]),
        block_weights=np.array([block.weight for block in blocks], np.float64),
    )


def slot_of(key: int, bits: int) -> int:
    """Where the search for a key begins in a table of 2^bits slots."""
    return ((key * MULTIPLIER) & 0xFFFFFFFFFFFFFFFF) >> (64 - bits)


def _letter_ids(features: Features) -> dict[str, int]:
    letters = sorted({letter for terms in features.terms for term in terms.tolist() for letter in term})
    return {letter: number for number, letter in enumerate(letters, FIRST_LETTER)}


def _letters(alphabet: NDArray[np.int32]) -> NDArray[np.uint16]:
    """Folding and letter ids in one table; `alphabet` holds the code points of the letters that are in terms."""
    ids = np.full(HIGHEST, UNKNOWN, np.uint16)
    ids[alphabet] = np.arange(FIRST_LETTER, FIRST_LETTER + len(alphabet))
    ids[ord(SEPARATOR)], ids[_NOTHING] = 0, SKIPPED
    return ids[_folded_codes()]


@cache
def _folded_codes() -> NDArray[np.int32]:
    """What each code point folds to."""
    return np.array([ord(fold_code(code) or chr(_NOTHING)) for code in range(HIGHEST)], np.int32)


def _hash_table(edges: Mapping[tuple[int, int], int]) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    bits = max(4, (2 * len(edges)).bit_length())
    keys, children = np.full(1 << bits, _EMPTY, np.int64), np.zeros(1 << bits, np.int32)
    for (node, letter), child in edges.items():
        key = node << ID_BITS | letter
        slot = slot_of(key, bits)
        while keys[slot] != _EMPTY:
            slot = (slot + 1) & ((1 << bits) - 1)
        keys[slot], children[slot] = key, child
    return keys, children
