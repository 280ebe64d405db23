"""The rates as a reader of a rule would compute them by hand: plain Python on exact fractions, nothing shared with the SQL."""

from collections import defaultdict
from collections.abc import Mapping
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import Any

Order = Mapping[str, Any]
RATES = ("response", "resolution", "satisfaction", "on_time")
NO_ANSWER = {None, "未评价", "无法回访", "无人接听"}
CLOCKS = {"created": "created_at", "dispatched": "dispatched_at", "closed": "closed_at"}
ROLES = {"undertaker": "unit_name", "place": "place_town", "trade": "trade_bureau"}


def period_of(at: datetime, rule: Mapping[str, Any]) -> str:
    """The period that a moment falls into, from its own calendar arithmetic."""
    period = rule["period"]
    if period["length"] == "year":
        return f"{at:%Y}"
    shifted = at - timedelta(days=period["start_day"] - 1, hours=period["start_hour"])
    whole_month = (period["start_day"], period["start_hour"]) == (1, 0)
    if whole_month or period["label"] == "start":
        return f"{shifted:%Y-%m}"
    return f"{shifted.replace(day=1) + timedelta(days=32):%Y-%m}"


def answers(order: Order, rule: Mapping[str, Any]) -> dict[str, Any]:
    """Reached or not, and the three answers, from the source and round that the rule names."""
    source, which = rule["callback"]["source"], rule["callback"]["round"]
    end = "" if source == "callback" else f"_{source}"
    reached = order["closed_at"] is not None or None if source == "unit" else order[f"is_valid_callback{end}"]
    said = {name: order[f"{name}{end}"] for name in ("is_contacted", "resolution", "satisfaction")}
    if which != "latest":
        for name in ("resolution", "satisfaction"):
            said[name] = order[f"{name}_{which}"] or said[name]
    return {"is_reached": reached, **said}


def is_out(order: Order, rule: Mapping[str, Any]) -> bool:
    """Whether 剔除 or 挂账 takes the order out under this rule."""
    flags = rule["flags"]
    excluded = order["exclusion_tag"] == "剔除" and flags["excluded"] == "out"
    kinds = flags["excluded_kinds"]
    suspended = order["exclusion_tag"] == "挂账" and flags["suspended"] == "out"
    return suspended or (excluded and (not kinds or order["exclusion_kind"] in kinds))


def is_assessed(order: Order, rule: Mapping[str, Any]) -> bool:
    """Whether the order's type and mark put it in scope."""
    only = rule["scope"]["assessed_order_types"]
    return (
        order["order_type"] not in rule["scope"]["excluded_order_types"]
        and (not only or order["order_type"] in only)
        and order["is_assessed"] is not False
    )


def displaced(orders: list[Order], rule: Mapping[str, Any]) -> set[str]:
    """The orders of a case that do not count because another one of the case does."""
    policy = rule["repeats"]["policy"]
    cases: dict[str, list[Order]] = defaultdict(list)
    for order in orders:
        reached = answers(order, rule)["is_reached"]
        counts = reached or (reached is False and "assessed" in rule["denominators"].values())
        if order["case_id"] and counts and is_assessed(order, rule) and not is_out(order, rule):
            cases[order["case_id"]].append(order)
    found = set()
    for members in cases.values():
        members.sort(key=lambda order: (order["created_at"], order["order_id"]), reverse=policy == "latest_per_case")
        found |= {order["order_id"] for order in members[1:] if policy != "each"}
    return found


def places(order: Order, rule: Mapping[str, Any], gone: set[str], in_full: bool = False) -> dict[str, int]:
    """For each rate that the order is in, what it adds to the numerator, in thousandths; `in_full` is 全口径."""
    said = answers(order, rule)
    if not is_assessed(order, rule) or (is_out(order, rule) and not in_full) or order["order_id"] in gone:
        return {}
    found = {}
    values = {
        "response": 1000 if said["is_contacted"] else 0,
        "resolution": rule["answers"]["resolution"].get(said["resolution"], 0),
        "satisfaction": rule["answers"]["satisfaction"].get(said["satisfaction"], 0),
    }
    asked = {
        "response": said["is_contacted"] is not None,
        "resolution": said["resolution"] is not None,
        "satisfaction": said["satisfaction"] not in NO_ANSWER,
    }
    for name, value in values.items():
        base = rule["denominators"][name]
        if said["is_reached"] and (base != "answered" or asked[name]):
            found[name] = value
        elif said["is_reached"] is False and base == "assessed":
            found[name] = 0
    if order["closed_at"] and order["due_at"]:
        found["on_time"] = 1000 if order["closed_at"] <= order["due_at"] else 0
    if order["assessment_kind"] == "只评价响应率" or "街镇" in rule["scope"]["response_only_groups"]:
        return {name: value for name, value in found.items() if name == "response"}
    return found


