"""Suggest what an unknown column may be, by its header and by its content. A suggestion is shown, never applied."""

import math
import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import polars as pl

from hotline12345.flows.ingest.aliases import aliases
from hotline12345.flows.ingest.content import USUAL, Content, content_of, earliest
from hotline12345.flows.ingest.mapping import normalise_header

SAMPLE_ROWS = 1_000
SHOWN = 0.4  # suggestions below this confidence are noise
MOST = 0.95  # only an alias is certain
_NEAR = 0.35  # headers less alike than this have nothing in common
_ENOUGH_CELLS = 5  # fewer say nothing about a column
_RARE = 0.2  # share of cells of the fitting kind below which the content speaks against a column
_FIRST, _NOT_FIRST = 0.6, 0.2  # of time columns: creation comes first

_WHICH_ANSWER = ("district", "city", "unit", "first", "final")  # who or when, where the header says so

# column → kinds of content that support it, with the confidence that the kind alone gives
_CONTENT: Mapping[str, tuple[tuple[str, float], ...]] = {
    "order_id": (("id", 0.65),),
    "case_id": (("id", 0.2),),
    **dict.fromkeys(("created_at", "closed_at"), (("time", 0.4),)),
    **dict.fromkeys(("dispatched_at", "dispatched_city_at", "due_at"), (("time", 0.3),)),
    "channel": (("channel", 0.8),),
    "order_type": (("order_type", 0.85),),
    "source_route": (("source_route", 0.85),),
    "topic_path": (("path", 0.75),),
    **dict.fromkeys(("topic_level1", "topic_level2", "topic_level3"), (("topic", 0.15),)),
    "title": (("short_text", 0.2),),
    "body": (("long_text", 0.5),),
    "result_text": (("long_text", 0.3),),
    "limit_text": (("limit", 0.8),),
    "place_town": (("town", 0.7),),
    "community": (("community", 0.65),),
    "place_point": (("address", 0.4),),
    **dict.fromkeys(("unit_name", "co_units", "trade_bureau", "whistle_units"), (("unit", 0.35),)),
    "caller_name": (("person", 0.7),),
    "caller_key": (("phone", 0.85),),
    **dict.fromkeys(
        ("is_valid_callback", "is_contacted", "is_whistled", "escalation", "is_assessed", "is_confidential"),
        (("answer", 0.15),),
    ),
    "resolution": (("resolution", 0.85), ("answer", 0.15)),
    "satisfaction": (("satisfaction", 0.75), ("answer", 0.15)),
    **{f"resolution_{which}": (("resolution", 0.3), ("answer", 0.1)) for which in _WHICH_ANSWER},
    **{f"satisfaction_{which}": (("satisfaction", 0.3), ("answer", 0.1)) for which in _WHICH_ANSWER},
    **{f"is_contacted_{source}": (("answer", 0.1),) for source in ("district", "city", "unit")},
    **{f"is_valid_callback_{source}": (("answer", 0.1),) for source in ("district", "city")},
    "retention": (("retention", 0.8), ("answer", 0.1)),
    "exclusion_tag": (("exclusion", 0.7),),
    "assessment_kind": (("assessment", 0.85),),
    "seven_five": (("seven_five", 0.9),),
    "return_count": (("count", 0.2),),
    "handling_role": (("role", 0.85),),
    "is_simulated": (("simulated", 0.9),),
}


@dataclass(frozen=True)
class Suggestion:
    """What the column `index` of a file may be; `confidence` 0-1, `reasons` in Chinese."""

    index: int
    column: str
    confidence: float
    reasons: tuple[str, ...]


@cache
def _plain(header: str) -> str:
    """A header in the usual words: without remarks in brackets, synonyms replaced, the longest first."""
    text = re.sub(r"[(\[【<].*?[)\]】>]", "", normalise_header(header))
    words = aliases().synonyms
    pieces = [piece for piece in re.split(r"[^0-9a-z\u4e00-\u9fff]+", text) if piece]
    usual = (words[piece] if piece in words else _replaced(piece, words) for piece in pieces)
    return "".join(usual) or text


def _replaced(piece: str, words: Mapping[str, str]) -> str:
    if piece.isascii():
        return piece
    chinese = [word for word in words if not word.isascii()]
    return re.sub("|".join(map(re.escape, chinese)), lambda found: words[found[0]], piece)


def _grams(text: str) -> Counter[str]:
    return Counter([*text, *(text[i : i + 2] for i in range(len(text) - 1))])


@cache
def _weights() -> Mapping[str, float]:
    """How telling a gram is: one that stands in the headers of many columns (时间, 是否) says little."""
    columns: dict[str, set[str]] = {}
    for header, column in _known():
        for gram in _grams(_plain(header)):
            columns.setdefault(gram, set()).add(column)
    return {gram: 1 / (1 + math.log(len(found))) for gram, found in columns.items()}


