"""Which orders show best what an issue is about: typical ones of different people, copies last."""

import polars as pl

from hotline12345.models.recurring.facts import conform_facts

_RANKED = 200


def rank_examples(members: pl.DataFrame, facts: pl.DataFrame) -> pl.DataFrame:
    """The members with `example_rank`, 1 for the order to show first; null for need-to-know orders, which are never shown,
    and for all but the `_RANKED` nearest of an issue.

    `members`: grain issue_id, order_id; similarity. `facts`: grain order_id; voice, is_need_to_know (both may be absent or null).
    First comes one order of each person and wording, the nearer to the issue's centre the earlier; then the second ones,
    and so on. Texts of exactly the same similarity are taken for copies of one wording. Ties go by order_id.
    """
    wording, person = pl.col("similarity").round(6), pl.coalesce("voice", "order_id")
    shown = (
        members.join(conform_facts(facts).select("order_id", "voice", "is_need_to_know"), on="order_id", how="left")
        .filter(~pl.col("is_need_to_know").fill_null(False))
        .sort("issue_id", wording, "order_id", descending=[False, True, False])
        .group_by("issue_id", maintain_order=True)
        .head(_RANKED)
        .with_columns(of_person=pl.col("order_id").cum_count().over("issue_id", person))
        .sort("issue_id", "of_person", wording, "order_id", descending=[False, False, True, False])
        .with_columns(turn=pl.max_horizontal("of_person", pl.col("order_id").cum_count().over("issue_id", wording)))
        .sort("issue_id", "turn", "of_person", wording, "order_id", descending=[False, False, False, True, False])
    )
    ranked = shown.select("issue_id", "order_id", example_rank=pl.col("order_id").cum_count().over("issue_id"))
    return members.join(ranked, on=["issue_id", "order_id"], how="left", maintain_order="left")
