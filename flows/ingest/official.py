"""Reading an officially published table: which column is which figure, and what every row of the file is."""

import re
import tomllib
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import polars as pl

from hotline12345.flows.ingest.aliases import aliases
from hotline12345.flows.ingest.detect import Source, detect
from hotline12345.flows.ingest.errors import IngestError
from hotline12345.flows.ingest.headers import display_names
from hotline12345.flows.ingest.mapping import FileMapping, normalise_header
from hotline12345.flows.ingest.masking import mask_text
from hotline12345.flows.ingest.official_values import parse_figures, writes_shares
from hotline12345.flows.ingest.opening import guarded
from hotline12345.flows.ingest.read import OVERFLOW, ROW, RawTable, read_table
from hotline12345.flows.ingest.rows import broken_rows
from hotline12345.flows.ingest.text import clean_text
from hotline12345.sql.official import FIGURES, RATES, ROWS

SOURCE = Path(__file__).parents[1] / "official_headers.toml"
UNIT, SUMMARY, NOTE, REFUSED = "unit", "summary", "note", "refused"
MAX_ROWS = 5_000  # a table of units has some hundred rows; a longer file is something else
_UNITS_OF_MEASURE = ("", "%", "(%)", "(百分比)", "(件)", "(个)", "(分)", "(名)", "(位)")
_SUMMARY = re.compile(
    r"^(?:全区|全市|本区|区级|街镇|镇街|街乡镇|区直|区直部门|部门|国企|企业|各?单位|本页|本表)*"
    r"(?:平均|平均值|平均分|均值|汇总|合计|总计|小计|共计|累计|总体|整体)(?:值|数|水平)?[:：]?$|^(?:全区|全市|本区)$"
)
_NOTE = re.compile(r"^(?:备?注|说明|附注|导出|打印|统计|数据来源|截至|截止|报送|口径)[^:：]{0,8}[:：]")
_SIGNED = re.compile(r"^(?:填表|制表|审核|审批|签发|联系人|经办)")  # 审批服务局 with figures is a unit
_REMARK = re.compile(r"^备?注")
_BROKEN = {"unclosed_quote": "引号没有配对", "undecodable": "有无法识别的字符", "extra_cells": "格数多于表头"}


@dataclass(frozen=True)
class OfficialTable:
    """A published table as it was read.

    Attributes:
        file_name: masked, without folders.
        content_hash: SHA-256 of the bytes, hex.
        columns: figure (or unit_name, sequence) → header in the file.
        unread: headers that were not read.
        shares: rate → whether its column writes shares (0.991), not percentages.
        rows: every row below the header that is not blank; `sql.official.ROWS`. Names of unknown units are masked, a
            note's text is left out: a name in it stands without a cue, and so no mask is certain to find it.
        empty_formulas: row number and header of the cells that were read whose formula holds no result.
    """

    file_name: str
    content_hash: str
    columns: Mapping[str, str]
    unread: tuple[str, ...]
    shares: Mapping[str, bool]
    rows: pl.DataFrame
    empty_formulas: tuple[tuple[int, str], ...]

    def of_kind(self, kind: str) -> pl.DataFrame:
        """The rows of one kind: unit, summary, note or refused."""
        return self.rows.filter(pl.col("row_kind") == kind)


@cache
def official_aliases() -> Mapping[str, tuple[str, int]]:
    """Normalised header → (column, how early its alias stands in the file)."""
    listed = tomllib.loads(SOURCE.read_text(encoding="utf-8"))["columns"]
    return {
        normalise_header(alias + unit): (column, place)
        for column, names in listed.items()
        for place, alias in enumerate(names)
        for unit in _UNITS_OF_MEASURE
    }


def open_official(path: Path, known_units: Collection[str]) -> OfficialTable:
    """Read a published table.

    Args:
        path: xlsx, xls, csv or parquet, told apart by content.
        known_units: names of units; a row that holds nothing but one of them is a unit without figures, not a heading.
            They are kept as they are written, any other name is masked.

    Raises:
        IngestError: E01-E06 when the file is no such table, E99 for a fault of the program; none carries a cell's value.
    """
    return guarded(path, lambda: _open(path, known_units))


def _open(path: Path, known_units: Collection[str]) -> OfficialTable:
    source = detect(path)
    try:
        table = read_table(source, FileMapping(known=frozenset(official_aliases())))
    except IngestError as error:
        raise _no_table(source) if error.code == "E06" else error from None
    if _is_export(table.headers):
        raise _export(source)
    places = _places(table)
    if "unit_name" not in places or not places.keys() & FIGURES.keys():
        raise _no_table(source)
    rows = _below(table, source)
    names = display_names(table.headers)
    columns = {column: names[index] for column, index in places.items()}
    shares = {name: writes_shares(rows[str(places[name])]) for name in RATES if name in places}
    found = list(_rows(rows, places, shares, known_units))
    below = {*rows[ROW]}
    return OfficialTable(
        file_name=source.name,
        content_hash=source.content_hash,
        columns=columns,
        unread=tuple(name for index, name in enumerate(names) if index not in places.values() and table.headers[index]),
        shares=shares,
        rows=pl.DataFrame(found, schema=ROWS),
        empty_formulas=tuple(
            (row, names[index]) for row, index in table.empty_formulas() if row in below and index in places.values()
        ),
    )


