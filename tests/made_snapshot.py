"""A small published data folder made by hand: every state and reason a page must show, no randomness."""

from datetime import datetime, timedelta
from pathlib import Path

import polars as pl
from made_issues import land_made_issues
from made_model import manifest

from hotline12345.flows.search_indexing import index_texts
from hotline12345.sql import build
from hotline12345.sql.issue_touching import touch_changed_members
from hotline12345.sql.landing import BatchSource, LandedRows, land_batch
from hotline12345.sql.publish import Snapshot, publish
from hotline12345.sql.reference import land_reference
from hotline12345.sql.reference_versions import keep_reference
from hotline12345.sql.storage import Storage
from hotline12345.sql.topic_models import land_model
from hotline12345.sql.versions import ANSWERS
from hotline12345.sql.warehouse import Connection, open_warehouse

UNITS = """unit_id,unit_name,unit_group,aliases,terrain,population,population_year,valid_from,valid_to
U1,东河街道,街镇,,门城,90000,2024,2020-01-01,
U2,西岭镇,街镇,,浅山,30000,2024,2020-01-01,
U3,石泉镇,街镇,,深山,3000,2024,2020-01-01,
B1,区城管委,区直部门,,,,,2020-01-01,
B2,区住建委,区直部门,,,,,2020-01-01,
E1,示例热力公司,国企,,,,,2020-01-01,
"""
TOPICS = """taxonomy_id,topic_code,topic_name,parent_code,level,seven_five_primary,seven_five_secondary,valid_from,valid_to
t,T1,公共服务,,1,,,2020-01-01,
t,T11,供暖,T1,2,宜居性,,2020-01-01,
t,T2,住房,,1,住有所居,,2020-01-01,
t,T3,市容环卫,,1,,,2020-01-01,
"""
FREEZES = """rule_id,period_id,frozen_at,kind,source
example-10-50-40,2026-02,2026-03-05 18:00:00,回访截止,测试
"""
FIRST = datetime(2026, 1, 19, 8)
CUTOFF = datetime(2026, 3, 29, 12)
TOWNS = ("东河街道", "西岭镇")
HANDLERS = ("东河街道", "西岭镇", "东河街道", "区城管委", "东河街道", "西岭镇", "示例热力公司", "大河水务站")
LABELS = ("公共服务", "住房", None, "市容环卫")
ISSUE, EVENT = "T000001", "E000001"
ISSUES = pl.DataFrame(
    [
        (ISSUE, "共性问题", "供暖不热", None, "供暖不热", None),
        (EVENT, "点位事件", "和平里小区：供暖不热", "和平里小区", "供暖不热", None),
    ],
    schema=dict.fromkeys(("issue_id", "issue_grain", "issue_name", "place", "problem", "merged_into"), pl.String),
    orient="row",
)


def orders(callback: bool = True) -> pl.DataFrame:
    """480 orders from 19 January to 29 March 2026, about one every 3.5 hours; ids D0000…D0479."""
    rows = []
    for number in range(480):
        created = FIRST + timedelta(hours=3.48 * number)
        rows.append(
            {
                "row_number": number + 2,
                "order_id": f"D{number:04d}",
                "case_id": f"C{number:04d}",
                "channel": "电话" if number % 5 else "网上12345",
                "order_type": _order_type(number),
                "topic_level1": LABELS[number % 4],
                "topic_level2": "供暖" if number % 4 == 0 else None,
                "created_at": created,
                "closed_at": created + timedelta(days=3),
                "place_town": TOWNS[number % 2],
                "community": f"第{number % 6 + 1}社区",
                "place_point": "和平里小区" if number % 3 == 0 else None,
                "unit_name": HANDLERS[number % 8],
                "caller_key": f"k{number % 300}",
                "retention": "剔除" if number % 41 == 5 else "保留",
                "exclusion_tag": "挂账" if number % 43 == 6 else None,
                "assessment_kind": "只评价响应率" if number % 8 == 6 and number % 3 == 0 else None,
                "is_confidential": number % 37 == 0,
                "is_simulated": True,
                "title": f"反映第{number}号供暖问题",
                "body": f"诉求人反映家中暖气不热，第{number}号，电话138****1234。",
                "result_text": "已上门处理。",
                **(_answers(number, created) if callback else {}),
            }
        )
    return pl.DataFrame(rows, infer_schema_length=None)


def _order_type(number: int) -> str:
    return {1: "举报", 2: "咨询"}.get(number % 31, "投诉")


def _answers(number: int, created: datetime) -> dict[str, object]:
    """No callback yet in the last days; one in 17 not valid; 西岭镇 solves less than 东河街道."""
    if created > CUTOFF - timedelta(days=6):
        return {"is_valid_callback": None, "is_contacted": None, "resolution": None, "satisfaction": None}
    hard = number % (5 if HANDLERS[number % 8] == "西岭镇" else 9) == 1
    return {
        "is_valid_callback": number % 17 != 3,
        "is_contacted": number % 40 != 9,
        "resolution": "未解决" if hard else "解决",
        "satisfaction": "不满意" if hard else ("基本满意" if number % 6 == 0 else "满意"),
    }


