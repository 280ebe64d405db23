"""The urgent flag: announced extreme acts, fire, gas, no heat, danger to life; words and words near words, recall first."""

import hashlib
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from importlib.resources import files
from typing import Any

import polars as pl

SEPARATOR = "、"
CERTAIN, POSSIBLE = "明确", "可能"
_STOP = "。"  # stands between title and body and where a harmless phrase was taken out; a pair never reaches across it
_SENTENCE = r"[^。;!?]"
_CLAUSE = r"[^。;!?,]"
_DOUBTED = 12  # characters after a word of doubt that it puts in doubt, within its clause
_ENTRY = re.compile(r"(?P<words>\S+)(?: (?P<order>>?)(?P<within>\d+) (?P<near>\S+))?")


@dataclass(frozen=True)
class Entry:
    """One idea: any of `words`; with `near`, only where one of those stands at most `within` characters away."""

    kind: str
    grade: str
    words: tuple[str, ...]
    near: tuple[str, ...] = ()
    within: int = 0
    ordered: bool = False  # the words come first

    @classmethod
    def parse(cls, kind: str, grade: str, line: str, groups: dict[str, str]) -> "Entry":
        """Read `甲|乙`, `甲|乙 4 丙|@组` (either order) or `甲 >4 丙` (in this order). Raises ValueError (Chinese)."""
        if not (match := _ENTRY.fullmatch(line)):
            raise ValueError(f"紧急敏感词表中“{kind}”的“{line}”看不懂：应写作“词|词”或“词|词 字数 词|词”，字数前可加 >。")
        near = _words(match["near"], groups) if match["near"] else ()
        return cls(kind, grade, _words(match["words"], groups), near, int(match["within"] or 0), bool(match["order"]))

    @property
    def pattern(self) -> str:
        """The regular expression of a pair."""
        left, right = ("|".join(map(re.escape, side)) for side in (self.words, self.near))
        gap = f"{_SENTENCE}{{0,{self.within}}}"
        forward = f"(?:{left}){gap}(?:{right})"
        return forward if self.ordered else f"{forward}|(?:{right}){gap}(?:{left})"


def _words(part: str, groups: dict[str, str]) -> tuple[str, ...]:
    """The words of `甲|@组|乙`; raises ValueError (Chinese) for a group that is none."""
    words: list[str] = []
    for word in part.split("|"):
        if word.startswith("@") and word[1:] not in groups:
            raise ValueError(f"紧急敏感词表用到词组“{word}”，但 [groups] 里没有它。")
        words += groups[word[1:]].split("|") if word.startswith("@") else [word]
    if "" in words:
        raise ValueError(f"紧急敏感词表中“{part}”有空的词：两个 | 之间、开头和末尾都要有字。")
    return tuple(dict.fromkeys(words))


@dataclass(frozen=True)
class UrgentLexicon:
    """The kinds in the order in which a flag names them, their entries, and the hash of the file they come from.

    `harmless` phrases are taken out before anything is looked for; what follows a word of `doubts` is never certain.
    """

    kinds: tuple[str, ...]
    entries: tuple[Entry, ...]
    harmless: tuple[str, ...]
    doubts: tuple[str, ...]
    lexicon_hash: str

    @classmethod
    def parse(cls, text: str) -> "UrgentLexicon":
        """Read the TOML text of a lexicon. Raises TOMLDecodeError, KeyError or ValueError where it is no lexicon."""
        read = tomllib.loads(text)
        lists = {name: _words("|".join(read[name]), {}) for name in ("harmless", "doubts")}
        digest = hashlib.sha256(text.encode()).hexdigest()[:12]
        return cls(tuple(read["kinds"]), tuple(_entries(read)), **lists, lexicon_hash=digest)

    @cached_property
    def sides(self) -> pl.DataFrame:
        """Where each word stands: word, entry (its number), side (0 words, 1 near)."""
        rows = [
            (word, number, side)
            for number, entry in enumerate(self.entries)
            for side, words in enumerate((entry.words, entry.near))
            for word in words
        ]
        return pl.DataFrame(rows, schema={"word": pl.String, "entry": pl.Int32, "side": pl.Int8}, orient="row")


def _entries(read: dict[str, Any]) -> Iterator[Entry]:
    for kind, grades in read["kinds"].items():
        for grade in (CERTAIN, POSSIBLE):
            for line in grades[grade]:
                yield Entry.parse(kind, grade, line, read["groups"])


@cache
def packaged_lexicon() -> UrgentLexicon:
    """The lexicon that ships with the package."""
    return UrgentLexicon.parse((files("hotline12345.models") / "lexicon" / "urgent.toml").read_text(encoding="utf-8"))


def urgent_kinds(titles: pl.Series, bodies: pl.Series, lexicon: UrgentLexicon) -> pl.DataFrame:
    """The kinds of each of n texts, in their order: urgent_kinds (all), certain_kinds (those of them that are 明确).

    Kinds are joined by 、 in the lexicon's order, '' for none; nulls count as no text. Cost: one search of all texts for
    all words together; distances are measured only where both words of a pair stand in the text.
    """
    texts = pl.DataFrame({"title": titles, "body": bodies}).select(_plain(lexicon).alias("text")).with_row_index("row")
    found = _found(texts, lexicon)
    sure = pl.Series([entry.grade == CERTAIN for entry in lexicon.entries], dtype=pl.Boolean)
    claimed = texts.join(found.filter(sure.gather(found["entry"])), on="row", how="semi")
    doubted = f"(?:{'|'.join(lexicon.doubts)}){_CLAUSE}{{0,{_DOUBTED}}}"
    said = _found(claimed.with_columns(pl.col("text").str.replace_all(doubted, _STOP)), lexicon)
    certain = said.filter(sure.gather(said["entry"]))
    return pl.DataFrame(
        {
            "urgent_kinds": _named(found, texts.height, lexicon),
            "certain_kinds": _named(certain, texts.height, lexicon),
        }
    )


def _plain(lexicon: UrgentLexicon) -> pl.Expr:
    """Title and body as one text without blanks and harmless phrases, the longest of those first."""
    whole = pl.concat_str(pl.col("title").fill_null(""), pl.lit(_STOP), pl.col("body").fill_null(""))
    phrases = sorted(lexicon.harmless, key=len, reverse=True)
    plain = whole.str.normalize("NFKC").str.replace_all(r"\s+", "")
    return plain.str.replace_many(phrases, [_STOP] * len(phrases), leftmost=True)


def _found(texts: pl.DataFrame, lexicon: UrgentLexicon) -> pl.DataFrame:
    """The entries that texts (row, text) fulfil: row, entry."""
    words = pl.lit(lexicon.sides["word"].unique().implode())
    candidates = (
        texts.lazy()
        .select("row", pl.col("text").str.extract_many(words, overlapping=True).list.unique().alias("word"))
        .explode("word", empty_as_null=False)
        .join(lexicon.sides.lazy(), on="word")
        .unique(["row", "entry", "side"])
        .group_by("row", "entry")
        .agg(pl.len().alias("met"))
        .collect()
    )
    needed = pl.Series([2 if entry.near else 1 for entry in lexicon.entries], dtype=pl.UInt32)
    return candidates


def _named(found: pl.DataFrame, height: int, lexicon: UrgentLexicon) -> pl.Series:
    """Of each of `height` texts the kinds of its entries."""
