"""Where an order's problem is: from the place column, else from the text; names made comparable."""

import re
import unicodedata
from collections.abc import Mapping
from functools import cache

from hotline12345.models.recurring.texts import Token, generic_words, lexicon

_BRACKETS = re.compile(r"[(\[【〔（].*?[)\]】〕）]")
_NOT_NAME = re.compile(r"[^\u4e00-\u9fffA-Za-z0-9]")
_ROOM = re.compile(
    r"(?<=[\u4e00-\u9fff])(?:[A-Za-z]?\d+|[一二三四五六七八九十]+)(?:号楼|号院?|栋|幢|座|单元|室|楼|门|层).*$"
)
_BESIDE = re.compile(
    r"(?:[东南西北]+[门侧边面]|附近|周边|旁边?|对面|门口|路口|门前|楼下|内部?|里面|院内|出入口|入口|底商|地下车库|地下室)+$"
)
_ADMIN = re.compile(
    r"^[\u4e00-\u9fffA-Z]{1,5}?[0-9]*(?:省|市(?!场)|(?<![小社校园景厂库湖山])区|县|镇|乡|街道(?:办事处)?|办事处)"
)
_ADMIN_WORD = re.compile(r"(?:省|市|县|镇|乡|街道|办事处|^区|[^小社校园景厂库]区)$")
_STOP_TAGS = frozenset({"c", "d", "e", "p", "r", "u", "uj", "ul", "ug", "ud", "uv", "uz", "x", "y", "m", "q", "f", "t"})
_CORE_LENGTH = (2, 8)
_UNKNOWN = frozenset({"", "无", "不详", "未知", "其他", "其它", "暂无", "未提供", "-", "/"})
#: Words between "same" characters that tell two places apart: numbers, directions, letters.
_DISTINCT = frozenset("0123456789一二三四五六七八九十甲乙丙丁东南西北中上下前后左右大小新老内外")
_HOMOPHONE_DISTANCE = 12


@cache
def _suffixes() -> tuple[Mapping[str, int], re.Pattern[str]]:
    ranks = {name: int(rank) for name, rank in (line.split() for line in lexicon("place_suffixes"))}
    longest_first = sorted(ranks, key=lambda name: (-len(name), name))
    return ranks, re.compile("(?:" + "|".join(map(re.escape, longest_first)) + ")$")


@cache
def _generic() -> frozenset[str]:
    return frozenset(lexicon("place_generic"))


def _core(name: str) -> str:
    found = _suffixes()[1].search(name)
    return name[: found.start()] if found else name


def normalise_place(name: str | None, area: str | None = None) -> str | None:
    """One spelling of a place's name, or None where the cell names no place.

    Full width, brackets, punctuation, building and room, position words (北门, 附近), the town or district in front and
    a superfluous 小区 behind are dropped.
    """
    text = _NOT_NAME.sub("", _BRACKETS.sub("", unicodedata.normalize("NFKC", name or "")))
    if text in _UNKNOWN or (name or "").strip() in _UNKNOWN:
        return None
    if area and text.startswith(area) and len(text) - len(area) >= 2:
        text = text[len(area) :]
    while (found := _ADMIN.match(text)) and len(_core(text[found.end() :])) >= 2:
        text = text[found.end() :]
    for pattern in (_ROOM, _BESIDE):
        stripped = pattern.sub("", text)
        text = stripped if len(stripped) >= 2 else text
    shorter = text.removesuffix("小区")
    return (
        shorter if shorter != text and (len(shorter) >= 4 or _core(shorter) != shorter) and len(shorter) >= 3 else text
    )


def mentioned_place(words: list[Token]) -> str | None:
    """The first most specific place named in a text, normalised; None where there is none."""
    ranks, pattern = _suffixes()
    best: tuple[int, str] | None = None
    for end, token in enumerate(words):
        found = pattern.search(token.word)
        if not found or (best and best[0] <= ranks[found.group()]):
            continue
        core = _name_before(words, end, token.word[: found.start()])
        name = normalise_place(core + found.group()) if core else None
        if name and len(_core(name)) >= 2 and not _is_generic(_core(name)):
            best = ranks[found.group()], name
    return best[1] if best else None


def is_admin(word: str) -> bool:
    """Whether a word is or ends in a kind of administrative area (镇, 街道, 区, …)."""
    return _ADMIN_WORD.search(word) is not None


def _name_before(words: list[Token], end: int, core: str) -> str | None:
    """The proper name in front of the suffix that ends token `end`; `core` is that token's part before the suffix."""
    position = end - 1
    while position >= 0 and len(core) < _CORE_LENGTH[1]:
        token = words[position]
        if token.tag in _STOP_TAGS or is_admin(token.word):
            break
        if token.tag.startswith("v") and (core or len(token.word) < 2 or token.word in generic_words()):
            break
        if len(core) >= 2 and (token.word in _generic() or len(token.word) + len(core) > _CORE_LENGTH[1]):
            break
        core = token.word + core
        position -= 1
    return core if _CORE_LENGTH[0] <= len(core) <= _CORE_LENGTH[1] else None


def _is_generic(core: str) -> bool:
    """Whether the core is a generic word or two of them (老旧 + 居民)."""
    generic = _generic()
    return core in generic or any(core[:i] in generic and core[i:] in generic for i in range(1, len(core)))


def aliases(counts: Mapping[str, int]) -> dict[str, str]:
    """Names that are a one-character variant of a more frequent name, each with that name.

    A variant has the same length, differs in one character that is no number or direction, and is at most half as
    frequent. The two characters must sound or look alike (梁/粱, 秀/绣) - 阳光家园 is not 星光家园; only where four
    characters stand before the suffix will any slip do, if the other name is at least four times as frequent.
    """
    ordered = sorted(counts, key=lambda name: (-counts[name], name))
    frequent: dict[str, list[str]] = {}
    found: dict[str, str] = {}
    for name in ordered:
        masks = [f"{name[:i]}?{name[i + 1 :]}" for i in range(len(name))] if len(name) >= 3 else []
        candidates = dict.fromkeys(other for mask in masks for other in frequent.get(mask, ()))
        target = next((other for other in candidates if _is_variant(name, other, counts)), None)
        if target:
            found[name] = target
            continue
        for mask in masks:
            frequent.setdefault(mask, []).append(name)
    return found


def _is_variant(name: str, other: str, counts: Mapping[str, int]) -> bool:
    left, right = next((a, b) for a, b in zip(name, other, strict=True) if a != b)
    if left in _DISTINCT or right in _DISTINCT or not (_is_han(left) and _is_han(right)):
        return False
    ratio = counts[other] / counts[name]
    return (ratio >= 2 and _near_in_gb2312(left, right)) or (ratio >= 4 and len(_core(name)) >= 4)


def _is_han(character: str) -> bool:
    return "\u4e00" <= character <= "\u9fff"


def _near_in_gb2312(left: str, right: str) -> bool:
    """GB 2312 sorts its first level by sound and its second by radical: near positions sound or look alike."""
    try:
        first, second = (
            (high - 0xA1) * 94 + low - 0xA1 for high, low in (left.encode("gb2312"), right.encode("gb2312"))
        )
    except UnicodeEncodeError:
        return False
    return abs(first - second) <= _HOMOPHONE_DISTANCE
