"""Which issue each newly mined cluster is: the stored one whose orders it holds, one that was lost before, or a new one."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

import polars as pl

from hotline12345.models.recurring.naming import UNNAMED

_SMALLER_SHARE = 3  # a cluster and an issue have to share at least 1 / this of the smaller one's orders to be the same
_LETTERS = {"点位事件": "E", "共性问题": "T"}


@dataclass(frozen=True)
class Found:
    """What was mined anew: whole clusters, never parts of them.

    Attributes:
        clusters: grain cluster_id; grain (点位事件, 共性问题), place (null for 共性问题), problem.
        members: grain cluster_id, order_id; similarity. An order is in at most one cluster of each grain.
        facts: grain order_id, at least of the members; reported_at, voice (key of the person, null where unknown).
        until: the data's cut-off, the time that history is dated with.
    """

    clusters: pl.DataFrame
    members: pl.DataFrame
    facts: pl.DataFrame
    until: datetime


@dataclass(frozen=True)
class Stored:
    """What is known of issues.

    Attributes:
        issues: grain issue_id; every issue ever known, columns as `identity.ISSUES`.
        members: grain found_id, order_id; issue_id, similarity, is_examined (whether this run looked at the order for the
            issue's grain; in no cluster any more, it leaves its issue). All orders of each issue that has an examined one.
        former: grain issue_id, order_id; the last orders of issues that lost their cluster, whole issues as above.
    """

    issues: pl.DataFrame
    members: pl.DataFrame
    former: pl.DataFrame


@dataclass(frozen=True)
class Matched:
    """Result of `match`.

    Attributes:
        clusters: grain cluster_id; the clusters with found_id, the issue each one is; is_new; split_from (of a new one,
            the issue that most of its orders were in) and first_order_id.
        members: grain found_id, order_id; similarity.
        absorbed: grain issue_id; absorbed_by, the issue whose cluster holds its orders now.
        lost: the issues without cluster, absorbed ones too.
    """

    clusters: pl.DataFrame
    members: pl.DataFrame
    absorbed: pl.DataFrame
    lost: pl.Series


def new_issue_id(issue_grain: str, place: str | None, first_order_id: str) -> str:
    """`E…` for a 点位事件, `T…` for a 共性问题: a digest of grain, place and the earliest order (by time, then id).

    Orders that come later are not the earliest, so the id stays when months are added.
    """
    digest = hashlib.sha256("\n".join([issue_grain, place or "", first_order_id]).encode()).hexdigest()
    return f"{_LETTERS[issue_grain]}{digest[:12]}"


def match(found: Found, stored: Stored) -> Matched:
    """Give each cluster its issue.

    A stored issue goes on in the cluster that holds most of its people, then orders. Where several issues go on in one
    cluster, the one with most people in it keeps its id (a tie: the one known longer) and absorbs the others. A cluster
    in which none goes on is an issue that was lost before and whose orders it holds, or whose place and problem it has;
    else it is new. Issues with orders that were not examined keep their id. Cost: a few joins over the members.
    """
    grains = stored.issues.select("issue_id", "issue_grain", "first_known_at")
    live = stored.members.select("order_id", "similarity", "is_examined", issue_id="found_id")
    rows = _rows(found)
    # Whatever is in a cluster was looked at, whether the reader of the stored members knew it or not.
    unseen = live.filter(~pl.col("is_examined")).join(grains, on="issue_id")
    anchored = unseen.join(rows, on=["order_id", "issue_grain"], how="anti")
    clusters = _first_orders(rows)
    shares = _shares(rows, live, grains).join(anchored, on="issue_id", how="anti")
    heirs, kept = _settle(shares)
    lost_before = stored.former.join(live, on="issue_id", how="anti")
    _, back = _settle(_shares(rows.join(kept, on="cluster_id", how="anti"), lost_before, grains))
    known = pl.concat([kept, back])
    waiting = clusters.join(known, on="cluster_id", how="anti", maintain_order="left")
    alike = _same_words(waiting, stored.issues.join(known, on="issue_id", how="anti"))
    fresh = waiting.join(alike, on="cluster_id", how="anti", maintain_order="left")
    clusters = _named(clusters, pl.concat([known, alike]), _new_ids(fresh, stored.issues), shares)
    absorbed = (
        heirs.join(kept.rename({"issue_id": "absorbed_by"}), on="cluster_id")
        .filter(pl.col("issue_id") != pl.col("absorbed_by"))
        .select("issue_id", "absorbed_by")
    )
    members = pl.concat(
        [
            rows.join(clusters.select("cluster_id", "found_id"), on="cluster_id").select(
                "found_id", "order_id", "similarity"
            ),
            anchored.select("issue_id", "order_id", "similarity").rename({"issue_id": "found_id"}),
        ]
    )
    lost = live.select("issue_id").unique().join(members, left_on="issue_id", right_on="found_id", how="anti")
    return Matched(clusters, members, absorbed, lost.get_column("issue_id").sort())


def _rows(found: Found) -> pl.DataFrame:
    """Grain cluster_id, order_id: the members with their cluster's columns, reported_at and voice (never null)."""
    facts = found.facts.select("order_id", "reported_at", "voice")
    return (
        found.members.select("cluster_id", "order_id", "similarity")
        .join(found.clusters.select("cluster_id", "place", "problem", issue_grain="grain"), on="cluster_id")
        .join(facts, on="order_id", how="left")
        .with_columns(voice=pl.coalesce("voice", pl.concat_str(pl.lit("order:"), "order_id")))
    )


def _first_orders(rows: pl.DataFrame) -> pl.DataFrame:
    """Grain cluster_id: its columns and `first_order_id`, sorted by it."""
    return (
        rows.sort("reported_at", "order_id", nulls_last=True)
        .group_by("cluster_id", maintain_order=True)
        .agg(pl.col("issue_grain", "place", "problem").first(), first_order_id=pl.col("order_id").first())
        .sort("first_order_id", "issue_grain")
    )


def _shares(rows: pl.DataFrame, owners: pl.DataFrame, grains: pl.DataFrame) -> pl.DataFrame:
    """Grain issue_id, cluster_id of one grain that share enough: people, orders, first_known_at of the issue."""
    owned = owners.select("issue_id", "order_id").join(grains, on="issue_id")
    sizes = owned.group_by("issue_id").agg(owned=pl.len())
    cluster_sizes = rows.group_by("cluster_id").agg(held=pl.len())
    return (
        rows.select("cluster_id", "order_id", "issue_grain", "voice")
        .join(owned, on=["order_id", "issue_grain"])
        .group_by("issue_id", "cluster_id")
        .agg(people=pl.col("voice").n_unique(), orders=pl.len(), first_known_at=pl.col("first_known_at").first())
        .join(sizes, on="issue_id")
        .join(cluster_sizes, on="cluster_id")
        .filter(pl.col("orders") * _SMALLER_SHARE >= pl.min_horizontal("owned", "held"))
    )


def _settle(shares: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Where each issue goes on (grain issue_id) and which of them keeps its id there (grain cluster_id)."""
    by_size = ["people", "orders"]
    heirs = shares.sort("issue_id", *by_size, "cluster_id", descending=[False, True, True, False]).unique(
        "issue_id", keep="first", maintain_order=True
    )
    kept = heirs.sort(*by_size, "first_known_at", "issue_id", descending=[True, True, False, False]).unique(
        "cluster_id", keep="first", maintain_order=True
    )
    return heirs.select("issue_id", "cluster_id"), kept.select("cluster_id", "issue_id")


def _same_words(waiting: pl.DataFrame, issues: pl.DataFrame) -> pl.DataFrame:
    """Clusters that say of the same place the same as an issue that is gone: cluster_id, issue_id, one to one."""
    said = ["issue_grain", "place", "problem"]
    gone = (
        issues.filter(pl.col("gone_at").is_not_null() & (pl.col("problem") != UNNAMED))
        .sort("first_known_at", "issue_id")
        .unique(said, keep="first", maintain_order=True)
    )
    return (
        waiting.unique(said, keep="first", maintain_order=True)
        .join(gone.select("issue_id", *said), on=said, nulls_equal=True, maintain_order="left")
        .select("cluster_id", "issue_id")
    )


def _new_ids(fresh: pl.DataFrame, issues: pl.DataFrame) -> pl.DataFrame:
    """Ids that no issue ever had, for clusters that are new: cluster_id, issue_id."""
    taken = set(issues.get_column("issue_id").to_list())
    ids = []
    for issue_grain, place, first_order_id in fresh.select("issue_grain", "place", "first_order_id").iter_rows():
        number, issue_id = 1, new_issue_id(issue_grain, place, first_order_id)
        while issue_id in taken:
            number += 1
            issue_id = new_issue_id(issue_grain, place, f"{first_order_id} {number}")
        taken.add(issue_id)
        ids.append(issue_id)
    return fresh.select("cluster_id", issue_id=pl.Series(ids, dtype=pl.String))


def _named(clusters: pl.DataFrame, known: pl.DataFrame, fresh: pl.DataFrame, shares: pl.DataFrame) -> pl.DataFrame:
    """The clusters with found_id, is_new and split_from."""
    origins = (
        shares.sort(
            "cluster_id", "people", "orders", "first_known_at", "issue_id", descending=[False, True, True, False, False]
        )
        .unique("cluster_id", keep="first", maintain_order=True)
        .select("cluster_id", split_from="issue_id")
    )
    ids = pl.concat([known.with_columns(is_new=pl.lit(False)), fresh.with_columns(is_new=pl.lit(True))])
    return (
        clusters.join(ids.rename({"issue_id": "found_id"}), on="cluster_id", maintain_order="left")
        .join(origins, on="cluster_id", how="left", maintain_order="left")
        .with_columns(split_from=pl.when("is_new").then("split_from"))
    )