def source(name: str, frame: pl.DataFrame, known_at: datetime, quarantined: int = 0) -> BatchSource:
    """What is said of a file that has these rows."""
    return BatchSource(
        file_name=name,
        content_hash=name,
        file_format="xlsx",
        encoding=None,
        sheet="工单",
        header_row=2,
        column_mapping='{"工单编号": "order_id", "创建时间": "created_at"}',
        unmapped_columns="网格编号、备注",
        known_at=known_at,
        loaded_at=known_at + timedelta(hours=1),
        rows_read=frame.height + quarantined,
        rows_not_data=0,
        rows_quarantined=quarantined,
    )


QUARANTINE = pl.DataFrame(
    {
        "row_number": [482, 483],
        "column_name": ["created_at", "created_at"],
        "value_masked": ["三月某日", "昨天"],
        "rule": ["time_readable", "time_readable"],
        "reason": ["无法识别该时间", "无法识别该时间"],
        "fix": ["写成 2026-03-05 14:20", "写成 2026-03-05 14:20"],
    }
)
CELLS = pl.DataFrame(
    {
        "row_number": [482, 483],
        "cells": ['{"order_id": "D0480", "created_at": "三月某日"}', '{"order_id": "D0481", "created_at": "昨天"}'],
    }
)


def land(connection: Connection, storage: Storage, orders: pl.DataFrame, source: BatchSource) -> None:
    """Land rows, with the quarantine where the source says that rows were quarantined."""
    shown = 2 if source.rows_quarantined else 0
    rows = LandedRows(orders, QUARANTINE.head(shown), CELLS.head(shown))
    absent = [name for name in ANSWERS.values() if name not in orders.columns]
    land_batch(connection, storage, [rows], absent, lambda: source)


def storage_at(folder: Path) -> Storage:
    """An empty data folder with the reference tables in its config folder."""
    storage = Storage(folder, folder / "config")
    storage.make()
    for name, text in (("units", UNITS), ("topics", TOPICS), ("freezes", FREEZES)):
        (storage.config / f"{name}.csv").write_text(text, encoding="utf-8")
    return storage


def members() -> pl.DataFrame:
    """Every 7th order is of ISSUE, every 30th of EVENT."""
    pairs = [(ISSUE, f"D{number:04d}") for number in range(0, 480, 7)]
    pairs += [(EVENT, f"D{number:04d}") for number in range(0, 480, 30)]
    return pl.DataFrame(pairs, schema=["issue_id", "order_id"], orient="row")


def publish_orders(storage: Storage, callback: bool = True) -> Snapshot:
    """Land the orders and one later revision, add predictions and issues, build, publish."""
    connection = open_warehouse(storage)
    first = orders(callback)
    land(connection, storage, first, source("三月导出.xlsx", first, CUTOFF, quarantined=2))
    revised = first.head(1).with_columns(closed_at=pl.col("closed_at") + timedelta(days=1))
    land(connection, storage, revised, source("补充导出.xlsx", revised, CUTOFF))
    return refresh(connection, storage, datetime(2026, 3, 29, 13))


def publish_again(storage: Storage) -> Snapshot:
    """Land one more order and publish a second snapshot."""
    connection = open_warehouse(storage)
    more = orders().tail(1).with_columns(order_id=pl.lit("D9999"), created_at=pl.lit(datetime(2026, 3, 28, 9)))
    land(connection, storage, more, source("新增.xlsx", more, CUTOFF))
    return refresh(connection, storage, datetime(2026, 3, 29, 14))


def refresh(connection: Connection, storage: Storage, published_at: datetime) -> Snapshot:
    """What the flow does, with hand-made predictions and issues."""
    reference_hash = land_reference(connection, storage)
    build.set_parameter(connection, build.REFERENCE, reference_hash)
    build.begin(connection, reference_hash)
    before_topics, before_issues, after_issues = build.stages()
    build.run_files(connection, before_topics)
    index_texts(connection, storage)
    connection.execute("delete from landed.topic_predictions")
    build.set_parameter(connection, build.MODEL, "m1")
    connection.execute(
        """
        insert into landed.topic_predictions by name
        select text_hash, 'm1' as model_id, 'T2' as level1_code, 0.81 as level1_probability
        from staging.orders where order_id like '%6' or order_id like '%0'
        """
    )
    land_model(connection, manifest())
    build.run_files(connection, before_issues)
    land_made_issues(connection, ISSUES, members(), CUTOFF)
    touch_changed_members(connection)
    build.run_files(connection, after_issues)
    build.run_checks(connection)
    build.finish(connection)
    keep_reference(connection, storage, reference_hash, published_at)
    snapshot = publish(connection, storage, published_at)
    connection.close()
    return snapshot