@cache
def _known() -> tuple[tuple[str, str], ...]:
    return (*aliases().columns.items(), *aliases().fallback.items())


@cache
def _vector(header: str) -> tuple[Counter[str], float]:
    """The grams of a header in the usual words, and their weight together."""
    grams, weights = _grams(_plain(header)), _weights()
    return grams, sum(count * weights.get(gram, 1.0) for gram, count in grams.items())


def likeness(one: str, other: str) -> float:
    """How alike two headers are, 0-1: shared characters and pairs of characters, the common ones counting less."""
    (grams, size), (others, other_size) = _vector(one), _vector(other)
    if not size or not other_size:
        return 0.0
    weights = _weights()
    shared = sum(min(count, others[gram]) * weights.get(gram, 1.0) for gram, count in grams.items() if gram in others)
    return 2 * shared / (size + other_size)


@cache
def _names_of(column: str) -> tuple[str, ...]:
    return tuple(header for header, named in _known() if named == column)


def nearest_alias(header: str, column: str) -> tuple[str, float]:
    """The known header of a column that is most like a header, and how alike they are (0-1)."""
    found = [(likeness(header, alias), alias) for alias in _names_of(column)]
    share, alias = max(found, default=(0.0, ""))
    return alias, share


def nearest_known(header: str) -> tuple[str, str, float]:
    """The known header most like a header, its column, and how alike they are (0-1)."""
    share, alias, column = max((likeness(header, alias), alias, column) for alias, column in _known())
    return alias, column, share


def candidates(
    headers: Mapping[int, str], sample: pl.DataFrame, columns: Collection[str], times: Sequence[int] = ()
) -> list[Suggestion]:
    """Every fitting pair of file column and canonical column, the best first.

    Args:
        headers: index → header of the file's columns that may be suggested for.
        sample: rows of the file as read, columns "0", "1", …; may be empty.
        columns: canonical columns to look for.
        times: indexes of columns already known to be times.
    """
    contents = {index: content_of(sample[str(index)]) for index in headers if str(index) in sample.columns}
    first = _first_time(contents, sample, times)
    found = [
        suggestion
        for index, header in headers.items()
        for column in columns
        if (suggestion := _suggestion(index, header, column, contents.get(index, Content(0, {})), first))
    ]
    return sorted(found, key=lambda s: (-s.confidence, s.column, headers[s.index], s.index))


def suggest(
    headers: Mapping[int, str], sample: pl.DataFrame, columns: Collection[str], times: Sequence[int] = ()
) -> list[Suggestion]:
    """At most one suggestion a file column and a canonical column; arguments as for `candidates`, in file order."""
    chosen: dict[int, Suggestion] = {}
    filled: set[str] = set()
    for suggestion in candidates(headers, sample, columns, times):
        if suggestion.index not in chosen and suggestion.column not in filled:
            chosen[suggestion.index] = suggestion
            filled.add(suggestion.column)
    return [chosen[index] for index in sorted(chosen)]


def _first_time(contents: Mapping[int, Content], sample: pl.DataFrame, known: Sequence[int]) -> int | None:
    times = [index for index, content in contents.items() if content.shares.get("time", 0) >= USUAL]
    listed = sorted({*times, *(index for index in known if str(index) in sample.columns)})
    place = earliest([sample[str(index)] for index in listed])
    return None if place is None else listed[place]


def _suggestion(index: int, header: str, column: str, content: Content, first: int | None) -> Suggestion | None:
    alias, alike = nearest_alias(header, column) if header else ("", 0.0)
    named = 0.9 * alike if alike >= _NEAR else 0.0
    said, reasons = _support(index, column, content, first)
    if said < 0:
        named *= 0.4
    confidence = min(1 - (1 - named) * (1 - max(said, 0.0)), MOST)
    if confidence < SHOWN:
        return None
    by_name = (f"表头相近“{alias}”",) if named else ()
    return Suggestion(index, column, round(confidence, 2), (*by_name, *reasons))


def _support(index: int, column: str, content: Content, first: int | None) -> tuple[float, tuple[str, ...]]:
    """How far the content supports a column (0-1; below 0 when it speaks against it), and why."""
    kinds = dict(_CONTENT.get(column, ()))
    if not kinds or content.filled < _ENOUGH_CELLS:
        return 0.0, ()
    fitting = [(weight * content.shares[kind], kind) for kind, weight in kinds.items() if content.shares[kind] >= USUAL]
    if not fitting:
        against = max(content.shares[kind] for kind in kinds) < _RARE
        return (-1.0 if against else 0.0), ()
    said, kind = max(fitting)
    reasons = [content.says(kind)]
    if column == "created_at" and first is not None:
        said = _FIRST if index == first else _NOT_FIRST
        reasons += ["早于其他时间列"] if index == first else []
    return said, tuple(reasons)
