"""Channels and sub-centres: every order in one group, and the groups add up."""

from datetime import datetime
from pathlib import Path

import made_warehouse
import pytest

from hotline12345.sql.build import CheckError, run_checks
from hotline12345.sql.publish import Snapshot
from hotline12345.sql.reads import Reader
from hotline12345.sql.storage import Storage
from hotline12345.sql.warehouse import Connection

DAY = datetime(2026, 3, 1)
CHANNELS = (
    *(("电话", "东部分中心"), ("来电", "东部分中心"), ("电话", "西部分中心"), ("电话", None), ("微信", None)),
    *(("网上12345", None), ("街镇分中心", "甲镇分中心"), ("鸿雁传书", None), (None, None)),
)


def counts(folder: Path, connection: Connection) -> Reader:
    """The reads on a warehouse that is open for writing."""
    return Reader(Storage.at(folder), Snapshot("made", folder), connection)


def made(folder: Path) -> Connection:
    rows = [
        {"order_id": f"A{number}", "created_at": DAY, "channel": channel, "sub_center": center}
        for number, (channel, center) in enumerate(CHANNELS)
    ]
    return made_warehouse.make(folder, rows)


def test_orders_roll_up_from_sub_centre_to_group(tmp_path: Path) -> None:
    connection = made(tmp_path)
    found = {row[:3]: row[3] for row in counts(tmp_path, connection).channel_counts().rows()}
    assert found == {
        ("电话", "小计", "小计"): 4,
        ("电话", "电话", "小计"): 4,
        ("电话", "电话", "东部分中心"): 2,
        ("电话", "电话", "西部分中心"): 1,
        ("网络", "小计", "小计"): 2,
        ("网络", "微信公众号", "小计"): 1,
        ("网络", "网上12345", "小计"): 1,
        ("分中心", "小计", "小计"): 1,
        ("分中心", "街镇分中心", "小计"): 1,
        ("分中心", "街镇分中心", "甲镇分中心"): 1,
        ("未归组", "小计", "小计"): 1,
        ("未归组", "鸿雁传书", "小计"): 1,
        ("未填", "小计", "小计"): 1,
        ("未填", "（未填渠道）", "小计"): 1,
        ("合计", "小计", "小计"): 9,
    }
    connection.close()


def test_the_site_s_own_list_counts_from_its_day_on(tmp_path: Path) -> None:
    storage = Storage.at(tmp_path)
    connection = made(tmp_path)
    (storage.config / "channels.csv").write_text(
        "channel,channel_group,aliases,valid_from,valid_to\n鸿雁传书,来信来访,,,2026-03-01\n信使,网络,鸿雁传书,2026-03-01,\n",
        encoding="utf-8",
    )
    made_warehouse.rebuild(connection, storage)
    query = "select channel_group, channel from staging.orders where order_id in ('A0', 'A7') order by order_id"
    assert connection.execute(query).fetchall() == [("未归组", "电话"), ("网络", "信使")]
    connection.close()


def test_a_month_that_does_not_add_up_stops_the_publication(tmp_path: Path) -> None:
    connection = made(tmp_path)
    connection.execute("delete from marts.mart_channel_months where channel = '电话' and sub_center = '西部分中心'")
    with pytest.raises(CheckError, match="渠道合计等于工单数"):
        run_checks(connection)
    connection.close()
