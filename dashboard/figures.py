"""The figures that open their orders: which orders each is made of, and the clauses of the rule that define it. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import polars as pl

from hotline12345.dashboard import labels
from hotline12345.dashboard.rule_words import clause
from hotline12345.sql.rule_layout import CALLBACK_INDICATORS, INDICATORS
from hotline12345.sql.rules import Rule

IN_A_RATE = pl.any_horizontal(pl.col(f"is_in_{name}").fill_null(False) for name in CALLBACK_INDICATORS)
LOST = "lost"
HEADINGS = {"why": "失分或不计入的原因", "remark": "说明"}  # of columns of `listed` that the dictionary does not know
SCOPE = ("scope", "callback", "denominators", "excluded", "suspended", "repeats")


@dataclass(frozen=True)
class Figure:
    """A figure: its name, which orders of the ledger it is made of, and the clauses that define it."""

    title: str
    orders: pl.Expr
    clauses: Sequence[str]


def _figures() -> dict[str, Figure]:
    found = {
        LOST: Figure("失分工单", pl.any_horizontal(*map(_short, INDICATORS)), ("denominators", "answers", "score")),
        "received": Figure("受理量（全口径）", pl.lit(True), ("period", "clock", "unit_role")),
        "counted": Figure("计入三率的工单", IN_A_RATE, SCOPE),
    }
    for name, zh in INDICATORS.items():
        found[name] = Figure(f"{zh}的分母", pl.col(f"is_in_{name}").fill_null(False), SCOPE)
        found[f"{name}_lost"] = Figure(f"{zh}没有得满分的工单", _short(name), ("denominators", "answers"))
    reason = pl.col("reason_code")
    return found | {
        "awaited": Figure("等待回访", reason == "callback_awaited", ("denominators",)),
        "excluded": Figure("剔除", pl.col("is_excluded").fill_null(False), ("excluded",)),
        "suspended": Figure("挂账", pl.col("is_suspended").fill_null(False), ("suspended",)),
        "outside": Figure("不进三率的工单", ~IN_A_RATE, SCOPE),
    }


def _short(name: str) -> pl.Expr:
    """In the denominator of a rate, with less than full marks."""
    return (pl.col(f"is_in_{name}") & (pl.col(f"{name}_value") < 1000)).fill_null(False)


FIGURES: Mapping[str, Figure] = _figures()


def chosen(name: str, orders: pl.DataFrame, rule: Rule) -> pl.DataFrame:
    """The orders of a figure among those of the ledger; points are lost only in rates that the rule scores."""
    if name != LOST:
        return orders.filter(FIGURES[name].orders)
    scored = [each for each in INDICATORS if rule.weights[each] or each in rule.deductions]
    return orders.filter(pl.any_horizontal(*map(_short, scored)))


def definition(figure: Figure, rule: Rule) -> list[str]:
    """What a figure is under a rule, in the rule's own clauses."""
    return [clause(rule, key).sentence for key in figure.clauses]


def why(order: Mapping[str, Any]) -> str:
    """Why an order is in no rate, or which answers cost it points: `未解决、不满意`, `未失分`, `等待回访`."""
    if order["reason_code"] is None:
        return "不在本规则的考核周期内"
    if order["reason_code"] not in ("counted", "unreached"):
        return labels.REASONS[order["reason_code"]]
    lost = labels.lost_parts(order)
    if order["reason_code"] == "unreached":
        return labels.REASONS["unreached"]
    return "未失分" if lost == labels.MISSING else lost


_ANSWERS = (
    *("reason_code", "is_in_response", "response_value", "is_in_resolution", "resolution_value", "resolution"),
    *("is_in_satisfaction", "satisfaction_value", "satisfaction"),
)  # what `why` is told by


def listed(orders: pl.DataFrame) -> pl.DataFrame:
    """Orders as a list shows them and an export writes them: no text of a need-to-know order; grain order_id."""
    kinds = orders.select(_ANSWERS).unique()  # a period of 50,000 orders has a few dozen
    reasons = kinds.with_columns(pl.Series("why", [why(row) for row in kinds.iter_rows(named=True)], dtype=pl.String))
    told = orders.join(reasons, on=_ANSWERS, nulls_equal=True, how="left", maintain_order="left").with_columns(
        pl.when("is_need_to_know")
        .then(pl.lit(labels.CONFIDENTIAL))
        .otherwise(pl.col("title").fill_null("（无标题）"))
        .alias("title"),
        pl.col("created_at").dt.strftime("%Y-%m-%d %H:%M"),
    )
    lost = [pl.col("lost_score").round(2)] if "lost_score" in told.columns else []
    more = [name for name in ("answer_cell", "undertaker_name") if name in told.columns]
    names = ("resolution", "satisfaction", "title", "topic_name", "place_town", "community")
    return told.select("why", *lost, *more, *names, "created_at", "order_id")


def found_words(orders: pl.DataFrame, words: str) -> pl.DataFrame:
    """The listed orders with these characters in title, id, community, town or topic."""
    if not words:
        return orders
    names = ("title", "order_id", "community", "place_town", "topic_name")
    text = pl.concat_str([pl.col(name).fill_null("") for name in names], separator=" ")
    return orders.filter(text.str.contains(words, literal=True))
