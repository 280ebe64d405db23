"""What readers of aggregates may see: no small cell follows from what is shown. The oracle is a linear program."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from hotline12345.dashboard.disclosure import LEAST, hidden_cells, hidden_counts

SIZES = st.tuples(st.integers(1, 6), st.integers(1, 6))
SPARSE = st.one_of(st.just(0), st.integers(1, LEAST - 1), st.integers(0, 30))


@st.composite
def tables(draw):
    rows, columns = draw(SIZES)
    return np.array(draw(st.lists(st.lists(SPARSE, min_size=columns, max_size=columns), min_size=rows, max_size=rows)))


def possible(counts, hidden, cell):
    """The least and the largest value of a hidden cell that fits all totals and all shown cells.

    Hidden cells hold 0 or more. The constraints are those of a transport problem, so both ends are whole numbers.
    """
    places = [tuple(place) for place in np.argwhere(hidden)]
    margins = [*((0, row) for row in range(counts.shape[0])), *((1, column) for column in range(counts.shape[1]))]
    inside = np.array([[float(place[axis] == at) for place in places] for axis, at in margins])
    totals = np.array([(counts * hidden).sum(axis=1 - axis)[at] for axis, at in margins])
    goal = np.array([float(place == cell) for place in places])
    ends = [sign * linprog(sign * goal, A_eq=inside, b_eq=totals, bounds=(0, None)).fun for sign in (1, -1)]
    return [round(end) for end in ends]


@settings(max_examples=120, deadline=None)
@given(tables())
def test_no_small_cell_follows_from_totals_and_shown_cells(counts):
    hidden = hidden_cells(counts)
    small = [tuple(cell) for cell in np.argwhere((counts > 0) & (counts < LEAST))]
    if hidden is None:
        filled = counts > 0
        assert filled.any(axis=1).sum() == 1 or filled.any(axis=0).sum() == 1, "only a table of one line is given up"
        return
    assert all(hidden[cell] for cell in small)
    for cell in small:
        least, most = possible(counts, hidden, cell)
        assert least < most, (counts.tolist(), hidden.tolist(), cell)
        assert least <= counts[cell] <= most


@settings(max_examples=60, deadline=None)
@given(tables())
def test_only_hiding_the_small_cells_would_betray_some_of_them(counts):
    """The oracle can fail: where one more cell is hidden, a small one would have been known without it."""
    hidden = hidden_cells(counts)
    if hidden is None or not (hidden & (counts >= LEAST)).any():
        return
    alone = counts < LEAST
    ends = [possible(counts, alone, tuple(cell)) for cell in np.argwhere(alone & (counts > 0))]
    assert any(least == most for least, most in ends)


def test_a_table_without_small_cells_is_shown_whole():
    counts = np.array([[5, 0, 12], [0, 7, 9]])
    assert not hidden_cells(counts).any(), "that nobody called about something betrays nobody"


def test_a_lone_small_cell_takes_the_three_smallest_along():
    counts = np.array([[3, 90, 9], [80, 70, 60], [8, 50, 7]])
    assert np.argwhere(hidden_cells(counts)).tolist() == [[0, 0], [0, 2], [2, 0], [2, 2]]


def test_small_cells_protect_one_another():
    counts = np.array([[3, 2, 90], [4, 1, 80], [60, 70, 50]])
    assert np.argwhere(hidden_cells(counts)).tolist() == [[0, 0], [0, 1], [1, 0], [1, 1]]


@pytest.mark.parametrize("counts", [[[3, 20, 9]], [[3], [20]], [[3, 20], [0, 0]]])
def test_one_line_cannot_be_hidden_behind_its_totals(counts):
    assert hidden_cells(np.array(counts)) is None


def test_ones_beside_empty_cells_are_not_squeezed_out():
    """Two hidden cells of a row do not suffice where one holds 1 and the other nothing: which is which must stay open."""
    counts = np.array([[1, 0, 20], [0, 6, 30], [9, 9, 40]])
    hidden = hidden_cells(counts)
    assert possible(counts, hidden, (0, 0)) != [1, 1]


def test_a_large_table_takes_no_time():
    counts = np.random.default_rng(7).poisson(4.0, (300, 14))
    hidden = hidden_cells(counts)
    assert (hidden[counts < LEAST]).all()


@given(st.lists(st.integers(0, 30), max_size=12))
def test_a_single_small_number_of_a_list_is_not_alone(counts):
    hidden = hidden_counts(counts)
    assert all(hidden[place] for place, count in enumerate(counts) if 0 < count < LEAST)
    if any(hidden) and len(counts) > 1:
        assert sum(hidden) >= 2
    if not any(0 < count < LEAST for count in counts):
        assert not any(hidden)