def score_of(rates: Mapping[str, Fraction], rule: Mapping[str, Any]) -> Fraction | None:
    """The exact score 0–100; None where the rule gives none."""
    if rule["score"]["method"] == "deduction":
        parts = {name: part for name, part in rule["deductions"].items() if name in rates}
        if not any(part["points"] for part in parts.values()):
            return None
        lost = sum(
            Fraction(part["points"], 1000) * 100 * max(Fraction(0), Fraction(part["target"], 1000) - rates[name])
            for name, part in parts.items()
        )
        return max(Fraction(0), 100 - lost)
    weights = {name: weight for name, weight in rule["weights"].items() if name in RATES and weight}
    whole = sum(weight for name, weight in weights.items() if name in rates)
    if not whole or (not rule["weights"]["renormalise"] and whole < 1000):
        return None
    return 100 * sum(
        (Fraction(weight, whole) * rates[name] for name, weight in weights.items() if name in rates), Fraction()
    )


def rounded(score: Fraction | None, decimals: int) -> float | None:
    """Half-up."""
    if score is None:
        return None
    exact = Decimal(score.numerator) / Decimal(score.denominator)
    return float(exact.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP))


def oracle(orders: list[dict[str, Any]], rule: Mapping[str, Any]) -> dict[tuple[str, str], dict[str, Any]]:
    """Counts, rates, score and rank of each (period, unit). Units all belong to one group."""
    units: dict[tuple[str, str], list[Order]] = defaultdict(list)
    for order in orders:
        if at := order[CLOCKS[rule["scope"]["clock"]]]:
            units[period_of(at, rule), order[ROLES[rule["scope"]["unit_role"]]]].append(order)
    found = {key: _figures(received, rule) for key, received in units.items()}
    for (period, unit), figures in found.items():
        peers = [other for (other_period, _), other in found.items() if other_period == period]
        found[period, unit]["score_rank"] = _rank(figures, peers, rule)
    return found


def summary(figures: list[Mapping[str, Any]], rule: Mapping[str, Any]) -> dict[str, float | None]:
    """The 汇总 line over all units of a period: the mean of their figures, or all their orders together."""
    if rule["summary"]["method"] == "mean_of_units":
        found = {}
        for name in (*(f"{rate}_rate" for rate in RATES), "score"):
            known = [Fraction(str(row[name])) for row in figures if row[name] is not None]
            found[name] = sum(known, Fraction()) / len(known) if known else None
        score = rounded(found.pop("score"), rule["score"]["decimals"])
        return {**{name: None if value is None else float(value) for name, value in found.items()}, "score": score}
    rates = {}
    for name in RATES:
        if whole := sum(row[f"{name}_denominator"] for row in figures):
            rates[name] = Fraction(sum(row["sums"][name] for row in figures), 1000 * whole)
    shown = {f"{name}_rate": float(rates[name]) if name in rates else None for name in RATES}
    return {**shown, "score": rounded(score_of(rates, rule), rule["score"]["decimals"])}


def _figures(received: list[Order], rule: Mapping[str, Any]) -> dict[str, Any]:
    gone = displaced(received, rule)
    placed = [places(order, rule, gone) for order in received]
    sums = {name: [place[name] for place in placed if name in place] for name in RATES}
    rates = {name: Fraction(sum(values), 1000 * len(values)) for name, values in sums.items() if values}
    whole = [places(order, rule, gone, in_full=True) for order in received]
    full = {name: [place[name] for place in whole if name in place] for name in RATES[:3]}
    valid = sum(
        bool(answers(order, rule)["is_reached"])
        and is_assessed(order, rule)
        and not is_out(order, rule)
        and order["order_id"] not in gone
        for order in received
    )
    return {
        "received": len(received),
        "valid": valid,
        "sums": {name: sum(values) for name, values in sums.items()},
        "score": rounded(score_of(rates, rule), rule["score"]["decimals"]),
        **{f"{name}_denominator": len(values) for name, values in sums.items()},
        **{f"{name}_rate": float(rates[name]) if name in rates else None for name in RATES},
        **{f"{name}_full_denominator": len(values) for name, values in full.items()},
        **{f"{name}_full_numerator": sum(values) / 1000 for name, values in full.items()},
    }


def _rank(figures: Mapping[str, Any], peers: list[dict[str, Any]], rule: Mapping[str, Any]) -> int | None:
    scoring = rule["score"]
    scored = rule["deductions"] if scoring["method"] == "deduction" else rule["weights"]
    is_by_callback = any(scored.get(name) for name in RATES[:3])

    def place(row: Mapping[str, Any]) -> tuple[float, ...]:
        tie = {"received": (row["received"],), "valid": (row["valid"],), "shared": ()}[scoring["tie_break"]]
        return (row["score"], *tie)

    def is_ranked(row: Mapping[str, Any]) -> bool:
        asked = row["valid"] if is_by_callback else row["on_time_denominator"]
        return row["score"] is not None and asked >= scoring["minimum_for_rank"]

    if not is_ranked(figures):
        return None
    return 1 + sum(is_ranked(peer) and place(peer) > place(figures) for peer in peers)
