"""Text tables (csv, tsv, ; and |) as polars columns: decoded as a stream, ragged or broken rows kept and marked.

Two parsers give the same rows. The exact one is Python's csv.reader, record by record. The fast one is Arrow's, block by
block; it declines a block in which it cannot be sure of every row, and that block goes through the exact one.
"""

import csv
import io
import itertools
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import polars as pl
import pyarrow as pa
from pyarrow import csv as arrow_csv

from hotline12345.flows.ahead import ahead
from hotline12345.flows.ingest.decoding import decoded
from hotline12345.flows.ingest.detect import Source
from hotline12345.flows.ingest.errors import IngestError

CHUNK_ROWS = 100_000
MAX_LINES_IN_RECORD = 200  # more line breaks in one record than this are an unclosed quote
MAX_RECORD_CHARS = 1 << 26
HEAD_CHARS = 1 << 19
SEPARATORS = (",", ";", "\t", "|")
OVERFLOW = "overflow"  # how many cells stand beyond the last header of a row, or UNCLOSED; null for a row that fits
UNCLOSED = "\ufdd1"  # a noncharacter: the row was cut back at an unclosed quote

csv.field_size_limit(MAX_RECORD_CHARS * 4)


@dataclass(frozen=True)
class Layout:
    """How the records of a text table look.

    Attributes:
        separator: one character.
        width: number of headers; shorter records are filled up, cells of longer ones are counted in `overflow`.
        header: index of the header record; only below it is the width binding.
        usual: number of cells that most records below the header have.
    """

    separator: str
    width: int = 0
    header: int = 0
    usual: int = 0


class _Lines(Iterator[str]):
    """Physical lines, remembering where the current record began so that a broken record can be given back."""

    def __init__(self, lines: list[str]) -> None:
        self.lines = lines
        self.at = self.began = 0
        self.unclosed = False

    def __next__(self) -> str:
        if self.at == len(self.lines) or self.at - self.began == MAX_LINES_IN_RECORD:
            self.unclosed = self.at > self.began  # asked for more although the record has begun
            raise StopIteration
        self.at += 1
        return self.lines[self.at - 1]

    def begin(self) -> None:
        """The next line begins a record."""
        self.began, self.unclosed = self.at, False

    def give_back(self) -> str:
        """Keep the first line of the record as spoilt and read the others again."""
        self.at = self.began + 1
        return self.lines[self.began]

    @property
    def cut_short(self) -> bool:
        """Whether the lines have ended inside the record."""
        return self.unclosed and self.at == len(self.lines)


def _records(lines: _Lines, layout: Layout, first: int, final: bool) -> Iterator[list[str]]:
    """Cells of each record, in file order; a blank line is an empty list. `lines` stands behind the last whole record.

    A record that an unclosed quote has swollen (too many lines, or below the header more than one line and neither
    `width` nor the `usual` number of cells) is cut back to its first line, so that a stray quote spoils one row and not
    the rows after it.
    """
    reader = csv.reader(lines, delimiter=layout.separator)
    for number in itertools.count(first):
        lines.begin()
        cells = next(reader, None)
        if cells is None:
            return
        if lines.cut_short and not final and lines.at - lines.began < MAX_LINES_IN_RECORD:
            lines.at = lines.began
            return
        several = layout.width > 0 and number > layout.header and lines.at - lines.began > 1
        if lines.unclosed or (several and len(cells) not in (layout.width, layout.usual)):
            spoilt = lines.give_back().rstrip("\r\n").replace('"', "").split(layout.separator)
            cells = [*spoilt, *[""] * (layout.width - len(spoilt)), UNCLOSED]
            reader = csv.reader(lines, delimiter=layout.separator)
        yield cells


def _whole_lines(text: str, final: bool) -> list[str]:
    """The lines of a text; unless it is the last one, without a line that may go on."""
    end = len(text) if final else max(text.rfind("\n"), text.rfind("\r", 0, -1)) + 1
    return list(io.StringIO(text[:end], newline=""))


def beginning(source: Source) -> tuple[str, bool]:
    """The first block of text of a file, and whether it is all of it."""
    return next(decoded(source.path, source.name, source.encoding or "utf-8"))


def head(text: str, final: bool, separator: str, rows: int) -> list[list[str]]:
    """The first records of a text from `beginning`, to find the header in."""
    final = final and len(text) <= HEAD_CHARS
    lines = _Lines(_whole_lines(text[:HEAD_CHARS], final))
    return list(itertools.islice(_records(lines, Layout(separator), 0, final), rows))


def read_delimited(source: Source, layout: Layout) -> Iterator[pl.DataFrame]:
    """All records as string columns "0", "1", … and `overflow`; grain one record, in file order, chunk by chunk.

    The first chunk is small, for who wants to see only the beginning. Each other is read while the one before is used.

    Raises:
        IngestError: E03 a record without end, E01 and E05 as `decoded`.
    """
    blocks = _blocks(source, layout)
    yield next(blocks)
    yield from ahead(_chunks(blocks))


def _chunks(blocks: Iterator[pl.DataFrame]) -> Iterator[pl.DataFrame]:
    group: list[pl.DataFrame] = []
    for block in blocks:
        group.append(block)
        if sum(frame.height for frame in group) >= CHUNK_ROWS:
            yield pl.concat(group)
            group.clear()
    if group:
        yield pl.concat(group)


