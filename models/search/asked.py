"""What somebody asks for, as terms of the index: words that jieba knows as words, anything else as it stands."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import polars as pl

from hotline12345.models.search.pairs import PAIR, characters, folded, pairs
from hotline12345.models.topics.tokenizer import Tokenizer

Kind = Literal["word", "pair", "beginning"]
Term = tuple[str, Kind]  # a pair that stands as a word, a term wherever it stands, every term that begins so
Way = tuple[Term, ...]  # all of them in one text
Ways = tuple[Way, ...]

MOST = 8  # parts of one question that are looked for
_QUOTED = re.compile('[“"「]([^”"」]*)[”"」]')
PARTICLES = frozenset("的了着是在和与及或等吗呢吧啊么")


@dataclass(frozen=True)
class Part:
    """One part of a question: a text holds it when it holds every term of one of the `ways`."""

    text: str
    ways: Ways

    @property
    def is_pair(self) -> bool:
        """Whether it has two characters: near ones are then other words, not parts of it."""
        return len(characters(self.text)) == PAIR


def parts(asked: str, tokenizer: Tokenizer) -> tuple[Part, ...]:
    """The parts of a question, each once, at most `MOST`; () where it holds no letter.

    What stands in quotation marks is looked for as it stands. Else blanks and signs part it, and jieba's words; single
    characters that follow each other are joined, and particles part like signs.
    """
    found: dict[str, Part] = {}
    position = 0
    for quoted in _QUOTED.finditer(asked):
        _keep(found, _parted(asked[position : quoted.start()], tokenizer))
        _keep(found, ((run, False) for run in _runs(quoted[1])))
        position = quoted.end()
    _keep(found, _parted(asked[position:], tokenizer))
    return tuple(found.values())[:MOST]


def with_slip(part: Part) -> Part | None:
    """The part with one character another one: of three or more what the rest of its pairs leave, of one nothing (None).

    A word of two characters stays as it is (other words are near it), and so does the middle one of three.
    """
    letters, terms = characters(part.text), pairs(part.text)
    if len(letters) == 1:
        return None
    ways: list[Way] = [
        tuple((term, "pair") for index, term in enumerate(terms) if index not in (slip - 1, slip))
        for slip in range(len(letters))
    ]
    return Part(part.text, (*part.ways, *(way for way in ways if way))) if len(letters) > PAIR else part


def one_word(word: str) -> Part:
    """A word of two characters as a part."""
    return Part(word, (((word, "word"),),))


def _parted(text: str, tokenizer: Tokenizer) -> Iterator[tuple[str, bool]]:
    """Pieces of a text and whether each is one of jieba's words."""
    for run in _runs(text):
        joined = ""
        for segment in tokenizer.segments(run):
            is_single = len(segment) == 1 and segment not in PARTICLES
            if joined and not is_single:
                yield joined, False
            joined = joined + segment if is_single else ""
            if len(segment) > 1:
                yield segment, True
        if joined:
            yield joined, False


def _runs(text: str) -> list[str]:
    return str(folded(pl.Series([text]))[0]).split()


def _keep(found: dict[str, Part], pieces: Iterator[tuple[str, bool]]) -> None:
    for text, is_word in pieces:
        found.setdefault(text, Part(text, (_exact(text, is_word),)))


def _exact(text: str, is_word: bool) -> Way:
    letters = characters(text)
    if len(letters) == 1:
        return ((text, "pair" if text.isascii() else "beginning"),)
    if len(letters) == PAIR and is_word:
        return ((text, "word"),)
    return tuple((pair, "pair") for pair in pairs(text))
