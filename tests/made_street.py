"""A published folder with the orders of two streets in March 2026, made by hand for the page 我的街镇: every count is known."""

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
from made_snapshot import UNITS, storage_at
from made_warehouse import land

from hotline12345.sql import build
from hotline12345.sql.landed_frames import replace_table
from hotline12345.sql.publish import Snapshot, publish
from hotline12345.sql.reference import land_reference
from hotline12345.sql.reference_versions import keep_reference
from hotline12345.sql.storage import Storage
from hotline12345.sql.warehouse import Connection, open_warehouse

OWN, OTHER, TRADE = "U1", "U2", "B1"
CUTOFF = datetime(2026, 3, 20, 12)
DAY_BEFORE = datetime(2026, 3, 19, 12)
OPEN = {"S01": -1, "S02": 20, "S03": 30, "S04": 24 * 5, "S05": None}  # hours from the cut-off to the due time
CALLER, REPORTER = "k-many", "k-reporter"


def orders() -> list[dict[str, Any]]:
    """What the first file says: five open orders, three of one caller, closed ones with answers, another street's, and long ago
    three of somebody whose last one is confidential.
    """
    found = [
        _order(number, due_at=None if hours is None else CUTOFF + timedelta(hours=hours))
        for number, hours in OPEN.items()
    ]
    found[1] |= {"is_contacted_unit": True}
    found[2] |= {"is_contacted_unit": False}
    found[3] |= {"is_confidential": True, "place_point": "和平里小区"}
    found += [
        _order(f"S1{n}", days=40 - n, caller_key=CALLER, community="二社区", **_answered("解决", "满意"))
        for n in range(3)
    ]
    found += [
        _order("S20", days=3, place_point="和平里小区", **_answered("未解决", "不满意")),
        _order("S21", days=3, place_point="和平里小区", caller_key="k1", **_answered("解决", "基本满意")),
        _order(
            "S22", days=3, place_point="和平里小区", caller_key="k2", **_answered("解决", "满意", is_contacted=False)
        ),
        _order("S23", days=3, retention="剔除", appeal="申诉通过", **_answered("未解决", "不满意")),
        _order("S24", days=3, exclusion_tag="挂账", **_answered("未解决", "不满意")),
        _order("S25", days=3, closed_at=CUTOFF - timedelta(days=2)),
        _order("T01", unit_name="西岭镇", trade_bureau="区城管委", caller_key=CALLER),
        _order("T02", unit_name="西岭镇", days=2, place_point="和平里小区", **_answered("未解决", "不满意")),
    ]
    secret = {"caller_key": REPORTER, "case_id": "C-reporter", "community": "三社区", **_answered("解决", "满意")}
    found += [_order(f"S3{n}", days=88 - n, is_confidential=n == 2, **secret) for n in range(3)]
    return found


def _order(order_id: str, days: float = 1, **more: Any) -> dict[str, Any]:
    created = CUTOFF - timedelta(days=days)
    return {
        "order_id": order_id,
        "order_type": "投诉",
        "topic_level1": "公共服务",
        "created_at": created,
        "unit_name": "东河街道",
        "place_town": "东河街道",
        "community": "一社区",
        "caller_key": f"k-{order_id}",
        "is_contacted_unit": None,
        "title": f"反映{order_id}",
        "body": f"{order_id}的内容",
        "is_simulated": True,
        **more,
    }


def _answered(resolution: str, satisfaction: str, is_contacted: bool = True) -> dict[str, Any]:
    return {
        "closed_at": CUTOFF - timedelta(days=2),
        "is_valid_callback": True,
        "is_contacted": is_contacted,
        "resolution": resolution,
        "satisfaction": satisfaction,
    }


def publish_street(folder: Path) -> tuple[Storage, Snapshot]:
    """Two days: the first publishes most orders; the second closes S25, has its answer, and brings S05."""
    storage = storage_at(folder)
    units = UNITS + "B3,区水务局,区直部门,,,,,2020-01-01,\n"
    (storage.config / "units.csv").write_text(units, encoding="utf-8")
    connection = open_warehouse(storage)
    every = {row["order_id"]: row for row in orders()}
    late = every.pop("S05")
    waiting = every["S25"] | {"closed_at": None}
    land(connection, storage, [*(every | {"S25": waiting}).values()], DAY_BEFORE, loaded_at=DAY_BEFORE)
    _publish(connection, storage, DAY_BEFORE + timedelta(hours=1))
    answered = every["S25"] | _answered("未解决", "不满意")
    land(connection, storage, [late, answered], CUTOFF, loaded_at=CUTOFF)
    snapshot = _publish(connection, storage, CUTOFF + timedelta(hours=1))
    connection.close()
    return storage, snapshot


def _publish(connection: Connection, storage: Storage, published_at: datetime) -> Snapshot:
    reference_hash = land_reference(connection, storage)
    build.set_parameter(connection, build.REFERENCE, reference_hash)
    build.begin(connection, reference_hash)
    _land_issues(connection)
    for files in build.stages():
        build.run_files(connection, files)
    build.run_checks(connection)
    build.finish(connection)
    keep_reference(connection, storage, reference_hash, published_at)
    return publish(connection, storage, published_at)


def _land_issues(connection: Connection) -> None:
    """S10 was closed as resolved; S11 reported the same again, and after it another street's T02."""
    issues = {"issue_id": ["E1", "T1"], "issue_grain": ["点位事件", "共性问题"], "issue_name": ["二社区：噪声", "噪声"]}
    found = [
        ("T1", "S10", "S11", CUTOFF - timedelta(days=39)),
        ("E1", "S10", "S11", CUTOFF - timedelta(days=39)),
        ("E1", "S12", "T02", CUTOFF - timedelta(days=2)),
        ("E1", "S31", "S32", CUTOFF - timedelta(days=86)),
    ]
    rows = [
        {
            **{"issue_id": issue, "order_id": order_id, "occurrence": 1, "closed_at": CUTOFF - timedelta(days=40)},
            **{"recurred_order_id": again, "recurred_at": at},
        }
        for issue, order_id, again, at in found
    ]
    empty = connection.sql("from landed.recurring_issues limit 0").pl()
    replace_table(
        connection, "landed.recurring_issues", pl.concat([empty, pl.DataFrame(issues)], how="diagonal_relaxed")
    )
    replace_table(connection, "landed.issue_resolutions", pl.DataFrame(rows))
