"""Where an order's problem is: from the place column, else from the text; names made comparable."""

import re
import unicodedata
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from hotline12345.models.recurring.texts import Token, generic_words, lexicon

_BRACKETS = re.compile(r"[(\[【〔（].*?[)\]】〕）]")
_NOT_NAME = re.compile(r"[^\u4e00-\u9fffA-Za-z0-9]")
_ROOM = re.compile(
    r"(?<=[\u4e00-\u9fff])(?:[A-Za-z]?\d+|[一二三四五六七八九十]+)(?:号楼|号院?|栋|幢|座|单元|室|楼|门|层).*$"
)
#: A stage of building or a part of it (桐园一期, 桐园三区) is still the place; at least two characters stay in front.
_STAGE = re.compile(
    r"(?<=[\u4e00-\u9fff]{2})(?:第?[一二三四五六七八九十0-9A-Z]+期.{0,2}|[东南西北][区院]|[A-Z0-9一二三四五六]+区)$"
)
#: The road, village or community in front of an estate: 火炬路桐园 is 桐园. Something with a core of its own stays behind.
_ROAD = re.compile(r"^[\u4e00-\u9fffA-Z0-9]{0,6}?(?:大道|大街|[路街村]|社区)(?:[0-9]+号)?(?=[\u4e00-\u9fff]{3})")
_LEADING = re.compile(r"^(?:原|从|在|与|和|到|至|及|对|就|某|过|经过|路过|里)(?=[\u4e00-\u9fff]{4})")
_BESIDE = re.compile(
    r"(?:[东南西北]+[门侧边面]|附近|周边|旁边?|对面|门口|路口|门前|楼下|内部?|里面|院内|出入口|入口|沿线|沿街|[东南西北中上下]段|边上|底商|地下车库|地下室|(?<=[区苑园府村庭寓城院])里)+$"
)
_ADMIN = re.compile(
    r"^[\u4e00-\u9fffA-Z]{1,5}?[0-9]*(?:省|市(?!场)|(?<![小社校园景厂库湖山])区|县|镇|乡|街道(?:办事处)?|办事处)"
)
_ADMIN_WORD = re.compile(r"(?:省|市|县|镇|乡|街道|办事处|^区|[^小社校园景厂库]区)$")
_STOP_TAGS = frozenset({"c", "d", "e", "p", "r", "u", "uj", "ul", "ug", "ud", "uv", "uz", "x", "y", "m", "q", "f", "t"})
_CORE_LENGTH = (2, 8)
_SUPERFLUOUS = "小区"
#: Rank of the suffixes of roads, areas and facilities, which tell least where a problem is.
SECONDARY = 3
_UNKNOWN = re.compile(
    r".*某+(?:小区|社区|村|路|街|工地)?|(?:(?:具体|详细|本|该|我们?)?(?:地址|地点|位置|点位|小区|社区))?"
    r"(?:无|不详|不祥|不明|不清楚|未知|未填写?|未填报|未提供|暂无|没有|其[他它]|同上|空|null|none|na|nan)?",
    re.IGNORECASE,
)
#: Persons, masked strings and long numbers (王某139****5678), which are no part of a name.
_PERSONAL = re.compile(
    r"[\u4e00-\u9fff](?:某+(?![小村社路街工])|[*×]+)(?:先生|女士|小姐|同志)?|[0-9A-Za-z]*[*×█■]+[0-9A-Za-z*×█■]*|[0-9]{5,}"
)
#: Words between "same" characters that tell two places apart: numbers, directions, letters.
_DISTINCT = frozenset("0123456789一二三四五六七八九十甲乙丙丁东南西北中上下前后左右大小新老内外")
_KINDS = frozenset("期区号院里街坊村社路")
_HOMOPHONE_DISTANCE = 12


@cache
def _suffixes() -> tuple[Mapping[str, int], re.Pattern[str]]:
    ranks = {name: int(rank) for name, rank in (line.split() for line in lexicon("place_suffixes"))}
    longest_first = sorted(ranks, key=lambda name: (-len(name), name))
    return ranks, re.compile("(?:" + "|".join(map(re.escape, longest_first)) + ")$")


def point_suffixes() -> list[str]:
    """The suffixes of points (estates, schools, stations), the longest first."""
    ranks = _suffixes()[0]
    return sorted((name for name, rank in ranks.items() if rank == 1), key=lambda name: (-len(name), name))


@cache
def _generic() -> frozenset[str]:
    return frozenset(lexicon("place_generic"))


def core(name: str) -> str:
    """The name without its suffix."""
    found = _suffixes()[1].search(name)
    return name[: found.start()] if found else name


