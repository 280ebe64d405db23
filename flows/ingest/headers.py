"""Find the header row and say which header is which column; what is ambiguous is asked, never guessed."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field

import polars as pl

from hotline12345.flows.ingest import questions as ask
from hotline12345.flows.ingest.aliases import aliases
from hotline12345.flows.ingest.mapping import (
    IGNORE,
    TARGETS,
    TOPIC_PATH,
    FileMapping,
    normalise_header,
    numbered_names,
    target_label,
)
from hotline12345.flows.ingest.masking import mask_series, mask_text
from hotline12345.flows.ingest.questions import Question
from hotline12345.flows.ingest.suggest import SAMPLE_ROWS, Suggestion, candidates, nearest_known, suggest

HEADER_SEARCH_ROWS = 20
MIN_KNOWN_HEADERS = 2
ALIAS_CONFIDENCE, WEAK_CONFIDENCE = 1.0, 0.8
REQUIRED_ANY = ("body", "title", "unit_name", "place_town", "topic_level1", TOPIC_PATH)
REQUIRED_WITHOUT_ID = ("body", "title")
TIMES = ("created_at", "dispatched_city_at", "dispatched_at", "due_at", "closed_at")
_LEVELS = ("topic_level1", "topic_level2", "topic_level3")
_NEAR_HEADER = 0.75  # likeness from which a cell may be a header under another name
_NEAR_HEADERS = 3  # so many near headers make a header row
_LONGEST_HEADER = 24
_LIKELY = 0.6  # confidence from which an overlooked order id is asked about

AddsNothing = Callable[[int, int], bool]


def find_header(rows: Sequence[Sequence[str | None]], mapping: FileMapping) -> tuple[int, int]:
    """Index of the header row among the first rows, and how many known headers it has; (0, 0) when none is found.

    The row with the most known headers. Where no row has enough of them, a row of names that are near to known ones
    counts as a header with just enough: which column is which is still asked.
    """
    if mapping.header_row is not None:
        index = mapping.header_row - 1
        return index, _known(rows[index], mapping) if index < len(rows) else 0
    scores = [_known(row, mapping) for row in rows[:HEADER_SEARCH_ROWS]]
    best = max(scores, default=0)
    if best < MIN_KNOWN_HEADERS:
        index, near = _nearest_row(rows)
        if len(near) >= _NEAR_HEADERS:
            return index, MIN_KNOWN_HEADERS
    return (scores.index(best), best) if best else (0, 0)


def _known(row: Sequence[str | None], mapping: FileMapping) -> int:
    headers = {normalise_header(cell) for cell in row if cell}
    return sum(1 for h in headers if h in mapping.columns or h in mapping.known or aliases().knows(h))


def _nearest_row(rows: Sequence[Sequence[str | None]]) -> tuple[int, dict[str, str]]:
    """The row with the most cells that are like known headers: its index, and cell → known header."""
    found = [_near_headers(row) for row in rows[:HEADER_SEARCH_ROWS]]
    index = max(range(len(found)), key=lambda i: len(found[i]), default=0)
    return index, found[index] if found else {}


def _near_headers(row: Sequence[str | None]) -> dict[str, str]:
    near = {}
    for cell in row:
        if cell and len(cell) <= _LONGEST_HEADER and any(c.isalpha() for c in cell):
            alias, _, share = nearest_known(cell)
            if share >= _NEAR_HEADER:
                near[cell] = alias
    return near


def describe_headers(rows: Sequence[Sequence[str | None]]) -> str:
    """For a file without a header row: the row most like one, with the near known names; "" when none is.

    Only cells that are near to a known header are shown, because a row of data may hold names.
    """
    index, near = _nearest_row(rows)
    if not near:
        return ""
    pairs = "、".join(f"“{mask_text(cell)}”（相近：{alias}）" for cell, alias in near.items())
    return f"最像表头的是第 {index + 1} 行，其中有：{pairs}。"


def display_names(headers: Sequence[str | None]) -> list[str]:
    """A distinct, masked name for each column of the file, as people and stored facts see it."""
    return numbered_names(mask_series(pl.Series(headers, dtype=pl.String)).to_list())


@dataclass(frozen=True)
class HeaderMatch:
    """What became of one header.

    Attributes:
        index: position in the file.
        header: its display name.
        column: canonical column, "ignore" where the user or a profile says so, None when it is not loaded.
        how: stated, profile, alias, weak, or none.
        confidence: 0-1; 0 where nothing is matched.
    """

    index: int
    header: str
    column: str | None
    how: str
    confidence: float


@dataclass(frozen=True)
class Resolved:
    """The full account of a file's headers.

    Attributes:
        matches: one for each column of the file, in file order.
        questions: what only a person can decide; the file is not loaded while one is open.
        notes: Chinese remarks.
    """

    matches: tuple[HeaderMatch, ...]
    questions: tuple[Question, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def columns(self) -> Mapping[str, int]:
        """Canonical column → index of the file's column."""
        return {m.column: m.index for m in self.matches if m.column is not None and m.column != IGNORE}

    @property
    def unmapped(self) -> tuple[int, ...]:
        """Indexes of the columns that are not loaded although nobody said so."""
        return tuple(m.index for m in self.matches if m.column is None)


