"""Deadlines of applications for 剔除 and 挂账 as dated data: the site's appeal_deadlines.csv, or the example of the package."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import polars as pl

from hotline12345.sql.landed_frames import replace_table
from hotline12345.sql.reference_tables import ReferenceTableError, read_reference
from hotline12345.sql.rule_layout import STATUSES
from hotline12345.sql.storage import Storage
from hotline12345.sql.time_limits import CLOCKS
from hotline12345.sql.warehouse import Connection

NAME = "appeal_deadlines.csv"
EXAMPLE = Path(__file__).with_name("seeds") / NAME
KINDS = ("剔除", "挂账")
AFTER = ("创建", "派单", "办结", "申报", "受理", "通过")
UNTIL = ("申报", "材料齐全", "受理", "结果", "销账")
MOST_DAYS = 3650
DEADLINE_COLUMNS = pl.Schema(
    [
        *(
            (name, pl.String())
            for name in ("deadline_id", "appeal_kind", "deadline_name", "after_event", "until_event")
        ),
        ("days", pl.Int64()),
        ("clock", pl.String()),
        ("valid_from", pl.Date()),
        ("valid_to", pl.Date()),
        ("status", pl.String()),
        ("source", pl.String()),
    ]
)
REQUIRED = tuple(name for name in DEADLINE_COLUMNS.names() if name not in ("valid_from", "valid_to"))
_CHOICES = {"appeal_kind": KINDS, "after_event": AFTER, "until_event": UNTIL, "clock": CLOCKS, "status": STATUSES}


def appeal_deadlines_file(storage: Storage) -> Path:
    """The site's appeal_deadlines.csv, or the example."""
    own = storage.config / NAME
    return own if own.exists() else EXAMPLE


def land_appeal_deadlines(connection: Connection, storage: Storage) -> None:
    """Replace landed.appeal_deadlines by the config's table; ReferenceTableError names row, column and what is allowed."""
    table = read_reference(appeal_deadlines_file(storage), DEADLINE_COLUMNS, REQUIRED)
    for number, row in enumerate(table.iter_rows(named=True), 2):
        if fault := _fault(row):
            raise ReferenceTableError(f"配置文件 {NAME} 第 {number} 行{fault}")
    if repeated := table.filter(pl.col("deadline_id").is_duplicated())["deadline_id"].to_list():
        raise ReferenceTableError(f"配置文件 {NAME}：deadline_id“{repeated[0]}”出现多次，每个期限须有自己的编号。")
    names = {name: f"deadline_{name}" for name in ("days", "clock", "status", "source")}
    replace_table(connection, "landed.appeal_deadlines", table.rename(names))


def _fault(row: Mapping[str, Any]) -> str | None:
    for name, allowed in _CHOICES.items():
        if row[name] not in allowed:
            return f"，列 {name}：“{row[name]}”应为 {'、'.join(allowed)} 之一。"
    if not 0 <= row["days"] <= MOST_DAYS:
        return f"，列 days：应为 0 到 {MOST_DAYS} 的天数。"
    if row["until_event"] == "销账" and row["appeal_kind"] != "挂账":
        return "，列 until_event：只有挂账才有销账。"
    if row["valid_from"] and row["valid_to"] and row["valid_to"] <= row["valid_from"]:
        return "：失效日期 valid_to 不晚于生效日期 valid_from；失效日期当天起不再有效，仍在用的请留空。"
    return None
