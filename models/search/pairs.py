"""What a text is found by: every pair of characters that stand side by side, and which of them jieba takes for a word.

A character here is one Chinese character or a whole run of Latin letters and digits. Pairs need no dictionary, so names of
places and people's own words are found as they stand; the mark of a word keeps 供暖 from being found in 提供暖气.
"""

import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import pairwise

import polars as pl

from hotline12345.models.topics.lexicon import Lexicon
from hotline12345.models.topics.tokenizer import Tokenizer

VERSION = 1  # of what is said of a text here; another one has every text indexed anew
PAIR = 2  # characters
_NOT_A_LETTER = r"[^\p{Han}A-Z0-9]+"
_LATIN = re.compile("[A-Z0-9]")
_CHARACTER = re.compile("[A-Z0-9]+|[^A-Z0-9]")


def folded(texts: pl.Series) -> pl.Series:
    """Upper-case letters, digits and Chinese characters; whatever else stands between them becomes one blank."""
    return (
        texts.fill_null("")
        .str.normalize("NFKC")
        .str.to_uppercase()
        .str.replace_all(_NOT_A_LETTER, " ")
        .str.strip_chars()
    )


def characters(run: str) -> list[str]:
    """A folded text without blanks as characters."""
    return _CHARACTER.findall(run) if _LATIN.search(run) else list(run)


def pairs(run: str) -> list[str]:
    """The pairs of a folded text without blanks in their order."""
    found = characters(run)
    return [first + second for first, second in pairwise(found)]


def recipe(lexicon: Lexicon) -> str:
    """What the entries of an index were made with."""
    return f"{VERSION}:{lexicon.sha256()}"


@lru_cache(maxsize=1)
def packaged_tokenizer() -> Tokenizer:
    """The tokenizer of the shipped lexicon, made once."""
    return Tokenizer(Lexicon.packaged())


class Entries:
    """Makes the entries of an index."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        self._tokenizer = tokenizer

    def of(self, titles: pl.Series, others: pl.Series) -> pl.DataFrame:
        """The entries of texts: one row a text with the lists term, is_word, in_title of equal length.

        A term is a pair, the last character of a run, or a run of Latin letters and digits. About 130 microseconds a text
        of 125 characters.
        """
        rows = [self._entries(title, other) for title, other in zip(folded(titles), folded(others), strict=True)]
        schema = {"term": pl.List(pl.String), "is_word": pl.List(pl.Boolean), "in_title": pl.List(pl.Boolean)}
        return pl.DataFrame(rows, schema=schema, orient="row")

    def _entries(self, title: str, other: str) -> tuple[list[str], list[bool], list[bool]]:
        titled = _terms(title.split())
        every = sorted(titled | _terms(other.split()))
        words = {*self._tokenizer.search_words(title), *self._tokenizer.search_words(other)}
        return every, [term in words for term in every], [term in titled for term in every]


def _terms(runs: Iterable[str]) -> set[str]:
    found: set[str] = set()
    for run in runs:
        parts = characters(run)
        found.update(first + second for first, second in pairwise(parts))
        found.add(parts[-1])
        if _LATIN.search(run):
            found.update(part for part in parts if part.isascii())
    return found
