"""Which cells a reader of aggregates must not see, so that a small number tells nothing of a caller. Pure.

A table whose totals are known hides its small cells and so many others that no small one follows from the rest: of each
there are at least two values with which all totals and all shown cells stand. That is so exactly where its value can be
moved by one along a cycle of hidden cells, up in one and down in the next (Gusfield, "A graph theoretic approach to
statistical data security", SIAM Journal on Computing 17, 1988). Cells of 0 are hidden like the other small ones: that a
hidden cell holds anything is then not known either.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra

LEAST = 5  # fewer orders or callers than this could be one household
_FREE = 1e-6  # of a step over a cell that is hidden already: next to nothing, but not no step

Counts = npt.NDArray[np.int64]
Hidden = npt.NDArray[np.bool_]


def hidden_cells(counts: Counts) -> Hidden | None:
    """Which cells of a table to hide where all totals of its rows and columns are known; shape of `counts`.

    Nothing where no cell holds 1 to 4; None where hiding does not help, because all orders lie in one row or one column.
    Further cells are taken so that few orders are hidden.
    """
    hidden = counts < LEAST
    small = hidden & (counts > 0)
    if not small.any():
        return np.zeros_like(hidden)
    for row, column in np.argwhere(small & ~_on_squares(counts, hidden)):
        cycle = _cheapest_cycle(counts, hidden, int(row), int(column))
        if cycle is None:
            return None
        hidden[tuple(zip(*cycle, strict=True))] = True
    return hidden


def hidden_counts(counts: Sequence[int]) -> list[bool]:
    """Which numbers of a list to hide where its total may be known: the small ones, and the next where it is only one."""
    hidden = [0 < count < LEAST for count in counts]
    if sum(hidden) == 1 and len(counts) > 1:
        others = [place for place, is_hidden in enumerate(hidden) if not is_hidden]
        hidden[min(others, key=lambda place: (counts[place], place))] = True
    return hidden


def _on_squares(counts: Counts, hidden: Hidden) -> Hidden:
    """The hidden cells that can be lowered along a cycle of four: the usual case, for all cells at once.

    Lowered by one, the other cells of its row and column raised, the one across from it lowered, which must hold something.
    """
    inside = hidden.astype(np.int64)
    lowered = (hidden & (counts > 0)).astype(np.int64)
    squares = inside @ lowered.T @ inside
    of_row = (inside * lowered).sum(axis=1, keepdims=True) * inside
    of_column = inside * (lowered * inside).sum(axis=0, keepdims=True)
    found: Hidden = squares - of_row - of_column + inside * lowered * inside > 0
    return found & hidden & (counts > 0)


def _cheapest_cycle(counts: Counts, hidden: Hidden, row: int, column: int) -> list[tuple[int, int]] | None:
    """The cells of the cycle through a cell that hides fewest orders more; None where there is none.

    A step from a row to a column raises their cell by one, a step back lowers it, which an empty cell cannot be.
    """
    rows, columns = counts.shape
    price = np.where(hidden, _FREE, counts.astype(np.float64))
    raising, lowering = price.copy(), np.where(counts > 0, price, 0.0)
    raising[row, column] = lowering[row, column] = 0.0  # 0 is no step: a cycle must not run back through its own cell
    steps = np.zeros((rows + columns, rows + columns))
    steps[:rows, rows:], steps[rows:, :rows] = raising, lowering.T
    ends = (row, rows + column)
    costs, before = dijkstra(csr_matrix(steps), indices=ends, return_predecessors=True)
    turn = int(costs[1, ends[0]] < costs[0, ends[1]])  # raised or lowered, whichever is cheaper
    if not np.isfinite(costs[turn, ends[1 - turn]]):
        return None
    cells, node = [], ends[1 - turn]
    while node != ends[turn]:
        last = int(before[turn, node])
        cells.append((min(last, node), max(last, node) - rows))
        node = last
    return cells
