"""Dated time limits, the working calendar and the hours of the site: from the config folder into landed tables."""

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import chinese_calendar
import polars as pl
from chinese_calendar.constants import holidays

from hotline12345.sql.dated_names import FIRST_DAY, LAST_DAY
from hotline12345.sql.landed_frames import replace_table
from hotline12345.sql.reference_tables import ReferenceTableError, read_reference
from hotline12345.sql.storage import Storage
from hotline12345.sql.warehouse import Connection

EXAMPLE_HOURS = Path(__file__).with_name("seeds") / "hours.csv"
LIMIT_COLUMNS = pl.Schema(
    {
        "limit_level": pl.String(),
        "order_type": pl.String(),
        "limit_hours": pl.Float64(),
        "clock": pl.String(),
        "valid_from": pl.Date(),
        "valid_to": pl.Date(),
        "source": pl.String(),
    }
)
CALENDAR_COLUMNS = pl.Schema({"date": pl.Date(), "is_workday": pl.String(), "note": pl.String()})
HOURS_COLUMNS = pl.Schema(dict.fromkeys(("kind", "start_time", "end_time", "source"), pl.String()))
CALENDAR_DATA = f"chinesecalendar {chinese_calendar.__version__}"
CLOCKS = {"natural": "自然时间", "working": "工作时间"}
WORKING, DAILY = "工作时间", "日报窗口"
YES, NO = ("是", "true", "1"), ("否", "false", "0")
DAY_MINUTES = 24 * 60
SHORTEST_HOURS, LONGEST_HOURS = 0.1, 100_000
_NOTICED_YEARS = frozenset(day.year for day in holidays)  # holidays are announced a year ahead, not earlier
_LIMITS = pl.Schema(
    {
        "limit_level": pl.String(),
        "order_type": pl.String(),
        "limit_minutes": pl.Int64(),
        "limit_clock": pl.String(),
        "valid_from": pl.Date(),
        "valid_to": pl.Date(),
        "limit_document": pl.String(),
    }
)
_DAYS = pl.Schema(
    {
        "calendar_date": pl.Date(),
        "is_workday": pl.Boolean(),
        "day_source": pl.String(),
        "worked_day_number": pl.Int64(),
        "worked_minutes_before": pl.Int64(),
    }
)


def land_time_limits(connection: Connection, storage: Storage) -> None:
    """Replace limits, hours and calendar by what the config folder says.

    ReferenceTableError names file, row, column and what is allowed.
    """
    limits = read_limits(storage)
    hours = read_hours(storage)
    minutes = day_minutes(hours)
    per_day = int(minutes["worked_minutes"][-1])
    replace_table(connection, "landed.limits", limits)
    replace_table(connection, "landed.hours", hours)
    replace_table(connection, "landed.day_minutes", minutes)
    days = calendar_days(*_span(connection, limits, per_day), read_overrides(storage), per_day)
    replace_table(connection, "landed.calendar_days", days)


def read_limits(storage: Storage) -> pl.DataFrame:
    """limits.csv as landed.limits; grain limit_level, order_type, valid_from."""
    table = read_reference(storage.config / "limits.csv", LIMIT_COLUMNS, ("limit_hours", "clock"))
    rows = [_limit(number, row) for number, row in enumerate(table.iter_rows(named=True), 2)]
    limits = pl.DataFrame(rows, schema=_LIMITS)
    order = limits.sort("limit_level", "order_type", "valid_from")
    following = order.with_columns(next_from=pl.col("valid_from").shift(-1).over("limit_level", "order_type"))
    for row in following.filter(pl.col("valid_to") > pl.col("next_from")).iter_rows(named=True):
        raise ReferenceTableError(
            f"配置文件 limits.csv：处理时限“{row['limit_level']}”（工单类型“{row['order_type'] or '全部'}”）在同一时间有两行。"
            "请删去一行，或填写 valid_from、valid_to 使前后不重叠。"
        )
    return limits


def _limit(number: int, row: Mapping[str, Any]) -> dict[str, Any]:
    where = f"配置文件 limits.csv 第 {number} 行"
    if row["clock"] not in CLOCKS:
        allowed = "、".join(f"{name}（{zh}）" for name, zh in CLOCKS.items())
        raise ReferenceTableError(f"{where}，列 clock：“{row['clock']}”应为以下之一：{allowed}。")
    if not SHORTEST_HOURS <= row["limit_hours"] <= LONGEST_HOURS:  # false for NaN too
        raise ReferenceTableError(
            f"{where}，列 limit_hours：应为 {SHORTEST_HOURS} 到 {LONGEST_HOURS} 的小时数，例如 24；现在是 {row['limit_hours']:g}。"
        )
    if not row["limit_level"] and not row["order_type"]:
        raise ReferenceTableError(f"{where}：limit_level 和 order_type 至少填写一个，例如 7天。")
    if row["valid_from"] and row["valid_to"] and row["valid_to"] <= row["valid_from"]:
        raise ReferenceTableError(f"{where}，列 valid_to：失效日期应晚于生效日期 valid_from；仍在用的请留空。")
    return {
        "limit_level": re.sub(r"\s", "", row["limit_level"] or ""),
        "order_type": row["order_type"] or "",
        "limit_minutes": round(row["limit_hours"] * 60),
        "limit_clock": row["clock"],
        "valid_from": row["valid_from"] or FIRST_DAY,
        "valid_to": row["valid_to"] or LAST_DAY,
        "limit_document": row["source"],
    }


