"""Tables of 我的街镇 that open their orders: callers, busy places, communities. Pure: frames of reads in, frames out."""

import polars as pl

from hotline12345.dashboard import labels
from hotline12345.dashboard.street_words import caller_name, topics

NO_COMMUNITY = "（未填社区、村）"
CHANGE = "change"
HEADINGS = {CHANGE: "比前一段"}
_DAY = pl.col("last_at").dt.strftime("%Y-%m-%d")


def callers(found: pl.DataFrame) -> pl.DataFrame:
    """`Reader.repeat_callers` with a name for each person that holds in this list only."""
    return found.with_columns(
        pl.Series("caller_alias", [caller_name(place) for place in range(found.height)], dtype=pl.String),
        pl.Series("topic_names", [topics(names.to_list()) for names in found["topic_names"]], dtype=pl.String),
        _DAY,
    ).select("caller_alias", "order_count", "open_count", "unresolved_count", "place_count", "topic_names", "last_at")


def places(found: pl.DataFrame) -> pl.DataFrame:
    """`Reader.busy_places` as a list shows it."""
    return found.with_columns(_DAY).select(
        "place", "topic_name", "caller_count", "order_count", "open_count", "unresolved_count", "last_at"
    )


def communities(found: pl.DataFrame) -> pl.DataFrame:
    """`Reader.hot_communities` with its change to the time before."""
    counts = found.select("order_count", "earlier_order_count").iter_rows()
    return found.with_columns(
        pl.col("community").fill_null(NO_COMMUNITY),
        pl.Series(CHANGE, [labels.change(now, before) for now, before in counts], dtype=pl.String),
    ).select(
        *("community", "order_count", CHANGE, "main_topic_name", "caller_count", "open_count", "unresolved_count"),
        *("earlier_order_count", "place_town"),
    )
