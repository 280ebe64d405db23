"""One list of both grains in which the events of a theme do not crowd out other problems."""

import polars as pl

from hotline12345.models.recurring.scorecard import THEME
from hotline12345.models.recurring.scoring import Scoring


def rank(issues: pl.DataFrame, members: pl.DataFrame, scores: pl.DataFrame, scoring: Scoring) -> pl.DataFrame:
    """Every issue's place in the list; grain issue_id, sorted by it: issue_rank, parent_id, is_covered.

    By score, then people, orders (all falling), then issue_id. An event that is mere evidence of a theme (`is_covered`)
    ranks after all others. Without a rank are dismissed and merged issues, those without members, and those of too few
    people. Pinned ones keep the rank they have.

    Args:
        issues: grain issue_id: issue_grain, is_dismissed, merged_into.
        members: grain issue_id, order_id.
        scores: what `score` returns.
        scoring: the minimum of people, and when an event is covered.
    """
    known = issues.select("issue_id", "issue_grain", "is_dismissed", "merged_into").join(
        scores.select("issue_id", "issue_score", "people_count", "order_count", "place_count"),
        on="issue_id",
        how="left",
    )
    enough = (
        pl.when(pl.col("issue_grain") == THEME)
        .then(scoring.minimum_theme_people)
        .otherwise(scoring.minimum_event_people)
    )
    is_listed = ~pl.col("is_dismissed") & pl.col("merged_into").is_null() & (pl.col("people_count") >= enough)
    known = known.with_columns(is_listed=is_listed.fill_null(False))
    placed = _with_parents(known, members, scoring)
    order = ("is_covered", "issue_score", "people_count", "order_count", "issue_id")
    listed = placed.filter("is_listed").sort(order, descending=[False, True, True, True, False])
    ranked = listed.select("issue_id", pl.int_range(1, pl.len() + 1, dtype=pl.Int64).alias("issue_rank"))
    found = placed.join(ranked, on="issue_id", how="left")
    return found.select("issue_id", "issue_rank", "parent_id", "is_covered").sort("issue_id")


def _with_parents(known: pl.DataFrame, members: pl.DataFrame, scoring: Scoring) -> pl.DataFrame:
    """The issues with `parent_id`, the listed theme that holds most of an event's orders, and whether it covers the event."""
    held = members.select("issue_id", "order_id").join(
        known.filter("is_listed").select("issue_id", "issue_grain"), on="issue_id"
    )
    themes = held.filter(pl.col("issue_grain") == THEME).select("order_id", parent_id="issue_id")
    inside = held.filter(pl.col("issue_grain") != THEME).join(themes, on="order_id")
    shared = inside.group_by("issue_id", "parent_id").agg(pl.len().alias("shared_count"))
    largest = shared.sort("issue_id", "shared_count", "parent_id", descending=[False, True, False])
    largest = largest.unique("issue_id", keep="first", maintain_order=True)
    people_of_place = pl.col("people_count") / pl.col("place_count").clip(1)
    theme = known.select(parent_id="issue_id", parent_score="issue_score", parent_people_of_place=people_of_place)
    linked = known.join(largest.join(theme, on="parent_id"), on="issue_id", how="left")
    is_child = pl.col("shared_count") >= scoring.parent_share * pl.col("order_count")
    is_small = pl.col("people_count") < scoring.standout * pl.col("parent_people_of_place")
    is_covered = is_child & (pl.col("parent_score") >= pl.col("issue_score")) & is_small
    return linked.with_columns(
        pl.when(is_child).then("parent_id").alias("parent_id"), is_covered=is_covered.fill_null(False)
    )
