"""On time: dated limits in natural and working time, holidays and 调休, and config tables that say what is wrong."""

from datetime import date, datetime
from pathlib import Path

import made_warehouse
import polars as pl
import pytest

from hotline12345.sql import time_limits
from hotline12345.sql.reference_tables import ReferenceTableError
from hotline12345.sql.storage import Storage
from hotline12345.sql.time_limits import EXAMPLE_HOURS, calendar_days, read_hours, read_limits, read_overrides

HEADER = "limit_level,order_type,limit_hours,clock,valid_from,valid_to,source"
LIMITS = (
    "24小时,,24,natural,,,示例",
    "7天,,168,natural,,2026-03-01,示例",
    "7天,,120,natural,2026-03-01,,示例",
    "7天,举报,48,natural,,,示例",
    "5个工作日,,40,working,,,示例",
    ",建议,80,working,,,示例",
)
WORKING_A_DAY = 480


def storage(folder: Path, **tables: str) -> Storage:
    made = Storage.at(folder)
    made.make()
    for name, text in tables.items():
        (made.config / f"{name}.csv").write_text(text + "\n", encoding="utf-8")
    return made


def built(folder: Path, rows: list[dict[str, object]], **tables: str) -> dict[str, tuple[object, object, object]]:
    """Due time, its source and whether the order was on time, by order."""
    site = storage(folder, **{"limits": "\n".join((HEADER, *LIMITS)), **tables})
    connection = made_warehouse.make(folder, [{"unit_name": "甲镇", **row} for row in rows])
    found = connection.execute("select order_id, effective_due_at, limit_source, is_on_time from staging.orders")
    result = {order: (due, source, on_time) for order, due, source, on_time in found.fetchall()}
    connection.close()
    assert site.config.exists()
    return result


def order(order_id: str, created: datetime, limit: str | None = None, **more: object) -> dict[str, object]:
    return {"order_id": order_id, "created_at": created, "limit_text": limit, **more}


def test_natural_time_runs_from_dispatch_else_from_creation(tmp_path: Path) -> None:
    morning = datetime(2026, 3, 10, 9, 30)
    found = built(
        tmp_path,
        [
            order("created", morning, "24小时", closed_at=datetime(2026, 3, 11, 9, 30)),
            order(
                "sent",
                morning,
                "24 小时",
                dispatched_at=datetime(2026, 3, 10, 12),
                closed_at=datetime(2026, 3, 11, 12, 1),
            ),
            order("open", morning, "24小时"),
            order("stated", morning, "24小时", due_at=datetime(2026, 3, 10, 18), closed_at=datetime(2026, 3, 11)),
            order("day", morning, None, due_at=datetime(2026, 3, 11), closed_at=datetime(2026, 3, 11, 17)),
            order("unknown", morning, "三旬", closed_at=datetime(2026, 3, 11)),
        ],
    )
    assert found == {
        "created": (datetime(2026, 3, 11, 9, 30), "时限表", True),
        "sent": (datetime(2026, 3, 11, 12), "时限表", False),
        "open": (datetime(2026, 3, 11, 9, 30), "时限表", None),
        "stated": (datetime(2026, 3, 10, 18), "截止时间", False),
        "day": (datetime(2026, 3, 11, 23, 59, 59), "截止时间", True),
        "unknown": (None, None, None),
    }


def test_the_limit_of_the_day_and_of_the_order_type_counts(tmp_path: Path) -> None:
    before, after = datetime(2026, 2, 28, 10), datetime(2026, 3, 1, 10)
    found = built(
        tmp_path,
        [
            order("before", before, "7天"),
            order("after", after, "7天"),
            order("report", after, "7天", order_type="举报"),
            order("advice", datetime(2026, 3, 2, 9), None, order_type="建议"),
        ],
    )
    assert {name: due for name, (due, _, _) in found.items()} == {
        "before": datetime(2026, 3, 7, 10),
        "after": datetime(2026, 3, 6, 10),
        "report": datetime(2026, 3, 3, 10),
        "advice": datetime(2026, 3, 13, 18),
    }