def read_hours(storage: Storage) -> pl.DataFrame:
    """hours.csv, the site's or the example, as landed.hours; grain hours_kind, start_minute."""
    table = read_reference(hours_file(storage), HOURS_COLUMNS, ("kind", "start_time", "end_time"))
    rows = [_hours(number, row) for number, row in enumerate(table.iter_rows(named=True), 2)]
    rows.sort(key=lambda row: (row["hours_kind"], row["start_minute"]))
    spans = [row for row in rows if row["hours_kind"] == WORKING]
    if not spans or sum(row["hours_kind"] == DAILY for row in rows) != 1:
        raise ReferenceTableError(f"配置文件 hours.csv：应有至少一行“{WORKING}”和恰好一行“{DAILY}”。")
    for before, after in pairwise(spans):
        if after["start_minute"] < before["end_minute"]:
            raise ReferenceTableError(f"配置文件 hours.csv：两段“{WORKING}”重叠，请改正 start_time、end_time。")
    return pl.DataFrame(rows)


def hours_file(storage: Storage) -> Path:
    """The site's hours.csv, or the example that ships with the package."""
    own = storage.config / "hours.csv"
    return own if own.exists() else EXAMPLE_HOURS


def _hours(number: int, row: Mapping[str, Any]) -> dict[str, Any]:
    where = f"配置文件 hours.csv 第 {number} 行"
    if row["kind"] not in (WORKING, DAILY):
        raise ReferenceTableError(f"{where}，列 kind：“{row['kind']}”应为{WORKING}或{DAILY}。")
    start, end = (_minute(where, name, row[name]) for name in ("start_time", "end_time"))
    if row["kind"] == WORKING and start >= end:
        raise ReferenceTableError(f"{where}：结束时间 end_time 应晚于开始时间 start_time。")
    if row["kind"] == DAILY and start != end:
        raise ReferenceTableError(f"{where}：{DAILY}是一整天，start_time 与 end_time 应相同，例如都是 12:00。")
    return {"hours_kind": row["kind"], "start_minute": start, "end_minute": end}


def _minute(where: str, name: str, text: str) -> int:
    """Minute of the day of a time like 9:00; 24:00 is the end of the day."""
    found = re.fullmatch(r"(\d{1,2})[:：](\d{2})", text)
    minute = int(found[1]) * 60 + int(found[2]) if found and int(found[2]) < 60 else DAY_MINUTES + 1
    if minute > DAY_MINUTES:
        raise ReferenceTableError(f"{where}，列 {name}：“{text}”应为 00:00 至 24:00 的时间，例如 09:00。")
    return minute


def day_minutes(hours: pl.DataFrame) -> pl.DataFrame:
    """How many minutes are worked by each minute of a working day, as landed.day_minutes; grain minute_of_day (0–1440)."""
    spans = hours.filter(pl.col("hours_kind") == WORKING).select("start_minute", "end_minute").rows()
    worked = [sum(max(0, min(minute, end) - start) for start, end in spans) for minute in range(DAY_MINUTES + 1)]
    ends = [minute > 0 and worked[minute] > worked[minute - 1] for minute in range(DAY_MINUTES + 1)]
    return pl.DataFrame({"minute_of_day": range(DAY_MINUTES + 1), "worked_minutes": worked, "is_minute_end": ends})


def read_overrides(storage: Storage) -> dict[date, bool]:
    """calendar.csv: the days on which the site differs from the public calendar."""
    table = read_reference(storage.config / "calendar.csv", CALENDAR_COLUMNS, ("date", "is_workday"))
    overrides: dict[date, bool] = {}
    for number, row in enumerate(table.iter_rows(named=True), 2):
        where, said = f"配置文件 calendar.csv 第 {number} 行", row["is_workday"].lower()
        if said not in (*YES, *NO):
            raise ReferenceTableError(f"{where}，列 is_workday：“{row['is_workday']}”应为“是”或“否”。")
        if row["date"] in overrides:
            raise ReferenceTableError(f"{where}，列 date：{row['date']} 出现两次，每天只能有一行。")
        overrides[row["date"]] = said in YES
    return overrides


def calendar_days(first: date, last: date, overrides: Mapping[date, bool], per_day: int) -> pl.DataFrame:
    """Every day from first to last, as landed.calendar_days.

    A day is worked as the site says, else as the public notice of holidays and 调休 says, else (years without a notice)
    from Monday to Friday; `day_source` says which.

    Args:
        overrides: the site's own days.
        per_day: minutes worked on a working day.
    """
    return pl.DataFrame(list(_calendar(first, last, overrides, per_day)), schema=_DAYS, orient="row")


def _calendar(
    first: date, last: date, overrides: Mapping[date, bool], per_day: int
) -> Iterator[tuple[date, bool, str, int, int]]:
    number = 0
    for offset in range((last - first).days + 1):
        day = first + timedelta(days=offset)
        if day in overrides:
            is_worked, source = overrides[day], "本单位"
        elif day.year in _NOTICED_YEARS:
            is_worked, source = bool(chinese_calendar.is_workday(day)), "放假通知"
        else:
            is_worked, source = day.weekday() < 5, "周一至周五"
        before = number * per_day
        number += is_worked
        yield day, is_worked, source, number, before


def _span(connection: Connection, limits: pl.DataFrame, per_day: int) -> tuple[date, date]:
    """Whole years around the landed orders, and after them as long as the longest limit may run."""
    query = "select min(least(created_at, dispatched_at)), max(greatest(created_at, dispatched_at)) from landed.order_versions"
    first, last = connection.execute(query).fetchall()[0]
    if first is None:
        first = last = datetime(2024, 1, 1)
    working = limits.filter(pl.col("limit_clock") == "working")["limit_minutes"].max()
    days = -(-(working if isinstance(working, int) else 0) // per_day)
    ahead = last + timedelta(days=2 * days + 30)  # at least every other day is worked, but for the longest holidays
    return date(first.year, 1, 1), date(ahead.year, 12, 31)
