"""What the measures know of an order beside its text."""

from datetime import datetime

import polars as pl

#: What the measures read of an order, grain order_id; only order_id must be there, what is absent is unknown.
FACTS = pl.Schema(
    {
        **dict.fromkeys(("order_id", "voice", "place", "area", "unit", "topic"), pl.String()),
        **dict.fromkeys(("reported_at", "closed_at"), pl.Datetime("us")),
        **dict.fromkeys(("is_resolved", "is_satisfied", "is_urgent", "is_returned", "is_whistled"), pl.Boolean()),
        **dict.fromkeys(("is_excluded", "is_suspended", "is_need_to_know"), pl.Boolean()),
    }
)


def conform_facts(facts: pl.DataFrame) -> pl.DataFrame:
    """The facts with all columns of `FACTS`; absent ones null."""
    absent = [pl.lit(None, dtype=kind).alias(name) for name, kind in FACTS.items() if name not in facts.columns]
    return facts.with_columns(absent).select(pl.col(name).cast(kind) for name, kind in FACTS.items())


def newest(facts: pl.DataFrame) -> datetime | None:
    """The newest report; None where no order tells a time."""
    moment = facts["reported_at"].max()
    return moment if isinstance(moment, datetime) else None
