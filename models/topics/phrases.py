"""What terms add to a decision, told as phrases that a person can read and point to in the text.

The terms of a model overlap: 停车难 also holds 停车 and 停, each with a weight of its own. Here the weight of every
occurrence is spread evenly over its characters, the characters are gathered into the words of a segmentation, and
neighbouring words that pull the same way become one phrase. Nothing is lost on the way: the weights of the phrases add up
to the weights of the occurrences.
"""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from hotline12345.models.topics.folding import SEPARATOR, fold, positions

_LONGEST: Final = 10  # characters of a phrase that is put together from several words
_COMPARABLE: Final = 1 / 3  # words join when the weaker one has at least this share of the stronger one's weight
_NO_LETTERS: Final = "（非文字）"  # the wording of what holds no letter; no term of a model does
_MOST_TIPPING: Final = 8  # phrases: a reader learns nothing from a longer list of what would have to go


class Occurrence(NamedTuple):
    """One place of a known term: characters [start, end) of a field's text as it was given, and what it adds there."""

    start: int
    end: int
    weight: float
    """Log-odds added to the class that was chosen."""
    lead: float = 0.0
    """Log-odds added to the class that was chosen, less those added to the runner-up."""


@dataclass(frozen=True)
class Phrase:
    """A wording of the text with what all its places together add; negative where it speaks against the class."""

    text: str
    weight: float
    lead: float = 0.0


class _Piece(NamedTuple):
    text: str
    weight: float
    lead: float
    is_word: bool


def phrases(
    fields: Sequence[tuple[str, Sequence[Occurrence]]], cut: Callable[[str], Iterable[str]]
) -> tuple[Phrase, ...]:
    """All phrases of a document, strongest for the class first, those against it last, equal ones by their wording.

    `fields`: each field's text with the occurrences of known terms in it. `cut`: a segmentation whose parts put
    together are the folded text that it was given. A wording in several places, width and case of letters aside, is one
    phrase. `weight` and `lead` each add up to those of the occurrences. Raises ValueError for an occurrence outside
    its text or on nothing but invisible characters.
    """
    found: dict[str, Phrase] = {}
    for text, occurrences in fields:
        for piece in _joined(_pieces(text, occurrences, cut)):
            if piece.weight or piece.lead:
                key = fold(piece.text)
                known = found.setdefault(key, Phrase(piece.text, 0.0))
                found[key] = Phrase(known.text, known.weight + piece.weight, known.lead + piece.lead)
    return tuple(sorted(found.values(), key=lambda phrase: (-phrase.weight, phrase.text)))


def tipping(
    candidates: Iterable[Phrase], margin_without: Callable[[tuple[str, ...]], float], most: int = _MOST_TIPPING
) -> tuple[str, ...]:
    """Few phrases without which the runner-up wins, strongest lead first; empty when no `most` of them are enough.

    `margin_without(wordings)`: the chosen class's score less the runner-up's, without these wordings (see `without`).
    Phrases are taken away by their lead until the margin is negative; then each that is not needed is put back.
    """
    ranked = sorted((phrase for phrase in candidates if phrase.lead > 0), key=lambda p: (-p.lead, p.text))
    removed: tuple[str, ...] = ()
    for phrase in ranked[:most]:
        removed = (*removed, phrase.text)
        if margin_without(removed) < 0:
            break
    else:
        return ()
    for wording in removed[:-1]:
        fewer = tuple(other for other in removed if other != wording)
        if margin_without(fewer) < 0:
            removed = fewer
    return removed


def without(document: Sequence[str], wordings: Iterable[str]) -> tuple[str, ...]:
    """The field texts, folded, with every place of these wordings blanked."""
    sought = sorted({fold(wording) for wording in wordings}, key=lambda text: (-len(text), text))
    pattern = re.compile("|".join(re.escape(text) for text in sought if text.strip()) or r"(?!)")
    return tuple(pattern.sub(SEPARATOR, fold(text)) for text in document)


def places(text: str, wording: str) -> list[tuple[int, int]]:
    """Where the wording stands in the text, as [start, end) of the text's characters, from left to right."""
    seen, sought = positions(text), fold(wording)
    if not sought.strip():
        return []
    return [(seen[match.start()], seen[match.end() - 1] + 1) for match in re.finditer(re.escape(sought), fold(text))]


def _pieces(text: str, occurrences: Sequence[Occurrence], cut: Callable[[str], Iterable[str]]) -> Iterator[_Piece]:
    """One piece for each part of the segmentation; together they hold every weight."""
    seen = positions(text)
    weights = _spread(len(text), seen, occurrences)
    start = 0
    for part in cut(fold(text)):
        end = start + len(part)
        weight, lead = weights[:, start:end].sum(axis=1).tolist()
        is_word = part.isalpha()
        wording = "".join(text[position] for position in seen[start:end]) if is_word else _NO_LETTERS
        yield _Piece(wording, weight, lead, is_word)
        start = end


def _spread(length: int, seen: Sequence[int], occurrences: Sequence[Occurrence]) -> NDArray[np.float64]:
    """Weight and lead of each character of the folded text, shape (2, characters)."""
    spread = np.zeros((2, len(seen)))
    for start, end, weight, lead in occurrences:
        first, last = bisect_left(seen, start), bisect_left(seen, end)
        if not (start >= 0 and first < last and end <= length):
            raise ValueError(f"[{start}, {end}) is no occurrence in a text of {length} characters")
        spread[0, first:last] += weight / (last - first)
        spread[1, first:last] += lead / (last - first)
    return spread


def _joined(pieces: Iterable[_Piece]) -> Iterator[_Piece]:
    """Neighbouring words of comparable weight on the same side put together, up to the longest phrase."""
    run: _Piece | None = None
    last = 0.0  # weight of the run's last word
    for piece in pieces:
        if run is not None and _belongs(run, last, piece):
            run = _Piece(run.text + piece.text, run.weight + piece.weight, run.lead + piece.lead, is_word=True)
        else:
            if run is not None:
                yield run
            run = piece
        last = piece.weight
    if run is not None:
        yield run


def _belongs(run: _Piece, last: float, piece: _Piece) -> bool:
    if not (run.is_word and piece.is_word) or len(run.text) + len(piece.text) > _LONGEST:
        return False
    weaker, stronger = sorted((abs(last), abs(piece.weight)))
    return last * piece.weight > 0 and weaker >= _COMPARABLE * stronger