def account(
    headers: Sequence[str | None],
    mapping: FileMapping,
    adds_nothing: AddsNothing,
    sample: pl.DataFrame | None = None,
) -> Resolved:
    """Map the headers of a file and collect every open question.

    Args:
        headers: the header row as read.
        mapping: what the user and confirmed profiles say; it wins over the aliases.
        adds_nothing: called with two column indexes; true when the second is empty or says the same as the first.
        sample: the first rows as read, columns "0", "1", …; answers to questions are suggested by its content.
    """
    matching = _Matching(headers, mapping, adds_nothing, pl.DataFrame() if sample is None else sample.head(SAMPLE_ROWS))
    matching.match()
    return matching.resolved()


def suggestions(headers: Sequence[str | None], resolved: Resolved, sample: pl.DataFrame) -> list[Suggestion]:
    """What the columns that are not loaded may be, by header and content; at most one each.

    A second header of a column that is filled has no other meaning: it says the same, or E09 asks which one counts.
    """
    named = {index: aliases().columns.get(normalise_header(headers[index] or "")) for index in resolved.unmapped}
    free = {index: headers[index] or "" for index, column in named.items() if column not in resolved.columns}
    filled = {*resolved.columns, *(_LEVELS if TOPIC_PATH in resolved.columns else ())}
    filled |= {TOPIC_PATH} if filled & {*_LEVELS} else set()
    times = [index for column, index in resolved.columns.items() if column in TIMES]
    return suggest(free, sample.head(SAMPLE_ROWS), sorted(TARGETS - filled), times)


