"""The district on one page: age of the data, distance to targets, volume beside quality, where it moved, by hand."""

from datetime import date, datetime

import polars as pl
import pytest

from hotline12345.dashboard import district
from hotline12345.dashboard.quadrants import UNKNOWN, quadrants, words
from hotline12345.dashboard.target_progress import Target

FACTS = {"cutoff_at": datetime(2026, 3, 29, 12), "quarantined": 0}
PERIOD = {"end_at": datetime(2026, 3, 19), "unit_group": "街镇"}
NAMES = ("order_count", "volume_count", "repeated_count", "called_count", "unreached_count")


def target(value: float, **more: object) -> Target:
    said = {"unit_id": None, "unit_group": None, "valid_from": None, "valid_to": None} | more
    return Target(target_id="t", name="计划", indicator="resolution_rate", value=value, source="测试", **said)


def units(*rates: float | None) -> pl.DataFrame:
    rows = [
        {
            "unit_id": f"U{place}",
            "unit_group": "街镇",
            "resolution_rate": rate,
            "resolution_numerator": None if rate is None else 100 * rate,
            "resolution_denominator": 0 if rate is None else 100,
        }
        for place, rate in enumerate(rates)
    ]
    return pl.DataFrame(rows)


@pytest.mark.parametrize(
    ("now", "said"),
    [
        (datetime(2026, 3, 29, 18), "数据截至 2026-03-29 12:00（今天）"),
        (datetime(2026, 3, 31, 12), "数据截至 2026-03-29 12:00（2 天前）"),
        (datetime(2026, 4, 3, 12), "数据截至 2026-03-29 12:00（5 天前，请留意）"),
        (datetime(2026, 3, 1), "数据截至 2026-03-29 12:00（今天）"),
    ],
)
def test_the_age_of_the_data(now, said):
    assert district.freshness(FACTS, now) == said
    assert district.freshness(FACTS | {"quarantined": 1200}, now) == f"{said}，另有 1,200 行待更正未计入"


def test_a_target_in_force_comes_before_an_expired_one():
    expired, plan = target(0.85, valid_to=date(2026, 1, 1)), target(0.9)
    summary = PERIOD | {"resolution_rate": 0.88}
    said = district.goal("resolution_rate", summary, units(0.95, 0.9, 0.8, None), [expired, plan])
    assert said == "目标 90.0%，相差 -2.0 个百分点；3 个单位中 2 个达到"
    assert district.goal("resolution_rate", summary, units(0.95, 0.9), [expired]) == "计划（已到期） 85.0%，仅供参照"


def test_targets_of_others_do_not_count():
    summary = PERIOD | {"resolution_rate": 0.88}
    others = [target(0.9, unit_group="国企"), target(0.9, unit_id="U0"), target(0.9, valid_from=date(2027, 1, 1))]
    assert district.goal("resolution_rate", summary, units(0.95), others) == "未设目标"
    assert district.goal("score", summary | {"score": 90.0}, units(0.95), [target(0.9)]) == "未设目标"


