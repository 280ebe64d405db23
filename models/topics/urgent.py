"""The urgent flag: announced extreme acts, fire, gas, no heat, danger to life, found by patterns, recall first."""

import hashlib
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import polars as pl

SEPARATOR = "、"
_STOP = "。"  # stands between title and body and where a harmless phrase was taken out


@dataclass(frozen=True)
class UrgentKind:
    """One kind: regular expressions without look-around. What `passes` match is harmless whatever `patterns` find there."""

    name: str
    passes: tuple[str, ...]
    patterns: tuple[str, ...]


@dataclass(frozen=True)
class UrgentLexicon:
    """The kinds in the order in which a flag names them, and the hash of the file they come from."""

    kinds: tuple[UrgentKind, ...]
    lexicon_hash: str

    @classmethod
    def parse(cls, text: str) -> "UrgentLexicon":
        """Read the TOML text of a lexicon. Raises tomllib.TOMLDecodeError or KeyError where it is no lexicon."""
        kinds = tuple(
            UrgentKind(kind["name"], tuple(kind["passes"]), tuple(kind["patterns"]))
            for kind in tomllib.loads(text)["kinds"]
        )
        return cls(kinds, hashlib.sha256(text.encode()).hexdigest()[:12])


@cache
def packaged_lexicon() -> UrgentLexicon:
    """The lexicon that ships with the package."""
    return UrgentLexicon.parse((files("hotline12345.models") / "lexicon" / "urgent.toml").read_text(encoding="utf-8"))


def urgent_kinds(titles: pl.Series, bodies: pl.Series, lexicon: UrgentLexicon) -> pl.Series:
    """The kinds of each of n texts, joined by 、 in the lexicon's order, '' for none; nulls count as no text.

    Cost: one search of all texts for each expression; harmless phrases are looked for in what was found only. Raises
    polars' ComputeError where an expression of the lexicon is none.
    """
    texts = pl.DataFrame({"title": titles, "body": bodies}).select(_plain().alias("text"))
    named = [_flags(texts, kind) for kind in lexicon.kinds]
    return pl.select(pl.concat_str(named, separator=SEPARATOR, ignore_nulls=True).alias("urgent_kinds")).to_series()


def _plain() -> pl.Expr:
    whole = pl.concat_str(pl.col("title").fill_null(""), pl.lit(_STOP), pl.col("body").fill_null(""))
    return whole.str.normalize("NFKC").str.replace_all(r"\s+", "")


def _flags(texts: pl.DataFrame, kind: UrgentKind) -> pl.Series:
    """The kind's name where a text is of it, else null."""
    found = texts.with_row_index("row").filter(_matches(kind))
    harmful = found.with_columns(pl.col("text").str.replace_all("|".join(kind.passes), _STOP)).filter(_matches(kind))
    return pl.repeat(None, texts.height, dtype=pl.String, eager=True).scatter(harmful["row"], kind.name)


def _matches(kind: UrgentKind) -> pl.Expr:
    return pl.any_horizontal(pl.col("text").str.contains(pattern) for pattern in kind.patterns)
