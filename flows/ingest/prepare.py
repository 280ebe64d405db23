"""One file in, typed and masked rows out: detect → read → map headers → parse → check → mask. Touches no database."""

import traceback
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import polars as pl

from hotline12345.flows.clock import now
from hotline12345.flows.ingest.detect import Source, detect
from hotline12345.flows.ingest.errors import IngestError
from hotline12345.flows.ingest.headers import Resolved, display_names, resolve
from hotline12345.flows.ingest.mapping import FileMapping, load_mapping
from hotline12345.flows.ingest.masking import mask_text
from hotline12345.flows.ingest.orders import (
    ISSUE_SCHEMA,
    TIMES,
    check_contract,
    clean_columns,
    mask_orders,
    quarantine,
    type_orders,
)
from hotline12345.flows.ingest.read import RawTable, number_cells, read_table
from hotline12345.flows.ingest.rows import ROW, broken_rows, data_rows
from hotline12345.flows.ingest.text import clean_text
from hotline12345.flows.ingest.values import SIMULATED

_HERE = Path(__file__).parent
CLOCKS_DIFFER = timedelta(days=1)  # how far ahead of this machine's clock a creation time may be
EXACT_DIGITS = 15  # what Excel keeps of a number


@dataclass(frozen=True)
class Prepared:
    """A file made ready for landing; rows_read = orders.height + rows_quarantined + rows_not_data.

    Attributes:
        orders: grain row_number (1-based, as Excel shows it); every canonical column, typed, masked, null when absent.
        quarantine: grain row_number, column_name ("" for the whole row), rule; value_masked, reason, fix in Chinese.
        rows_read: every physical row of the chosen sheet or file.
        rows_not_data: title rows, the header, blank rows, notes, totals.
        rows_quarantined: distinct rows in `quarantine`.
        file_name: masked, without folders.
        content_hash: SHA-256 of the bytes, hex.
        format: xlsx, xls, csv or parquet, by content.
        encoding: Python codec name, text files only.
        sheet: masked name of the chosen sheet, workbooks only.
        header_row: 1-based; 0 for parquet.
        mapping: header in the file → canonical column.
        unmapped: headers that were not loaded.
        has_callback: whether a column says which callbacks were valid; without it the three rates are self-reports.
        newest_at: newest time in `orders` except deadlines, which lie ahead; None without orders.
    """

    orders: pl.DataFrame
    quarantine: pl.DataFrame
    rows_read: int
    rows_not_data: int
    rows_quarantined: int
    file_name: str
    content_hash: str
    format: str
    encoding: str | None
    sheet: str | None
    header_row: int
    mapping: dict[str, str]
    unmapped: list[str]
    has_callback: bool
    newest_at: datetime | None


def prepare(path: Path, key: bytes, mapping: FileMapping | None = None) -> Prepared:
    """Prepare one file.

    Args:
        path: xlsx, xlsm, xls, csv, tsv or parquet, told apart by content.
        key: the site's secret for caller keys.
        mapping: what the user says about headers, sheet, header row, encoding and separator.

    Raises:
        IngestError: E01-E10 for what a user can put right, E99 for a fault of the program; none carries a cell's value.
    """
    try:
        return _prepare(path, key, mapping or FileMapping())
    except IngestError:
        raise
    except Exception as error:
        ours = [frame for frame in traceback.extract_tb(error.__traceback__) if Path(frame.filename).parent == _HERE]
        last = ours[-1]
        place = f"{type(error).__name__}，{Path(last.filename).name} 第 {last.lineno} 行"
        raise IngestError(
            "E99",
            f"文件“{mask_text(path.name)}”导入时程序出错（{place}）。文件未导入，已有数据不受影响；请把本提示告诉维护人员。",
        ) from None


def _prepare(path: Path, key: bytes, mapping: FileMapping) -> Prepared:
    source = detect(path, mapping.encoding)
    sheet = _read(source, mapping)
    typed, unreadable = type_orders(sheet.texts, key, sheet.simulated)
    issues = check_contract(typed, sheet.texts, pl.concat([sheet.issues, unreadable]), now() + CLOCKS_DIFFER)
    orders = mask_orders(_without(typed, issues), _without(sheet.texts, issues))
    return Prepared(
        orders=orders,
        quarantine=quarantine(issues, sheet.texts),
        rows_read=sheet.rows_read,
        rows_not_data=sheet.rows_not_data,
        rows_quarantined=issues[ROW].n_unique(),
        file_name=source.name,
        content_hash=source.content_hash,
        format=source.format,
        encoding=source.encoding,
        sheet=sheet.name,
        header_row=sheet.header_row,
        mapping=sheet.mapping,
        unmapped=sheet.unmapped,
        has_callback="is_valid_callback" in sheet.texts.columns,
        newest_at=_newest(orders),
    )


