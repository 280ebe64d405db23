"""The SQL against an independent oracle: plain Python on exact fractions, thirty lines."""

import random
from collections import defaultdict
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import made_warehouse
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

WEIGHTS = {"response": Fraction(10, 100), "resolution": Fraction(50, 100), "satisfaction": Fraction(40, 100)}
SATISFACTION = {"满意": Fraction(1), "基本满意": Fraction(9, 10)}
OUT_OF_SCOPE = {"咨询", "表扬", "感谢", "撤单", "骚扰", "无效"}


def period_of(created_at: datetime) -> str:
    """The month in which the period from the 19th to the 18th ends."""
    month = created_at.replace(day=1) + timedelta(days=32 if created_at.day >= 19 else 0)
    return f"{month:%Y-%m}"


def oracle(orders: list[dict[str, Any]]) -> dict[tuple[str, str], dict[str, Any]]:
    """The three rates and the score of each (period, unit), from the rule as a reader of the domain would compute them."""
    units: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for order in orders:
        units[period_of(order["created_at"]), order["unit_name"]].append(order)
    found = {}
    for key, received in units.items():
        valid = [
            order
            for order in received
            if order["is_valid_callback"]
            and order["order_type"] not in OUT_OF_SCOPE
            and order["exclusion_tag"] is None
            and order["is_assessed"] is not False
        ]
        full = [order for order in valid if order["assessment_kind"] is None]
        rates = {
            "response": (sum(bool(order["is_contacted"]) for order in valid), len(valid)),
            "resolution": (sum(order["resolution"] in ("解决", "基本解决") for order in full), len(full)),
            "satisfaction": (sum(SATISFACTION.get(order["satisfaction"], 0) for order in full), len(full)),
        }
        applicable = {name: Fraction(part) / whole for name, (part, whole) in rates.items() if whole}
        weight = sum(WEIGHTS[name] for name in applicable)
        score = sum(WEIGHTS[name] * value for name, value in applicable.items()) / weight if weight else None
        found[key] = {"received": len(received), "valid": len(valid), "score": rounded(score)} | {
            f"{name}_rate": float(applicable[name]) if name in applicable else None for name in rates
        }
    return found


def rounded(score: Fraction | None) -> float | None:
    """Half-up to one decimal of 100 × score."""
    if score is None:
        return None
    exact = Decimal((score * 1000).numerator) / Decimal((score * 1000).denominator)
    return float(exact.quantize(Decimal(1), ROUND_HALF_UP) / 10)


ANSWERS = (None, "解决", "基本解决", "部分解决", "未解决")
ORDER = st.fixed_dictionaries(
    {
        "unit_name": st.sampled_from(["甲镇", "乙镇", "丙街道"]),
        "created_at": st.datetimes(datetime(2026, 1, 10), datetime(2026, 3, 25)).map(
            lambda t: t.replace(microsecond=0)
        ),
        "order_type": st.sampled_from(["投诉", "求助", "咨询", None]),
        "is_valid_callback": st.sampled_from([True, True, True, False, None]),
        "is_contacted": st.sampled_from([True, True, False, None]),
        "resolution": st.sampled_from(ANSWERS),
        "satisfaction": st.sampled_from((None, "满意", "基本满意", "一般", "不满意", "未评价")),
        "exclusion_tag": st.sampled_from([None, None, None, "剔除", "挂账"]),
        "assessment_kind": st.sampled_from([None, None, None, "只评价响应率"]),
        "is_assessed": st.sampled_from([None, True, False]),
    }
)


def marts(folder: Path, orders: list[dict[str, Any]]) -> dict[tuple[str, str], dict[str, Any]]:
    """The same figures from the SQL."""
    connection = made_warehouse.make(folder, orders)
    rows = connection.sql("select * from marts.mart_unit_scores").pl().to_dicts()
    connection.close()
    return {(row["period_id"], row["unit_name"]): row for row in rows}


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(orders=st.lists(ORDER, min_size=1, max_size=40))
def test_sql_equals_oracle(orders: list[dict[str, Any]], tmp_path_factory: pytest.TempPathFactory) -> None:
    orders = [{**order, "order_id": f"A{number}"} for number, order in enumerate(orders)]
    expected, found = oracle(orders), marts(tmp_path_factory.mktemp("oracle"), orders)
    assert found.keys() == expected.keys()
    for key, figures in expected.items():
        assert {name: found[key][name] for name in figures} == pytest.approx(figures), key


@settings(max_examples=5, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(orders=st.lists(ORDER, min_size=2, max_size=30), seed=st.integers(0, 99))
def test_laws(orders: list[dict[str, Any]], seed: int, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Numerator ≤ denominator ≤ received; row order changes nothing; one unit's orders never change another's rates."""
    orders = [{**order, "order_id": f"A{number}"} for number, order in enumerate(orders)]
    found = marts(tmp_path_factory.mktemp("laws"), orders)
    for row in found.values():
        for name in ("response", "resolution", "satisfaction"):
            assert 0 <= row[f"{name}_numerator"] <= row[f"{name}_denominator"] <= row["received"]
        if row["valid"]:
            assert 0 <= row["score_low"] <= 100 * min(1, row["score"] / 100 + 0.0005)
            assert row["score"] - 0.05 <= row["score_high"] + 1e-9 and row["score_high"] <= 100
    shuffled = random.Random(seed).sample(orders, len(orders))
    assert marts(tmp_path_factory.mktemp("laws"), shuffled) == found
    fewer = marts(
        tmp_path_factory.mktemp("laws"), [order for order in orders if order["unit_name"] != "甲镇"] or orders
    )
    for key, row in fewer.items():
        if key[1] != "甲镇":
            assert [row[name] for name in ("valid", "score", "resolution_rate")] == [
                found[key][name] for name in ("valid", "score", "resolution_rate")
            ]
