"""Differences of rates split exactly: by order, and for a group by structure and performance.

The split is Bennet's (T. L. Bennet, "The theory of measurement of changes in cost of living", Journal of the Royal
Statistical Society 83, 1920): a difference of products is the change of each factor times the midpoint of the other. It is
exact, leaves no joint term, and changes sign when the two sides are exchanged. W. E. Diewert, "Index number theory using
differences rather than ratios", American Journal of Economics and Sociology 64, 2005, derives it from these properties.
"""

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


class EmptyDenominatorError(ValueError):
    """A side has no order in the denominator, so it has no rate and nothing can be split."""


def rate(inside: Floats, value: Floats) -> float:
    """Σ value / Σ inside, shapes (orders,); EmptyDenominatorError when no order is inside."""
    count = float(inside.sum())
    if not count:
        raise EmptyDenominatorError
    return float(value.sum()) / count


def order_parts(inside_a: Floats, value_a: Floats, inside_b: Floats, value_b: Floats) -> Floats:
    """What each order adds to rate B − rate A; sums to it.

    With midpoints n̄ of the denominators and r̄ of the rates, an order adds ((value B − value A) − r̄ (inside B − inside A)) / n̄.

    Args:
        inside_a: 1 where the order is in the denominator of side A, else 0; shape (orders,). inside_b likewise.
        value_a: what it adds to the numerator of side A, 0–1, 0 where it is outside; shape (orders,). value_b likewise.

    Raises:
        EmptyDenominatorError: a side has no order inside.
    """
    middle = (rate(inside_a, value_a) + rate(inside_b, value_b)) / 2
    count = (float(inside_a.sum()) + float(inside_b.sum())) / 2
    return ((value_b - value_a) - middle * (inside_b - inside_a)) / count


def parts_against(reference: float, inside: Floats, value: Floats, count: float) -> Floats:
    """What each change adds to a rate − `reference`, where the changes make up the whole side of `count` orders.

    Each order is held against the reference rate: (value − reference · inside) / count. Summed over all changes of a side
    it gives the side's rate − reference exactly.

    Args:
        reference: a rate, 0–1.
        inside: change of the denominator, −1 to 1; shape (changes,).
        value: change of the numerator, −1 to 1; shape (changes,).
        count: Σ inside, the side's denominator.

    Raises:
        EmptyDenominatorError: `count` is 0.
    """
    if not count:
        raise EmptyDenominatorError
    return (value - reference * inside) / count


def unit_parts(count_a: Floats, value_a: Floats, count_b: Floats, value_b: Floats) -> tuple[Floats, Floats]:
    """Structure and performance of each unit in the difference of the pooled rate; together they sum to it.

    Structure: the unit's share of the denominators grew or shrank, times how far its rate lies from the pooled one.
    Performance: its own rate changed, times its share; both at midpoints. A unit that is on one side only is structure.

    Args:
        count_a: denominators of the units on side A; shape (units,). count_b likewise.
        value_a: numerators on side A; shape (units,). value_b likewise.

    Returns:
        (structure, performance), shapes (units,), in rate points 0–1.

    Raises:
        EmptyDenominatorError: a side has no order inside.
    """
    pooled = (rate(count_a, value_a) + rate(count_b, value_b)) / 2
    share_a, share_b = count_a / count_a.sum(), count_b / count_b.sum()
    rate_a, rate_b = _rates(count_a, value_a), _rates(count_b, value_b)
    rate_a, rate_b = np.where(np.isnan(rate_a), rate_b, rate_a), np.where(np.isnan(rate_b), rate_a, rate_b)
    rate_a, rate_b = np.nan_to_num(rate_a), np.nan_to_num(rate_b)
    structure = (share_b - share_a) * ((rate_a + rate_b) / 2 - pooled)
    performance = (share_a + share_b) / 2 * (rate_b - rate_a)
    return structure, performance


def _rates(counts: Floats, values: Floats) -> Floats:
    """Rates of units, NaN where a unit has no order."""
    filled = np.where(counts > 0, counts, 1.0)
    return np.where(counts > 0, values / filled, np.nan)


def wilson_half(share: float, count: float) -> float:
    """Half the width of Wilson's 95 % interval of a rate of `count` orders (Wilson 1927); 0 < count."""
    z = 1.96
    return z * float(np.sqrt(share * (1 - share) / count + z * z / (4 * count * count))) / (1 + z * z / count)
