"""为什么变了: the difference of two states of a unit or group, split into causes that add up to it exactly. Pure.

The states form a chain. One period at two times: the state → under the other rule (口径变更) → at the other time, each order
with one cause. Two periods: the earlier one under the later one's rule (口径变更) → as it was at the later one's age, with
its 剔除 and 挂账 taken back (上期基数) → the later period's orders, each held against that rate. The orders that leave are the
base itself: held against their own rate they add nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import fsum, hypot
from typing import Any

import polars as pl

from hotline12345.dashboard.bridge_changes import (
    BASE,
    CAUSES,
    CHANGES,
    RULE,
    Orders,
    between,
    entering,
    full_rate,
    undone,
)
from hotline12345.models.statistics.bridge import EmptyDenominatorError, unit_parts, wilson_half

INDICATORS = ("response", "resolution", "satisfaction", "on_time")
SCORE = "score"
APPLIES, ROUNDING = "指标适用性", "取整"
ALL_CAUSES = (*CAUSES, APPLIES, ROUNDING)
Z = 1.96
_TINY = 1e-9  # of a score: what is smaller is float noise of the stored figures


@dataclass(frozen=True)
class State:
    """One state: its orders and the row of `Reader.bridge_totals` (empty where the unit was not in the table then)."""

    orders: Orders
    totals: Mapping[str, Any]

    def fraction(self, indicator: str) -> tuple[float, int]:
        """Numerator and denominator of one rate."""
        if not self.totals:
            return 0.0, 0
        return self.totals[f"{indicator}_thousandths"] / 1000, self.totals[f"{indicator}_denominator"]

    def rate(self, indicator: str) -> float | None:
        """One rate, 0–1; None without a denominator."""
        numerator, denominator = self.fraction(indicator)
        return numerator / denominator if denominator else None


@dataclass(frozen=True)
class Chain:
    """The states on the way, the earlier first; a step that changes nothing is the same object as the one before.

    Attributes:
        before: the earlier state under its own rule.
        rebased: the same data under the later state's rule and units.
        reference: the earlier period at the later one's age; None where both states are of one period.
        after: the later state.
        is_reversed: whether the question ran from the later state to the earlier one; then all signs change.
    """

    before: State
    rebased: State
    reference: State | None
    after: State
    is_reversed: bool = False


@dataclass(frozen=True)
class Bridge:
    """A difference and its causes. Contributions are in 百分点 for a rate, in 分 for the score; they sum to the difference.

    Attributes:
        start, end: the figures asked for, a rate 0–1 or a score; None where there is none.
        causes: cause, order_count, contribution; only causes that occur.
        orders: order_id, cause, detail, contribution; one row for each change of an order, the largest first.
        units: unit_id, structure, performance in the same unit; empty for a single unit.
        usual: half width of the usual variation of such a difference.
        refusal: Chinese; why there is no bridge, else empty.
    """

    indicator: str
    start: float | None
    end: float | None
    causes: pl.DataFrame
    orders: pl.DataFrame
    units: pl.DataFrame
    usual: float
    refusal: str = ""

    @property
    def scale(self) -> int:
        """What makes a difference of `start` and `end` the unit of the contributions."""
        return 1 if self.indicator == SCORE else 100

    @property
    def difference(self) -> float:
        """End − start in the unit of the contributions; 0 where there is no bridge."""
        return 0.0 if self.start is None or self.end is None else self.scale * (self.end - self.start)


def build_bridge(chain: Chain, indicator: str) -> Bridge:
    """The bridge of one rate or of the score; refused, with the reason, where a state on the way has no rate."""
    try:
        changes, usual = _score(chain) if indicator == SCORE else _rate(chain, indicator)
    except EmptyDenominatorError:
        return _refused(chain, indicator)
    start, end = (_figure(state, indicator) for state in (chain.before, chain.after))
    units = _units(chain, indicator)
    if chain.is_reversed:
        start, end = end, start
        changes = changes.with_columns(-pl.col("part"))
        units = units.with_columns(-pl.col("structure", "performance"))
    return Bridge(indicator, start, end, _causes(changes), _orders(changes), units, usual)


def _rate(chain: Chain, indicator: str) -> tuple[pl.DataFrame, float]:
    """Changes with `part` in 百分点, and the usual variation by Wilson's half widths."""
    changes = pl.concat([_rule_changes(chain, indicator), _moves(chain, indicator)])
    halves = [_half(state, indicator) for state in (chain.before, chain.after)]
    return changes.with_columns(pl.col("part") * 100), 100 * hypot(*halves)