def normalise_place(name: str | None, area: str | None = None) -> str | None:
    """One spelling of a place's name, or None where the cell names no place.

    Full width, brackets, punctuation, persons and masked strings, building and room, position words (北门, 附近), the town
    or district in front and a superfluous 小区 behind are dropped.
    """
    told = _PERSONAL.sub("", _BRACKETS.sub("", unicodedata.normalize("NFKC", name or "")))
    text = _NOT_NAME.sub("", told)
    if _UNKNOWN.fullmatch(text) or text.isdigit():
        return None
    if area and text.startswith(area) and len(text) - len(area) >= 2:
        text = text[len(area) :]
    while (found := _ADMIN.match(text)) and len(core(text[found.end() :])) >= 2:
        text = text[found.end() :]
    text = _LEADING.sub("", text)
    behind_road = _ROAD.sub("", text)
    if core(behind_road):
        text = behind_road
    for pattern in (_ROOM, _BESIDE, _STAGE):
        stripped = pattern.sub("", text)
        text = stripped if len(stripped) >= 2 else text
    shorter = text.removesuffix(_SUPERFLUOUS)
    return (
        shorter if shorter != text and (len(shorter) >= 4 or core(shorter) != shorter) and len(shorter) >= 3 else text
    )


@dataclass(frozen=True, slots=True)
class Mention:
    """A place named in a text: its normalised name, the rank of its suffix, and the words `start:end` that are its name."""

    name: str
    rank: int
    start: int
    end: int


def mentions(words: list[Token]) -> list[Mention]:
    """The places named before a suffix of the lexicon, in text order."""
    found: list[Mention] = []
    for end, token in enumerate(words):
        suffix = _suffix(token.word)
        if suffix is None:
            continue
        front, start = _name_before(words, end, token.word.removesuffix(suffix))
        name = _first_point(normalise_place(front + suffix) or "") if front else ""
        is_told = core(name) != name or suffix == _SUPERFLUOUS
        if is_told and len(core(name)) >= 2 and not _is_generic(core(name)):
            found.append(Mention(name, _suffixes()[0][suffix], start, end if token.word == suffix else end + 1))
    return found


@cache
def _suffix(word: str) -> str | None:
    """The longest suffix of places that the word ends in."""
    found = _suffixes()[1].search(word)
    return found.group() if found else None


def is_secondary(name: str) -> bool:
    """Whether a name ends in the suffix of a road, river or area, or of what stands in or beside another place."""
    found = _suffixes()[1].search(name)
    return found is not None and _suffixes()[0][found.group()] == SECONDARY


def is_distinct(rest: str) -> bool:
    """Whether what is left of a name tells two places apart: numbers, directions, letters."""
    rest = rest.replace("小区", "")
    return not _DISTINCT.isdisjoint(rest) and all(character in _DISTINCT or character in _KINDS for character in rest)


def told_apart(a: str, b: str) -> bool:
    """Whether only numbers, directions or letters make the difference of two names."""
    rest = Counter(a)
    rest.subtract(b)
    return is_distinct("".join(character for character, count in rest.items() if count))


def is_generic(name: str) -> bool:
    """Whether words that stand before a place suffix, or behind an area, name no place (老旧, 居民)."""
    return _is_generic(name)


@cache
def is_admin(word: str) -> bool:
    """Whether a word is or ends in a kind of administrative area (镇, 街道, 区, …)."""
    return _ADMIN_WORD.search(word) is not None


def _first_point(name: str) -> str:
    """The estate, school or station that a longer name begins with (桐园小区 of 桐园小区停车场), else the name."""
    found = _leading_point().match(name)
    return found.group() if found and len(core(found.group())) >= 2 and not _is_generic(core(found.group())) else name


@cache
def _leading_point() -> re.Pattern[str]:
    return re.compile(rf"[\u4e00-\u9fffA-Z0-9]{{2,6}}?(?:{'|'.join(map(re.escape, point_suffixes()))})")


def _name_before(words: list[Token], end: int, front: str) -> tuple[str | None, int]:
    """The proper name in front of the suffix that ends token `end`, and its first token; `front` is that token's part
    before the suffix."""
    position = end - 1
    while position >= 0 and len(front) < _CORE_LENGTH[1]:
        token = words[position]
        if token.tag in _STOP_TAGS or is_admin(token.word):
            break
        if token.tag.startswith("v") and (front or len(token.word) < 2 or token.word in generic_words()):
            break
        if len(front) >= 2 and (token.word in _generic() or len(token.word) + len(front) > _CORE_LENGTH[1]):
            break
        front = token.word + front
        position -= 1
    return front if _CORE_LENGTH[0] <= len(front) <= _CORE_LENGTH[1] else None, position + 1


def _is_generic(word: str) -> bool:
    """Whether the word is a generic one or two of them (老旧 + 居民)."""
    generic = _generic()
    return word in generic or any(word[:i] in generic and word[i:] in generic for i in range(1, len(word)))


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
    return (ratio >= 2 and _near_in_gb2312(left, right)) or (ratio >= 4 and len(core(name)) >= 4)


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