@dataclass
class _Matching:
    """The state while headers are matched: what the user says first, then plain aliases, then weaker ones."""

    headers: Sequence[str | None]
    mapping: FileMapping
    adds_nothing: AddsNothing
    sample: pl.DataFrame
    filled: dict[str, int] = field(default_factory=dict)
    how: dict[int, tuple[str, float]] = field(default_factory=dict)
    questions: list[Question] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.names = display_names(self.headers)
        self.plain = [normalise_header(header or "") for header in self.headers]
        keys = [
            (normalise_header(numbered), normalise_header(name), plain)
            for numbered, name, plain in zip(numbered_names(self.headers), self.names, self.plain, strict=True)
        ]
        said = self.mapping.columns
        self.stated = {i: key for i, names in enumerate(keys) for key in names[::-1] if key in said}
        self.stated |= {i: names[0] for i, names in enumerate(keys) if names[0] in said}  # 备注（2） wins over 备注

    def match(self) -> None:
        said, confirmed = self.mapping.columns, self.mapping.confirmed
        for how in ("stated", "profile"):
            chosen = {i: said[key] for i, key in self.stated.items() if (key in confirmed) == (how == "profile")}
            self._fill(chosen, how, ALIAS_CONFIDENCE)
        taken = {said[key] for key in self.stated.values()}
        self._fill(self._by_alias(aliases().columns, taken), "alias", ALIAS_CONFIDENCE)
        self._fill(self._by_alias(aliases().fallback, {*taken, *self.filled}), "weak", WEAK_CONFIDENCE)
        if any(level in self.filled for level in _LEVELS):
            self.filled.pop(TOPIC_PATH, None)
        self._ask_ambiguous()
        self._ask_absent()
        self._ask_required()

    def _by_alias(self, tier: Mapping[str, str], taken: Collection[str]) -> dict[int, str]:
        found = {i: tier[key] for i, key in enumerate(self.plain) if key in tier and i not in self.stated}
        return {i: column for i, column in found.items() if column not in taken}

    def _fill(self, found: Mapping[int, str], how: str, confidence: float) -> None:
        for index, column in found.items():
            self.how[index] = (how, confidence)
            if column == IGNORE:
                continue
            first = self.filled.setdefault(column, index)
            if first == index or self.adds_nothing(first, index):
                continue
            if self.adds_nothing(index, first):
                self.filled[column] = index
            else:
                self.questions.append(ask.two_for_one(self.names[first], self.names[index], column))

    def _ask_ambiguous(self) -> None:
        for index, key in enumerate(self.plain):
            meanings = aliases().ask.get(key, ())
            if meanings and index not in self.stated and not any(column in self.filled for column in meanings):
                found = candidates({index: ""}, self.sample, meanings, self._times())  # by content: the name is unclear
                support = {s.column: s for s in found}
                order = sorted(meanings, key=lambda c: -support[c].confidence if c in support else 0)
                self.questions.append(ask.ambiguous(self.names[index], order, support))

    def _ask_absent(self) -> None:
        """Headers that the user or a profile names, but the file does not have."""
        used = {*self.stated.values()}
        for key, column in self.mapping.columns.items():
            if key in used:
                continue
            if column == IGNORE or column in self.filled:
                self.notes.append(f"您指定的列“{mask_text(key)}”在文件中没有，这一条没有用到。")
            else:
                self.questions.append(ask.not_there(mask_text(key), column, self.names, self._near(column)))
        for column, old in self.mapping.gone.items():
            if column not in self.filled:
                self.questions.append(ask.gone(old, column, self.names, self._near(column)))

    def _ask_required(self) -> None:
        asked = {
            column for question in self.questions for answer in question.answers for column in answer.columns.values()
        }
        if "created_at" not in {*self.filled, *asked}:
            self._ask_missing(("created_at",), "没有它就无法知道工单属于哪个时期。")
        if "order_id" in self.filled:
            if not {*REQUIRED_ANY} & {*self.filled, *asked}:
                self._ask_missing(REQUIRED_ANY, "")
            return
        if "order_id" in asked:
            return
        if likely := [s for s in self._near("order_id") if s.confidence >= _LIKELY]:
            self.questions.append(ask.order_id_overlooked(self.names, likely))
        elif not {*REQUIRED_WITHOUT_ID} & {*self.filled, *asked}:
            why = f"文件没有{target_label('order_id')}，编号要由创建时间和文字推算。"
            self._ask_missing(("order_id", *REQUIRED_WITHOUT_ID), why)

    def _ask_missing(self, columns: Sequence[str], why: str) -> None:
        found = sorted((s for column in columns for s in self._near(column)), key=lambda s: -s.confidence)
        self.questions.append(ask.missing(columns, why, self.names, found))

    def _near(self, column: str) -> list[Suggestion]:
        """The columns not loaded that may be this one, the best first."""
        used = {*self.filled.values(), *self.stated}
        free = {i: header or "" for i, header in enumerate(self.headers) if i not in used}
        return candidates(free, self.sample, (column,), self._times())

    def _times(self) -> list[int]:
        return [index for column, index in self.filled.items() if column in TIMES]

    def resolved(self) -> Resolved:
        column_of = {index: column for column, index in self.filled.items()}
        ignored = {i for i, key in self.stated.items() if self.mapping.columns[key] == IGNORE}
        ignored |= {
            i for i, key in enumerate(self.plain) if i not in self.stated and aliases().columns.get(key) == IGNORE
        }
        matches = []
        for index, name in enumerate(self.names):
            column = IGNORE if index in ignored else column_of.get(index)
            how, confidence = self.how.get(index, ("none", 0.0)) if column else ("none", 0.0)
            matches.append(HeaderMatch(index, name, column, how, confidence))
        return Resolved(tuple(matches), tuple(self.questions), tuple(self.notes))