@pytest.mark.parametrize(
    ("start", "due"),
    [
        # Monday 09:00, five whole working days
        (datetime(2024, 9, 2, 9), datetime(2024, 9, 6, 18)),
        # in the lunch hour, in the night and with seconds: the next whole minute that is worked
        (datetime(2024, 9, 2, 12, 30), datetime(2024, 9, 9, 12)),
        (datetime(2024, 9, 2, 22), datetime(2024, 9, 9, 18)),
        (datetime(2024, 9, 2, 9, 0, 30), datetime(2024, 9, 9, 9, 1)),
        # Saturday
        (datetime(2024, 9, 7, 10), datetime(2024, 9, 13, 18)),
        # 2024: 30 September, National Day off until the 7th, Saturday the 12th is worked (调休): 0.5 + 4 × 8 + 7.5 hours
        (datetime(2024, 9, 30, 17, 30), datetime(2024, 10, 12, 17, 30)),
        # 2024: Sunday 29 September is worked (调休)
        (datetime(2024, 9, 29, 9), datetime(2024, 10, 10, 18)),
    ],
)
def test_working_time_leaves_out_nights_weekends_and_holidays(tmp_path: Path, start: datetime, due: datetime) -> None:
    assert built(tmp_path, [order("A", start, "5个工作日")])["A"][0] == due


