"""Words of a text: cleaned, cut, and reduced to those that can say what the problem is."""

import html
import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import rjieba

_CUTTER = rjieba.Jieba()
_INVISIBLE = re.compile(r"[\u200b-\u200f\u2028-\u202e\u2060\ufeff\u00ad]")
_SPACE_BETWEEN_HAN = re.compile(r"(?<=[\u4e00-\u9fff])\s+(?=[\u4e00-\u9fff])")
_MASKED = re.compile(r"[0-9A-Za-z]*(?:\*+|[xX]{2,}|[×█■]+)[0-9A-Za-z*×█■]*")
_ROOM = re.compile(r"[A-Za-z]?\d+(?:号楼|栋|幢|单元|室|门)")
_LONG_NUMBER = re.compile(r"\d{5,}")
_PERSON = re.compile(
    r"[\u4e00-\u9fff](?:某+|\*+|×+)(?:先生|女士|小姐|同志|老师|师傅)?|某[某甲乙丙]*(?:先生|女士|小姐|同志)?"
)
_TITLED_PERSON = re.compile(
    r"(?<=[，。、：；\s])[\u4e00-\u9fff]{1,3}(?:先生|女士|小姐|同志)|姓[\u4e00-\u9fff](?=[，。、\s])"
)
BREAK = "。"
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
_SHORT_TAGS = frozenset({"a", "v", "n", "vn", "ag", "vg", "ng"})


@dataclass(frozen=True, slots=True)
class Token:
    """One word of a text with jieba's part-of-speech tag; tag `x` is punctuation or anything masked."""

    word: str
    tag: str


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
def _generic_phrases() -> re.Pattern[str]:
    phrases = sorted((phrase for phrase in lexicon("generic_phrases") if len(phrase) > 3), key=lambda p: (-len(p), p))
    return re.compile("|".join(map(re.escape, phrases)))


def clean(text: str) -> str:
    """The text in half width without invisible marks, masked strings, persons, rooms and phrases of courtesy."""
    text = unicodedata.normalize("NFKC", html.unescape(text)).replace(",", "，").replace(":", "：").replace("?", "？")
    text = _SPACE_BETWEEN_HAN.sub("", _INVISIBLE.sub("", text))
    for pattern in (_PERSON, _TITLED_PERSON, _MASKED, _ROOM, _LONG_NUMBER):
        text = pattern.sub(BREAK, text)
    return _generic_phrases().sub(BREAK, text)


def tokens(text: str) -> list[Token]:
    """The words of a cleaned text in order."""
    return [Token(word, tag) for word, tag in _CUTTER.tag(text)]


def is_content(token: Token) -> bool:
    """Whether a word can say what the problem is."""
    if token.tag in _EMPTY_TAGS or token.word in generic_words() or not _HAN.match(token.word):
        return False
    return len(token.word) > 1 or token.tag in _SHORT_TAGS


def content_words(words: list[Token]) -> list[str]:
    """The words that can say what the problem is; a single character is joined to a 不, 没 or 难 beside it (不热)."""
    kept: list[str] = []
    for before, token in zip([Token("", "x"), *words], words, strict=False):
        if before.word in {"不", "没", "没有", "未"} and len(token.word) == 1 and token.tag in {"a", "v", "vn"}:
            kept.append("不" + token.word)
        elif is_content(token):
            kept.append(token.word)
    return kept
