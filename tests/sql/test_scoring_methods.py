"""The scoring formula by hand: methods, renormalising, rounding, ties, minimum for a rank, groups of like units."""

from collections.abc import Mapping
from typing import Any

import polars as pl
import pytest
from simulated_units import RULE, Connection, marts, score

NAMES = ("unit_id", "response_value", "resolution_value", "satisfaction_value", "order_count")
VECTOR = [  # 100 callbacks: 99 contacted, 90 solved, 70 满意, 20 基本满意
    *(("u", 1000, 1000, 1000, 70), ("u", 1000, 1000, 900, 19), ("u", 0, 1000, 900, 1), ("u", 1000, 0, 0, 10)),
]


def scored(
    rows: list[tuple[Any, ...]], rule: Mapping[str, Any] = RULE, *deductions: tuple[str, int, int]
) -> Connection:
    frame = pl.DataFrame(rows, schema=NAMES, orient="row").with_columns(period_id=pl.lit("p"))
    return score(frame, rule, deductions)


def by_unit(connection: Connection) -> dict[str, dict[str, Any]]:
    return {row["unit_id"]: row for row in marts(connection).iter_rows(named=True)}


def test_the_vector_of_the_common_rule() -> None:
    row = by_unit(scored(VECTOR))["u"]
    assert (row["response_rate"], row["resolution_rate"], row["satisfaction_rate"]) == pytest.approx((0.99, 0.9, 0.88))
    assert row["exact_score"] == pytest.approx(90.1) and row["score"] == 90.1 and row["applicable_weight"] == 1000


def test_a_deduction_counts_points_below_target_and_stops_at_nothing() -> None:
    """0.2 points for each point of resolution below 95 %, 1 for satisfaction below 90 %; response is at its target."""
    rule = {**RULE, "score_method": "deduction", "score_decimals": 2}
    items = [("response", 950, 5000), ("resolution", 950, 200), ("satisfaction", 900, 1000)]
    row = by_unit(scored(VECTOR, rule, *items))["u"]
    assert row["exact_score"] == pytest.approx(100 - 5 * 0.2 - 2 * 1) and row["score"] == 97.0
    stopped = by_unit(scored([("u", 0, 0, 0, 10)], rule, *items))["u"]
    assert stopped["exact_score"] == 0 and stopped["score_low"] == 0


def test_what_is_lost_adds_up_to_what_the_score_lacks() -> None:
    for rule, items in (
        (RULE, []),
        ({**RULE, "score_method": "deduction"}, [("resolution", 950, 200), ("satisfaction", 900, 1000)]),
        ({**RULE, "score_method": "deduction"}, [("resolution", 1000, 9000), ("satisfaction", 1000, 9000)]),
    ):
        lost = scored(VECTOR, rule, *items).sql(
            """
            select exact_score + response_lost_score + resolution_lost_score + satisfaction_lost_score + on_time_lost_score
            from intermediate.scores
            """
        )
        sums = [value for (value,) in lost.fetchall()]
        assert len(sums) > 3 and sums == pytest.approx([100] * len(sums))


@pytest.mark.parametrize(("renormalise", "expected"), [(True, 100 * (0.1 * 1 + 0.5 * 0.5) / 0.6), (False, None)])
def test_a_rate_that_does_not_apply(renormalise: bool, expected: float | None) -> None:
    frame = pl.DataFrame([("u", 1000, 1000, 0, 5), ("u", 1000, 0, 0, 5)], schema=NAMES, orient="row")
    frame = frame.with_columns(period_id=pl.lit("p"), is_in_satisfaction=False, is_in_satisfaction_full=False)
    row = by_unit(score(frame, {**RULE, "renormalise": renormalise}))["u"]
    assert row["satisfaction_rate"] is None and row["satisfaction_rate_low"] is None
    assert row["exact_score"] == (None if expected is None else pytest.approx(expected))
    assert row["band"] == ("无有效回访" if expected is None else "暂不可区分")


@pytest.mark.parametrize(("decimals", "expected"), [(0, 91.0), (1, 90.5), (2, 90.5)])
def test_halves_round_up_at_any_number_of_decimals(decimals: int, expected: float) -> None:
    """19 of 180 neither solved nor satisfied, all contacted: 100 - 90 * 19 / 180 = 90.5."""
    rows = [("u", 1000, 1000, 1000, 161), ("u", 1000, 0, 0, 19)]
    assert by_unit(scored(rows, {**RULE, "score_decimals": decimals}))["u"]["score"] == expected


