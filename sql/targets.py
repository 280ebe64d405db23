"""Targets as dated data: the site's targets.csv, or the example that ships with the package."""

from pathlib import Path

import polars as pl

from hotline12345.sql.landed_frames import replace_table
from hotline12345.sql.reference_tables import ReferenceTableError, read_reference
from hotline12345.sql.rule_layout import STATUSES
from hotline12345.sql.storage import Storage
from hotline12345.sql.warehouse import Connection

EXAMPLE = Path(__file__).with_name("seeds") / "targets.csv"
TARGET_COLUMNS = pl.Schema(
    [
        ("target_id", pl.String()),
        ("target_name", pl.String()),
        ("indicator", pl.String()),
        ("unit_group", pl.String()),
        ("unit_id", pl.String()),
        ("target_value", pl.Float64()),
        ("valid_from", pl.Date()),
        ("valid_to", pl.Date()),
        ("status", pl.String()),
        ("source", pl.String()),
    ]
)
REQUIRED = ("target_id", "target_name", "indicator", "target_value", "status", "source")
RATES = ("response_rate", "resolution_rate", "satisfaction_rate", "on_time_rate")
SCORE = "score"
INDICATORS = (*RATES, SCORE)


def targets_file(storage: Storage) -> Path:
    """The site's targets.csv, or the example."""
    own = storage.config / "targets.csv"
    return own if own.exists() else EXAMPLE


def highest(indicator: str) -> float:
    """The largest value a target of this indicator can have: 1 for a rate, 100 for the score."""
    return 100.0 if indicator == SCORE else 1.0


def land_targets(connection: Connection, storage: Storage) -> None:
    """Replace landed.targets by the config's table; ReferenceTableError names row, column and what is allowed."""
    path = targets_file(storage)
    table = read_reference(path, TARGET_COLUMNS, REQUIRED)
    for number, row in enumerate(table.iter_rows(named=True), 2):
        if fault := _fault(row):
            raise ReferenceTableError(f"配置文件 {path.name} 第 {number} 行：{fault}")
    if repeated := table.filter(pl.col("target_id").is_duplicated())["target_id"].to_list():
        raise ReferenceTableError(f"配置文件 {path.name}：target_id“{repeated[0]}”出现多次，每个目标须有自己的编号。")
    names = {
        "indicator": "target_indicator",
        "target_value": "target_figure",
        "status": "target_status",
        "source": "target_source",
    }
    replace_table(connection, "landed.targets", table.rename(names))


def _fault(row: dict[str, object]) -> str | None:
    indicator, value = str(row["indicator"]), float(str(row["target_value"]))
    if indicator not in INDICATORS:
        return f"indicator 应为 {'、'.join(INDICATORS)} 之一。"
    if not 0 <= value <= highest(indicator):
        return (
            f"{indicator} 的 target_value 应在 0 到 {highest(indicator):g} 之间（85% 写作 0.85；综合成绩写 0 到 100）。"
        )
    if row["status"] not in STATUSES:
        return f"status 应为 {'、'.join(STATUSES)} 之一。"
    if row["valid_from"] and row["valid_to"] and str(row["valid_to"]) <= str(row["valid_from"]):
        return "失效日期 valid_to 不晚于生效日期 valid_from；失效日期当天起不再有效，仍在用的请留空。"
    return None