def _half(state: State, indicator: str) -> float:
    share, count = state.rate(indicator), state.fraction(indicator)[1]
    if share is None:
        raise EmptyDenominatorError
    return wilson_half(share, count)


def _rule_changes(chain: Chain, indicator: str) -> pl.DataFrame:
    if chain.rebased is chain.before:
        return pl.DataFrame(schema=CHANGES)
    return between(chain.before.orders, chain.rebased.orders, indicator, RULE)


def _moves(chain: Chain, indicator: str) -> pl.DataFrame:
    """Every change after the rule's: of one period, or from the base to the later period's orders."""
    if chain.reference is None:
        return between(chain.rebased.orders, chain.after.orders, indicator)
    reference = chain.rebased if chain.reference.rate(indicator) is None else chain.reference
    base = [undone(reference.orders, indicator, BASE)]
    if reference is not chain.rebased:
        base.insert(0, between(chain.rebased.orders, reference.orders, indicator, BASE))
    return pl.concat([*base, entering(chain.after.orders, indicator, full_rate(reference.orders, indicator))])


def _exact_score(state: State) -> tuple[float, float]:
    """The unrounded score and its standard error; EmptyDenominatorError without one."""
    score, error = state.totals.get("exact_score"), state.totals.get("score_error")
    if score is None or error is None:
        raise EmptyDenominatorError
    return score, error


def _score(chain: Chain) -> tuple[pl.DataFrame, float]:
    """The rates' changes, each times what its rate is worth; what no order accounts for has an empty order_id."""
    (start, start_error), (between_score, _), (end, end_error) = (
        _exact_score(state) for state in (chain.before, chain.rebased, chain.after)
    )
    slopes = _slopes(chain.rebased.totals, chain.after.totals)
    moves = _weighed({name: _moves(chain, name) for name in slopes}, slopes)
    ruled = _weighed(
        {name: _rule_changes(chain, name) for name in slopes if chain.before.rate(name) is not None}, slopes
    )
    rest = [
        (RULE, "权重和计分办法", between_score - start - fsum(ruled["part"])),
        (APPLIES, "", end - between_score - fsum(moves["part"])),
        (ROUNDING, "", chain.after.totals["score"] - chain.before.totals["score"] - (end - start)),
    ]
    rows = [
        {"order_id": "", "cause": cause, "detail": detail, "part": part}
        for cause, detail, part in rest
        if abs(part) > _TINY
    ]
    rest_changes = pl.DataFrame(rows, schema=ruled.schema)
    return pl.concat([ruled, moves, rest_changes]), Z * hypot(start_error, end_error)


def _slopes(before: Mapping[str, Any], after: Mapping[str, Any]) -> dict[str, float]:
    """Points of the score per 1 of each rate that scores in both states, as the secant between them.

    Weighted scores are linear; a deduction is so below its target, and the secant keeps the sum exact across it.
    """
    scoring = [name for name in INDICATORS if after[f"{name}_part"] and before[f"{name}_denominator"]]
    scoring = [name for name in scoring if after[f"{name}_denominator"]]
    is_weighted = after["score_method"] == "weighted"
    base = sum(after[f"{name}_part"] for name in scoring) if is_weighted else 1000
    slopes = {}
    for name in scoring:
        worth, target = 100 * after[f"{name}_part"] / base, after[f"{name}_target"]
        first, last = (side[f"{name}_thousandths"] / 1000 / side[f"{name}_denominator"] for side in (before, after))
        lost = worth * (max(0.0, target - first) - max(0.0, target - last))
        slopes[name] = lost / (last - first) if first != last else worth * (first <= target)
    return slopes


