"""What headers.toml says: known header names, words that mean the same, and words that give a column away."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from hotline12345.flows.ingest.mapping import normalise_header

SOURCE = Path(__file__).parents[1] / "headers.toml"


@dataclass(frozen=True)
class Aliases:
    """The content of headers.toml; headers in normalised form.

    Attributes:
        columns: header → column, always.
        fallback: header → column, when no header of `columns` fills it.
        ask: header → the columns it may mean.
        synonyms: word of a header → the usual word, longest first; for suggestions only.
        values: column → words that its cells hold; for suggestions only.
    """

    columns: Mapping[str, str]
    fallback: Mapping[str, str]
    ask: Mapping[str, tuple[str, ...]]
    synonyms: Mapping[str, str]
    values: Mapping[str, tuple[str, ...]]

    def knows(self, header: str) -> bool:
        """Whether a normalised header occurs in the file at all."""
        return header in self.columns or header in self.fallback or header in self.ask


@cache
def aliases() -> Aliases:
    """The header names the package knows."""
    content = tomllib.loads(SOURCE.read_text(encoding="utf-8"))
    by_header = {
        tier: {normalise_header(header): column for column, headers in content[tier].items() for header in headers}
        for tier in ("columns", "fallback")
    }
    words = {variant: word for word, variants in content["synonyms"].items() for variant in variants}
    return Aliases(
        columns=by_header["columns"],
        fallback=by_header["fallback"],
        ask={normalise_header(header): tuple(entry["candidates"]) for header, entry in content["ask"].items()},
        synonyms={variant: words[variant] for variant in sorted(words, key=lambda word: (-len(word), word))},
        values={column: tuple(listed) for column, listed in content["values"].items()},
    )
