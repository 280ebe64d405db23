"""The SQL against an independent oracle, for every feature that a rule may have; and the laws that hold for all."""

import random
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import made_warehouse
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from made_rules import RULE, TYPES, rule_file
from rate_oracle import RATES, oracle, summary

from hotline12345.sql.storage import Storage

# One list for every role, so that all units stand in one group and are ranked together.
UNITS = [f"U{number},{name},街镇,,,,,," for number, name in enumerate(("甲镇", "乙镇", "丙街道"))]
NAMES = st.sampled_from(["甲镇", "乙镇", "丙街道"])
TIMES = st.datetimes(datetime(2025, 12, 10), datetime(2026, 3, 25)).map(lambda t: t.replace(microsecond=0))
REACHED = st.sampled_from([True, True, True, False, None])
CONTACTED = st.sampled_from([True, True, False, None])
RESOLUTION = st.sampled_from((None, "解决", "解决", "基本解决", "部分解决", "未解决"))
SATISFACTION = st.sampled_from((None, "满意", "基本满意", "一般", "不满意", "未评价", "3星"))
ORDER = st.fixed_dictionaries(
    {
        **dict.fromkeys(("unit_name", "place_town", "trade_bureau"), NAMES),
        "created_at": TIMES,
        **dict.fromkeys(("dispatched_at", "closed_at", "due_at"), st.one_of(st.none(), TIMES)),
        "case_id": st.sampled_from([None, None, "C1", "C2"]),
        "order_type": st.sampled_from([*TYPES, None]),
        **dict.fromkeys(("is_valid_callback", "is_valid_callback_district", "is_valid_callback_city"), REACHED),
        **{f"is_contacted{end}": CONTACTED for end in ("", "_district", "_city", "_unit")},
        **{f"resolution{end}": RESOLUTION for end in ("", "_district", "_city", "_unit", "_first", "_final")},
        **{f"satisfaction{end}": SATISFACTION for end in ("", "_district", "_city", "_unit", "_first", "_final")},
        "exclusion_tag": st.sampled_from([None, None, None, "剔除", "挂账"]),
        "exclusion_kind": st.sampled_from([None, "历史遗留", "诉求不合理"]),
        "assessment_kind": st.sampled_from([None, None, None, "只评价响应率"]),
        "is_assessed": st.sampled_from([None, True, False]),
    }
)
# Without shrinking: a failing example is small as it is, and each try builds two warehouses.
SLOW = settings(
    max_examples=12,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=(Phase.explicit, Phase.reuse, Phase.generate),
)


def numbered(orders: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The orders with ids of their own."""
    return [{**order, "order_id": f"A{number:03d}"} for number, order in enumerate(orders)]


def marts(
    folder: Path, orders: list[dict[str, Any]], rules: Mapping[str, Mapping[str, Any]]
) -> dict[tuple[str, str, str], dict[str, Any]]:
    """The figures of the SQL by rule, period and unit, under rules drawn at random (none: the example)."""
    storage = Storage.at(folder)
    storage.make()
    storage.rules.mkdir(exist_ok=True)
    for rule_id, rule in rules.items():
        (storage.rules / f"{rule_id}.toml").write_text(rule_file(rule_id, rule), encoding="utf-8")
    connection = made_warehouse.make(folder, orders, UNITS)
    rows = connection.sql("select * from marts.mart_unit_scores").pl().to_dicts()
    lines = connection.sql(
        "select *, group_id as unit_name from marts.mart_group_summary where group_kind = 'unit_group'"
    )
    rows += lines.pl().to_dicts()
    connection.close()
    return {(row["rule_id"], row["period_id"], row["unit_name"]): row for row in rows}


@SLOW
@given(orders=st.lists(ORDER, min_size=1, max_size=40), rules=st.lists(RULE, min_size=4, max_size=4))
def test_sql_equals_oracle(
    orders: list[dict[str, Any]], rules: list[dict[str, Any]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    orders = numbered(orders)
    by_id = {f"rule-{number}": rule for number, rule in enumerate(rules)}
    found = marts(tmp_path_factory.mktemp("oracle"), orders, by_id)
    for rule_id, rule in by_id.items():
        expected = oracle(orders, rule)
        lines = {
            (period, "街镇"): summary([row for key, row in expected.items() if key[0] == period], rule)
            for period, _ in expected
        }
        with_orders = {key[1:] for key, row in found.items() if key[0] == rule_id and row["received"]}
        assert with_orders == expected.keys() | lines.keys(), rule_file(rule_id, rule)
        for key, figures in (expected | lines).items():
            row = found[rule_id, *key]
            figures.pop("sums", None)
            assert {name: row[name] for name in figures} == pytest.approx(figures), (key, rule_file(rule_id, rule))


@settings(SLOW, max_examples=4)
@given(orders=st.lists(ORDER, min_size=2, max_size=30), seed=st.integers(0, 99))
def test_laws(orders: list[dict[str, Any]], seed: int, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Numerator ≤ denominator ≤ received; row order changes nothing; one unit's orders never change another's rates."""
    orders = numbered(orders)
    found = marts(tmp_path_factory.mktemp("laws"), orders, {})
    for (_, _, name_of), row in found.items():
        if name_of == "街镇":
            continue
        for name in RATES:
            assert 0 <= row[f"{name}_numerator"] <= row[f"{name}_denominator"] <= row["received"]
        for name in RATES[:3]:
            assert row[f"{name}_denominator"] <= row[f"{name}_full_denominator"] <= row["received"]
        if row["score"] is not None:
            assert 0 <= row["score_low"] <= row["score_high"] <= 100
    shuffled = random.Random(seed).sample(orders, len(orders))
    assert marts(tmp_path_factory.mktemp("laws"), shuffled, {}) == found
    others = [order for order in orders if order["unit_name"] != "甲镇"] or orders
    fewer = marts(tmp_path_factory.mktemp("laws"), others, {})
    for key, row in fewer.items():
        if key[2] not in {"甲镇", "街镇"}:
            same = ("valid", "score", "resolution_rate", "score_low", "score_high", "resolution_rate_low")
            assert [row[name] for name in same] == [found[key][name] for name in same]