def _weighed(changes: Mapping[str, pl.DataFrame], slopes: Mapping[str, float]) -> pl.DataFrame:
    """Changes of several rates as changes of the score: one row for each order, cause and detail."""
    columns = ("order_id", "cause", "detail")
    frames = [frame.select(*columns, pl.col("part") * slopes[name]) for name, frame in changes.items()]
    empty = pl.DataFrame(schema={name: CHANGES[name] for name in (*columns, "part")})
    return pl.concat([empty, *frames]).group_by(columns, maintain_order=True).agg(pl.col("part").sum())


def _figure(state: State, indicator: str) -> float | None:
    return state.totals.get("score") if indicator == SCORE else state.rate(indicator)


def _causes(changes: pl.DataFrame) -> pl.DataFrame:
    rows = [
        {
            "cause": cause,
            "order_count": part.filter(pl.col("order_id") != "")["order_id"].n_unique(),
            "contribution": fsum(part["part"]),
        }
        for cause in ALL_CAUSES
        if not (part := changes.filter(pl.col("cause") == cause)).is_empty()
    ]
    return pl.DataFrame(rows, schema={"cause": pl.String, "order_count": pl.Int64, "contribution": pl.Float64})


def _orders(changes: pl.DataFrame) -> pl.DataFrame:
    shown = changes.filter(pl.col("order_id") != "").select(
        "order_id", "cause", "detail", pl.col("part").alias("contribution")
    )
    return shown.sort(
        pl.col("contribution").abs(), "order_id", "cause", "detail", descending=[True, False, False, False]
    )


def _units(chain: Chain, indicator: str) -> pl.DataFrame:
    """Structure and performance of each unit, after the change of rule; empty unless several units are looked at."""
    empty = pl.DataFrame(schema={"unit_id": pl.String, "structure": pl.Float64, "performance": pl.Float64})
    if len(chain.after.orders.unit_ids) < 2:
        return empty
    worth = {indicator: 100.0} if indicator != SCORE else _slopes(chain.rebased.totals, chain.after.totals)
    frames = [_unit_parts(chain, name, points) for name, points in worth.items()]
    summed = pl.concat([empty, *frames]).group_by("unit_id").agg(pl.col("structure", "performance").sum())
    return summed.sort((pl.col("structure") + pl.col("performance")).abs(), "unit_id", descending=[True, False])


def _unit_parts(chain: Chain, indicator: str, points: float) -> pl.DataFrame:
    sides = []
    for state in (chain.rebased, chain.after):
        inside = pl.col(f"is_in_{indicator}").sum().cast(pl.Float64).alias("count")
        value = (pl.col(f"{indicator}_value").filter(f"is_in_{indicator}").sum() / 1000).alias("value")
        frame = state.orders.frame.filter(pl.col("unit_id").is_in(list(state.orders.unit_ids)))
        sides.append(frame.group_by("unit_id").agg(inside, value))
    joined = (
        sides[0].join(sides[1], on="unit_id", how="full", coalesce=True, suffix="_after").fill_null(0).sort("unit_id")
    )
    arrays = [joined[name].to_numpy() for name in ("count", "value", "count_after", "value_after")]
    structure, performance = unit_parts(*arrays)
    return joined.select(
        "unit_id", structure=pl.Series(points * structure), performance=pl.Series(points * performance)
    )


def _refused(chain: Chain, indicator: str) -> Bridge:
    start, end = (_figure(state, indicator) for state in (chain.before, chain.after))
    if chain.is_reversed:
        start, end = end, start
    empty = pl.DataFrame(schema={**CHANGES})
    which = (
        "两端都"
        if start is None and end is None
        else "起点"
        if start is None
        else "终点"
        if end is None
        else "换用口径后"
    )
    refusal = f"{which}没有有效的分母（无有效回访），没有率可比，不作分解。"
    return Bridge(indicator, start, end, _causes(empty), _orders(empty), pl.DataFrame(), 0.0, refusal)


def shown_parts(parts: Sequence[float], digits: int = 2) -> list[int]:
    """Parts in units of the last digit shown, rounded so that they add up to the rounded sum (largest remainder)."""
    factor = 10**digits
    exact = [part * factor for part in parts]
    floors = [int(value // 1) for value in exact]
    total = int((fsum(exact) + 0.5 + _TINY) // 1)
    order = sorted(range(len(parts)), key=lambda place: (floors[place] - exact[place], place))
    for place in order[: total - sum(floors)]:
        floors[place] += 1
    return floors
