"""The arithmetic of a bridge: exact, symmetric, additive, on any orders."""

from fractions import Fraction
from math import fsum

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given

from hotline12345.models.statistics.bridge import (
    EmptyDenominatorError,
    Floats,
    order_parts,
    parts_against,
    rate,
    unit_parts,
    wilson_half,
)

VALUES = st.sampled_from([0.0, 0.5, 0.9, 1.0])
SIDE = st.tuples(st.booleans(), VALUES)
ORDERS = st.lists(st.tuples(SIDE, SIDE), min_size=2, max_size=60)


def arrays(orders: list[tuple[tuple[bool, float], tuple[bool, float]]]) -> tuple[Floats, Floats, Floats, Floats]:
    """Both sides as arrays, each with at least one order inside."""
    sides = [((True, 1.0), (False, 0.0)), ((False, 0.0), (True, 0.5)), *orders]
    columns = [[float(side[0]), side[0] * side[1]] for pair in sides for side in pair]
    flat = np.array(columns).reshape(len(sides), 4).T
    return flat[0], flat[1], flat[2], flat[3]


@given(ORDERS)
def test_parts_sum_to_the_difference(orders):
    inside_a, value_a, inside_b, value_b = arrays(orders)
    parts = order_parts(inside_a, value_a, inside_b, value_b)
    assert fsum(parts) == pytest.approx(rate(inside_b, value_b) - rate(inside_a, value_a), abs=1e-12)


@given(ORDERS)
def test_exchanging_the_sides_changes_every_sign(orders):
    inside_a, value_a, inside_b, value_b = arrays(orders)
    forward = order_parts(inside_a, value_a, inside_b, value_b)
    backward = order_parts(inside_b, value_b, inside_a, value_a)
    assert np.allclose(forward, -backward, atol=1e-15, rtol=0)


@given(ORDERS)
def test_an_order_that_did_not_change_adds_nothing(orders):
    inside_a, value_a, inside_b, value_b = arrays(orders)
    parts = order_parts(inside_a, value_a, inside_b, value_b)
    same = (inside_a == inside_b) & (value_a == value_b)
    assert not parts[same].any()


@given(ORDERS, st.floats(0, 1))
def test_a_side_held_against_a_rate_sums_to_its_distance(orders, reference):
    inside, value, *_ = arrays(orders)
    parts = parts_against(reference, inside, value, float(inside.sum()))
    assert fsum(parts) == pytest.approx(rate(inside, value) - reference, abs=1e-12)


COUNTS = st.tuples(st.integers(0, 40), st.floats(0, 1))


@given(st.lists(st.tuples(COUNTS, COUNTS), max_size=20))
def test_structure_and_performance_sum_to_the_pooled_difference(units):
    units = [((5, 0.8), (7, 0.6)), *units]
    count_a, value_a, count_b, value_b = (
        np.array([float(side[0]) * (side[1] if is_value else 1.0) for side in sides])
        for sides in zip(*units, strict=True)
        for is_value in (False, True)
    )
    structure, performance = unit_parts(count_a, value_a, count_b, value_b)
    total = value_b.sum() / count_b.sum() - value_a.sum() / count_a.sum()
    assert fsum([*structure, *performance]) == pytest.approx(total, abs=1e-12)
    backward = unit_parts(count_b, value_b, count_a, value_a)
    assert np.allclose(structure, -backward[0], atol=1e-12) and np.allclose(performance, -backward[1], atol=1e-12)
    absent = (count_a == 0) | (count_b == 0)
    assert not performance[absent].any(), "a unit on one side only is structure"


def test_a_shift_of_weights_alone_is_structure():
    """Two units keep 90 % and 50 %; the better one grows from 10 to 30 callbacks of 20 and 40."""
    structure, performance = unit_parts(
        *(np.array(side) for side in ([10.0, 10.0], [9.0, 5.0], [30.0, 10.0], [27.0, 5.0]))
    )
    assert not performance.any()
    assert structure.sum() == pytest.approx((27 + 5) / 40 - (9 + 5) / 20)


def test_twenty_callbacks_by_hand():
    """16 of 20 solved; then one late callback (未解决) comes in and one 未解决 becomes 解决: 17 of 21."""
    inside_a, value_a = np.array([1.0] * 20 + [0.0]), np.array([1.0] * 16 + [0.0] * 5)
    inside_b, value_b = np.ones(21), np.array([1.0] * 17 + [0.0] * 4)
    parts = order_parts(inside_a, value_a, inside_b, value_b)
    middle, count = (Fraction(16, 20) + Fraction(17, 21)) / 2, Fraction(41, 2)
    assert parts[16] == pytest.approx(float(1 / count)), "改判"
    assert parts[20] == pytest.approx(float(-middle / count)), "迟到回访"
    assert float(1 / count - middle / count) == pytest.approx(float(Fraction(17, 21) - Fraction(16, 20)))


@pytest.mark.parametrize("sides", [([0.0], [1.0]), ([1.0], [0.0]), ([0.0], [0.0])])
def test_an_empty_denominator_is_refused(sides):
    first, last = (np.array(side) for side in sides)
    with pytest.raises(EmptyDenominatorError):
        order_parts(first, first, last, last)
    with pytest.raises(EmptyDenominatorError):
        parts_against(0.5, first, last, 0.0)


def test_wilson_of_twenty_callbacks():
    """Wilson 1927 for 16 of 20: 0.5840 to 0.9193 (Newcombe 1998, method 3)."""
    assert 2 * wilson_half(0.8, 20) == pytest.approx(0.9193 - 0.5840, abs=2e-4)