def test_ties_and_the_minimum_for_a_rank() -> None:
    """Three units with full marks of 30, 20 and 20 callbacks, the third with an order more that awaits one; one of 5."""
    rows = [
        ("a", 1000, 1000, 1000, 30),
        ("b", 1000, 1000, 1000, 20),
        ("c", 1000, 1000, 1000, 20),
        ("d", 1000, 1000, 1000, 5),
    ]
    frame = pl.DataFrame(rows, schema=NAMES, orient="row").with_columns(period_id=pl.lit("p"))
    waiting = pl.DataFrame([("c", 0, 0, 0, 1)], schema=NAMES, orient="row").with_columns(period_id=pl.lit("p"))
    flags = dict.fromkeys(("is_in_response", "is_in_resolution", "is_in_satisfaction"), False)
    frame = frame.with_columns(reason_code=pl.lit("counted"), **dict.fromkeys(flags, pl.lit(True)))
    frame = pl.concat(
        [frame, waiting.with_columns(reason_code=pl.lit("callback_awaited"), **flags)], how="diagonal_relaxed"
    )
    for tie_break, expected in (("received", [1, 3, 2]), ("valid", [1, 2, 2]), ("shared", [1, 1, 1])):
        found = by_unit(score(frame, {**RULE, "tie_break": tie_break, "minimum_for_rank": 10}))
        assert [found[unit]["score_rank"] for unit in "abc"] == expected, tie_break
        assert (found["d"]["score"], found["d"]["score_rank"], found["d"]["tier"], found["d"]["ranked_units"]) == (
            100.0,
            None,
            None,
            None,
        )
        assert found["a"]["ranked_units"] == 3 and found["a"]["tier"] == 1


def test_full_scope_and_what_is_set_aside() -> None:
    rows = [("u", 1000, 1000, 1000, 9), ("u", 1000, 0, 0, 1)]
    frame = pl.DataFrame(rows, schema=NAMES, orient="row").with_columns(period_id=pl.lit("p"))
    out = pl.col("resolution_value") == 0
    flags = dict.fromkeys(("is_in_response", "is_in_resolution", "is_in_satisfaction"), ~out)
    row = by_unit(score(frame.with_columns(is_excluded=out, is_suspended=out, **flags)))["u"]
    assert (row["score"], row["score_full"], row["resolution_rate"], row["resolution_full_rate"]) == (
        100.0,
        91.0,
        1.0,
        0.9,
    )
    assert (row["set_aside_count"], row["set_aside_share"], row["excluded"], row["suspended"]) == (1, 0.1, 1, 1)


def test_like_units_are_summed_up_together() -> None:
    """Two small units and a large one: mean and pooled differ, and each stands in its own class of size."""
    rows = [("a", 1000, 1000, 1000, 10), ("b", 1000, 0, 0, 10), ("c", 1000, 1000, 1000, 180), ("c", 1000, 0, 0, 20)]
    summary = scored(rows).sql("from marts.mart_group_summary").pl()
    lines = {(row["group_kind"], row["group_id"]): row for row in summary.iter_rows(named=True)}
    assert set(lines) == {
        *(
            ("unit_group", "街镇"),
            ("terrain", "深山"),
            ("size_class", "回访不足20件"),
            ("size_class", "回访100至499件"),
        ),
    }
    whole = lines["unit_group", "街镇"]
    assert (whole["units"], whole["valid"], whole["score"]) == (3, 220, whole["score_mean"])
    assert (whole["score_mean"], whole["score_pooled"]) == (67.0, 87.7)  # (100 + 10 + 91) / 3, 100 - 90 * 30 / 220
    assert (whole["resolution_rate_mean"], whole["resolution_rate_pooled"]) == pytest.approx((1.9 / 3, 190 / 220))
    assert (whole["resolution_numerator"], whole["resolution_denominator"]) == (190, 220)
    assert lines["size_class", "回访不足20件"]["score"] == 55.0 and lines["terrain", "深山"]["score"] == 67.0
    pooled = scored(rows, {**RULE, "summary_method": "pooled"}).sql("from marts.mart_group_summary").pl()
    assert pooled.filter(pl.col("group_kind") == "unit_group")["score"].to_list() == [87.7]
