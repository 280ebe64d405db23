"""Who, where and trade: each name is resolved by the dated list on its own; units of a role exist where a rule scores it."""

from datetime import datetime
from pathlib import Path

import made_warehouse

RULE = (Path(__file__).parents[2] / "sql" / "rules" / "example-10-50-40.toml").read_text(encoding="utf-8")
UNITS = (
    "U1,甲镇,街镇,,,,,,",
    "OLD,区环保局,区直部门,,,,,,2026-03-01",
    "NEW,区生态局,区直部门,区环保局,,,,2026-03-01,",
)
ORDERS = [
    {"order_id": "A0", "created_at": datetime(2026, 2, 25), "trade_bureau": "区环保局"},
    {"order_id": "A1", "created_at": datetime(2026, 3, 5), "trade_bureau": "区环保局"},
    {"order_id": "A2", "created_at": datetime(2026, 3, 5), "trade_bureau": "区水务局", "place_town": "乙镇"},
    {"order_id": "A3", "created_at": datetime(2026, 3, 5)},
]


def units_of(folder: Path, role: str) -> tuple[list[str], set[str]]:
    """The trade of each order, and the units there are under a rule for one role."""
    text = RULE.replace("[scope]", f'[scope]\nunit_role = "{role}"').replace("example-10-50-40", f"own-{role}")
    rows = [{"unit_name": "甲镇", "is_valid_callback": True, **row} for row in ORDERS]
    connection = made_warehouse.make(folder, rows, UNITS, text)
    trades = connection.execute("select trade_id from staging.orders order by order_id").fetchall()
    units = connection.execute("select unit_id from intermediate.units").fetchall()
    connection.close()
    return [trade for (trade,) in trades], {unit for (unit,) in units}


def test_trade_bureaus_are_resolved_by_name_and_day(tmp_path: Path) -> None:
    trades, units = units_of(tmp_path, "trade")
    assert trades == ["OLD", "NEW", "x:区水务局", "none"]
    assert units == {"U1", "OLD", "NEW", "x:区水务局", "none"}


def test_places_are_units_where_a_rule_scores_them(tmp_path: Path) -> None:
    assert units_of(tmp_path, "place")[1] == {"U1", "OLD", "NEW", "x:乙镇", "none"}


def test_for_undertakers_no_other_unit_appears(tmp_path: Path) -> None:
    assert units_of(tmp_path, "undertaker")[1] == {"U1", "OLD", "NEW"}
