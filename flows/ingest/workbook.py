"""Workbooks: the sheet of orders, or several with the same header one below the other, and what was left unread."""

import logging
import os
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Literal, TypeVar

import fastexcel
import polars as pl

from hotline12345.flows.ingest.detect import Source
from hotline12345.flows.ingest.errors import IngestError
from hotline12345.flows.ingest.formulas import empty_formulas
from hotline12345.flows.ingest.header_rows import Header, locate_header, no_header
from hotline12345.flows.ingest.headers import HEADER_SEARCH_ROWS
from hotline12345.flows.ingest.mapping import FileMapping, normalise_header
from hotline12345.flows.ingest.masking import mask_text

T = TypeVar("T")

logging.getLogger("calamine").setLevel(logging.ERROR)  # the Excel parser warns of every chart sheet

_STDERR = threading.Lock()
_LONG_NUMBER = "^[0-9]{16,}$"  # longer than what Excel keeps of a number


@dataclass(frozen=True, eq=False)
class Sheet:
    """One sheet: all its rows as strings (columns "0", "1", …), and its header where it has one."""

    name: str
    rows: pl.DataFrame
    header: Header | None
    is_visible: bool

    @property
    def known(self) -> int:
        """How many known headers it has."""
        return self.header.known if self.header else 0

    @property
    def quoted(self) -> str:
        """Its name as people see it."""
        return f"“{mask_text(self.name)}”"

    def key(self) -> tuple[str, ...]:
        """Its header in the form in which headers are compared, without empty cells at the end."""
        names = [normalise_header(cell or "") for cell in self.header.cells] if self.header else []
        while names and not names[-1]:
            names.pop()
        return tuple(names)


@dataclass(frozen=True)
class Book:
    """The sheets of a workbook that were read, one below the other, and Chinese remarks on the choice."""

    source: Source
    sheets: tuple[Sheet, ...]
    notes: tuple[str, ...]

    @property
    def header(self) -> Header:
        """The header of the first sheet."""
        header = self.sheets[0].header
        assert header is not None
        return header

    @property
    def name(self) -> str:
        """The names of the sheets."""
        return "、".join(sheet.name for sheet in self.sheets)

    @property
    def rows(self) -> pl.DataFrame:
        """All rows of the sheets."""
        return pl.concat([sheet.rows for sheet in self.sheets], how="diagonal")

    @property
    def title_rows(self) -> tuple[tuple[int, int], ...]:
        """First and last row number of the rows down to the header of each sheet."""
        offsets = self._offsets()
        return tuple((o + 1, o + 1 + s.header.index) for o, s in zip(offsets, self.sheets, strict=True) if s.header)

    def _offsets(self) -> list[int]:
        heights = [sheet.rows.height for sheet in self.sheets]
        return [sum(heights[:i]) for i in range(len(heights))]

    def empty_formulas(self) -> list[tuple[int, int]]:
        """Row number and column of the cells that read as empty because their formula was never calculated."""
        return [
            (offset + row, column)
            for offset, sheet in zip(self._offsets(), self.sheets, strict=True)
            for row, column in empty_formulas(self.source.path, sheet.name)
        ]

    def number_cells(self, column: int) -> pl.Series:
        """For each row, whether the cell is a number too long for a number, and not text that looks like one.

        The sheets are read a second time only where a cell can be such a number: one that a double holds exactly.
        """
        texts = self.rows[str(column)]
        long = texts.filter(texts.str.contains(_LONG_NUMBER).fill_null(False))
        if not any(int(float(text)) == int(text) for text in long):
            return pl.repeat(False, texts.len(), eager=True)
        workbook = _open(self.source)
        found = [_load(self.source, workbook, s.name, "boolean")[0] for s in self.sheets]
        numbers = [
            frame[str(column)] if str(column) in frame.columns else pl.Series([None] * frame.height, dtype=pl.Boolean)
            for frame in found
        ]
        return pl.concat(numbers).is_not_null()


