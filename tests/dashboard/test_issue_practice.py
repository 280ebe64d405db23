"""Which unit of similar volume solves an issue best, and that small numbers do not decide it."""

import polars as pl
import pytest

from hotline12345.dashboard.issue_practice import practice, rated
from hotline12345.models.statistics.intervals import wilson_interval


def units(*rows: tuple[str, int, int, int]) -> pl.DataFrame:
    names = ("unit_id", "order_count", "resolution_asked_count", "resolved_count")
    return pl.DataFrame(rows, schema=names, orient="row").with_columns(unit_name=pl.format("{}镇", "unit_id"))


def test_wilson_by_hand():
    low, high = wilson_interval(8, 10)  # p 0.8, z 1.96: (0.8 + 0.19208 ± 1.96 √(0.016 + 0.009604)) / 1.38416
    assert low == pytest.approx((0.99208 - 1.96 * 0.025604**0.5) / 1.38416)
    assert high == pytest.approx((0.99208 + 1.96 * 0.025604**0.5) / 1.38416)
    assert wilson_interval(0, 5)[0] == 0.0
    assert wilson_interval(5, 5)[1] == 1.0


def test_only_units_of_similar_volume_with_enough_answers_are_compared():
    found = rated(
        units(("A", 100, 80, 40), ("B", 60, 50, 48), ("C", 40, 40, 40), ("D", 90, 4, 4), ("E", 300, 200, 199))
    )
    assert found["unit_id"].to_list() == ["E", "A", "D", "B", "C"]
    told = practice(found, "A")
    assert told.similar["unit_id"].to_list() == ["B", "A"], "C is too small, E too large, D has 4 answers"
    assert told.said == (
        "诉求量相近的 1 个单位中，B镇解决率 96.0%（48/50），A镇解决率 50.0%（40/80）。两者区间不重叠，B镇的做法值得了解。"
    )


def test_overlapping_intervals_are_not_told_apart():
    found = rated(units(("A", 10, 10, 7), ("B", 12, 8, 7)))
    assert practice(found, "A").said.endswith("两者区间重叠，暂不可区分。")


def test_the_surest_rate_leads_not_the_highest():
    found = rated(units(("A", 100, 90, 40), ("B", 90, 5, 5), ("C", 120, 100, 95)))
    assert practice(found, "A").similar["unit_id"].to_list()[0] == "C", "5 of 5 says less than 95 of 100"


def test_without_answers_nothing_is_compared():
    found = rated(units(("A", 10, 0, 0), ("B", 9, 9, 9)))
    assert found["resolution_rate"].to_list() == [None, 1.0]
    assert practice(found, "A").said.endswith("A镇没有解决情况的答复，无从比较。")
    assert practice(rated(units(("A", 10, 9, 9))), "A").said.startswith("没有与A镇诉求量相近")
    with pytest.raises(LookupError):
        practice(found, "Z")
