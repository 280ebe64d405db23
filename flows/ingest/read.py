"""Read a detected file as one table of strings: every physical row, the header row found, nothing dropped."""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import polars as pl
import pyarrow as pa
from pyarrow import parquet

from hotline12345.flows.ingest.delimited import (
    CHUNK_ROWS,
    OVERFLOW,
    SEPARATORS,
    Layout,
    beginning,
    head,
    read_delimited,
)
from hotline12345.flows.ingest.detect import Source
from hotline12345.flows.ingest.errors import IngestError
from hotline12345.flows.ingest.header_rows import Header, locate_header, no_header
from hotline12345.flows.ingest.mapping import FileMapping
from hotline12345.flows.ingest.masking import mask_text
from hotline12345.flows.ingest.workbook import read_workbook

ROW = "row_number"
HEAD_ROWS = 1_000  # of a text table, to find its header in and to see how wide its records are

_PARQUET_FAULTS = (pa.ArrowException, pl.exceptions.PolarsError, OSError, ValueError)  # of a damaged file


def _no_numbers(column: int) -> pl.Series:
    raise LookupError(f"only a workbook knows whether the cells of column {column} are numbers")


@dataclass(frozen=True)
class RawTable:
    """All physical rows of one file, or of the sheets read from it, as strings, read chunk by chunk.

    Attributes:
        headers: the header row's cells; of a header of two rows, joined.
        header_row: 1-based row of the header, of its second row where it takes two; 0 for parquet, whose header is no
            row.
        sheet: names of the sheets read, workbooks only.
        where: file, sheet and header row in Chinese, for messages.
        above: the rows above the header.
        notes: Chinese remarks on how the file was read.
        read: gives the rows as frames with columns "0", "1", … (a text table also has `overflow`).
        title_rows: first and last row number of the rows down to the header; one pair for each sheet.
        number_cells: workbooks only: for each row, whether the cell of a column is a number of more than 15 digits.
        empty_formulas: row number and column of the cells whose formula holds no result.
    """

    headers: list[str | None]
    header_row: int
    sheet: str | None
    where: str
    above: list[tuple[str | None, ...]]
    notes: tuple[str, ...]
    read: Callable[[], Iterator[pl.DataFrame]]
    title_rows: tuple[tuple[int, int], ...]
    number_cells: Callable[[int], pl.Series] = field(default=_no_numbers)
    empty_formulas: Callable[[], list[tuple[int, int]]] = list

    def chunks(self) -> Iterator[pl.DataFrame]:
        """Every physical row in file order, with its `row_number` as Excel shows it; at least one frame."""
        done = 0
        for frame in self.read():
            yield frame.select(pl.int_range(done + 1, done + 1 + pl.len(), dtype=pl.Int64).alias(ROW), pl.all())
            done += frame.height

    def below_headers(self, chunk: pl.DataFrame) -> pl.DataFrame:
        """The rows of a chunk that are neither titles nor headers."""
        for first, last in self.title_rows:
            chunk = chunk.filter(~pl.col(ROW).is_between(first, last))
        return chunk

    def sample(self, rows: int) -> pl.DataFrame:
        """The first rows below the header."""
        found: list[pl.DataFrame] = []
        for chunk in self.chunks():
            found.append(self.below_headers(chunk).head(rows))
            rows -= found[-1].height
            if rows <= 0:
                break
        return pl.concat(found)


def read_table(source: Source, mapping: FileMapping) -> RawTable:
    """Read a file.

    Raises:
        IngestError: E04 a workbook or parquet that cannot be opened, E06 no header row or no such sheet, E10 a
            separator that cannot be one. The chunks raise E01, E03, E04 and E05 when the rest cannot be read.
    """
    if source.format == "parquet":
        return _read_parquet(source)
    if source.format == "csv":
        return _read_text(source, mapping)
    return _read_workbook(source, mapping)


def _read_parquet(source: Source) -> RawTable:
    try:
        with parquet.ParquetFile(source.path) as file:
            names = list(file.schema_arrow.names)
    except _PARQUET_FAULTS:
        raise _damaged(source) from None
    return RawTable(names, 0, None, f"文件“{source.name}”", [], (), lambda: _batches(source), ())


