"""A published folder for the page 每月一题: two years of orders in known issues, measured and ranked as a run does it."""

from datetime import datetime, timedelta

import polars as pl
from made_issues import land_made_issues
from made_snapshot import land, source

from hotline12345.sql import build
from hotline12345.sql.publish import Snapshot, publish
from hotline12345.sql.reference import land_reference
from hotline12345.sql.reference_versions import keep_reference
from hotline12345.sql.storage import Storage
from hotline12345.sql.warehouse import open_warehouse

FIRST, CUTOFF = datetime(2024, 5, 1, 8), datetime(2026, 5, 31, 12)
HEATING, FEES, LAMPS, OLD = "T000000000001", "T000000000002", "T000000000003", "T000000000004"
ESTATE = "E000000000001"
HANDLERS = ("东河街道", "西岭镇", "石泉镇", "区城管委")
# issue → its name, how many orders, days between two of them, and how many callers they have
THEMES = {HEATING: ("供暖不热", 180, 4.2, 120), FEES: ("物业收费不清", 90, 8.4, 90), LAMPS: ("路灯不亮", 30, 25, 12)}
LABELS = {HEATING: "公共服务", FEES: "住房", LAMPS: "市容环卫"}
SECRET = 29  # every so-and-so-many-th order is confidential


def order_id(issue_id: str, number: int) -> str:
    """The order of an issue by its number from 0."""
    return f"D{issue_id[-1]}{number:03d}"


def orders() -> pl.DataFrame:
    """The orders of `THEMES`, and one a week of a matter of its own."""
    rows = [_order(issue_id, number) for issue_id, (_, count, *_) in THEMES.items() for number in range(count)]
    rows += [
        _row(f"D9{week:03d}", week, FIRST + timedelta(days=7 * week), "反映一件杂事", f"n{week}")
        | {"topic_level1": None}
        for week in range(108)
    ]
    return pl.DataFrame(rows, infer_schema_length=None).with_row_index("row_number", 2).cast({"row_number": pl.Int64})


def _order(issue_id: str, number: int) -> dict[str, object]:
    name, _, step, callers = THEMES[issue_id]
    created = FIRST + timedelta(days=step * number)
    return _row(order_id(issue_id, number), number, created, f"反映{name}", f"{issue_id[-1]}k{number % callers}") | {
        "topic_level1": LABELS[issue_id],
        "place_point": "和平里小区" if issue_id == HEATING and number % 6 == 0 else f"第{number % 9 + 1}小区",
    }


def _row(identifier: str, number: int, created: datetime, title: str, caller: str) -> dict[str, object]:
    unit = HANDLERS[number % 4]
    is_hard = number % (3 if unit == "西岭镇" else 7) == 1
    is_known = created < CUTOFF - timedelta(days=10)
    return {
        "order_id": identifier,
        "case_id": identifier,
        "order_type": "投诉",
        "created_at": created,
        "closed_at": created + timedelta(days=3),
        "place_town": ("东河街道", "西岭镇", "石泉镇")[number % 3],
        "community": f"第{number % 9 + 1}社区",
        "unit_name": unit,
        "caller_key": caller,
        "retention": "剔除" if number % 17 == 5 else "保留",
        "exclusion_tag": "挂账" if number % 19 == 6 else None,
        "return_count": 1 if number % 11 == 3 else 0,
        "is_whistled": number % 13 == 4,
        "is_confidential": number % SECRET == 0,
        "is_simulated": True,
        "title": f"{title}（第{number}次）",
        "body": f"诉求人{title}，电话138****1234，第{number}号。",
        "result_text": "已上门处理。",
        "is_valid_callback": True if is_known else None,
        "is_contacted": True if is_known else None,
        "resolution": ("未解决" if is_hard else "解决") if is_known else None,
        "satisfaction": ("不满意" if is_hard else "满意") if is_known else None,
    }


def members() -> pl.DataFrame:
    """Who is in which issue; every sixth order about heating is of one estate."""
    pairs = [(issue_id, order_id(issue_id, n)) for issue_id, (_, count, *_) in THEMES.items() for n in range(count)]
    pairs += [(ESTATE, order_id(HEATING, number)) for number in range(0, THEMES[HEATING][1], 6)]
    return pl.DataFrame(pairs, schema=["issue_id", "order_id"], orient="row")


def issues() -> pl.DataFrame:
    """The stored issues; OLD was merged into FEES."""
    named = {issue_id: name for issue_id, (name, *_) in THEMES.items()} | {OLD: "物业乱收费"}
    rows = [(issue_id, "共性问题", name, None, name) for issue_id, name in named.items()]
    rows.append((ESTATE, "点位事件", "和平里小区：供暖不热", "和平里小区", "供暖不热"))
    names = ["issue_id", "issue_grain", "issue_name", "place", "problem"]
    return pl.DataFrame(rows, schema=names, orient="row").with_columns(
        merged_into=pl.when(pl.col("issue_id") == OLD).then(pl.lit(FEES))
    )


def publish_board(storage: Storage) -> Snapshot:
    """Land the orders, put them into their issues, build, check, publish."""
    connection = open_warehouse(storage)
    frame = orders()
    land(connection, storage, frame, source("两年导出.xlsx", frame, CUTOFF))
    reference_hash = land_reference(connection, storage)
    build.set_parameter(connection, build.REFERENCE, reference_hash)
    build.begin(connection, reference_hash)
    before_topics, before_issues, after_issues = build.stages()
    build.run_files(connection, (*before_topics, *before_issues))
    land_made_issues(connection, issues(), members(), CUTOFF)
    build.run_files(connection, after_issues)
    build.run_checks(connection)
    build.finish(connection)
    keep_reference(connection, storage, reference_hash, CUTOFF)
    snapshot = publish(connection, storage, CUTOFF + timedelta(hours=1))
    connection.close()
    return snapshot
