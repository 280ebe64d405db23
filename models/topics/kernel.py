"""The compiled scorer: UTF-8 bytes of whole columns to class scores, without a Python object for a text.

Imported only where it is used: numba takes half a second, and a machine without it scores with scikit-learn. The
machine code is cached beside this file or, where that is not writable, in the user's cache folder; never in the data
folder, since numba's cache is read as a pickle.
"""

from collections.abc import Callable
from pickle import UnpicklingError
from typing import Any

import numpy as np
from numba import njit

from hotline12345.models.topics.tables import ID_BITS, MULTIPLIER, SKIPPED

_MULTIPLIER = np.uint64(MULTIPLIER)


def _cached(function: Callable[..., None]) -> Callable[..., None]:
    """Compiled at its first call, and kept on disk where any place for it is writable; anew where that is damaged."""
    anew: Any = njit(nogil=True)(function)
    try:
        kept: Any = njit(nogil=True, cache=True)(function)
    except RuntimeError:  # numba found no such place
        return anew  # type: ignore[no-any-return]

    def call(*arguments: Any) -> None:
        try:
            kept(*arguments)
        except (EOFError, UnpicklingError):  # cut off or full of zeros, as a power failure leaves a file
            anew(*arguments)

    return call


@njit(nogil=True, inline="always")
def _decode(data, start, end, letters, found):  # type: ignore[no-untyped-def]
    """Letter ids of one valid UTF-8 text into `found`; returns how many and how many of them are letters."""
    count, real, place = 0, 0, start
    while place < end:
        lead = data[place]
        if lead < 0x80:
            code = np.int64(lead)
            place += 1
        elif lead < 0xE0:
            code = (np.int64(lead & 0x1F) << 6) | (data[place + 1] & 0x3F)
            place += 2
        elif lead < 0xF0:
            code = (np.int64(lead & 0x0F) << 12) | (np.int64(data[place + 1] & 0x3F) << 6) | (data[place + 2] & 0x3F)
            place += 3
        else:
            code = (
                (np.int64(lead & 0x07) << 18)
                | (np.int64(data[place + 1] & 0x3F) << 12)
                | (np.int64(data[place + 2] & 0x3F) << 6)
                | (data[place + 3] & 0x3F)
            )
            place += 4
        letter = letters[code] if code < len(letters) else 0
        if letter != SKIPPED:
            found[count] = letter
            count += 1
            real += letter != 0
    return count, real


@njit(nogil=True, inline="always")
def _child(node, letter, tables, shift):  # type: ignore[no-untyped-def]
    """The node that a letter leads to; 0 when no term goes on so."""
    key = (np.int64(node) << ID_BITS) | np.int64(letter)
    slot = np.int64((np.uint64(key) * _MULTIPLIER) >> shift)
    while tables.keys[slot] != key:
        if tables.keys[slot] == -1:
            return 0
        slot = (slot + 1) & (len(tables.keys) - 1)
    return tables.children[slot]


@njit(nogil=True, inline="always")
def _count(node, reads_title, tables, counts, touched, n_touched):  # type: ignore[no-untyped-def]
    """Count the term that ends at a node in every block that reads it; the new `n_touched` and whether there was one."""
    is_term = False
    for number in range(len(tables.is_title)):
        feature = tables.features[node, number]
        if feature >= 0 and (reads_title or not tables.is_title[number]):
            is_term = True
            if counts[feature] == 0:
                touched[n_touched] = feature
                n_touched += 1
            counts[feature] += 1
    return n_touched, is_term


@njit(nogil=True)
def _read(found, length, reads_title, tables, shift, counts, touched, n_touched):  # type: ignore[no-untyped-def]
    """Count every term of one text; the new `n_touched` and how many letters terms of two or more of them cover."""
    reached, covered = 0, 0
    for place in range(length):
        node, stop = tables.first[found[place]] if found[place] else 0, place + 1
        while node != 0:
            n_touched, is_term = _count(node, reads_title, tables, counts, touched, n_touched)
            if is_term and stop - place > 1 and stop > reached:
                covered += stop - max(place, reached)
                reached = stop
            if stop == length or found[stop] == 0:
                break
            node = _child(node, found[stop], tables, shift)
            stop += 1
    return n_touched, covered


@njit(nogil=True)
def _add_up(counts, touched, n_touched, values, squares, logarithms, tables, weights, totals):  # type: ignore[no-untyped-def]
    """Add the weighted TF-IDF values of the counted terms to the `totals` of the classes; `counts` are 0 afterwards."""
    squares[:] = 0.0
    for number in range(n_touched):
        feature = touched[number]
        count = counts[feature]
        counts[feature] = 0
        frequency = logarithms[count - 1] if count <= len(logarithms) else 1.0 + np.log(np.float64(count))
        values[number] = frequency * tables.idf[feature]
        squares[tables.block[feature]] += values[number] * values[number]
    for number in range(len(squares)):
        squares[number] = tables.block_weights[number] / np.sqrt(squares[number]) if squares[number] > 0 else 0.0
    for number in range(n_touched):
        feature = touched[number]
        value = values[number] * squares[tables.block[feature]]
        for each in range(len(totals)):
            totals[each] += value * weights[feature, each]


@_cached
def score_rows(first_row, last_row, texts, tables, weights, intercept, scores, covered):  # type: ignore[no-untyped-def]
    """Fill `scores` (rows, classes) and `covered` (rows, 2) for rows [first_row, last_row).

    Args:
        texts: UTF-8 bytes and offsets of each field, the title first; one field alone is no title.
        tables: the `Tables` of the model.
        weights: shape (features, classes); intercept: shape (classes,).
        covered: letters of a row, and those of them that a term of two or more letters covers.
    """
    shift = np.uint64(64) - np.uint64(np.log2(len(tables.keys)) + 0.5)
    counts, touched = np.zeros(len(tables.idf), np.int32), np.empty(len(tables.idf), np.int32)
    values, squares = np.empty(len(tables.idf), np.float64), np.empty(len(tables.block_weights), np.float64)
    logarithms = 1.0 + np.log(np.arange(1, 1025).astype(np.float64))
    found = np.empty(1024, np.uint16)
    for row in range(first_row, last_row):
        n_touched = 0
        covered[row, :] = 0
        for field in range(len(texts)):
            data, offsets = texts[field]
            start, end = offsets[row], offsets[row + 1]
            if end - start > len(found):
                found = np.empty(2 * (end - start), np.uint16)
            length, real = _decode(data, start, end, tables.letters, found)
            reads_title = field == 0 and len(texts) > 1
            n_touched, known = _read(found, length, reads_title, tables, shift, counts, touched, n_touched)
            covered[row, 0] += real
            covered[row, 1] += known
        scores[row, :] = intercept
        _add_up(counts, touched, n_touched, values, squares, logarithms, tables, weights, scores[row])
