"""How well found issues agree with planted ones: B-cubed, matched issues of a list, and what must not stand in it.

Frames: `gold` (order_id, gold: the planted issue or null), one row an order; `members` (issue_id, order_id), an order
in at most one issue; `ranked`, the issue ids of a list, best first.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

MATCH = 0.5  # Jaccard from which a found issue is a planted one
ONE_PLACE = 0.8  # share of the orders of an event that have to lie in one place


@dataclass(frozen=True)
class Agreement:
    """Means over orders, 0-1; f1 is the harmonic mean of the two means."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


def bcubed(gold: pl.DataFrame, members: pl.DataFrame, gold_orders_only: bool) -> Agreement:
    """B-cubed agreement of found and planted issues.

    An order without a found issue is found alone, one without a planted issue is planted alone. Of an order,
    precision is the share of its found issue that is of its planted one, recall the share of its planted issue
    that is in its found one; every order of the frame counts as a companion, whatever the mean is taken over.
    `gold_orders_only`: the mean over the orders of planted issues; else over all orders.
    """
    known = (
        gold.select("order_id", "gold")
        .join(members.select("order_id", "issue_id"), on="order_id", how="left", validate="1:1")
        .with_columns(
            planted=pl.col("gold").is_not_null(),
            gold=pl.coalesce(pl.col("gold"), "alone " + pl.col("order_id")),
            issue_id=pl.coalesce(pl.col("issue_id"), "alone " + pl.col("order_id")),
        )
        .with_columns(
            shared=pl.len().over("gold", "issue_id"), found=pl.len().over("issue_id"), real=pl.len().over("gold")
        )
    )
    counted = known.filter(pl.col("planted")) if gold_orders_only else known
    means = counted.select(p=(pl.col("shared") / pl.col("found")).mean(), r=(pl.col("shared") / pl.col("real")).mean())
    precision, recall = means.row(0)
    return Agreement(float(precision or 0.0), float(recall or 0.0))


def overlaps(gold: pl.DataFrame, members: pl.DataFrame) -> pl.DataFrame:
    """Grain gold, issue_id, of those that share an order: jaccard."""
    planted = gold.drop_nulls("gold").with_columns(real=pl.len().over("gold"))
    found = members.with_columns(found=pl.len().over("issue_id"))
    shared = planted.join(found, on="order_id").group_by("gold", "issue_id", "real", "found").agg(shared=pl.len())
    jaccard = pl.col("shared") / (pl.col("real") + pl.col("found") - pl.col("shared"))
    return shared.select("gold", "issue_id", jaccard=jaccard).sort("gold", "issue_id")


def matched(gold: pl.DataFrame, members: pl.DataFrame, ranked: Sequence[str]) -> set[str]:
    """The planted issues that some issue of the list is: Jaccard of their orders at least MATCH."""
    close = overlaps(gold, members).filter(pl.col("jaccard") >= MATCH, pl.col("issue_id").is_in(list(ranked)))
    return set(close["gold"])


def unplanted(gold: pl.DataFrame, members: pl.DataFrame, ranked: Sequence[str]) -> list[str]:
    """The issues of the list of whose orders fewer than half are of planted issues, in its order."""
    shares = members.join(gold, on="order_id").group_by("issue_id").agg(share=pl.col("gold").is_not_null().mean())
    false = set(shares.filter(pl.col("share") < 0.5)["issue_id"])
    return [issue for issue in ranked if issue in false]


def single_writer(writers: pl.DataFrame, members: pl.DataFrame, ranked: Sequence[str]) -> list[str]:
    """The issues of the list that one person wrote; `writers`: order_id, writer (the truth, never null)."""
    counts = members.join(writers, on="order_id").group_by("issue_id").agg(people=pl.col("writer").n_unique())
    lonely = set(counts.filter(pl.col("people") < 2)["issue_id"])
    return [issue for issue in ranked if issue in lonely]


def mixed_place(places: pl.DataFrame, members: pl.DataFrame, ranked: Sequence[str]) -> list[str]:
    """The events of the list with less than ONE_PLACE of their placed orders in one place (`places`: order_id, place_id)."""
    placed = members.join(places.drop_nulls("place_id"), on="order_id")
    largest = (
        placed.group_by("issue_id", "place_id")
        .len()
        .group_by("issue_id")
        .agg(pl.col("len").max() / pl.col("len").sum())
    )
    mixed = set(largest.filter(pl.col("len") < ONE_PLACE)["issue_id"])
    return [issue for issue in ranked if issue in mixed]
