"""Reading the site's config tables as an office saves them: UTF-8 or GB18030, dates as Excel writes them."""

import io
from collections.abc import Sequence
from pathlib import Path

import polars as pl

UNIT_COLUMNS = pl.Schema(
    {
        "unit_id": pl.String,
        "unit_name": pl.String,
        "unit_group": pl.String,
        "aliases": pl.String,
        "terrain": pl.String,
        "population": pl.Int64,
        "population_year": pl.Int64,
        "valid_from": pl.Date,
        "valid_to": pl.Date,
    }
)
TOPIC_COLUMNS = pl.Schema(
    {
        "taxonomy_id": pl.String,
        "topic_code": pl.String,
        "topic_name": pl.String,
        "parent_code": pl.String,
        "level": pl.Int32,
        "seven_five_primary": pl.String,
        "seven_five_secondary": pl.String,
        "valid_from": pl.Date,
        "valid_to": pl.Date,
    }
)
CHANNEL_COLUMNS = pl.Schema(
    [
        ("channel", pl.String()),
        ("channel_group", pl.String()),
        ("aliases", pl.String()),
        ("valid_from", pl.Date()),
        ("valid_to", pl.Date()),
    ]
)
FREEZE_COLUMNS = pl.Schema(
    [
        ("rule_id", pl.String()),
        ("period_id", pl.String()),
        ("frozen_at", pl.Datetime("us")),
        ("kind", pl.String()),
        ("source", pl.String()),
    ]
)
DATES = ("%Y-%m-%d", "%Y/%m/%d")
TIMES = tuple(f"{day}{clock}" for day in DATES for clock in (" %H:%M:%S", " %H:%M"))


class ReferenceTableError(Exception):
    """A config table is wrong; the Chinese message names file, row and column, and what is allowed."""


def read_reference(path: Path, columns: pl.Schema, required: Sequence[str]) -> pl.DataFrame:
    """One config table as typed columns; an absent file is an empty table, an absent optional column is null.

    Raises ReferenceTableError for a missing, empty or repeated column and for a cell of another type.
    """
    if not path.exists():
        return pl.DataFrame(schema=columns)
    frame = _cells(path)
    if missing := [name for name in required if name not in frame.columns]:
        raise ReferenceTableError(f"配置文件 {path.name} 缺少列：{'、'.join(missing)}。表头和各列须以英文逗号分隔。")
    if twice := [name for name in columns if f"{name}_duplicated_0" in frame.columns]:  # as polars names the second
        raise ReferenceTableError(f"配置文件 {path.name} 有两列都叫“{twice[0]}”。请只留一列。")
    present = [name for name in columns if name in frame.columns]
    texts = frame.select(pl.col(name).str.strip_chars().replace("", None) for name in present)
    texts = texts.filter(pl.any_horizontal(pl.all().is_not_null()))
    typed = texts.select(_typed(name, columns[name]) for name in present)
    for name in present:
        wrong = typed[name].is_null() if name in required else typed[name].is_null() & texts[name].is_not_null()
        if wrong.any():
            row = int(wrong.arg_true()[0])
            raise ReferenceTableError(_complaint(path, name, row, texts[name][row], columns[name]))
    absent = [pl.lit(None, dtype=dtype).alias(name) for name, dtype in columns.items() if name not in present]
    return typed.with_columns(absent).select(columns.names())


def _cells(path: Path) -> pl.DataFrame:
    content = path.read_bytes()
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("gb18030", errors="replace")
    try:
        return pl.read_csv(io.StringIO(text), infer_schema=False)
    except pl.exceptions.PolarsError:
        raise ReferenceTableError(f"配置文件 {path.name} 无法读取：须为各行列数相同、以英文逗号分隔的 CSV。") from None


def _typed(name: str, dtype: pl.DataType) -> pl.Expr:
    column = pl.col(name)
    if isinstance(dtype, pl.Datetime):
        dates = [column.str.to_date(form, strict=False).cast(dtype) for form in DATES]
        return pl.coalesce(*(column.str.to_datetime(form, strict=False) for form in TIMES), *dates).alias(name)
    if dtype == pl.Date:
        return pl.coalesce(column.str.to_date(form, strict=False) for form in DATES).alias(name)
    return column.cast(dtype, strict=False)


def _complaint(path: Path, name: str, row: int, cell: str | None, dtype: pl.DataType) -> str:
    where = f"配置文件 {path.name} 第 {row + 2} 行，列 {name}"
    if cell is None:
        return f"{where}：不能为空。"
    if isinstance(dtype, pl.Datetime) or dtype == pl.Date:
        return f"{where}：无法识别“{cell}”。日期写作 2025-01-31 或 2025/1/31，时间写作 2025-01-31 18:00。"
    kind = "数字" if dtype == pl.Float64 else f"不超过 {2**31 - 1} 的整数" if dtype == pl.Int32 else "整数"
    return f"{where}：“{cell}”应为{kind}。"