def _blocks(source: Source, layout: Layout) -> Iterator[pl.DataFrame]:
    rest, done = "", 0
    for text, final in decoded(source.path, source.name, source.encoding or "utf-8"):
        block = rest + text
        frame, rest = parse_fast(block, layout, final) or parse_exactly(block, layout, done, final)
        done += frame.height
        if len(rest) > MAX_RECORD_CHARS:
            raise IngestError(
                "E03", f"文件“{source.name}”第 {done + 1} 行长得不像表格的一行（没有换行）。请重新导出后再导入。"
            )
        yield frame


def parse_exactly(text: str, layout: Layout, done: int, final: bool) -> tuple[pl.DataFrame, str]:
    """The whole records at the beginning of a text, and the rest of the text.

    Args:
        text: begins with a record.
        layout: of the table.
        done: number of records before the text.
        final: whether nothing follows the text.
    """
    lines = _Lines(_whole_lines(text, final))
    frame = _frame(list(_records(lines, layout, done, final)), layout.width)
    return frame, text[sum(map(len, lines.lines[: lines.at])) :]


def _frame(records: list[list[str]], width: int) -> pl.DataFrame:
    overflow: list[str | None] = [None] * len(records)
    for number, cells in enumerate(records):
        if len(cells) != width:
            if any(cell.strip() for cell in cells[width:]):
                overflow[number] = UNCLOSED if cells[-1] == UNCLOSED else str(len(cells) - width)
            records[number] = (cells + [""] * width)[:width]
    columns = zip(*records, strict=True) if records else [()] * width
    series = [pl.Series(str(i), cells, dtype=pl.String) for i, cells in enumerate(columns)]
    return pl.DataFrame([*series, pl.Series(OVERFLOW, overflow, dtype=pl.String)])


def parse_fast(text: str, layout: Layout, final: bool) -> tuple[pl.DataFrame, str] | None:
    """What `parse_exactly` gives, faster; None for a text with a row that Arrow may take for another.

    That is: a record of several lines that does not fit the header, one of very many lines, a quote that is open at
    the end of the text.
    """
    if not layout.separator.isascii() or text.startswith("\ufeff"):
        return None
    data = text.encode()
    if final and data and not data.endswith((b"\n", b"\r")):
        data += b"\n"
    end = len(data) if final else _last_record_end(data)
    odd: list[tuple[int, str]] = []  # rows that are longer or shorter than the header, read one by one

    def keep(row: arrow_csv.InvalidRow) -> str:
        if row.actual_columns != layout.usual and ("\n" in row.text or "\r" in row.text):
            return "error"
        odd.append((row.number, row.text))
        return "skip"

    try:
        frame = pl.DataFrame(pl.from_arrow(_arrow_table(pa.py_buffer(data).slice(0, end), layout, keep)))
    except pa.ArrowInvalid:  # also when there is nothing to read
        return None
    if frame.height and _last_is_open_or_record_too_long(frame, data[:end], odd):
        return None
    frame = frame.with_columns(pl.lit(None, dtype=pl.String).alias(OVERFLOW))
    rest = data[end:].decode()
    return _with_odd_rows(frame, odd, layout, rest) if odd else (frame, rest)


def _last_record_end(data: bytes) -> int:
    """Where the last whole record very likely ends: behind a line up to which the quotes are paired; 0 if nowhere."""
    end = data.rfind(b"\n") + 1
    is_open = data.count(b'"', 0, end) % 2
    for _ in range(MAX_LINES_IN_RECORD):
        if not is_open or not end:
            break
        start = data.rfind(b"\n", 0, end - 1) + 1
        is_open ^= data.count(b'"', start, end) % 2
        end = start
    return 0 if is_open else end


def _arrow_table(data: pa.Buffer, layout: Layout, keep: object) -> pa.Table:
    names = [str(i) for i in range(layout.width)]
    return arrow_csv.read_csv(
        pa.BufferReader(data),
        # One block: at the seams of its blocks Arrow (26.0) loses line breaks inside cells.
        arrow_csv.ReadOptions(column_names=names, use_threads=False, block_size=data.size + 1),
        arrow_csv.ParseOptions(
            delimiter=layout.separator, newlines_in_values=True, ignore_empty_lines=False, invalid_row_handler=keep
        ),
        arrow_csv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False, check_utf8=False
        ),
    )


def _last_is_open_or_record_too_long(frame: pl.DataFrame, data: bytes, odd: list[tuple[int, str]]) -> bool:
    if b'"' not in data:
        return False
    rows = frame.height + len(odd)
    if frame.item(-1, -1).endswith(("\n", "\r")) and (not odd or odd[-1][0] < rows):
        return True
    lines = data.count(b"\n") + data.count(b"\r") - data.count(b"\r\n")
    if lines - rows < MAX_LINES_IN_RECORD:
        return False
    breaks = pl.sum_horizontal(pl.all().str.count_matches(r"\r\n|\r|\n"))
    return bool(frame.select((breaks >= MAX_LINES_IN_RECORD).any()).item())


def _with_odd_rows(
    frame: pl.DataFrame, odd: list[tuple[int, str]], layout: Layout, rest: str
) -> tuple[pl.DataFrame, str] | None:
    """Put the rows of another width where they stand in the file; None when one of them has an open quote."""
    lines = [_Lines(_whole_lines(text, final=True)) for _, text in odd]
    records = [next(_records(each, layout, 0, final=True)) for each in lines]
    if any(cells[-1:] == [UNCLOSED] for cells in records):
        return None
    numbers = np.array([number for number, _ in odd]) - 1
    places = np.concatenate([np.delete(np.arange(frame.height + len(odd)), numbers), numbers])
    every = pl.concat([frame, _frame(records, layout.width)])
    return every[np.argsort(places)], rest
