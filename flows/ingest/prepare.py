"""One file in, typed and masked rows out: detect → read → map headers → parse → check → mask. Touches no database."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import polars as pl

from hotline12345.flows.clock import now
from hotline12345.flows.ingest.corrections import (
    MARK,
    FindRows,
    StoredRows,
    correction_columns,
    find_stored,
    merge_corrections,
)
from hotline12345.flows.ingest.detect import Source
from hotline12345.flows.ingest.errors import IngestError
from hotline12345.flows.ingest.headers import display_names
from hotline12345.flows.ingest.mapping import FileMapping, load_mapping, target_label
from hotline12345.flows.ingest.masking import mask_text
from hotline12345.flows.ingest.opening import OpenedTable, guarded, open_table
from hotline12345.flows.ingest.orders import (
    ISSUE_SCHEMA,
    Reading,
    check_contract,
    clean_columns,
    mask_orders,
    quarantine,
    quarantined_cells,
    type_orders,
)
from hotline12345.flows.ingest.profiles import Profile
from hotline12345.flows.ingest.questions import refusal
from hotline12345.flows.ingest.read import ROW, RawTable
from hotline12345.flows.ingest.rows import broken_rows, data_rows
from hotline12345.flows.ingest.stated_times import stated_export_time
from hotline12345.flows.ingest.values import SIMULATED
from hotline12345.sql.versions import CALLBACKS

CLOCKS_DIFFER = timedelta(days=1)  # how far ahead of this machine's clock a creation time may be
EXACT_DIGITS = 15  # what Excel keeps of a number
SAMPLE_ROWS = 1_000
_NOTHING_CORRECTED = pl.DataFrame(schema={ROW: pl.Int64, MARK: pl.String})


@dataclass(frozen=True)
class Chunk:
    """Some rows of a file, ready for landing; rows_read = orders.height + rows_quarantined + rows_not_data.

    Attributes:
        orders: grain row_number (as Excel shows it); every canonical column, typed, masked, null when absent.
        quarantine: grain row_number, column_name ("" for the whole row), rule; value_masked, reason, fix in Chinese.
        cells: grain row_number, the quarantined rows; `cells` as JSON, canonical column → masked text.
        corrected: grain row_number, the rows that correct one in quarantine: its `row_token`.
    """

    orders: pl.DataFrame
    quarantine: pl.DataFrame
    cells: pl.DataFrame
    corrected: pl.DataFrame
    rows_read: int
    rows_not_data: int
    rows_quarantined: int


@dataclass(frozen=True)
class OrderFile:
    """An opened file: what is known of it before its rows are read, and the rows chunk by chunk.

    Attributes:
        file_name: masked, without folders.
        content_hash: SHA-256 of the bytes, hex.
        format: xlsx, xls, csv or parquet, by content.
        encoding: Python codec name, text files only.
        sheet: masked name of the chosen sheet, workbooks only.
        header_row: 1-based; 0 for parquet.
        mapping: header in the file → canonical column.
        unmapped: headers that were not loaded.
        notes: Chinese remarks on how the file was read.
        headers: the header row, masked and distinct, as a profile keeps it.
        has_callback: whether a column says which callbacks were valid, anyone's; without it the three rates are self-reports.
        has_derived_ids: whether the file has no order id, so that ids are made from time, unit and text.
        exported_at: when the file says it was exported; None when it does not.
        corrects: the batch whose rows in quarantine it corrects; None for an ordinary file.
        chunks: reads, types, checks and masks the rows; IngestError when the rest of the file cannot be read.
    """

    file_name: str
    content_hash: str
    format: str
    encoding: str | None
    sheet: str | None
    header_row: int
    mapping: dict[str, str]
    unmapped: list[str]
    notes: tuple[str, ...]
    headers: tuple[str, ...]
    has_callback: bool
    has_derived_ids: bool
    exported_at: datetime | None
    corrects: int | None
    chunks: Callable[[], Iterator[Chunk]]


@dataclass(frozen=True)
class Prepared:
    """A whole file at once: its facts and all its rows as one chunk."""

    file: OrderFile
    rows: Chunk


def open_orders(
    path: Path,
    key: bytes,
    mapping: FileMapping | None = None,
    find: FindRows | None = None,
    profiles: Sequence[Profile] = (),
) -> OrderFile:
    """Open one file and map its headers.

    Args:
        path: xlsx, xlsm, xls, csv, tsv or parquet, told apart by content.
        key: the site's secret for caller keys and derived ids.
        mapping: what the user says about headers, sheet, header row, encoding and separator.
        find: looks up the rows in quarantine that a corrected file names.
        profiles: confirmed mappings; the one that knows the headers is applied.

    Raises:
        IngestError: E01-E13 for what a user can put right, E99 for a fault of the program; none carries a cell's value.
    """
    return guarded(path, lambda: _open(path, key, mapping or FileMapping(), find, profiles))


def prepare(path: Path, key: bytes, mapping: FileMapping | None = None) -> Prepared:
    """Prepare a whole file at once; for looking at it, as it keeps every row in memory. Errors as `open_orders`."""
    file = open_orders(path, key, mapping)
    return Prepared(file, _joined(list(file.chunks())))


def _joined(chunks: list[Chunk]) -> Chunk:
    return Chunk(
        orders=pl.concat([chunk.orders for chunk in chunks]),
        quarantine=pl.concat([chunk.quarantine for chunk in chunks]),
        cells=pl.concat([chunk.cells for chunk in chunks]),
        corrected=pl.concat([chunk.corrected for chunk in chunks]),
        rows_read=sum(chunk.rows_read for chunk in chunks),
        rows_not_data=sum(chunk.rows_not_data for chunk in chunks),
        rows_quarantined=sum(chunk.rows_quarantined for chunk in chunks),
    )


def _open(
    path: Path, key: bytes, mapping: FileMapping, find: FindRows | None, profiles: Sequence[Profile]
) -> OrderFile:
    opened = open_table(path, mapping, profiles)
    source, table, resolved = opened.source, opened.table, opened.resolved
    if columns := correction_columns(table.headers):
        below = [table.below_headers(chunk)[str(columns[MARK])] for chunk in table.chunks()]
        stored = find_stored(pl.concat(below), find, source.name)
        return _open_correction(path, source, table, _correcting(source, table, columns, stored, key), stored)
    if resolved.questions:
        raise refusal(resolved.questions, table.where)
    reading = _reading(opened, key)
    names = display_names(table.headers)
    return OrderFile(
        file_name=source.name,
        content_hash=source.content_hash,
        format=source.format,
        encoding=source.encoding,
        sheet=None if table.sheet is None else mask_text(table.sheet),
        header_row=table.header_row,
        mapping={names[index]: column for column, index in sorted(resolved.columns.items(), key=lambda item: item[1])},
        unmapped=_not_loaded(opened, names),
        notes=opened.notes,
        headers=tuple(names),
        has_callback=not {*CALLBACKS}.isdisjoint(resolved.columns),
        has_derived_ids=reading.derives_ids,
        exported_at=stated_export_time(table.above),
        corrects=None,
        chunks=lambda: _chunks(path, source, table, reading),
    )


def _correcting(source: Source, table: RawTable, columns: Mapping[str, int], stored: StoredRows, key: bytes) -> Reading:
    had = {name: index for name, index in columns.items() if name in (*stored.columns, MARK)}
    reading = Reading.of(had, clean_columns(table.sample(SAMPLE_ROWS), had), key, stored.is_simulated)
    return replace(
        reading,
        is_simulated=stored.is_simulated or _says_simulated(source, table),
        derives_ids="order_id" not in stored.columns,
        stored=stored,
    )


def _open_correction(path: Path, source: Source, table: RawTable, reading: Reading, stored: StoredRows) -> OrderFile:
    """A file of corrected rows: its columns are those of the batch that the rows came from, and so is its time."""
    return OrderFile(
        file_name=source.name,
        content_hash=source.content_hash,
        format=source.format,
        encoding=source.encoding,
        sheet=None if table.sheet is None else mask_text(table.sheet),
        header_row=table.header_row,
        mapping={target_label(name): name for name in stored.columns},
        unmapped=[],
        notes=(f"这是改正文件：改正批次 {stored.batch_id} 的隔离行，数据时点与该批次相同。",),
        headers=tuple(display_names(table.headers)),
        has_callback=not {*CALLBACKS}.isdisjoint(stored.columns),
        has_derived_ids=reading.derives_ids,
        exported_at=stored.known_at,
        corrects=stored.batch_id,
        chunks=lambda: _chunks(path, source, table, reading),
    )


def _reading(opened: OpenedTable, key: bytes) -> Reading:
    columns = opened.resolved.columns
    sample = clean_columns(opened.sample, columns)
    return Reading.of(columns, sample, key, _says_simulated(opened.source, opened.table))


def _not_loaded(opened: OpenedTable, names: list[str]) -> list[str]:
    """The headers that fill no column; a column without a header only when its first rows hold anything."""
    sample = opened.sample
    return [
        names[index]
        for index in opened.resolved.unmapped
        if opened.table.headers[index] or (sample.height and (sample[str(index)].fill_null("") != "").any())
    ]


def _says_simulated(source: Source, table: RawTable) -> bool:
    """Whether the file name, the sheet name or a row above the header says 模拟数据."""
    said = [source.path.name, table.sheet or "", *(cell for row in table.above for cell in row if cell)]
    return any(SIMULATED in text for text in said)


def _chunks(path: Path, source: Source, table: RawTable, reading: Reading) -> Iterator[Chunk]:
    raw = table.chunks()
    numbers = _number_cells(source, table, reading)
    while (rows := guarded(path, lambda: next(raw, None))) is not None:
        yield guarded(path, lambda rows=rows: _prepared(rows, table, reading, numbers))  # type: ignore[misc]


def _prepared(raw: pl.DataFrame, table: RawTable, reading: Reading, numbers: dict[str, pl.Series]) -> Chunk:
    rows = data_rows(raw, table, reading.id_column)
    broken = broken_rows(rows).select(ROW, column_name=pl.lit(""), value="value", rule="rule")
    texts = clean_columns(_without(rows, broken), reading.columns)
    corrected, foreign = _NOTHING_CORRECTED, broken.clear()
    if reading.stored:
        texts, foreign = merge_corrections(texts, reading.stored)
        corrected, texts = texts.select(ROW, MARK), texts.drop(MARK)
    typed, unreadable = type_orders(texts, reading)
    found = pl.concat([broken, foreign, _rounded_ids(texts, numbers), unreadable])
    issues = check_contract(typed, texts, found, now() + CLOCKS_DIFFER)
    return Chunk(
        orders=mask_orders(_without(typed, issues), _without(texts, issues)),
        quarantine=quarantine(issues, texts),
        cells=quarantined_cells(issues, texts, reading.key),
        corrected=corrected,
        rows_read=raw.height,
        rows_not_data=raw.height - rows.height,
        rows_quarantined=issues[ROW].n_unique(),
    )


def _without(frame: pl.DataFrame, issues: pl.DataFrame) -> pl.DataFrame:
    return frame if issues.is_empty() else frame.filter(~pl.col(ROW).is_in(issues[ROW].unique().implode()))


def _number_cells(source: Source, table: RawTable, reading: Reading) -> dict[str, pl.Series]:
    """For each id column of a workbook, which rows hold it as a number."""
    if source.format not in ("xlsx", "xls"):
        return {}
    ids = [name for name in ("order_id", "case_id") if name in reading.columns]
    return {name: table.number_cells(reading.columns[name]) for name in ids}


def _rounded_ids(texts: pl.DataFrame, numbers: dict[str, pl.Series]) -> pl.DataFrame:
    """Ids that a workbook stores as numbers too long for a number: their last digits are not the real ones."""
    issues = [pl.DataFrame(schema=ISSUE_SCHEMA)]
    for name, is_number in numbers.items():
        long = texts.filter(pl.col(name).str.contains(f"^[0-9]{{{EXACT_DIGITS + 1},}}$"))
        rounded = long.filter(is_number.gather(long[ROW] - 1))
        issues.append(rounded.select(ROW, column_name=pl.lit(name), value=name, rule=pl.lit("digits_lost")))
    return pl.concat(issues)


__all__ = ["Chunk", "FileMapping", "IngestError", "OrderFile", "Prepared", "load_mapping", "open_orders", "prepare"]
