"""What every work order says whatever it is about, taken out before terms are looked for."""

import re
from collections.abc import Sequence

import polars as pl

from hotline12345.models.topics.lexicon import Lexicon

_NEVER = r"[^\s\S]"


class Boilerplate:
    """The boilerplate of a lexicon. Its expressions are read by two engines, so they use no look-around."""

    def __init__(self, lexicon: Lexicon) -> None:
        pattern = "|".join(f"(?:{expression})" for expression in lexicon.boilerplate) or _NEVER
        self._pattern = re.compile(pattern)

    def out_of(self, columns: Sequence[pl.Series]) -> list[pl.Series]:
        """The texts with a blank for each match; null becomes empty. Hundreds of MB/s a core."""
        return [column.fill_null("").str.replace_all(self._pattern.pattern, " ") for column in columns]

    def blanked(self, text: str) -> str:
        """One text with as many blanks as each match has characters, so that places stay where they are."""
        return self._pattern.sub(lambda match: " " * len(match[0]), text)