def _batches(source: Source) -> Iterator[pl.DataFrame]:
    try:
        with parquet.ParquetFile(source.path) as file:
            missing = file.metadata.num_rows
            for batch in file.iter_batches(CHUNK_ROWS) if missing else [file.schema_arrow.empty_table()]:
                batch.validate(full=True)  # Arrow reads texts that are no UTF-8, polars trusts them
                frame = pl.DataFrame(pl.from_arrow(batch.rename_columns([str(i) for i in range(batch.num_columns)])))
                yield frame.select(_as_text(name, dtype) for name, dtype in frame.schema.items())
                missing -= frame.height
            if missing:
                raise _damaged(source)
    except _PARQUET_FAULTS:
        raise _damaged(source) from None


def _damaged(source: Source) -> IngestError:
    return IngestError("E04", f"文件“{source.name}”已损坏或没有复制完整，无法打开。请重新导出后再导入。")


def _as_text(name: str, dtype: pl.DataType) -> pl.Expr:
    column = pl.col(name)
    if isinstance(dtype, pl.Datetime):
        local = column.dt.convert_time_zone("Asia/Shanghai") if dtype.time_zone else column
        return local.dt.strftime("%Y-%m-%d %H:%M:%S")
    if dtype.is_float():
        whole = (column == column.round(0)) & (column.abs() < 2**53)
        integer = column.cast(pl.Int64, strict=False).cast(pl.String)
        return pl.when(whole).then(integer).otherwise(column.cast(pl.String)).alias(name)
    if dtype.is_nested() or dtype in (pl.Binary, pl.Object):
        return pl.lit(None, dtype=pl.String).alias(name)
    return column.cast(pl.String)


def _read_text(source: Source, mapping: FileMapping) -> RawTable:
    separators = SEPARATORS if mapping.separator is None else (mapping.separator,)
    if mapping.separator in ('"', "\r", "\n"):
        raise IngestError("E10", f"为文件“{source.name}”写明的 separator 不能是引号或换行。可用：, ; 制表符 | 等。")
    found: list[tuple[Header, str, list[list[str]]]] = []
    rows: list[list[str]] = []
    text, final = beginning(source)
    for separator in separators:
        rows = head(text, final, separator, max(HEAD_ROWS, mapping.header_row or 0))
        if header := locate_header(rows, mapping):
            found.append((header, separator, rows))
    if not found:
        raise IngestError("E06", f"在文件“{source.name}”的{no_header(rows)}")
    header, separator, rows = max(found, key=lambda option: option[0].known)
    widths = Counter(len(row) for row in rows[header.index + 1 :] if len(row) > 1)
    usual = widths.most_common(1)[0][0] if widths else len(header.cells)
    layout = Layout(separator, len(header.cells), header.index, usual)
    return RawTable(
        headers=list(header.cells),
        header_row=header.index + 1,
        sheet=None,
        where=f"文件“{source.name}”第 {header.index + 1} 行表头",
        above=[tuple(row) for row in rows[: header.index]],
        notes=(),
        read=lambda: read_delimited(source, layout),
        title_rows=((1, header.index + 1),),
    )


def _read_workbook(source: Source, mapping: FileMapping) -> RawTable:
    book = read_workbook(source, mapping)
    rows, header = book.rows, book.header
    padding = [None] * (rows.width - len(header.cells))
    return RawTable(
        headers=[*header.cells, *padding],
        header_row=header.index + 1,
        sheet=book.name,
        where=f"文件“{source.name}”工作表“{mask_text(book.name)}”第 {header.index + 1} 行表头",
        above=rows.head(header.index).rows(),
        notes=book.notes,
        read=lambda: rows.iter_slices(CHUNK_ROWS),
        title_rows=book.title_rows,
        number_cells=book.number_cells,
        empty_formulas=book.empty_formulas,
    )


__all__ = ["OVERFLOW", "ROW", "RawTable", "read_table"]