def test_working_time_equals_counting_minute_by_minute(tmp_path: Path) -> None:
    """The look-ups against a walk over the minutes, at starts around a holiday."""
    spans = ((9 * 60, 12 * 60), (13 * 60, 18 * 60))
    worked = {
        day: is_worked for day, is_worked, *_ in calendar_days(date(2026, 9, 1), date(2026, 12, 31), {}, 480).rows()
    }
    starts = [datetime(2026, 9, 29 + n // 20, (7 * n) % 24, (11 * n) % 60) for n in range(38)]
    found = built(tmp_path, [order(str(n), start, "5个工作日") for n, start in enumerate(starts)])
    for n, start in enumerate(starts):
        left, day, minute = 2400, start.date(), start.hour * 60 + start.minute
        while left:
            if minute == 24 * 60:
                day, minute = date.fromordinal(day.toordinal() + 1), 0
            left -= worked[day] and any(first <= minute < last for first, last in spans)
            minute += 1
        assert found[str(n)][0] == datetime(day.year, day.month, day.day, *divmod(minute, 60)), start


def test_days_worked_follow_the_site_then_the_notice_then_the_week() -> None:
    days = calendar_days(date(2024, 1, 1), date(2027, 12, 31), {date(2024, 3, 8): False}, WORKING_A_DAY)
    by_day = {row["calendar_date"]: row for row in days.iter_rows(named=True)}
    said = {day: (by_day[day]["is_workday"], by_day[day]["day_source"]) for day in by_day}
    assert said[date(2024, 3, 8)] == (False, "本单位")
    assert said[date(2024, 10, 1)] == (False, "放假通知")
    assert said[date(2024, 10, 12)] == (True, "放假通知")
    last = max(day for day, (_, source) in said.items() if source == "放假通知").year
    assert (last, said[date(2027, 10, 1)]) == (2026, (True, "周一至周五"))
    assert days["worked_minutes_before"].is_sorted()
    worked = days.filter("is_workday")
    assert worked["worked_day_number"].to_list() == list(range(1, worked.height + 1))
    assert (worked["worked_minutes_before"] == (worked["worked_day_number"] - 1) * WORKING_A_DAY).all()


def test_hours_and_days_of_the_site_count(tmp_path: Path) -> None:
    hours = "kind,start_time,end_time\n工作时间,8:30,11:30\n日报窗口,16:00,16:00"
    found = built(
        tmp_path,
        [order("A", datetime(2026, 3, 10, 8), "5个工作日")],
        hours=hours,
        calendar="date,is_workday,note\n2026/3/11,否,停水\n2026-03-14,是,补班",
    )
    # 40 hours at 3 a day from the 10th (Tuesday): the 11th is off, Saturday the 14th is worked, the 14th day needs 1 hour
    assert found["A"][0] == datetime(2026, 3, 27, 9, 30)


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("limits", f"{HEADER}\n7天,,七,natural,,,", "limits.csv 第 2 行，列 limit_hours：“七”应为数字"),
        ("limits", f"{HEADER}\n7天,,-1,natural,,,", "第 2 行，列 limit_hours：应为 0.1 到 100000 的小时数"),
        ("limits", f"{HEADER}\n7天,,99999999999,natural,,,", "例如 24；现在是 1e+11"),
        ("limits", f"{HEADER}\n7天,,nan,natural,,,", "现在是 nan"),
        ("limits", f"{HEADER}\n7天,,24,自然,,,", "第 2 行，列 clock：“自然”应为以下之一：natural（自然时间）、working"),
        ("limits", f"{HEADER}\n,,24,natural,,,", "第 2 行：limit_level 和 order_type 至少填写一个"),
        ("limits", f"{HEADER}\n7天,,24,natural,2026-02-01,2026-01-01,", "第 2 行，列 valid_to：失效日期应晚于"),
        ("limits", f"{HEADER}\n7天,,24,natural,,,\n7 天,,48,natural,,,", "“7天”（工单类型“全部”）在同一时间有两行"),
        ("limits", "limit_level\n7天", "缺少列：limit_hours、clock"),
        ("calendar", "date,is_workday\n2026-03-01,也许", "第 2 行，列 is_workday：“也许”应为“是”或“否”"),
        ("calendar", "date,is_workday\n2026-03-01,是\n2026-03-01,否", "第 3 行，列 date：2026-03-01 出现两次"),
        ("hours", "kind,start_time,end_time\n午休,12:00,13:00", "第 2 行，列 kind：“午休”应为工作时间或日报窗口"),
        ("hours", "kind,start_time,end_time\n工作时间,早上,13:00", "第 2 行，列 start_time：“早上”应为 00:00 至 24:00"),
        ("hours", "kind,start_time,end_time\n工作时间,13:00,9:00", "第 2 行：结束时间 end_time 应晚于"),
        ("hours", "kind,start_time,end_time\n日报窗口,12:00,13:00", "第 2 行：日报窗口是一整天"),
        ("hours", "kind,start_time,end_time\n工作时间,9:00,13:00", "至少一行“工作时间”和恰好一行“日报窗口”"),
        (
            "hours",
            "kind,start_time,end_time\n工作时间,9:00,13:00\n工作时间,12:00,18:00\n日报窗口,12:00,12:00",
            "两段“工作时间”重叠",
        ),
    ],
)
def test_a_wrong_table_says_where_and_what_is_allowed(tmp_path: Path, name: str, text: str, message: str) -> None:
    site = storage(tmp_path, **{name: text})
    read = {"limits": read_limits, "calendar": read_overrides, "hours": read_hours}[name]
    with pytest.raises(ReferenceTableError) as error:
        read(site)
    assert message in str(error.value)


def test_the_shipped_examples_are_read_and_marked(tmp_path: Path) -> None:
    seeds = EXAMPLE_HOURS.parent
    site = storage(tmp_path, **{n: (seeds / f"{n}.csv").read_text("utf-8") for n in ("limits", "calendar", "hours")})
    assert read_limits(site)["limit_document"].str.starts_with("示例").all()
    assert read_limits(site).height and read_overrides(site) == {}
    assert time_limits.day_minutes(read_hours(site))["worked_minutes"][-1] == WORKING_A_DAY
    assert pl.read_csv(EXAMPLE_HOURS)["source"].str.starts_with("示例").all()
