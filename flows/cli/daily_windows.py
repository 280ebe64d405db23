"""`hotline rates daily`: the orders of one day's window against the day before, and the period so far."""

from datetime import datetime, timedelta
from typing import Any

import click
import polars as pl

from hotline12345.dashboard import labels
from hotline12345.flows.cli.chinese import ChineseCommand, UserError
from hotline12345.flows.cli.output import console, emit, format_option
from hotline12345.flows.cli.places import data_dir_option
from hotline12345.flows.cli.rates import choose_rule
from hotline12345.sql.publish import current_snapshot
from hotline12345.sql.reads import Reader
from hotline12345.sql.storage import Storage
from hotline12345.sql.volume_reads import PERIOD_TO_DATE, TODAY

MEASURES = ("resolution_full", "resolution", "satisfaction_full", "satisfaction")
COUNTS = ["unit_name", "received", "callback_full_count", "callback_count"]
CONTRACT = [
    *("window_kind", "start_at", "end_at", *COUNTS, "received_before"),
    *(f"{measure}_{part}" for measure in MEASURES for part in ("numerator", "denominator", "rate", "rate_before")),
]


@click.command("daily", cls=ChineseCommand)
@data_dir_option
@click.option(
    "--date",
    "day",
    metavar="日期",
    type=click.DateTime(["%Y-%m-%d"]),
    help="窗口结束的那一天，如 2026-08-20；不写则取数据时点之前最近的一个完整窗口。",
)
@click.option("--rule", "rule_id", metavar="规则编号", help="不写则用最新工单所属的规则。")
@format_option
def daily(storage: Storage, day: datetime | None, rule_id: str | None, output: str) -> None:
    """日报窗口：前一天中午到当天中午创建的工单，与再前一天相比，另列考核期累计。

    窗口的起止时刻在 config/hours.csv 的“日报窗口”中；受理量按创建时间计。
    """
    reader = Reader(storage, current_snapshot(storage))
    rule = choose_rule(reader, rule_id)
    end_at = reader.window_end(day) if day else _newest_window(reader)
    periods = reader.period_at(rule["rule_id"], end_at - timedelta(microseconds=1))
    if periods.is_empty():
        raise UserError(
            f"{labels.moment(end_at)} 不在规则“{rule['rule_id']}”的任何考核周期内。"
            "请换一个有工单的日期，或用 --rule 指定那时有效的规则。"
        )
    period = periods.row(0, named=True)
    windows = reader.daily_windows(rule["rule_id"], end_at, period["start_at"])
    if output != "table":
        emit(windows, output, "", CONTRACT)
        return
    _print(windows, period, rule)


def _newest_window(reader: Reader) -> datetime:
    """The end of the last window that the data covers whole."""
    cutoff = reader.overview()["cutoff_at"]
    if not isinstance(cutoff, datetime):
        raise UserError("还没有导入任何工单。请先运行 hotline run 文件…。")
    end_at = reader.window_end(cutoff.date())
    return end_at if end_at <= cutoff else end_at - timedelta(days=1)


def _print(windows: pl.DataFrame, period: dict[str, Any], rule: dict[str, Any]) -> None:
    for kind, title in ((TODAY, "当日窗口"), (PERIOD_TO_DATE, f"{period['period_id']} 期累计")):
        rows = windows.filter(pl.col("window_kind") == kind)
        first = rows.row(0, named=True)
        shown = pl.DataFrame([_row(row) for row in rows.iter_rows(named=True)])
        names = [name for name in shown.columns if kind == TODAY or name != "received_change"]
        emit(shown, "table", f"{title}：{labels.moment(first['start_at'])} 至 {labels.moment(first['end_at'])}", names)
    for note in (
        f"规则：{labels.rule(rule)}。工单按创建时间进入窗口；“全部单位”是合计数，不是各单位的平均。",
        "全口径含剔除和挂账，其余不含；括号内是分子/分母，其后是与前一日窗口相差的百分点。刚创建的工单大多还没有回访。",
        labels.DISCLAIMER,
    ):
        console().print(note, style="dim")


def _row(row: dict[str, Any]) -> dict[str, object]:
    """One unit's window as people read it: counts, and each rate with its fraction and its change in 百分点."""
    cells: dict[str, object] = {"unit_name": row["unit_name"], "received": row["received"]}
    cells["received_change"] = labels.change(row["received"], row["received_before"])
    cells |= {name: row[name] for name in COUNTS[2:]}
    for measure in MEASURES:
        rate, before = row[f"{measure}_rate"], row[f"{measure}_rate_before"]
        fraction = f"（{row[f'{measure}_numerator']:g}/{row[f'{measure}_denominator']}）" if rate is not None else ""
        change = labels.points(rate, before).removesuffix(" 个百分点") if fraction and before is not None else ""
        cells[f"{measure}_shown"] = f"{labels.rate(rate)}{fraction}{change}"
    return cells
