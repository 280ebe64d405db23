"""Changes of orders between two states: on any orders, their parts sum to the difference, and each has one cause."""

from datetime import datetime
from math import fsum
from typing import Any

import hypothesis.strategies as st
import polars as pl
import pytest
from hypothesis import given, settings

from hotline12345.dashboard.bridge_changes import BASE, CAUSES, Orders, between, entering, full_rate, undone

END = datetime(2026, 3, 19)
REASONS = ("counted", "excluded", "suspended", "callback_awaited", "callback_not_valid", "not_assessed", "unreached")
VALUES = st.sampled_from([0, 500, 900, 1000])
RATES = ("response", "resolution", "satisfaction")


@st.composite
def one_order(draw: st.DrawFn) -> dict[str, Any]:
    """How an order stands in a state, as the ledger would have it."""
    reason = draw(st.sampled_from(REASONS))
    values = {f"{name}_value": draw(VALUES) for name in (*RATES, "on_time")}
    heard = draw(st.sampled_from([None, datetime(2026, 3, 10), datetime(2026, 4, 1)]))
    row = {
        "unit_id": draw(st.sampled_from(["U1", "U1", "U2"])),
        "first_unit_id": draw(st.sampled_from(["U1", "U1", "U1", "U2"])),
        "reason_code": reason,
        "known_at": datetime(2026, 3, 1),
        "callback_known_at": heard,
        "is_waited_for": draw(st.booleans()),
        "is_in_on_time": draw(st.booleans()),
        **values,
    }
    for name in RATES:
        answered = draw(st.booleans())
        row[f"is_in_{name}"] = answered and reason in ("counted", "unreached")
        row[f"is_in_{name}_full"] = answered and reason in ("counted", "unreached", "excluded", "suspended")
        row[f"first_{name}_value"] = None if heard is None else draw(VALUES)
    return row


STATE = st.lists(st.none() | one_order(), min_size=1, max_size=25)


SURE: dict[str, Any] = {
    "unit_id": "U1",
    "first_unit_id": "U1",
    "reason_code": "counted",
    "known_at": datetime(2026, 3, 1),
    "callback_known_at": datetime(2026, 3, 1),
    "is_waited_for": False,
    **{f"{name}_value": 1000 for name in (*RATES, "on_time")},
    **{f"is_in_{name}": True for name in (*RATES, "on_time")},
    **{f"is_in_{name}_full": True for name in RATES},
    **{f"first_{name}_value": 500 for name in RATES},
}


def orders(rows: list[dict[str, Any] | None], units: tuple[str, ...] = ("U1",)) -> Orders:
    """A state with one order that counts for sure; one that is None is not in its data."""
    named = [{"order_id": f"A{number:02d}", **row} for number, row in enumerate([SURE, *rows]) if row]
    return Orders(pl.DataFrame(named, schema_overrides={"callback_known_at": pl.Datetime("us")}), END, units)


def rate(state: Orders, indicator: str) -> float:
    rows = state.of(indicator)
    return float((rows["inside"] * rows["value"]).sum() / rows["inside"].sum())


@settings(max_examples=150, deadline=None)
@given(STATE, STATE, st.sampled_from([*RATES, "on_time"]))
def test_one_period_at_two_times(before, after, indicator):
    states = orders(before), orders(after)
    difference = rate(states[1], indicator) - rate(states[0], indicator)
    for cause in (None, BASE):
        changes = between(*states, indicator, cause)
        assert fsum(changes["part"]) == pytest.approx(difference, abs=1e-12)
        assert changes["order_id"].is_unique().all()
        assert set(changes["cause"]) <= ({BASE} if cause else set(CAUSES))
    assert between(states[0], states[0], indicator).is_empty()


@settings(max_examples=150, deadline=None)
@given(STATE, st.sampled_from([*RATES, "on_time"]), st.floats(0, 1))
def test_a_period_s_own_orders_against_a_rate(rows, indicator, reference):
    state = orders(rows)
    difference = rate(state, indicator) - reference
    changes = entering(state, indicator, reference)
    assert fsum(changes["part"]) == pytest.approx(difference, abs=1e-12)
    assert set(changes["cause"]) <= set(CAUSES)


@settings(max_examples=100, deadline=None)
@given(STATE, st.sampled_from(RATES))
def test_flags_taken_back(rows, indicator):
    state = orders(rows)
    difference = full_rate(state, indicator) - rate(state, indicator)
    changes = undone(state, indicator, BASE)
    assert fsum(changes["part"]) == pytest.approx(difference, abs=1e-12)
    assert set(changes["detail"]) <= {"撤回剔除", "撤回挂账"}


@settings(max_examples=60, deadline=None)
@given(STATE, STATE)
def test_within_a_group_a_move_is_no_cause(before, after):
    states = orders(before, ("U1", "U2")), orders(after, ("U1", "U2"))
    assert "改派" not in between(*states, "resolution")["cause"]
