"""Which period to open on, and fair comparisons of volumes: the same number of days, where the data covers both."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import polars as pl

from hotline12345.sql.same_age import is_baseline, year_ago


@dataclass(frozen=True)
class Window:
    """Orders created in [start_at, end_at)."""

    start_at: datetime
    end_at: datetime

    @property
    def days(self) -> int:
        """Whole days inside."""
        return (self.end_at - self.start_at).days


@dataclass(frozen=True)
class Windows:
    """A period as far as it is known in whole days, and what it may be compared with (None: not covered by the data)."""

    now: Window
    before: Window | None
    year_ago: Window | None


def windows(period: Mapping[str, Any], periods: pl.DataFrame, first_at: datetime) -> Windows:
    """The windows of a period: an unfinished one is cut at its last whole day, and so is what it is compared with.

    `periods` has grain period_id with start_at and end_at; `first_at` is the time of the oldest order.
    """
    start_at, end_at = period["start_at"], period["end_at"]
    whole = period["cutoff_at"].replace(hour=0, minute=0, second=0, microsecond=0)
    finished = period["cutoff_at"] >= end_at
    now = Window(start_at, end_at if finished else max(whole, start_at + timedelta(days=1)))
    earlier = periods.filter(pl.col("end_at") == start_at)
    last_year = periods.filter(pl.col("period_id") == year_ago(period["period_id"]))

    def matching(candidate: pl.DataFrame) -> Window | None:
        if candidate.is_empty():
            return None
        row = candidate.row(0, named=True)
        if row["start_at"] < first_at.replace(hour=0, minute=0, second=0, microsecond=0):
            return None
        stop = row["end_at"] if finished else min(row["end_at"], row["start_at"] + (now.end_at - now.start_at))
        return Window(row["start_at"], stop)

    same_season = matching(last_year)
    if same_season and not is_baseline(same_season.start_at, same_season.end_at):
        same_season = None
    return Windows(now, matching(earlier), same_season)


def settled_before(period: Mapping[str, Any], periods: pl.DataFrame) -> str | None:
    """The period just before, where the rates of both are final; else None.

    Rates are compared at the same age only. Two final periods are; for others the snapshot holds no figure of that age.
    """
    earlier = periods.filter((pl.col("end_at") == period["start_at"]) & (pl.col("period_state") == "终"))
    return str(earlier["period_id"][0]) if earlier.height and period["period_state"] == "终" else None


def movers(now: pl.DataFrame, before: pl.DataFrame | None, year_ago: pl.DataFrame | None, limit: int) -> pl.DataFrame:
    """Topics whose volume changed most against the period before (without one: the largest), the biggest change first.

    Each input has grain topic_code with topic_name and order_count. Result: topic_name, now, before, year_ago; a topic
    that did not occur counts 0, a comparison that is not covered is null.
    """
    joined = now.select("topic_code", "topic_name", pl.col("order_count").alias("now"))
    for name, other in (("before", before), ("year_ago", year_ago)):
        if other is None:
            joined = joined.with_columns(pl.lit(None, pl.Int64).alias(name))
            continue
        counts = other.select("topic_code", "topic_name", pl.col("order_count").alias(name))
        joined = joined.join(counts, on="topic_code", how="full", coalesce=True).with_columns(
            pl.coalesce("topic_name", "topic_name_right").alias("topic_name")
        )
        joined = joined.drop("topic_name_right").with_columns(pl.col("now", name).fill_null(0))
        if name == "year_ago" and before is not None:
            joined = joined.with_columns(pl.col("before").fill_null(0))
    moved = (pl.col("now") - pl.col("before")).abs() if before is not None else pl.col("now")
    return joined.sort(moved, pl.col("now"), "topic_code", descending=[True, True, False]).head(limit)


def default_period(periods: pl.DataFrame) -> str:
    """The newest period with enough valid callbacks, else the newest: from the 19th pages open on the one just ended."""
    enough = periods.filter("has_minimum_valid")
    return str((enough if enough.height else periods)["period_id"][0])
