"""The terms of a folded text: words of jieba's dictionary wherever they stand, or runs of letters.

A word counts wherever its letters stand, also inside longer words and across the cuts of a segmentation: no ambiguity
has to be resolved, and a scorer only has to look up substrings. jieba's own name for this is full mode (`cut_all`).
"""

import re
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from hotline12345.models.topics.folding import SEPARATOR, fold
from hotline12345.models.topics.lexicon import Lexicon

_NUMERALS: Final = "零一二两三四五六七八九十百千万亿"
_MASK: Final = "某"
_NO_PREFIX: Final = 0
_RUN: Final = re.compile(f"[^{SEPARATOR}]+")


class Terms(ABC):
    """Finds terms in folded texts; calling it gives them in reading order, repeats kept."""

    @abstractmethod
    def spans(self, folded: str) -> Iterator[tuple[int, int]]:
        """Start and end of each occurrence, those that begin first before the others and shorter before longer ones."""

    def __call__(self, folded: str) -> list[str]:
        """The terms of a text."""
        return [folded[start:end] for start, end in self.spans(folded)]


class Words(Terms):
    """Finds given words."""

    def __init__(self, words: Iterable[str]) -> None:
        found: dict[str, str | None] = {}
        for word in words:
            for end in range(1, len(word)):
                found.setdefault(word[:end], None)
            found[word] = word
        self._found = found

    def spans(self, folded: str) -> Iterator[tuple[int, int]]:
        """Start and end of each occurrence."""
        found, length = self._found, len(folded)
        for start in range(length):
            end = start + 1
            while end <= length:
                word = found.get(folded[start:end], _NO_PREFIX)
                if word is _NO_PREFIX:
                    break
                if word:
                    yield start, end
                end += 1


class Characters(Terms):
    """Finds the runs of 1 to `longest` letters; none crosses a separator."""

    def __init__(self, longest: int) -> None:
        self.longest = longest

    def spans(self, folded: str) -> Iterator[tuple[int, int]]:
        """Start and end of each run."""
        for letters in _RUN.finditer(folded):
            for start in range(*letters.span()):
                for end in range(start + 1, min(start + self.longest, letters.end()) + 1):
                    yield start, end


@lru_cache(maxsize=4)
def dictionary_words(lexicon: Lexicon, longest: int) -> Words:
    """The words that may become features: jieba's dictionary and the lexicon's words without its stop words.

    Not words: numerals, masked marks, single Latin letters, and every entry that the dictionary tags as a personal name
    (it holds 60,000) unless the lexicon lists it: the dictionary also takes 井盖 for a name. So no name that the
    dictionary marks as one enters a vocabulary, even where masking missed it.
    """
    own, stop_words = frozenset(map(fold, lexicon.words)), frozenset(map(fold, lexicon.stop_words))
    kept = [word for word in own if _is_word(word)]
    for word, tag in _jieba_entries():
        is_name = tag.startswith("nr") and len(word) > 1
        if not is_name and not tag.startswith("m") and _is_word(word):
            kept.append(word)
    return Words(word for word in kept if word not in stop_words and len(word) <= longest)


def _is_word(word: str) -> bool:
    is_letter = len(word) == 1 and word.isascii()
    return not (is_letter or SEPARATOR in word or _MASK in word or not word.strip(_NUMERALS))


def _jieba_entries() -> Iterator[tuple[str, str]]:
    """Every entry of jieba's dictionary, folded, with its part of speech; jieba itself is not imported."""
    spec = find_spec("jieba")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("jieba")
    for line in Path(spec.origin).with_name("dict.txt").read_text(encoding="utf-8").splitlines():
        word, _, tag = line.split(" ")
        yield fold(word), tag
