"""Words of a text: cleaned, cut, and reduced to those that can say what the problem is."""

import html
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import polars as pl
import rjieba

_CUTTER = rjieba.Jieba()
BREAK = "。"
_LONGEST_WORD = 3
#: What is no part of a text's meaning, with what stays in its place: invisible marks, spaces and middle dots between
#: characters (伊水·滨江 for 伊水滨江; twice, since neighbours share a character), persons, masked strings, rooms, numbers.
_REMOVED = (
    (r"[\u200b-\u200f\u2028-\u202e\u2060\ufeff\u00ad]", ""),
    (r"([\u4e00-\u9fff])(?:\s+|[.·•・‧])([\u4e00-\u9fff])", "${1}${2}"),
    (r"([\u4e00-\u9fff])(?:\s+|[.·•・‧])([\u4e00-\u9fff])", "${1}${2}"),
    (r"[\u4e00-\u9fff](?:某+|\*+|×+)(?:先生|女士|小姐|同志|老师|师傅)?|某[某甲乙丙]*(?:先生|女士|小姐|同志)?", BREAK),
    (r"([，。、：；\s])[\u4e00-\u9fff]{1,3}(?:先生|女士|小姐|同志)", "${1}" + BREAK),
    (r"姓[\u4e00-\u9fff]([，。、\s])", BREAK + "${1}"),
    (r"[0-9A-Za-z]*(?:\*+|[xX]{2,}|[×█■]+)[0-9A-Za-z*×█■]*", BREAK),
    (r"[A-Za-z]?[0-9]+(?:号楼|栋|幢|单元|室|门)", BREAK),
    (r"[0-9]{5,}", BREAK),
)
_HAN = re.compile(r"^[\u4e00-\u9fff]+$")
#: Parts of speech that describe no problem: particles, prepositions, pronouns, numbers, persons, places, …
_EMPTY_TAGS = frozenset(
    {
        "c",
        "d",
        "e",
        "h",
        "k",
        "m",
        "mq",
        "nr",
        "nrt",
        "nrfg",
        "ns",
        "o",
        "p",
        "q",
        "r",
        "rr",
        "rz",
        "rg",
        "t",
        "u",
        "uj",
        "ul",
        "ug",
        "ud",
    }
    | {"uv", "uz", "x", "y", "z", "eng", "f", "b", "zg"}
)
_STATES = frozenset({"a", "v", "vn"})
_NEGATIONS = frozenset({"不", "没", "没有", "未"})
_MOST_TOKENS = 1_000_000
_SHORT_TAGS = frozenset({"a", "v", "n", "vn", "ag", "vg", "ng"})


@dataclass(frozen=True, slots=True)
class Token:
    """One word of a text with jieba's part-of-speech tag; tag `x` is punctuation or anything masked.

    `is_content`: whether the word can say what the problem is.
    """

    word: str
    tag: str
    is_content: bool


class _Tokens(dict[tuple[str, str], Token]):
    """Each word met, made once: a corpus repeats its words so often that making them is what cutting would cost."""

    def __missing__(self, pair: tuple[str, str]) -> Token:
        token = self[pair] = Token(*pair, _is_content(*pair))
        return token


@cache
def lexicon(name: str) -> tuple[str, ...]:
    """Lines of `models/lexicon/<name>.txt` without comments, in file order."""
    text = files("hotline12345.models").joinpath("lexicon", f"{name}.txt").read_text(encoding="utf-8")
    return tuple(line.strip() for line in text.splitlines() if line.strip() and not line.startswith("#"))


@cache
def generic_words() -> frozenset[str]:
    """Words and phrases of courtesy, procedure and role, which describe no problem."""
    return frozenset(lexicon("generic_phrases"))


@cache
def _courtesies() -> list[str]:
    """The phrases that are removed before cutting, longer ones first."""
    phrases = (phrase for phrase in lexicon("generic_phrases") if len(phrase) > _LONGEST_WORD)
    return sorted(phrases, key=lambda phrase: (-len(phrase), phrase))


def clean(texts: pl.Series) -> pl.Series:
    """The texts in half width without invisible marks, masked strings, persons, rooms and phrases of courtesy.

    Row by row, null as an empty text; a removed string leaves a break. Linear in the characters.
    """
    texts = texts.fill_null("")
    escaped = texts.str.contains("&", literal=True)
    if escaped.any():
        texts = pl.Series([html.unescape(text) if has else text for text, has in zip(texts, escaped, strict=True)])
    expression = pl.col("text").str.normalize("NFKC").str.replace_many([",", ":", "?"], ["，", "：", "？"])
    for pattern, kept in _REMOVED:
        expression = expression.str.replace_all(pattern, kept)
    expression = expression.str.replace_many(_courtesies(), [BREAK], leftmost=True)
    return texts.cast(pl.String).alias("text").to_frame().select(expression).to_series()


def tokens(text: str) -> list[Token]:
    """The words of a cleaned text in order."""
    if len(_TOKENS) > _MOST_TOKENS:
        _TOKENS.clear()
    return [_TOKENS[pair] for pair in _CUTTER.tag(text)]


def content_words(words: list[Token]) -> list[str]:
    """The words that can say what the problem is; a single character is joined to a 不 or 没 in front of it (不热)."""
    kept: list[str] = []
    for i, token in enumerate(words):
        if len(token.word) == 1 and token.tag in _STATES and i and words[i - 1].word in _NEGATIONS:
            kept.append("不" + token.word)
        elif token.is_content:
            kept.append(token.word)
    return kept


def _is_content(word: str, tag: str) -> bool:
    if tag in _EMPTY_TAGS or word in generic_words() or not _HAN.match(word):
        return False
    return len(word) > 1 or tag in _SHORT_TAGS


_TOKENS = _Tokens()