def read_workbook(source: Source, mapping: FileMapping) -> Book:
    """Read the sheet with the most known headers, and all visible ones with the same header.

    Raises:
        IngestError: E04 not to be opened, E06 no sheet of that name, or none with a header.
    """
    workbook = _open(source)
    names = workbook.sheet_names
    if len(set(names)) < len(names):  # the parser would read the first of them twice
        raise _damaged(source)
    if mapping.sheet is not None and mapping.sheet not in names:
        raise IngestError(
            "E06",
            f"文件“{source.name}”中没有您写明的工作表“{mask_text(mapping.sheet)}”。文件中的工作表：{_listed(names)}。",
        )
    sheets = [_sheet(source, workbook, name, mapping) for name in names if mapping.sheet in (None, name)]
    found = [sheet for sheet in sheets if sheet.header]
    if not found:
        likeliest = max(sheets, key=lambda sheet: sheet.rows.height, default=None)
        rows = [] if likeliest is None else _first_rows(likeliest.rows, mapping)
        raise IngestError("E06", f"文件“{source.name}”的工作表{_listed([s.name for s in sheets])}：{no_header(rows)}")
    best = max(found, key=lambda sheet: (sheet.is_visible, sheet.known, sheet.rows.height))
    same = [s for s in found if s is best or (s.is_visible and best.is_visible and s.key() == best.key())]
    return Book(source, tuple(same), tuple(_notes(same, sheets)))


def _notes(read: Sequence[Sheet], sheets: Sequence[Sheet]) -> list[str]:
    notes = []
    if len(read) > 1:
        ends, said = 0, []
        for sheet in read:
            said.append(f"{sheet.quoted}第 {ends + 1}–{ends + sheet.rows.height} 行（表内行号加 {ends}）")
            ends += sheet.rows.height
        notes.append(f"{len(read)} 个工作表的表头相同，已全部读入，行号接着数：{'，'.join(said)}。")
    for sheet in sheets:
        if sheet in read or sheet.rows.is_empty():
            continue
        hidden = "" if sheet.is_visible else "是隐藏的，"
        if sheet.header:
            notes.append(
                f"工作表{sheet.quoted}也像工单表（{sheet.rows.height} 行），但{hidden or '表头与读入的不同，'}没有读入。"
                f"要导入它，请把它另存为一个文件，或在映射文件的 [file] 中写 sheet。"
            )
        else:
            notes.append(f"工作表{sheet.quoted}{hidden}不是工单表（{sheet.rows.height} 行），没有读入。")
    return notes


def _listed(names: Sequence[str]) -> str:
    return "、".join(f"“{mask_text(name)}”" for name in names)


def _sheet(source: Source, workbook: fastexcel.ExcelReader, name: str, mapping: FileMapping) -> Sheet:
    rows, is_visible = _load(source, workbook, name, "string")
    return Sheet(name, rows, locate_header(_first_rows(rows, mapping), mapping), is_visible)


def _first_rows(rows: pl.DataFrame, mapping: FileMapping) -> list[tuple[str | None, ...]]:
    return rows.head(max(HEADER_SEARCH_ROWS, mapping.header_row or 0) + 1).rows()


def _open(source: Source) -> fastexcel.ExcelReader:
    return _guarded(source, lambda: fastexcel.read_excel(source.path.read_bytes()))


def _load(
    source: Source, workbook: fastexcel.ExcelReader, name: str, dtype: Literal["string", "boolean"]
) -> tuple[pl.DataFrame, bool]:
    """All rows of a sheet, and whether it is visible."""

    def load() -> tuple[pl.DataFrame, bool]:
        sheet = workbook.load_sheet(name, header_row=None, skip_rows=0, dtypes=dtype)
        return sheet.to_polars(), sheet.visible == "visible"

    frame, is_visible = _guarded(source, load)
    return frame.rename({column: str(i) for i, column in enumerate(frame.columns)}), is_visible


def _guarded(source: Source, work: Callable[[], T]) -> T:
    """The result of the Excel parser; E04 when it fails, be it by a panic, which is no Exception."""
    try:
        with _unprinted_panic():
            return work()
    except (KeyboardInterrupt, SystemExit, MemoryError):
        raise
    except BaseException:
        raise _damaged(source) from None


def _damaged(source: Source) -> IngestError:
    return IngestError(
        "E04",
        f"文件“{source.name}”无法作为 Excel 打开：文件已损坏、没有复制完整，或设有密码。"
        "请在 Excel 或 WPS 中打开它，另存为 .xlsx 后再导入。",
    )


@contextmanager
def _unprinted_panic() -> Iterator[None]:
    """Keep what a panic prints from the terminal; what else is written to stderr meanwhile is passed on."""
    with _STDERR, os.fdopen(os.memfd_create("stderr"), "w+b") as kept:
        stderr = os.dup(2)
        os.dup2(kept.fileno(), 2)
        try:
            yield
        except BaseException:
            kept.truncate(0)
            raise
        finally:
            os.dup2(stderr, 2)
            os.close(stderr)
            kept.seek(0)
            os.write(2, kept.read())
