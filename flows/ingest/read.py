"""Read a detected file as one table of strings: every physical row, the header row found, nothing dropped."""

from collections.abc import Sequence
from dataclasses import dataclass

import fastexcel
import polars as pl

from hotline12345.flows.ingest.delimited import OVERFLOW, SEPARATORS, head, read_delimited
from hotline12345.flows.ingest.detect import Source
from hotline12345.flows.ingest.errors import IngestError
from hotline12345.flows.ingest.headers import HEADER_SEARCH_ROWS, MIN_KNOWN_HEADERS, find_header
from hotline12345.flows.ingest.mapping import FileMapping
from hotline12345.flows.ingest.masking import mask_text


@dataclass(frozen=True)
class RawTable:
    """All physical rows of one sheet or file as strings.

    Attributes:
        frame: columns "0", "1", … (a text table also has `overflow`); frame row i is file row i + 1.
        headers: the header row's cells.
        header_row: 1-based row of the header; 0 for parquet, whose header is no row.
        sheet: name of the chosen sheet, workbooks only.
        where: file, sheet and header row in Chinese, for messages.
    """

    frame: pl.DataFrame
    headers: list[str | None]
    header_row: int
    sheet: str | None
    where: str


def read_table(source: Source, mapping: FileMapping) -> RawTable:
    """Read a file.

    Raises:
        IngestError: E04 a workbook or parquet that cannot be opened, E06 no header row or no such sheet.
    """
    if source.format == "parquet":
        return _read_parquet(source)
    if source.format == "csv":
        return _read_text(source, mapping)
    return _read_workbook(source, mapping)


def _read_parquet(source: Source) -> RawTable:
    try:
        frame = pl.read_parquet(source.path)
    except (pl.exceptions.PolarsError, OSError):
        raise IngestError("E04", f"文件“{source.name}”已损坏或没有复制完整，无法打开。请重新导出后再导入。") from None
    texts = frame.select(_as_text(name, dtype).alias(str(i)) for i, (name, dtype) in enumerate(frame.schema.items()))
    return RawTable(texts, list(frame.columns), 0, None, f"文件“{source.name}”")


def _as_text(name: str, dtype: pl.DataType) -> pl.Expr:
    column = pl.col(name)
    if isinstance(dtype, pl.Datetime):
        local = column.dt.convert_time_zone("Asia/Shanghai") if dtype.time_zone else column
        return local.dt.strftime("%Y-%m-%d %H:%M:%S")
    if dtype.is_float():
        whole = (column == column.round(0)) & (column.abs() < 2**53)
        return (
            pl.when(whole).then(column.cast(pl.Int64, strict=False).cast(pl.String)).otherwise(column.cast(pl.String))
        )
    if dtype.is_nested() or dtype in (pl.Binary, pl.Object):
        return pl.lit(None, dtype=pl.String)
    return column.cast(pl.String)


def _read_text(source: Source, mapping: FileMapping) -> RawTable:
    encoding = source.encoding or "utf-8"
    separators = SEPARATORS if mapping.separator is None else (mapping.separator,)
    best, rows, header = -1, [[""]], 0
    separator = separators[0]
    for candidate in separators:
        first_rows = head(source.path, encoding, candidate, max(HEADER_SEARCH_ROWS, mapping.header_row or 0))
        index, known = find_header(first_rows, mapping)
        if known > best:
            best, rows, header, separator = known, first_rows, index, candidate
    headers = _checked_header(source, rows, header, best, mapping)
    frame = read_delimited(source.path, encoding, separator, len(headers), header)
    return RawTable(frame, headers, header + 1, None, f"文件“{source.name}”第 {header + 1} 行表头")


def _read_workbook(source: Source, mapping: FileMapping) -> RawTable:
    workbook = _open(source)
    names = workbook.sheet_names
    if mapping.sheet is not None and mapping.sheet not in names:
        listed = "、".join(mask_text(name) for name in names)
        raise IngestError("E06", f"文件“{source.name}”中没有映射文件写明的工作表。文件中的工作表：{listed}。")
    best: tuple[int, int] = (-1, -1)
    chosen, sheet, header = pl.DataFrame(), "", 0
    for name in names if mapping.sheet is None else [mapping.sheet]:
        frame = _load(source, workbook, name)
        index, known = find_header(_first_rows(frame, mapping), mapping)
        if (known, frame.height) > best:
            best, chosen, sheet, header = (known, frame.height), frame, name, index
    headers = _checked_header(source, _first_rows(chosen, mapping), header, best[0], mapping)
    where = f"文件“{source.name}”工作表“{mask_text(sheet)}”第 {header + 1} 行表头"
    return RawTable(chosen, headers, header + 1, sheet, where)


def number_cells(source: Source, table: RawTable, column: int) -> pl.Series:
    """For each row of a workbook, whether the cell is a number (and not text that looks like one)."""
    sheet = _open(source).load_sheet(
        table.sheet or 0, header_row=None, skip_rows=0, use_columns=[column], dtypes="boolean"
    )
    return sheet.to_polars().to_series().is_not_null()


def _open(source: Source) -> fastexcel.ExcelReader:
    try:
        return fastexcel.read_excel(source.path.read_bytes())
    except BaseException as error:  # the Excel parser panics on some damaged files, which is no Exception
        raise _unreadable(source, error) from None


def _load(source: Source, workbook: fastexcel.ExcelReader, name: str) -> pl.DataFrame:
    try:
        frame = workbook.load_sheet(name, header_row=None, skip_rows=0, dtypes="string").to_polars()
    except BaseException as error:
        raise _unreadable(source, error) from None
    return frame.rename({column: str(i) for i, column in enumerate(frame.columns)})


def _unreadable(source: Source, error: BaseException) -> BaseException:
    if isinstance(error, KeyboardInterrupt | SystemExit | MemoryError):
        return error
    return IngestError(
        "E04",
        f"文件“{source.name}”无法作为 Excel 打开：文件已损坏、没有复制完整，或设有密码。"
        "请在 Excel 或 WPS 中打开它，另存为 .xlsx 后再导入。",
    )


def _first_rows(frame: pl.DataFrame, mapping: FileMapping) -> list[tuple[str | None, ...]]:
    return frame.head(max(HEADER_SEARCH_ROWS, mapping.header_row or 0)).rows()


def _checked_header(
    source: Source, rows: Sequence[Sequence[str | None]], header: int, known: int, mapping: FileMapping
) -> list[str | None]:
    if header >= len(rows) or (known < MIN_KNOWN_HEADERS and mapping.header_row is None):
        raise IngestError(
            "E06",
            f"在文件“{source.name}”的前 {HEADER_SEARCH_ROWS} 行中没有找到工单表的表头。"
            "表头须有“工单编号”“创建时间”等列名（常见的其他叫法也能识别）。\n"
            "如果列名不同，请写映射文件并加上 --mapping 再次导入，例如：\n"
            '[columns]\n"文件中的列名" = "order_id"\n"文件中的另一列名" = "created_at"\n[file]\nheader_row = 3',
        )
    return list(rows[header])


__all__ = ["OVERFLOW", "RawTable", "number_cells", "read_table"]
