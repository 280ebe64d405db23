"""What could explain that a published table differs from ours: the orders, what was known then, other rules' figures."""

from contextlib import closing
from dataclasses import dataclass
from datetime import datetime

import polars as pl

from hotline12345.sql.official_reads import COMPARED
from hotline12345.sql.period_replay import replay_period
from hotline12345.sql.publish import Snapshot
from hotline12345.sql.reads import Reader
from hotline12345.sql.rules import Rule, catalogue
from hotline12345.sql.storage import Storage

FIGURES = tuple(COMPARED)
FULL, AS_OF, RULE = "full", "as_of", "rule"
_FULL_FIGURES = {
    "received": "received",
    "valid": "response_full_denominator",
    "response_rate": "response_full_rate",
    "resolution_rate": "resolution_full_rate",
    "satisfaction_rate": "satisfaction_full_rate",
    "score": "score_full",
}


@dataclass(frozen=True)
class Evidence:
    """Frames that `dashboard.reconciling` explains a published table with.

    Attributes:
        comparison: official, ours and difference; grain unit_id.
        orders: how every order of the period counts now; grain order_id.
        then: the same as known when the table was issued; None when the time of issue is not known.
        former: units that earlier versions named; grain order_id, former_unit_id.
        variants: our figures computed otherwise; grain variant_kind, variant_id, unit_id. Kinds: as_of, full, rule.
    """

    comparison: pl.DataFrame
    orders: pl.DataFrame
    then: pl.DataFrame | None
    former: pl.DataFrame
    variants: pl.DataFrame


def gather_evidence(storage: Storage, snapshot: Snapshot, rule_id: str, period_id: str) -> Evidence:
    """Everything that explains a published table of one period under one rule.

    Cost: one replay of the period for all other rules, one more when the table says when it was issued.
    """
    known = {file.rule.id: file.rule for file in catalogue(storage.rules)}
    with closing(Reader(storage, snapshot)) as reader:
        comparison = reader.official_comparison(rule_id, period_id)
        orders = reader.scored_orders(rule_id, period_id)
        former = reader.former_units(rule_id, period_id)
        variants = [_full(reader, rule_id, period_id)]
    then, issued_at = None, comparison["issued_at"].max()
    if isinstance(issued_at, datetime):
        rule = [known[rule_id]] if rule_id in known else []
        replayed = replay_period(snapshot, period_id, issued_at, [rule_id], rule)
        with closing(Reader(storage, snapshot, replayed)) as reader:
            then = reader.scored_orders(rule_id, period_id)
            scores = reader.unit_scores(rule_id, period_id).select("unit_id", *FIGURES)
        variants.append(_named(scores, AS_OF, "通报印发时已知的数据"))
    if others := [rule for rule in known.values() if rule.id != rule_id]:
        variants.append(_under_rules(snapshot, others, period_id))
    every = pl.concat(variants, how="diagonal_relaxed")
    return Evidence(comparison, orders, then, former, every)


def _full(reader: Reader, rule_id: str, period_id: str) -> pl.DataFrame:
    scores = reader.unit_scores(rule_id, period_id)
    figures = scores.select("unit_id", *(pl.col(name).alias(figure) for figure, name in _FULL_FIGURES.items()))
    return _named(figures, FULL, "全口径（含剔除、挂账）")


def _under_rules(snapshot: Snapshot, rules: list[Rule], period_id: str) -> pl.DataFrame:
    with closing(replay_period(snapshot, period_id, None, rules=rules)) as connection:
        scores: pl.DataFrame = connection.sql(
            f"select rule_id, unit_id, {', '.join(FIGURES)} from marts.mart_unit_scores order by rule_id, unit_id"
        ).pl()
    names = {rule.id: rule.name for rule in rules}
    return scores.select(
        pl.lit(RULE).alias("variant_kind"),
        pl.col("rule_id").alias("variant_id"),
        pl.col("rule_id").replace_strict(names, return_dtype=pl.String).alias("variant_name"),
        pl.exclude("rule_id"),
    )


def _named(figures: pl.DataFrame, kind: str, name: str) -> pl.DataFrame:
    labels = {"variant_kind": kind, "variant_id": kind, "variant_name": name}
    return figures.select(*(pl.lit(value).alias(column) for column, value in labels.items()), pl.all())