def side(**orders: tuple[int, int, int]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Workload (orders, repeated, unreached) and channels of each unit; half of the orders by each of two channels."""
    rows = [
        {"unit_id": unit, "unit_name": f"{unit}镇", "unit_group": "街镇"}
        | dict(zip(NAMES, (count, count, repeated, count, unreached), strict=True))
        for unit, (count, repeated, unreached) in orders.items()
    ]
    groups = [
        {"unit_id": unit, "channel_group": group, "order_count": count // 2}
        for unit, (count, *_) in orders.items()
        for group in ("电话", "网络")
    ]
    return pl.DataFrame(rows), pl.DataFrame(groups)


def rates(**units: tuple[float, int]) -> pl.DataFrame:
    rows = [
        {"unit_id": unit, "resolution_numerator": n, "resolution_denominator": d, "resolution_rate": n / d}
        for unit, (n, d) in units.items()
    ]
    names = ("resolution_numerator", "resolution_denominator", "resolution_rate")
    return pl.DataFrame(
        rows, schema={"unit_id": pl.String} | dict(zip(names, (pl.Float64, pl.Int64, pl.Float64), strict=True))
    )


def test_the_whole_is_the_sum_of_its_units():
    (now, channels), (before, channels_before) = side(A=(80, 8, 4), B=(10, 1, 1)), side(A=(90, 4, 2), B=(20, 0, 2))
    found = quadrants(
        (now, before),
        (channels, channels_before),
        (rates(A=(45.0, 50), B=(9.0, 10)), rates(A=(40.0, 50), B=(10.0, 10))),
    )
    whole = district.whole(found, (channels, channels_before))
    assert (whole["volume_count"], whole["volume_count_before"]) == (90, 110)
    assert whole["resolution_rate"] == pytest.approx(54 / 60)
    assert whole["resolution_rate_before"] == pytest.approx(50 / 60)
    assert whole["repeated_share"] == pytest.approx(9 / 90)
    assert whole["quadrant"] == "降量提质"
    assert words(whole).startswith("合计：降量提质。诉求量 90 件（原 110 件，-18.2%）；解决率 90.0%（+6.7 个百分点）")
    assert "请先核实" in words(whole), "fewer orders, and more of them repeated"
    assert district.beside(whole) == (
        "重复反映 10.0%（9/90，+6.4 个百分点）；回访未接通 5.6%（5/90，+1.9 个百分点）；换了渠道组的工单 0.0%"
    )


def test_without_comparable_rates_the_whole_is_about_volume():
    (now, channels), (before, channels_before) = side(A=(80, 0, 0)), side(A=(90, 0, 0))
    found = quadrants((now, before), (channels, channels_before), (rates(A=(45.0, 50)), rates()))
    whole = district.whole(found, (channels, channels_before))
    assert whole["quadrant"] == UNKNOWN
    assert words(whole) == "合计：诉求量 80 件（原 90 件，-11.1%）。"


def test_units_by_quadrant_all_named():
    rows = [("甲", "降量提质", 5), ("乙", "降量提质", 9), ("丙", "持平", 1)]
    frame = pl.DataFrame(rows, schema=["unit_name", "quadrant", "volume_count"], orient="row")
    found = district.by_quadrant(frame.with_columns(unit_id="unit_name"))
    assert found.rows() == [
        ("降量提质", 2, "乙、甲"),
        ("增量提质", 0, "—"),
        ("降量未提质", 0, "—"),
        ("增量未提质", 0, "—"),
        ("持平", 1, "丙"),
    ]


def places(*rows: tuple[str, str, int]) -> pl.DataFrame:
    told = [(topic, f"{topic}类", place, f"{place}镇", count) for topic, place, count in rows]
    schema = ["topic_code", "topic_name", "place_id", "place_town", "order_count"]
    return pl.DataFrame(told, schema=schema, orient="row")


def test_where_a_topic_moved_most_in_its_own_direction():
    now = places(("A", "甲", 30), ("A", "乙", 2), ("B", "甲", 5), ("C", "丁", 4))
    before = places(("A", "甲", 10), ("A", "丙", 40), ("B", "甲", 5))
    found = district.main_parts(now, before, "topic_code", "place_town")
    assert found == {"A": "丙镇 -40 件", "C": "丁镇 +4 件"}, "A fell by 18 in all; B did not move"
    assert district.main_parts(now, None, "topic_code", "place_town")["A"] == "甲镇 30 件"


def test_places_that_moved_with_the_topic_that_moved_them():
    now = places(("A", "甲", 30), ("B", "甲", 5), ("A", "乙", 10))
    before = places(("A", "甲", 10), ("B", "甲", 9), ("A", "乙", 9), ("A", "丙", 7))
    found = district.place_moves(now, before, 2)
    assert found.select("place_town", "now", "before", "reason").rows() == [
        ("甲镇", 35, 19, "A类 +20 件"),
        ("丙镇", 0, 7, "A类 -7 件"),
    ]
