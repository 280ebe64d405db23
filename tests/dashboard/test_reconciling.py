"""Explanations on random orders: what was planted is always listed, nearly always first, and nothing is made up."""

import random
from typing import Any

import polars as pl
import pytest

from hotline12345.dashboard.reconciling import explain, rank_variants, side_by_side
from hotline12345.dashboard.reconciling_groups import CHANGES, Group, as_counted, find_groups

UNITS, ORDERS = 40, 6_000
COUNTS = ("valid", "contacted", "resolved", "satisfied", "basically_satisfied")
PLANTED = ("excluded", "suspended", "unreached", "order_type_out")
NOBODY = pl.DataFrame(schema=dict.fromkeys(("order_id", "unit_id", "former_unit_id"), pl.String))
VALUES = {"解决": 1000, "部分解决": 0, "未解决": 0, "满意": 1000, "基本满意": 900, "不满意": 0}
REASONS = {"counted": 80, "excluded": 4, "suspended": 4, "callback_awaited": 5, "callback_not_valid": 5}


@pytest.fixture(scope="module")
def orders() -> pl.DataFrame:
    """Orders of many units as `Reader.scored_orders` gives them."""
    draw = random.Random(12345)
    return pl.DataFrame([_order(draw, number) for number in range(ORDERS)])


def _order(draw: random.Random, number: int) -> dict[str, Any]:
    reasons = {**REASONS, "order_type_out_of_scope": 2}
    (reason,) = draw.choices([*reasons], [*reasons.values()])
    (solved,) = draw.choices(["解决", "未解决", "部分解决"], [85, 10, 5])
    (satisfied,) = draw.choices(["满意", "基本满意", "不满意"], [70, 15, 15])
    counted = reason == "counted"
    return {
        **{"order_id": f"A{number:05d}", "unit_id": f"U{number % UNITS:02d}", "reason_code": reason},
        **{"is_excluded": reason == "excluded", "is_suspended": reason == "suspended"},
        **{"is_volume_excluded": draw.random() < 0.05, "is_response_only": False},
        **{f"is_in_{share}": counted for share in ("response", "resolution", "satisfaction")},
        **{"response_value": 1000, "resolution_value": VALUES[solved], "satisfaction_value": VALUES[satisfied]},
        **{"resolution": solved, "satisfaction": satisfied},
        **{
            "order_type": draw.choice(["投诉", "求助", "建议"]),
            "exclusion_kind": draw.choice(["重复", "不合理", None]),
        },
        "is_reached": reason in ("counted", "excluded", "suspended", "order_type_out_of_scope"),
    }


def comparison(orders: pl.DataFrame, moved: dict[str, list[Group]]) -> pl.DataFrame:
    """A published table that judges the groups of `moved` the other way."""
    sums = as_counted(orders).group_by("unit_id").agg(pl.col(name).sum() for name in CHANGES).sort("unit_id")
    rows = []
    for row in sums.iter_rows(named=True):
        groups = moved.get(row["unit_id"], [])
        told = {name: row[name] + sum(group.change.get(name, 0) for group in groups) for name in CHANGES}
        shares = ("response", "resolution", "satisfaction")
        rates = {
            f"official_{s}_rate": round(told[f"{s}_thousandths"] / 1000 / told[f"{s}_denominator"], 3) for s in shares
        }
        counts = {f"official_{name}": told[name] for name in COUNTS}
        rows.append({"unit_id": row["unit_id"], "is_published": True, "official_received": None, **counts, **rates})
    return pl.DataFrame(rows)


def groups_by_unit(orders: pl.DataFrame) -> dict[str, list[Group]]:
    by_unit: dict[str, list[Group]] = {}
    for group in find_groups(orders, NOBODY, None):
        if group.cause in PLANTED:
            by_unit.setdefault(group.unit_id, []).append(group)
    return by_unit


def places(orders: pl.DataFrame, planted: dict[str, list[Group]]) -> list[int]:
    """For each unit, at which place the planted orders are listed."""
    listed: dict[str, list[tuple[str, ...]]] = {}
    for one in explain(comparison(orders, planted), orders, NOBODY, None):
        listed.setdefault(one.unit_id, []).append(one.order_ids)
    return [
        listed[unit].index(tuple(sorted(order_id for group in groups for order_id in group.order_ids)))
        for unit, groups in planted.items()
    ]


def test_a_reason_of_many_units_is_first_in_each(orders):
    for causes in (["suspended"], ["excluded"], ["excluded", "unreached"]):
        chosen = {
            unit: [group for group in groups if group.cause in causes]
            for unit, groups in groups_by_unit(orders).items()
        }
        found = places(orders, chosen)
        assert len(found) == UNITS
        assert found.count(0) >= 0.95 * UNITS


def test_reasons_that_differ_from_unit_to_unit_are_listed_in_each(orders):
    draw = random.Random(1)
    by_unit = sorted(groups_by_unit(orders).items())
    found = places(orders, {unit: draw.sample(groups, draw.choice([1, 2])) for unit, groups in by_unit})
    assert found.count(0) >= 0.75 * UNITS, "small groups can be equal in every figure"


def test_a_table_that_agrees_is_not_explained(orders):
    assert explain(comparison(orders, {}), orders, NOBODY, None) == []


def test_a_difference_that_no_group_makes_is_not_explained(orders):
    table = comparison(orders, {}).with_columns(pl.col("official_valid") + 1000)
    assert explain(table, orders, NOBODY, None) == []


def test_variants_are_ranked_by_units_that_agree_then_by_difference():
    compared = pl.DataFrame(
        {
            "unit_id": ["U1", "U2"],
            "is_published": [True, True],
            **{"official_rank": [2, 1], "score_rank": [1, 2], "unit_name": ["甲", "乙"]},
            **{
                f"official_{name}": [None, None] for name in ("received", *COUNTS, "response_rate", "satisfaction_rate")
            },
            **{"official_resolution_rate": [0.9, 0.8], "resolution_rate": [0.85, 0.8], "official_score": [90.12, 80.0]},
            **{"score": [88.0, 80.0], "resolution_rate_difference": [0.05, 0.0], "score_difference": [2.12, 0.0]},
        },
        schema_overrides={f"official_{name}": pl.Int64 for name in ("received", *COUNTS)},
    )
    tried = [("b", "U1", 0.9004, 90.1), ("b", "U2", 0.8, 80.0), ("c", "U1", 0.9, 70.0), ("c", "U2", 0.8, 80.0)]
    variants = pl.DataFrame(
        [
            {"variant_kind": "rule", "variant_id": rule, "variant_name": rule.upper(), "unit_id": unit}
            | {"resolution_rate": rate, "score": score}
            for rule, unit, rate, score in tried
        ]
    )
    ranked = rank_variants(compared, variants)
    assert [(variant.variant_id, variant.agreeing) for variant in ranked] == [("b", 2), ("ours", 1), ("c", 1)]
    assert [variant.words for variant in ranked] == [
        "按规则“B”计算时，2 个单位全部吻合。",
        "按现用规则计算时，2 个单位中 1 个吻合。",
        "按规则“C”计算时，2 个单位中 1 个吻合。",
    ]
    cells = side_by_side(compared)
    assert cells["score"].to_list() == ["90.1 / 88.0 / +2.1", "80.0 / 80.0 / 0"]
    assert cells["resolution_rate"][0] == "90.0% / 85.0% / +5"