def _newest(orders: pl.DataFrame) -> datetime | None:
    times = orders.select(pl.max_horizontal(pl.col(name).max() for name in TIMES if name != "due_at"))
    newest: datetime | None = times.item()
    return newest


def _without(frame: pl.DataFrame, issues: pl.DataFrame) -> pl.DataFrame:
    return frame.filter(~pl.col(ROW).is_in(issues[ROW].unique().implode()))


@dataclass(frozen=True)
class _Sheet:
    """What is kept of a raw table: its cleaned mapped columns, the rows broken as a whole, and the facts about it."""

    texts: pl.DataFrame
    issues: pl.DataFrame
    rows_read: int
    rows_not_data: int
    name: str | None
    header_row: int
    mapping: dict[str, str]
    unmapped: list[str]
    simulated: bool


def _read(source: Source, mapping: FileMapping) -> _Sheet:
    table = read_table(source, mapping)
    resolved = _resolve(table, mapping)
    rows = data_rows(table, resolved.columns["order_id"])
    broken = broken_rows(rows).select(ROW, column_name=pl.lit(""), value="value", rule="rule")
    texts = clean_columns(_without(rows, broken), resolved.columns)
    names = display_names(table.headers)
    return _Sheet(
        texts=texts,
        issues=pl.concat([broken, _rounded_ids(source, table, texts, resolved)]),
        rows_read=table.frame.height,
        rows_not_data=table.frame.height - rows.height,
        name=None if table.sheet is None else mask_text(table.sheet),
        header_row=table.header_row,
        mapping={names[index]: column for column, index in sorted(resolved.columns.items(), key=lambda item: item[1])},
        unmapped=[names[index] for index in resolved.unmapped if table.headers[index] or _holds_anything(rows, index)],
        simulated=_says_simulated(source, table),
    )


def _resolve(table: RawTable, mapping: FileMapping) -> Resolved:
    """Map the headers; two for one column are no conflict when one says nothing that the other does not."""
    below = table.frame.slice(table.header_row)

    def adds_nothing(index: int, other: int) -> bool:
        pair = pl.DataFrame([clean_text(below[str(i)]).alias(name) for i, name in ((index, "one"), (other, "two"))])
        return pair.filter(pl.col("two").is_not_null() & pl.col("one").ne_missing(pl.col("two"))).is_empty()

    return resolve(table.headers, mapping, table.where, adds_nothing)


def _holds_anything(rows: pl.DataFrame, index: int) -> bool:
    return bool((rows[str(index)].fill_null("") != "").any())


def _says_simulated(source: Source, table: RawTable) -> bool:
    """Whether the file name, the sheet name or a row above the header says 模拟数据."""
    above = table.frame.head(max(table.header_row - 1, 0)).rows()
    said = [source.path.name, table.sheet or "", *(cell for row in above for cell in row if cell)]
    return any(SIMULATED in text for text in said)


def _rounded_ids(source: Source, table: RawTable, texts: pl.DataFrame, resolved: Resolved) -> pl.DataFrame:
    """Ids that a workbook stores as numbers too long for a number: their last digits are not the real ones."""
    issues = [pl.DataFrame(schema=ISSUE_SCHEMA)]
    for name in ("order_id", "case_id"):
        if source.format not in ("xlsx", "xls") or name not in texts.columns:
            continue
        long = texts.filter(pl.col(name).str.contains(f"^[0-9]{{{EXACT_DIGITS + 1},}}$"))
        if long.is_empty():
            continue
        numbers = number_cells(source, table, resolved.columns[name])
        rounded = long.filter(numbers.gather(long[ROW] - 1))
        issues.append(rounded.select(ROW, column_name=pl.lit(name), value=name, rule=pl.lit("digits_lost")))
    return pl.concat(issues)


__all__ = ["FileMapping", "IngestError", "Prepared", "load_mapping", "prepare"]
