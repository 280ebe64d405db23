"""Find the header row and say which header is which column; what is ambiguous is asked, never guessed."""

import tomllib
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import polars as pl

from hotline12345.flows.ingest.errors import IngestError
from hotline12345.flows.ingest.mapping import IGNORE, TOPIC_PATH, FileMapping, column_title, normalise_header
from hotline12345.flows.ingest.masking import mask_series

SOURCE = Path(__file__).parents[1] / "headers.toml"
HEADER_SEARCH_ROWS = 20
MIN_KNOWN_HEADERS = 2
REQUIRED = ("order_id", "created_at")
REQUIRED_ANY = ("body", "title", "unit_name", "place_town", "topic_level1", TOPIC_PATH)
_LEVELS = ("topic_level1", "topic_level2", "topic_level3")


@dataclass(frozen=True)
class Aliases:
    """The content of headers.toml by normalised header."""

    columns: Mapping[str, str]
    fallback: Mapping[str, str]
    ask: Mapping[str, tuple[str, ...]]

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
    ask = {normalise_header(header): tuple(entry["candidates"]) for header, entry in content["ask"].items()}
    return Aliases(by_header["columns"], by_header["fallback"], ask)


def find_header(rows: Sequence[Sequence[str | None]], mapping: FileMapping) -> tuple[int, int]:
    """Index of the row with the most known headers among the first rows, and how many it has; (0, 0) without rows."""
    if mapping.header_row is not None:
        index = mapping.header_row - 1
        return index, _known(rows[index], mapping) if index < len(rows) else 0
    scores = [_known(row, mapping) for row in rows[:HEADER_SEARCH_ROWS]]
    best = max(scores, default=0)
    return (scores.index(best), best) if best else (0, 0)


def _known(row: Sequence[str | None], mapping: FileMapping) -> int:
    headers = {normalise_header(cell) for cell in row if cell}
    return sum(1 for header in headers if header in mapping.columns or aliases().knows(header))


def display_names(headers: Sequence[str | None]) -> list[str]:
    """A distinct name for each column of the file: empty headers by position, repeated ones numbered."""
    seen: Counter[str] = Counter()
    names = []
    for number, header in enumerate(headers, start=1):
        name = " ".join((header or "").split()) or f"第{number}列（无表头）"
        seen[name] += 1
        names.append(name if seen[name] == 1 else f"{name}（{seen[name]}）")
    return mask_series(pl.Series(names, dtype=pl.String)).to_list()


@dataclass(frozen=True)
class Resolved:
    """Which column of the file (index) fills which canonical column, and the indexes that fill none."""

    columns: Mapping[str, int]
    unmapped: tuple[int, ...]


def resolve(
    headers: Sequence[str | None], mapping: FileMapping, where: str, adds_nothing: Callable[[int, int], bool]
) -> Resolved:
    """Map the headers of a file.

    Args:
        headers: the header row as read.
        mapping: what the user says; it wins over the aliases.
        where: the file (and sheet) and row, for messages.
        adds_nothing: called with two column indexes; true when the second is empty or says the same as the first.

    Raises:
        IngestError: E07 needed columns missing, E08 an ambiguous header, E09 two headers for one column.
    """
    keys = [normalise_header(header or "") for header in headers]
    stated = {i: mapping.columns[key] for i, key in enumerate(keys) if key in mapping.columns}
    columns: dict[str, int] = {}
    _fill(columns, stated, where, headers, adds_nothing)
    for tier in (aliases().columns, aliases().fallback):
        free = {
            i: tier[key]
            for i, key in enumerate(keys)
            if key in tier and i not in stated and (tier is aliases().columns or tier[key] not in columns)
        }
        taken = set(stated.values())
        _fill(columns, {i: c for i, c in free.items() if c not in taken}, where, headers, adds_nothing)
    if any(level in columns for level in _LEVELS):
        columns.pop(TOPIC_PATH, None)
    _ask(keys, stated, columns, where, headers)
    _require(columns, where, display_names(headers))
    used = set(columns.values())
    return Resolved(columns, tuple(i for i in range(len(headers)) if i not in used))


def _fill(
    columns: dict[str, int],
    found: Mapping[int, str],
    where: str,
    headers: Sequence[str | None],
    adds_nothing: Callable[[int, int], bool],
) -> None:
    for index, column in found.items():
        if column == IGNORE:
            continue
        if column not in columns:
            columns[column] = index
        elif adds_nothing(columns[column], index):
            continue
        elif adds_nothing(index, columns[column]):
            columns[column] = index
        else:
            first, second = (display_names(headers)[i] for i in (columns[column], index))
            raise IngestError(
                "E09",
                f"{where}：列“{first}”和“{second}”都对应“{column_title(column)}”，内容却不同，无法判断用哪一列。\n"
                f"请写映射文件并加上 --mapping 再次导入，不用的一列写 ignore，例如：\n"
                f'[columns]\n"{first}" = "{column}"\n"{second}" = "{IGNORE}"',
            )


def _ask(
    keys: Sequence[str],
    stated: Mapping[int, str],
    columns: Mapping[str, int],
    where: str,
    headers: Sequence[str | None],
) -> None:
    for index, key in enumerate(keys):
        candidates = aliases().ask.get(key, ())
        if not candidates or index in stated or any(candidate in columns for candidate in candidates):
            continue
        name = display_names(headers)[index]
        choices = "还是".join(f"“{column_title(candidate)}”" for candidate in candidates)
        raise IngestError(
            "E08",
            f"{where}：列“{name}”在不同系统里含义不同，不能自动对应。它是{choices}？\n"
            f"请写映射文件并加上 --mapping 再次导入；不需要这一列就写 ignore，例如：\n"
            f'[columns]\n"{name}" = "{candidates[0]}"',
        )


def _require(columns: Mapping[str, int], where: str, names: Sequence[str]) -> None:
    missing = [column_title(column) for column in REQUIRED if column not in columns]
    if not any(column in columns for column in REQUIRED_ANY):
        missing.append("以下至少一列：" + "、".join(column_title(column) for column in REQUIRED_ANY))
    if missing:
        raise IngestError(
            "E07",
            f"{where}：缺少必需的列：{'；'.join(missing)}。\n"
            f"文件中的列：{'、'.join(names[:40])}。\n"
            f"如果只是叫法不同，请写映射文件并加上 --mapping 再次导入，例如：\n"
            f'[columns]\n"文件中的列名" = "{next((c for c in REQUIRED if c not in columns), "body")}"',
        )
