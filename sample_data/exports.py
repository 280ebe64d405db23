"""The committed exports: four files as they arrive at a hotline centre, dirt included."""

import csv
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np
import polars as pl

from hotline12345.sample_data import dirt as planted
from hotline12345.sample_data.dirt import Dirt
from hotline12345.sample_data.generate import DEFAULT_SEED, make_orders, order_chunks
from hotline12345.sample_data.orders import COLUMNS
from hotline12345.sample_data.paths import FILE_NAMES
from hotline12345.sample_data.workbook import Cell, Row, write_xlsx
from hotline12345.sample_data.world import BASE_ORDERS, FIRST_DAY

# first and last moment of creation, moment of export
_WINDOWS = (
    ("2024-10-01 00:00:00", "2026-07-01 00:00:00", "2026-07-01 08:00:00"),
    ("2026-07-01 00:00:00", "2026-09-01 00:00:00", "2026-09-01 08:00:00"),
    ("2026-09-01 00:00:00", "2026-09-28 18:00:00", "2026-09-28 18:00:00"),
)
_UNCHANGED_REPEATS = 150
_HEADERS: tuple[dict[str, str], ...] = (
    {},
    {
        "工单编号": "诉求编号", "主要内容": "诉求内容", "创建时间": "来电时间", "处理结果": "办理结果",
        "办结时间": "结案时间", "所在村社区": "村社区", "二级承办单位简称": "承办单位", "来电人电话/账号": "联系电话",
    },
    {
        "工单编号": "工单号", "工单类型": "诉求类型", "主要内容": "反映内容", "创建时间": "受理时间",
        "处理结果": "处理情况", "被反映街乡镇": "街乡镇", "小区点位": "点位", "二级承办单位简称": "主办单位",
        "一级分类": "问题分类",
    },
    {"处理结果": "办理结果", "创建时间": "登记时间", "是否满意": "满意度"},
)  # fmt: skip
_ONE_COLUMN_PATH = 2  # the file that writes the three levels as 一级->二级->三级
_LONG_ROW = 5  # this row of the .csv is longer than its header
_TITLE = "示例区12345热线工单导出表（模拟数据）"
_NOTES: tuple[Row, ...] = (
    ("本文件由程序生成，全部为模拟数据，不对应任何真实人员、单位和地点。",),
    ("导出口径：全部工单，含剔除。",),
)
_SERIAL = re.compile(r"\d{5}\.\d{6}")


@dataclass(frozen=True)
class Table:
    """One file before it is written: its rows in the canonical columns, clean and as damaged, and the damage."""

    clean: pl.DataFrame
    frame: pl.DataFrame
    dirt: list[Dirt]


def make_tables(seed: int = DEFAULT_SEED) -> list[Table]:
    """The contents of the four files in loading order."""
    [orders] = order_chunks(BASE_ORDERS, seed)
    rng = np.random.default_rng([seed, 5])
    bases = [numeric_ids(orders.as_of(_second(end))).filter(_created(first, last)) for first, last, end in _WINDOWS]
    latest = numeric_ids(make_orders(BASE_ORDERS, seed)[0])
    exports = [*bases, _later_export(pl.concat(bases), latest, rng)]
    return [Table(clean, *planted.plant(clean, number, rng)) for number, clean in enumerate(exports)]


def write_tables(folder: Path, tables: Sequence[Table]) -> list[Path]:
    """Write each table in the format and with the header of its file."""
    paths = [folder / name for name in FILE_NAMES]
    for number, (path, table) in enumerate(zip(paths, tables, strict=True)):
        header, rows = _layout(table.frame, number)
        _WRITERS[path.suffix](path, header, rows)
    return paths


def numeric_ids(frame: pl.DataFrame) -> pl.DataFrame:
    """Some orders of the first days carry ids without letters, as an older system gave them."""
    number = pl.col("工单编号").str.strip_prefix("SL")
    old = (pl.col("创建时间") < planted.NUMERIC_IDS_UNTIL) & number.str.ends_with("7")
    return frame.with_columns(pl.when(old).then(number).otherwise("工单编号").alias("工单编号"))


def _second(moment: str) -> int:
    start = datetime.combine(FIRST_DAY, datetime.min.time())
    return int((datetime.fromisoformat(moment) - start).total_seconds())


def _created(first: str, last: str) -> pl.Expr:
    return pl.col("创建时间").is_between(pl.lit(first), pl.lit(last), closed="left")


def _later_export(before: pl.DataFrame, latest: pl.DataFrame, rng: np.random.Generator) -> pl.DataFrame:
    """Everything that changed since the earlier exports, some rows that did not, and the newest orders."""
    unchanged = latest.join(before, on=list(COLUMNS), how="semi", nulls_equal=True)["工单编号"]
    repeated = unchanged.gather(np.sort(rng.choice(len(unchanged), _UNCHANGED_REPEATS, replace=False)))
    left_out = unchanged.filter(~unchanged.is_in(repeated.implode()))
    return latest.filter(~pl.col("工单编号").is_in(left_out.implode()))


def _layout(frame: pl.DataFrame, number: int) -> tuple[list[str], Iterable[Row]]:
    """Header and rows of a file, with the totals row that ends it."""
    if number == _ONE_COLUMN_PATH:
        path = pl.concat_str(["一级分类", "二级分类", "三级分类"], separator="->")
        frame = frame.with_columns(path.alias("一级分类")).drop("二级分类", "三级分类")
    total: dict[str, Cell] = {"工单编号": "合计", "标题": f"{frame.height}件"}
    rows = [*frame.iter_rows(), tuple(total.get(column) for column in frame.columns)]
    return [_HEADERS[number].get(column, column) for column in frame.columns], rows


def _write_xlsx(path: Path, header: list[str], rows: Iterable[Row]) -> None:
    cells = ([_excel_value(value) for value in row] for row in rows)
    write_xlsx(path, {"工单": [(_TITLE,), header, *cells], "说明": _NOTES})


def _write_xls(path: Path, header: list[str], rows: Iterable[Row]) -> None:
    import xlwt  # noqa: PLC0415  only whoever makes the sample needs it

    book = xlwt.Workbook(encoding="utf-8")
    sheet = book.add_sheet("工单")
    for r, row in enumerate([(_TITLE,), header, *rows]):
        for c, value in enumerate(row):
            if value is not None:
                sheet.write(r, c, _excel_value(value))
    book.save(str(path))


def _write_csv(path: Path, header: list[str], rows: Iterable[Row]) -> None:
    """GB18030 with a title line, a column without a name, and one row longer than the header."""
    with path.open("w", encoding="gb18030", newline="") as file:
        writer = csv.writer(file)
        writer.writerow([_TITLE])
        writer.writerow([*header, ""])
        for number, row in enumerate(rows):
            writer.writerow([*row, "", "多余内容"] if number == _LONG_ROW else [*row, ""])


def _excel_value(value: Cell) -> Cell:
    """Dates that Excel turned into serial numbers are numbers in its files."""
    return float(value) if isinstance(value, str) and _SERIAL.fullmatch(value) else value


_WRITERS = {".xlsx": _write_xlsx, ".xls": _write_xls, ".csv": _write_csv}
