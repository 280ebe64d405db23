"""降量提质: four quadrants, ties, what cannot be compared, and the doubts beside a falling volume."""

from datetime import datetime, timedelta
from typing import Any

import made_warehouse
import polars as pl
import pytest

from hotline12345.dashboard.quadrants import quadrants, words
from hotline12345.sql.publish import publish
from hotline12345.sql.reads import Reader
from hotline12345.sql.row_access import RowAccess
from hotline12345.sql.storage import Storage

COUNTS = ("order_count", "volume_count", "repeated_count", "called_count", "unreached_count")


def workload(**units: tuple[int, int, int]) -> pl.DataFrame:
    """unit → orders, of them repeated, of them unreached; all called back."""
    return pl.DataFrame(
        [
            {"unit_id": unit, "unit_name": f"{unit}镇", "unit_group": "街镇"}
            | dict(zip(COUNTS, (orders, orders, repeated, orders, unreached), strict=True))
            for unit, (orders, repeated, unreached) in units.items()
        ]
    )


def rates(**units: tuple[float, int]) -> pl.DataFrame:
    return pl.DataFrame(
        [
            {
                "unit_id": unit,
                "resolution_numerator": solved,
                "resolution_denominator": asked,
                "resolution_rate": solved / asked,
            }
            for unit, (solved, asked) in units.items()
        ],
        schema_overrides={"resolution_numerator": pl.Float64},
    )


def channels(**units: tuple[int, int]) -> pl.DataFrame:
    rows = [
        {"unit_id": unit, "channel_group": group, "order_count": count}
        for unit, counts in units.items()
        for group, count in zip(("电话", "网络"), counts, strict=True)
        if count
    ]
    return pl.DataFrame(rows, schema={"unit_id": pl.String, "channel_group": pl.String, "order_count": pl.Int64})


def compared(now: dict[str, Any], before: dict[str, Any]) -> dict[str, dict[str, Any]]:
    frame = quadrants(
        (workload(**now["work"]), workload(**before["work"])),
        (channels(**now.get("channels", {})), channels(**before.get("channels", {}))),
        (rates(**now["rates"]), rates(**before["rates"])),
    )
    return {row["unit_id"]: row for row in frame.iter_rows(named=True)}


@pytest.mark.parametrize(
    ("volume", "solved", "name"),
    [
        ((80, 100), (45, 40), "降量提质"),
        ((120, 100), (45, 40), "增量提质"),
        ((80, 100), (35, 40), "降量未提质"),
        ((120, 100), (35, 40), "增量未提质"),
        ((100, 100), (45, 40), "持平"),
        ((80, 100), (40, 40), "持平"),
        ((80, 0), (45, 40), "不可比"),
    ],
)
def test_the_four_quadrants(volume, solved, name):
    now = {"work": {"甲": (volume[0], 0, 0)}, "rates": {"甲": (solved[0], 50)}}
    before = {"work": {"甲": (volume[1], 0, 0)}, "rates": {"甲": (solved[1], 50)}}
    assert compared(now, before)["甲"]["quadrant"] == name


def test_equal_rates_of_other_sizes_are_equal():
    now = {"work": {"甲": (90, 0, 0)}, "rates": {"甲": (29.7, 33)}}
    before = {"work": {"甲": (100, 0, 0)}, "rates": {"甲": (9.0, 10)}}
    assert compared(now, before)["甲"]["quadrant"] == "持平"


def test_a_unit_without_callbacks_then_is_not_comparable_and_a_new_one_has_no_change():
    now = {"work": {"甲": (90, 0, 0), "乙": (5, 0, 0)}, "rates": {"甲": (9, 10), "乙": (1, 2)}}
    before = {"work": {"甲": (100, 0, 0)}, "rates": {"乙": (1, 2)}}
    found = compared(now, before)
    assert [found[unit]["quadrant"] for unit in ("甲", "乙")] == ["不可比", "不可比"]
    assert found["乙"]["volume_change"] is None


def test_a_fall_is_doubted_where_repeats_unreached_or_channels_moved():
    now = {"work": {"甲": (80, 20, 16)}, "rates": {"甲": (45, 50)}, "channels": {"甲": (40, 40)}}
    before = {"work": {"甲": (100, 10, 10)}, "rates": {"甲": (40, 50)}, "channels": {"甲": (90, 10)}}
    row = compared(now, before)["甲"]
    assert row["repeated_share_change"] == pytest.approx(0.15)
    assert row["unreached_share_change"] == pytest.approx(0.1)
    assert row["channel_shift"] == pytest.approx(0.4)
    assert words(row) == (
        "甲镇：降量提质。诉求量 80 件（原 100 件，-20.0%）；解决率 90.0%（+10.0 个百分点）。"
        "诉求量减少，同时重复反映占比上升 +15.0 个百分点、回访未接通占比上升 +10.0 个百分点、40.0% 的工单换了渠道组："
        "减少不一定是问题少了，请先核实。"
    )
    calm = {**now, "work": {"甲": (80, 4, 4)}, "channels": {"甲": (72, 8)}}
    assert words(compared(calm, before)["甲"]).endswith("（+10.0 个百分点）。")


def test_the_read_counts_repeats_unreached_and_channels_in_the_window(tmp_path):
    first = datetime(2026, 2, 20, 9)
    facts = [
        {"caller_key": "k1"},
        {"caller_key": "k1"},
        {"caller_key": "k2", "case_id": "C1"},
        {"caller_key": "k3", "case_id": "C1", "is_valid_callback": False},
        {"caller_key": "k4", "is_valid_callback": None, "channel": "网站"},
        {"caller_key": "k5", "volume_exclusion": "治理类", "unit_name": "乙镇"},
        {"caller_key": "k1", "created_at": first + timedelta(days=20)},
    ]
    rows = [
        {
            **{"order_id": f"A{number}", "unit_name": "甲镇", "created_at": first + timedelta(hours=number)},
            **{"order_type": "投诉", "channel": "电话", "is_valid_callback": True, "resolution": "解决"},
            **fact,
        }
        for number, fact in enumerate(facts)
    ]
    storage = Storage.at(tmp_path, tmp_path / "config")
    connection = made_warehouse.make(tmp_path, rows, ["U1,甲镇,街镇,,,,,,", "U2,乙镇,街镇,,,,,,"])
    reader = Reader(storage, publish(connection, storage, first))
    window = ("example-10-50-40", first, first + timedelta(days=10))
    found = reader.unit_workload(*window).select("unit_id", *COUNTS).rows()
    assert found == [("U1", 5, 5, 2, 4, 1), ("U2", 1, 0, 0, 1, 0)]
    assert reader.limited(RowAccess(units=("U2",))).unit_workload(*window)["unit_id"].to_list() == ["U2"]
    assert reader.unit_channels(*window).rows() == [("U1", "电话", 4), ("U1", "网络", 1), ("U2", "电话", 1)]
    reader.close()