def _is_export(headers: Iterable[str | None]) -> bool:
    """Whether it is a list of orders: it names each order, and when it came in or what it is about."""
    known, keys = aliases(), {normalise_header(header or "") for header in headers}
    found = {known.columns.get(key) for key in keys}
    return "order_id" in found and bool({"created_at", "body"} & (found | {known.fallback.get(key) for key in keys}))


def _export(source: Source) -> IngestError:
    return IngestError(
        "E06",
        f"文件“{source.name}”是工单明细（表头中有工单编号和创建时间或主要内容），不是通报表。"
        "通报表一行一个单位；工单明细用 hotline run 导入。",
    )


def _no_table(source: Source) -> IngestError:
    return IngestError(
        "E06",
        f"文件“{source.name}”中没有找到通报表：前 20 行中须有一行表头，含“承办单位”（或 单位、街镇）和至少一列"
        "数字（受理量、有效回访、响应率、解决率、满意率、综合成绩、排名 等）。请核对是否选错了文件；工单明细用 hotline run 导入。",
    )


def _places(table: RawTable) -> dict[str, int]:
    """Column → index in the file; of several headers for one column, the name that the alias list prefers."""
    found: dict[str, tuple[int, int]] = {}
    for index, header in enumerate(table.headers):
        column, place = official_aliases().get(normalise_header(header or ""), ("", 0))
        if column:
            found[column] = min(found.get(column, (place, index)), (place, index))
    return {column: index for column, (_, index) in found.items()}


def _below(table: RawTable, source: Source) -> pl.DataFrame:
    """The rows below the header, cleaned, with `refusal`: why a row cannot be read cell by cell."""
    below = pl.concat([table.below_headers(chunk) for chunk in table.chunks()], how="diagonal")
    if below.height > MAX_ROWS:
        raise IngestError(
            "E06", f"文件“{source.name}”有 {below.height:,} 行，通报表不会超过 {MAX_ROWS:,} 行。请核对是否选错了文件。"
        )
    broken = broken_rows(below).select(ROW, pl.col("rule").replace_strict(_BROKEN).alias("refusal"))
    cells = [clean_text(below[name]).alias(name) for name in below.columns if name not in (ROW, OVERFLOW)]
    return pl.DataFrame([below[ROW], *cells]).join(broken, on=ROW, how="left", maintain_order="left")


@dataclass(frozen=True)
class _Line:
    """A row as its kind is told: its filled cells, its unit (a known one?), whether it has cells and figures to read."""

    filled: list[str]
    name: str | None
    is_known: bool
    has_cells: bool
    has_figures: bool


def _rows(
    rows: pl.DataFrame, places: Mapping[str, int], shares: Mapping[str, bool], known_units: Collection[str]
) -> Iterator[dict[str, Any]]:
    units: dict[str, int] = {}
    figures_of = {name: str(index) for name, index in places.items() if name in FIGURES}
    for row in rows.iter_rows(named=True):
        filled = [text for name, text in row.items() if name not in (ROW, "refusal") and text]
        if not filled:
            continue
        name = row[str(places["unit_name"])]
        cells = {figure: row[place] for figure, place in figures_of.items()}
        figures, wrong = parse_figures(cells, shares)
        read = any(figure is not None for figure in figures.values())
        line = _Line(filled, name, name in known_units, any(cells.values()), read)
        kind, reason = (REFUSED, row["refusal"]) if row["refusal"] else _kind(line)
        kept = _kept_name(kind, line)
        if kind == UNIT and wrong:
            kind, reason = REFUSED, "；".join(wrong)
        if kind == UNIT and kept in units:
            kind, reason = REFUSED, f"与第 {units[kept]} 行是同一单位"
        if kind == UNIT and kept:
            units[kept] = row[ROW]
        yield {
            **(figures if kind in (UNIT, SUMMARY) else dict.fromkeys(FIGURES)),
            **{"row_number": row[ROW], "row_kind": kind, "row_reason": reason},
            "unit_name": None if row["refusal"] else kept,
        }


def _kind(line: _Line) -> tuple[str, str | None]:
    """What a row is, and why it is no unit."""
    if _summary(line):
        return SUMMARY, "汇总行，不是单位"
    if not line.is_known and any(_is_note(text, line.has_figures) for text in (line.filled[0], line.name)):
        return NOTE, "备注行" if _REMARK.match(line.filled[0]) else "说明行"
    if not line.has_cells and not line.name:
        return NOTE, "说明行"
    if official_aliases().get(normalise_header(line.name or ""), ("",))[0] == "unit_name":
        return NOTE, "重复的表头"
    if not line.name:
        return REFUSED, "没有单位名称"
    if not line.has_cells and len(line.filled) == 1 and not line.is_known:
        return NOTE, "小标题或说明，没有数字"
    return UNIT, None


def _is_note(text: str | None, has_figures: bool) -> bool:
    plain = (text or "").replace(" ", "")
    return bool(_NOTE.match(plain) or (not has_figures and _SIGNED.match(plain)))


def _summary(line: _Line) -> str | None:
    """What a row of totals is called; None for any other row."""
    texts = (text.replace(" ", "") for text in (line.filled[0], line.name or ""))
    return next((text for text in texts if _SUMMARY.match(text)), None)


def _kept_name(kind: str, line: _Line) -> str | None:
    """The name of a unit, masked where nobody knows it; what a summary is called; nothing of a note."""
    if kind == SUMMARY:
        return _summary(line)
    if kind == NOTE or not line.name:
        return None
    return line.name if line.is_known else mask_text(line.name)
