"""The urgent flag: announced extreme acts, fire, gas, no heat, danger to life; words and words near words, recall first."""

import hashlib
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import polars as pl

SEPARATOR = "、"
CERTAIN, POSSIBLE = "明确", "可能"
_STOP = "。"  # stands between title and body; no pair reaches across the end of a sentence
_STRUCK = "□"  # stands where a harmless phrase was taken out
_SENTENCE = r"[^。;!?]"
_CLAUSE = r"[^。;!?,]"
_OPENING = 150  # characters of title and body in which something certain must be said; later it may be history
_REACH = 16  # characters after a word of praise or doubt that it speaks of, within its clause
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
    def parse(cls, kind: str, grade: str, line: str, groups: dict[str, list[str]]) -> "Entry":
        """Read `甲|乙`, `甲|乙 4 丙|@组` (either order) or `甲 >4 丙` (in this order). Raises ValueError (Chinese)."""
        if not (match := _ENTRY.fullmatch(line)):
            raise ValueError(
                f"紧急敏感词表中“{kind}”的“{line}”看不懂：应写作“词|词”或“词|词 字数 词|词”，字数前可加 >。"
            )
        near = _words(match["near"], groups) if match["near"] else ()
        return cls(kind, grade, _words(match["words"], groups), near, int(match["within"] or 0), bool(match["order"]))

    @property
    def pattern(self) -> str:
        """The regular expression of a pair."""
        left, right = ("|".join(map(re.escape, side)) for side in (self.words, self.near))
        gap = f"{_SENTENCE}{{0,{self.within}}}"
        forward = f"(?:{left}){gap}(?:{right})"
        return forward if self.ordered else f"{forward}|(?:{right}){gap}(?:{left})"


def _words(part: str, groups: dict[str, list[str]]) -> tuple[str, ...]:
    """The words of `甲|@组|乙`; raises ValueError (Chinese) for a group that is none."""
    words: list[str] = []
    for word in part.split("|"):
        if word.startswith("@") and word[1:] not in groups:
            raise ValueError(f"紧急敏感词表用到词组“{word}”，但 [groups] 里没有它。")
        words += "|".join(groups[word[1:]]).split("|") if word.startswith("@") else [word]
    if "" in words:
        raise ValueError(f"紧急敏感词表中“{part}”有空的词：两个 | 之间、开头和末尾都要有字。")
    return tuple(dict.fromkeys(words))


@dataclass(frozen=True)
class UrgentLexicon:
    """The kinds in the order in which a flag names them, their entries, and the hash of the file they come from.

    `harmless` phrases, and clauses from a word of `praise` on, are taken out before anything is looked for; what follows
    a word of `doubts` is never certain.
    """

    kinds: tuple[str, ...]
    entries: tuple[Entry, ...]
    harmless: tuple[str, ...]
    praise: tuple[str, ...]
    doubts: tuple[str, ...]
    lexicon_hash: str

    @classmethod
    def parse(cls, text: str) -> "UrgentLexicon":
        """Read the TOML text of a lexicon. Raises TOMLDecodeError, KeyError or ValueError where it is no lexicon."""
        read = tomllib.loads(text)
        lists = {name: _words("|".join(read[name]), {}) for name in ("harmless", "praise", "doubts")}
        digest = hashlib.sha256(text.encode()).hexdigest()[:12]
        return cls(tuple(read["kinds"]), tuple(_entries(read)), **lists, lexicon_hash=digest)


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
    all words together; distances are measured only where the rarer word of a pair stands in the text.
    """
    texts = pl.DataFrame({"title": titles, "body": bodies}).select(_plain(lexicon).alias("text")).with_row_index("row")
    found = _found(texts, lexicon.entries)
    claims = texts.join(found.filter(grade=CERTAIN), on="row", how="semi")
    opening = pl.col("text").str.head(_OPENING).str.replace_all(_clauses(lexicon.doubts), _STRUCK)
    certain = _found(claims.with_columns(opening), tuple(each for each in lexicon.entries if each.grade == CERTAIN))
    return pl.DataFrame(
        {
            "urgent_kinds": _named(found, lexicon, texts.height),
            "certain_kinds": _named(certain, lexicon, texts.height),
        }
    )


def _plain(lexicon: UrgentLexicon) -> pl.Expr:
    """Title and body as one text without blanks, harmless phrases (the longest first) and praise."""
    whole = pl.concat_str(pl.col("title").fill_null(""), pl.lit(_STOP), pl.col("body").fill_null(""))
    phrases = sorted(lexicon.harmless, key=len, reverse=True)
    plain = whole.str.normalize("NFKC").str.replace_all(r"\s+", "")
    plain = plain.str.replace_many(phrases, [_STRUCK] * len(phrases), leftmost=True)
    return plain.str.replace_all(_clauses(lexicon.praise), _STRUCK)


def _clauses(openings: tuple[str, ...]) -> str:
    """The regular expression of the clauses that begin with one of some words."""
    return f"(?:{'|'.join(map(re.escape, openings))}){_CLAUSE}{{0,{_REACH}}}"


def _found(texts: pl.DataFrame, entries: tuple[Entry, ...]) -> pl.DataFrame:
    """Kinds and grades that texts (row, text) fulfil, as often as entries say so: row, kind, grade."""
    found = [pl.LazyFrame(schema={"row": texts.schema["row"], "kind": pl.String, "grade": pl.String})]
    for (number,), rows in _candidates(texts, entries).join(texts, on="row").group_by("entry"):
        entry = entries[int(str(number))]
        near = rows.lazy().filter(pl.col("text").str.contains(entry.pattern)) if entry.near else rows.lazy()
        found.append(near.select("row", pl.lit(entry.kind).alias("kind"), pl.lit(entry.grade).alias("grade")))
    return pl.concat(found, parallel=True).collect()


def _candidates(texts: pl.DataFrame, entries: tuple[Entry, ...]) -> pl.DataFrame:
    """Which entries have a word in which text: row, entry (its number). Of a pair that side counts which is rarer here."""
    sides = pl.DataFrame(
        [
            (word, number, side)
            for number, entry in enumerate(entries)
            for side, words in enumerate(filter(None, (entry.words, entry.near)))
            for word in words
        ],
        schema={"word": pl.String, "entry": pl.Int32, "side": pl.Int8},
        orient="row",
    )
    words = pl.lit(sides["word"].unique().implode())
    searched = texts.select("row", pl.col("text").str.extract_many(words, overlapping=True).alias("word"))
    hits = searched.explode("word").drop_nulls()
    often = sides.join(hits.group_by("word").len(), on="word", how="left").group_by("entry", "side").agg(pl.sum("len"))
    rarer = often.sort("entry", "len", "side").unique("entry", keep="first")
    return hits.join(sides.join(rarer, on=["entry", "side"], how="semi"), on="word").unique(["row", "entry"])


def _named(found: pl.DataFrame, lexicon: UrgentLexicon, height: int) -> pl.Series:
    """The kinds found in each of `height` texts, joined."""
    nothing = pl.repeat(None, height, dtype=pl.String, eager=True)
    columns = [nothing.clone().scatter(found.filter(kind=kind)["row"].unique(), kind) for kind in lexicon.kinds]
    return pl.select(pl.concat_str(columns, separator=SEPARATOR, ignore_nulls=True)).to_series()
