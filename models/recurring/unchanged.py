"""Clusters that are just what a stored issue already is: most of a day's, of which nothing is to say or to store."""

from collections.abc import Collection, Sequence

import polars as pl

from hotline12345.models.recurring.edits import MERGE, SPLIT, Edit


def unchanged(
    clusters: pl.DataFrame, members: pl.DataFrame, stored: pl.DataFrame, pending: Collection[str], edits: Sequence[Edit]
) -> pl.DataFrame:
    """Grain cluster_id: found_id, the stored issue of the same grain with exactly these orders, each as near as then.

    Such a pair shares no order with any other cluster or issue of its grain, so leaving it out changes nothing for these.
    Only where no order is pending and no merge or split ever moved an order into or out of the issue.

    Args:
        clusters: grain cluster_id; grain.
        members: grain cluster_id, order_id; similarity.
        stored: grain found_id, order_id; issue_id, similarity, issue_grain; whole issues.
        pending: the orders that came or changed.
        edits: those in force.
    """
    moves = [edit for edit in edits if edit.action in (MERGE, SPLIT)]
    edited = [issue_id for edit in moves for issue_id in (edit.issue_id, edit.other_issue_id)]
    moved = [order_id for edit in moves for order_id in edit.moved_ids]
    is_moved = (pl.col("issue_id") != pl.col("found_id")) | pl.col("issue_id").is_in(edited)
    is_touched = is_moved | pl.col("order_id").is_in([*pending, *moved])
    touched = stored.filter(is_touched).select(found_id=pl.concat_list("issue_id", "found_id")).explode("found_id")
    left = stored.join(touched, on="found_id", how="anti").with_columns(owned=pl.len().over("found_id"))
    held = members.join(clusters.select("cluster_id", issue_grain="grain"), on="cluster_id")
    return (
        held.with_columns(held=pl.len().over("cluster_id"))
        .join(left, on=["order_id", "issue_grain"], suffix="_then")
        .filter(pl.col("similarity") == pl.col("similarity_then"))
        .group_by("cluster_id", "found_id")
        .agg(pl.col("held", "owned").first(), shared=pl.len())
        .filter(pl.col("shared") == pl.col("held"), pl.col("shared") == pl.col("owned"))
        .select("cluster_id", "found_id")
    )
