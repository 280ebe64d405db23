"""The seasons of the year as dated data: the site's seasons.csv, or the example that ships with the package."""

import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from hotline12345.sql.landed_frames import replace_table
from hotline12345.sql.reference_tables import ReferenceTableError, read_reference
from hotline12345.sql.rule_layout import STATUSES
from hotline12345.sql.storage import Storage
from hotline12345.sql.warehouse import Connection

NAME = "seasons.csv"
EXAMPLE = Path(__file__).with_name("seeds") / NAME
SEASON_STATUSES = {**STATUSES, "unverified": "未核实"}
SEASON_COLUMNS = pl.Schema(
    [
        *((name, pl.String()) for name in ("season_id", "season_name", "start_day", "end_day", "topic_codes")),
        ("valid_from", pl.Date()),
        ("valid_to", pl.Date()),
        ("status", pl.String()),
        ("source", pl.String()),
    ]
)
REQUIRED = ("season_id", "season_name", "start_day", "end_day", "status", "source")


def seasons_file(storage: Storage) -> Path:
    """The site's seasons.csv, or the example."""
    own = storage.config / NAME
    return own if own.exists() else EXAMPLE


def land_seasons(connection: Connection, storage: Storage) -> None:
    """Replace landed.seasons by the config's table; ReferenceTableError names row, column and what is allowed."""
    table = read_reference(seasons_file(storage), SEASON_COLUMNS, REQUIRED)
    for number, row in enumerate(table.iter_rows(named=True), 2):
        if fault := _fault(row):
            raise ReferenceTableError(f"配置文件 {NAME} 第 {number} 行，{fault}")
    if repeated := table.filter(pl.col("season_id").is_duplicated())["season_id"].to_list():
        raise ReferenceTableError(f"配置文件 {NAME}：season_id“{repeated[0]}”出现多次，每一行须有自己的编号。")
    named = {name: f"season_{name}" for name in ("start_day", "end_day", "topic_codes", "status", "source")}
    replace_table(connection, "landed.seasons", table.rename(named))


def _fault(row: Mapping[str, Any]) -> str | None:
    for name in ("start_day", "end_day"):
        if not _is_day(row[name]):
            return f"列 {name}：“{row[name]}”应为月-日，例如 11-15。跨年的起止照写，如 11-15 至 03-15。"
    if row["status"] not in SEASON_STATUSES:
        allowed = "、".join(f"{name}（{zh}）" for name, zh in SEASON_STATUSES.items())
        return f"列 status：“{row['status']}”应为以下之一：{allowed}。"
    if row["valid_from"] and row["valid_to"] and row["valid_to"] <= row["valid_from"]:
        return "列 valid_to：失效日期应晚于生效日期 valid_from；仍在用的请留空。"
    return None


def _is_day(text: str) -> bool:
    found = re.fullmatch(r"(\d\d)-(\d\d)", text)
    try:
        return bool(found and date(2024, int(found[1]), int(found[2])))
    except ValueError:
        return False
