"""Whose score moved most, and the rate that moved it: parts that add up, small units that do not lead the list."""

from typing import Any

import polars as pl
import pytest

from hotline12345.dashboard.score_moves import is_usual, parts, reason, score_moves
from hotline12345.sql.rules import EXAMPLES, load_rule

RULES = {rule.id: rule for rule in map(load_rule, EXAMPLES.rglob("*.toml"))}
EXAMPLE = RULES["example-10-50-40"]


def unit(unit_id: str, score: float, valid: int, half: float | None = 2.0, **numerators: float) -> dict[str, Any]:
    """A unit whose numerators are given; what is not given is full."""
    row: dict[str, Any] = {"unit_id": unit_id, "unit_name": f"{unit_id}镇", "unit_group": "街镇", "score": score}
    row |= {"score_rank": 1, "valid": valid}
    row |= {"score_low": None if half is None else score - half, "score_high": None if half is None else score + half}
    for name in ("response", "resolution", "satisfaction"):
        row |= {f"{name}_numerator": numerators.get(name, float(valid)), f"{name}_denominator": valid}
        row[f"{name}_rate"] = row[f"{name}_numerator"] / valid
    return row | {"on_time_numerator": None, "on_time_denominator": 0, "on_time_rate": None}


def test_parts_of_a_weighted_score_add_up_to_the_change():
    now, before = unit("A", 81.0, 100, resolution=80.0, satisfaction=77.5), unit("A", 95.0, 50, resolution=45.0)
    found = parts(now, before, EXAMPLE)
    assert found == {"response": 0, "resolution": pytest.approx(-5.0), "satisfaction": pytest.approx(-9.0)}
    assert sum(found.values()) == pytest.approx(81.0 - 95.0)


def test_the_reason_is_the_rate_that_moved_the_score_in_its_own_direction():
    now, before = unit("A", 91.0, 100, resolution=80.0, satisfaction=97.5), unit("A", 92.0, 50, satisfaction=40.0)
    assert reason(now, before, EXAMPLE) == "解决率 100.0%（50/50） → 80.0%（80/100），-10.0 分"


def test_deductions_below_target_only():
    rule = RULES["example-deductions"]
    now, before = unit("A", 90.0, 100, resolution=80.0), unit("A", 100.0, 100, resolution=100.0)
    target, points = rule.deductions["resolution"]
    assert parts(now, before, rule)["resolution"] == pytest.approx(-(target / 1000 - 0.8) * points / 10)


def test_a_rate_that_does_not_apply_on_one_side_is_no_reason():
    now = unit("A", 90.0, 100, resolution=80.0)
    before = unit("A", 80.0, 100) | {"resolution_denominator": 0, "resolution_numerator": None}
    assert "resolution" not in parts(now, before, EXAMPLE)
    assert "不适用" in reason(now, before, EXAMPLE)


def test_a_small_unit_does_not_lead_by_chance():
    now = [
        unit("小", 80.0, 3, 40.0, resolution=2.0),
        unit("大", 85.0, 200, 2.0, resolution=170.0),
        unit("平", 90.0, 80),
    ]
    before = [unit("小", 98.0, 4), unit("大", 92.0, 200), unit("平", 90.0, 80)]
    scores = pl.DataFrame(now)
    found = score_moves(scores, pl.DataFrame(before), EXAMPLE)
    assert found["unit_id"].to_list() == ["大", "小", "平"]
    assert [is_usual(row) for row in found.iter_rows(named=True)] == [False, True, True]
    assert found["usual_change"][0] == pytest.approx(2.0 * 2**0.5)
    assert found["reason"][2] == "没有变化"


def test_units_without_rank_or_without_an_earlier_score_are_left_out():
    now = [unit("A", 80.0, 10), unit("B", 80.0, 10) | {"score_rank": None}, unit("C", 80.0, 10), unit("D", 80.0, 10)]
    before = [unit("A", 90.0, 10), unit("B", 90.0, 10), unit("C", 90.0, 10) | {"score": None}]
    assert score_moves(pl.DataFrame(now), pl.DataFrame(before), EXAMPLE)["unit_id"].to_list() == ["A"]
    assert score_moves(pl.DataFrame(now), pl.DataFrame(before).clear(), EXAMPLE).is_empty()
