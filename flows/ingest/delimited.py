"""Text tables (csv, tsv, ; and |) as polars columns: decoded as a stream, ragged or broken rows kept and marked."""

import csv
import itertools
from collections.abc import Iterator
from pathlib import Path

import polars as pl

from hotline12345.flows.ingest.detect import DECODE_ERRORS

CHUNK_ROWS = 20_000
MAX_LINES_IN_RECORD = 200  # more line breaks in one record than this are an unclosed quote
SEPARATORS = (",", ";", "\t", "|")
OVERFLOW = "overflow"  # how many cells stand beyond the last header of a row, or UNCLOSED; null for a row that fits
UNCLOSED = "\ufdd1"  # a noncharacter: the row was cut back at an unclosed quote

csv.field_size_limit(1 << 27)


class _Lines(Iterator[str]):
    """Physical lines, remembering those of the current record so that a broken record can be given back."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines = lines
        self.record: list[str] = []
        self.unclosed = False

    def __next__(self) -> str:
        line = next(self._lines, None) if len(self.record) < MAX_LINES_IN_RECORD else None
        if line is None:
            self.unclosed = bool(self.record)  # asked for more although the record has begun
            raise StopIteration
        self.record.append(line)
        return line

    def give_back(self) -> str:
        """Keep the first line of the record as spoilt and read the others again."""
        first, *others = self.record
        self._lines = itertools.chain(others, self._lines)
        return first


def _records(path: Path, encoding: str, separator: str, width: int = 0, header: int = 0) -> Iterator[list[str]]:
    """Cells of each record, in file order; a blank line is an empty list.

    A record that an unclosed quote has swollen (too many lines, or below the header more than one line and not `width`
    cells) is cut back to its first line, so that a stray quote spoils one row and not the rows after it.
    """
    with path.open(encoding=encoding, errors=DECODE_ERRORS, newline="") as file:
        lines = _Lines(file)
        reader = csv.reader(lines, delimiter=separator)
        for number in itertools.count():
            lines.record.clear()
            cells = next(reader, None)
            if cells is None:
                return
            swollen = width > 0 and number > header and len(lines.record) > 1 and len(cells) != width
            if lines.unclosed or swollen:
                lines.unclosed = False
                spoilt = lines.give_back().rstrip("\r\n").replace('"', "").split(separator)
                cells = [*spoilt, *[""] * (width - len(spoilt)), UNCLOSED]
                reader = csv.reader(lines, delimiter=separator)
            yield cells


def head(path: Path, encoding: str, separator: str, rows: int) -> list[list[str]]:
    """The first records of a file, to find its header in."""
    return list(itertools.islice(_records(path, encoding, separator), rows))


def read_delimited(path: Path, encoding: str, separator: str, width: int, header: int) -> pl.DataFrame:
    """All records as string columns "0", "1", … and `overflow`; grain one record, in file order.

    Args:
        path: the file.
        encoding: Python codec name.
        separator: one of `SEPARATORS`.
        width: number of headers; shorter records are filled up, those of longer ones are counted in `overflow`.
        header: index of the header record.
    """
    schema = {str(i): pl.String for i in range(width)} | {OVERFLOW: pl.String}
    rows = _records(path, encoding, separator, width, header)
    chunks = [pl.DataFrame(schema=schema)]
    while chunk := list(itertools.islice(rows, CHUNK_ROWS)):
        overflow: dict[int, str] = {}
        for number, cells in enumerate(chunk):
            if len(cells) != width:
                if any(cell.strip() for cell in cells[width:]):
                    overflow[number] = UNCLOSED if cells[-1] == UNCLOSED else str(len(cells) - width)
                chunk[number] = (cells + [""] * width)[:width]
        columns = [pl.Series(str(i), values, dtype=pl.String) for i, values in enumerate(zip(*chunk, strict=True))]
        spill = pl.Series(OVERFLOW, [overflow.get(number) for number in range(len(chunk))], dtype=pl.String)
        chunks.append(pl.DataFrame([*columns, spill]))
    return pl.concat(chunks)
