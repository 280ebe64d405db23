"""The score of a rule as an exact fraction: what one order, or a handful, does to a unit's score."""

from collections.abc import Mapping
from fractions import Fraction

from hotline12345.sql.rules import Rule

Counts = Mapping[str, tuple[int, int]]  # indicator → numerator in thousandths, denominator


def exact_score(rule: Rule, counts: Counts) -> Fraction | None:
    """综合成绩 (0–100) before rounding, by the formula of sql/intermediate/scores.sql.

    None where nothing that the rule scores applies, or one does not and the rule passes its weight to none.
    """
    rates = {name: Fraction(parts, 1000 * total) for name, (parts, total) in counts.items() if total}
    if rule.score_method == "deduction":
        applies = {name: value for name, value in rule.deductions.items() if name in rates}
        lost = sum(
            (
                max(Fraction(0), Fraction(target, 1000) - rates[name]) * points / 10
                for name, (target, points) in applies.items()
            ),
            Fraction(0),
        )
        return max(Fraction(0), 100 - lost) if any(points for _, points in applies.values()) else None
    weights = {name: weight for name, weight in rule.weights.items() if name in rates and weight}
    whole = sum(weights.values())
    if not whole or (whole != 1000 and not rule.renormalise):
        return None
    return sum((100 * weight * rates[name] for name, weight in weights.items()), Fraction(0)) / whole


def without(counts: Counts, order: Counts) -> dict[str, tuple[int, int]]:
    """A unit's counts without those of one of its orders."""
    return {name: (parts - order[name][0], total - order[name][1]) for name, (parts, total) in counts.items()}
