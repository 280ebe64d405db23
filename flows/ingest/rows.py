"""Which rows are no orders (blank, title, total, note, repeated header), and which are broken as a whole."""

import polars as pl

from hotline12345.flows.ingest.decoding import UNDECODED
from hotline12345.flows.ingest.delimited import OVERFLOW, UNCLOSED
from hotline12345.flows.ingest.read import ROW, RawTable
from hotline12345.flows.ingest.text import clean_text

_TOTAL = (
    r"^(?:本页|本表)?(?:合\s*计|总\s*计|小\s*计|共\s*计|累\s*计|汇\s*总)(?:\s*[(（][^)）]{1,4}[)）])?"
    r"\s*[:：]?\s*(?:[0-9][0-9,.]*\s*[件条宗单个]?)?[。.]?$"
)
_TOTAL_TEXTS = 3  # cells with Chinese text that a totals row holds at most
_NOTE = r"^(?:备?注|说明|附注|填表|制表|审核|导出|打印|统计|数据来源|截至|截止|报送)[^:：]{0,6}[:：]"


def data_rows(chunk: pl.DataFrame, table: RawTable, id_column: int) -> pl.DataFrame:
    """The rows of a chunk below the header that are meant as orders, broken ones included.

    Args:
        chunk: from `table.chunks()`.
        id_column: index of the column that every order fills and that holds digits: the id, or the creation time.
    """
    below = table.below_headers(chunk)
    order_id = pl.col(str(id_column))
    doubtful = below.filter(order_id.is_null() | ~order_id.str.contains("[0-9]{3}") | order_id.str.contains(r"\p{Han}"))
    return below.join(_not_data(doubtful, table, id_column), on=ROW, how="anti", maintain_order="left")


def _not_data(rows: pl.DataFrame, table: RawTable, id_column: int) -> pl.DataFrame:
    """Row numbers of blank rows, totals, notes and repeated headers among rows without a usual id."""
    cells = [column for column in rows.columns if column not in (ROW, OVERFLOW)]
    clean = rows.select(ROW, *(clean_text(rows[column]).alias(column) for column in cells))
    filled = pl.sum_horizontal(pl.col(column).is_not_null() for column in cells)
    texts = pl.sum_horizontal(pl.col(column).str.contains(r"\p{Han}") for column in cells)
    first = pl.coalesce(cells)
    is_first = pl.col(str(id_column)).is_null() | (pl.col(str(id_column)) == first)
    headers = clean_text(pl.Series(table.headers, dtype=pl.String)).to_list()
    repeated = pl.sum_horizontal(
        pl.col(column) == header for column, header in zip(cells, headers, strict=True) if header
    )
    said = pl.col(str(id_column)).is_null() | pl.col(str(id_column)).str.contains(r"\p{Han}")
    no_order = (
        (filled == 0)
        | (is_first & (texts <= _TOTAL_TEXTS) & first.str.contains(_TOTAL))
        | (is_first & (filled <= 3) & first.str.contains(_NOTE))
        | ((filled == 1) & said & first.str.contains(r"\p{Han}"))
        | (repeated >= 2)
    )
    fits = rows[OVERFLOW].is_null() if OVERFLOW in rows.columns else pl.Series([True]).new_from_index(0, rows.height)
    return clean.filter(no_order & fits).select(ROW)


def broken_rows(rows: pl.DataFrame) -> pl.DataFrame:
    """Rows that cannot be read cell by cell: row_number, value (how many cells too many), rule; at most one per row.

    No text of such a row is shown, because what it holds cannot be told and so not be masked with certainty.
    """
    cells = [column for column in rows.columns if column != ROW]
    undecodable = pl.any_horizontal(pl.col(column).str.contains(UNDECODED, literal=True) for column in cells)
    spilt = pl.col(OVERFLOW) if OVERFLOW in cells else pl.lit(None, dtype=pl.String)
    unclosed = (spilt == UNCLOSED).fill_null(False)
    rule = (
        pl.when(unclosed).then(pl.lit("unclosed_quote"))
        .when(undecodable.fill_null(False)).then(pl.lit("undecodable"))
        .when(spilt.is_not_null()).then(pl.lit("extra_cells"))
    )  # fmt: skip
    too_many = pl.when(pl.col("rule") == "extra_cells").then(pl.format("多出 {} 格", "spilt"))
    found = rows.lazy().select(ROW, spilt=spilt, rule=rule).filter(pl.col("rule").is_not_null())
    return found.select(ROW, too_many.alias("value"), "rule").collect()


__all__ = ["ROW", "broken_rows", "data_rows"]
