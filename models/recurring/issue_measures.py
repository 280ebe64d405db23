"""What is counted for each issue: one row an issue from its members and what is known of their orders."""

from datetime import datetime, timedelta

import polars as pl

from hotline12345.models.recurring.facts import conform_facts
from hotline12345.models.recurring.scoring import Scoring

_LATE = timedelta(days=7)  # data that begin by so much later than a span still cover it
_LONGEST_SEASON, _SEASON_SHARE = 6, 2 / 3  # months, and the part of an issue's orders that must lie in them
_DECIMALS = 6
_COUNTED_IN_PARTS = (
    *("unit_count", "unit_known_count", "largest_unit_order_count"),
    *("place_count", "place_known_count", "largest_place_order_count"),
    *("month_count", "persistent_month_count", "resolved_occurrence_count", "recurrence_count"),
)


def measure(
    members: pl.DataFrame, facts: pl.DataFrame, until: datetime | None, scoring: Scoring | None = None
) -> pl.DataFrame:
    """The measures of every issue that has members; grain issue_id, sorted by it. What they mean: sql/columns.toml.

    Every share stands beside its counts. Counts of a column that no order fills are null, and so are spans that the data do
    not cover or whose baseline lies in an epidemic year. Spans end at `until`: the last year is what came after the same
    moment twelve months before.

    Args:
        members: grain issue_id, order_id, with `occurrence` as `with_occurrences` gives it.
        facts: columns of `FACTS`, a row for each member's order.
        until: the newest moment known; None where no order tells a time.
        scoring: which months are persistent and which years no baseline.

    Cost: a few group-bys; a million members in 2 s.
    """
    chosen = scoring or Scoring()
    known = conform_facts(facts)
    numbered = members.select("issue_id", "order_id", "occurrence", number=_code(pl.col("issue_id")))
    rows = _rows(numbered.select("order_id", "occurrence", issue_id="number"), known)
    found = rows.group_by("issue_id").agg(*_counts(known), *_spans(known, until, chosen))
    for more in (
        _people(rows),
        _largest(rows, "unit"),
        _largest(rows, "where").rename(lambda name: name.replace("where", "place")),
        _concentration(rows, known),
        _months(rows, chosen),
        _recurrences(rows),
    ):
        found = found.join(more, on="issue_id", how="left")
    counted = found.with_columns(pl.col(_COUNTED_IN_PARTS).fill_null(0), known_month_count=_known_months(known, until))
    counted = counted.with_columns(known_until=pl.lit(until, pl.Datetime("us")))
    names = numbered.select("issue_id", "number").unique()
    named = names.join(counted.rename({"issue_id": "number"}), on="number").drop("number")
    return named.with_columns(_shares()).sort("issue_id")


def _rows(members: pl.DataFrame, facts: pl.DataFrame) -> pl.DataFrame:
    """The members with their facts, texts that are only counted as numbers; `where` is the place, else the area.

    `is_unsettled`: not resolved, or reported again by the same person from the same place after it was closed as resolved.
    """
    coded = facts.with_columns(
        _code(pl.coalesce("voice", "order_id")).alias("voice"),
        _code(pl.coalesce("place", "area")).alias("where"),
        *(_code(pl.col(name)).alias(name) for name in ("place", "area", "unit")),
        place_total=pl.when(pl.coalesce("place", "area").is_not_null()).then(
            pl.len().over(pl.coalesce("place", "area"))
        ),
        is_held=pl.any_horizontal("is_excluded", "is_suspended"),
        month=pl.col("reported_at").dt.year() * 12 + pl.col("reported_at").dt.month().cast(pl.Int32) - 1,
    )
    rows = members.join(coded, on="order_id").drop("order_id")
    last = pl.col("reported_at").max().over("issue_id", "voice", "place")
    return rows.with_columns(
        is_unsettled=pl.when("is_resolved")
        .then((last > pl.col("closed_at")).fill_null(False))
        .otherwise(~pl.col("is_resolved"))
    )


def _code(text: pl.Expr) -> pl.Expr:
    """A number that stands for a text; which one is arbitrary."""
    return text.cast(pl.Categorical).to_physical()


def _counts(facts: pl.DataFrame) -> list[pl.Expr]:
    """Counts over an issue's orders; null where no order at all tells the column."""
    marks = {
        "urgent_count": ("is_urgent",),
        "returned_count": ("is_returned",),
        "whistled_count": ("is_whistled",),
        "held_count": ("is_excluded", "is_suspended"),
        "need_to_know_count": ("is_need_to_know",),
    }
    is_told = {name: any(facts[column].null_count() < facts.height for column in of) for name, of in marks.items()}
    column_of = {name: "is_held" if name == "held_count" else of[0] for name, of in marks.items()}
    return [
        pl.len().cast(pl.Int64).alias("order_count"),
        pl.col("area").drop_nulls().n_unique().cast(pl.Int64).alias("town_count"),
        pl.col("reported_at").min().alias("first_at"),
        pl.col("reported_at").max().alias("last_at"),
        pl.col("is_resolved").count().cast(pl.Int64).alias("resolution_asked_count"),
        _true(~pl.col("is_resolved")).alias("unresolved_count"),
        _true(pl.col("is_unsettled")).alias("unsettled_count"),
        pl.col("is_satisfied").count().cast(pl.Int64).alias("satisfaction_asked_count"),
        _true(~pl.col("is_satisfied")).alias("unsatisfied_count"),
        *(
            (_true(pl.col(column_of[name])) if told else pl.lit(None, pl.Int64)).alias(name)
            for name, told in is_told.items()
        ),
    ]


def _true(mark: pl.Expr) -> pl.Expr:
    """How often a mark is true; null counts as not."""
    return mark.sum().cast(pl.Int64)


def _spans(facts: pl.DataFrame, until: datetime | None, scoring: Scoring) -> list[pl.Expr]:
    """Orders of the last year, the last three months and what they are compared with."""
    begun = facts["reported_at"].min()
    spans = {  # months before `until`: from, to, whether it serves as a baseline
        "year_order_count": (12, 0, False),
        "previous_year_order_count": (24, 12, True),
        "quarter_order_count": (3, 0, False),
        "previous_quarter_order_count": (6, 3, True),
        "same_quarter_order_count": (15, 12, True),
    }
    if until is None or not isinstance(begun, datetime):
        return [pl.lit(None, pl.Int64).alias(name) for name in spans]
    counted = []
    for name, (back, ahead, is_baseline) in spans.items():
        start, end = _months_before(until, back), _months_before(until, ahead)
        is_epidemic = not {*range(start.year, end.year + 1)}.isdisjoint(scoring.no_baseline_years)
        if is_baseline and (is_epidemic or begun > start + _LATE):
            counted.append(pl.lit(None, pl.Int64).alias(name))
        else:
            inside = pl.col("reported_at").is_between(start, end, closed="right")
            counted.append(_true(inside).alias(name))
    return counted


def _months_before(moment: datetime, months: int) -> datetime:
    start: datetime = pl.select(pl.lit(moment).dt.offset_by(f"-{months}mo")).item()
    return start


def _known_months(facts: pl.DataFrame, until: datetime | None) -> pl.Expr:
    """How many calendar months the data cover."""
    begun = facts["reported_at"].min()
    if until is None or not isinstance(begun, datetime):
        return pl.lit(None, pl.Int64)
    return pl.lit(12 * (until.year - begun.year) + until.month - begun.month + 1, pl.Int64)


def _people(rows: pl.DataFrame) -> pl.DataFrame:
    """Distinct people, those of a known place, and those who reported more than once; grain issue_id."""
    voices = rows.group_by("issue_id", "voice").agg(pl.len().alias("orders"), pl.col("where").count().alias("placed"))
    return voices.group_by("issue_id").agg(
        pl.len().cast(pl.Int64).alias("people_count"),
        _true(pl.col("placed") > 0).alias("placed_people_count"),
        _true(pl.col("orders") > 1).alias("repeat_caller_count"),
    )


def _largest(rows: pl.DataFrame, name: str) -> pl.DataFrame:
    """How many units or places an issue has, the orders with one, and those of the largest; grain issue_id."""
    counted = rows.filter(pl.col(name).is_not_null()).group_by("issue_id", name).len()
    return counted.group_by("issue_id").agg(
        pl.len().cast(pl.Int64).alias(f"{name}_count"),
        pl.col("len").sum().cast(pl.Int64).alias(f"{name}_known_count"),
        pl.col("len").max().cast(pl.Int64).alias(f"largest_{name}_order_count"),
    )


def _concentration(rows: pl.DataFrame, facts: pl.DataFrame) -> pl.DataFrame:
    """The share of an issue's placed orders beyond what its places would have if it were spread as all orders are; grain
    issue_id: concentrated_share, 0-1. A problem of a few places is near 1, one that is everywhere the same near 0."""
    located = facts.select(pl.coalesce("place", "area").count()).item()
    held = (
        rows.drop_nulls("where").group_by("issue_id", "where").agg(orders=pl.len(), total=pl.col("place_total").first())
    )
    expected = pl.col("total") * pl.col("orders").sum().over("issue_id") / located
    beyond = held.with_columns(beyond=(pl.col("orders") - expected).clip(0)).sort("issue_id", "orders", "total")
    share = (pl.col("beyond").sum() / pl.col("orders").sum()).round(_DECIMALS)
    return beyond.group_by("issue_id").agg(concentrated_share=share)


def _months(rows: pl.DataFrame, scoring: Scoring) -> pl.DataFrame:
    """Months with reports, those at or above the threshold, and the season; grain issue_id."""
    timed = rows.filter(pl.col("month").is_not_null()).group_by("issue_id", "month")
    months = timed.agg(pl.len().alias("orders"), pl.col("voice").n_unique().alias("people"))
    months = months.with_columns(is_persistent=pl.col("people") >= scoring.persistent_people)
    counted = months.group_by("issue_id").agg(
        pl.len().cast(pl.Int64).alias("month_count"), _true(pl.col("is_persistent")).alias("persistent_month_count")
    )
    return counted.join(_seasons(months, scoring), on="issue_id", how="left")


def _seasons(months: pl.DataFrame, scoring: Scoring) -> pl.DataFrame:
    """The calendar months that were persistent in two years or more, as `1、11、12月`; grain issue_id.

    Null where they are no season: more than half a year, or not two thirds of the orders. Epidemic years do not count.
    """
    usual = months.filter(~(pl.col("month") // 12).is_in(scoring.no_baseline_years))
    calendar = usual.group_by("issue_id", (pl.col("month") % 12 + 1).alias("calendar_month")).agg(
        pl.col("orders").sum(), (pl.col("is_persistent").sum() > 1).alias("comes_back")
    )
    back = calendar.sort("calendar_month").group_by("issue_id", maintain_order=True)
    found = back.agg(
        pl.col("calendar_month").filter("comes_back").cast(pl.String).str.join("、").alias("season_months"),
        pl.col("comes_back").sum().alias("length"),
        (pl.col("orders").filter("comes_back").sum() / pl.col("orders").sum()).alias("share"),
    )
    is_season = pl.col("length").is_between(1, _LONGEST_SEASON) & (pl.col("share") >= _SEASON_SHARE)
    return found.select("issue_id", pl.when(is_season).then(pl.col("season_months") + "月").alias("season_months"))


def _recurrences(rows: pl.DataFrame) -> pl.DataFrame:
    """Occurrences that were resolved, and how many of them were reported again; grain issue_id.

    Every occurrence but the first came after a resolution, so those are the recurrences.
    """
    is_ended = (pl.col("is_resolved") & pl.col("closed_at").is_not_null()).any()
    occurrences = rows.filter(pl.col("occurrence").is_not_null()).group_by("issue_id", "place", "occurrence")
    return (
        occurrences.agg(is_ended.alias("is_ended"))
        .group_by("issue_id")
        .agg(
            _true(pl.col("is_ended")).alias("resolved_occurrence_count"),
            _true(pl.col("occurrence") > 1).alias("recurrence_count"),
        )
    )


def _shares() -> list[pl.Expr]:
    """Each share from the counts beside it; null where there is nothing to divide by."""
    of = {
        "unresolved_share": ("unresolved_count", "resolution_asked_count"),
        "unsettled_share": ("unsettled_count", "resolution_asked_count"),
        "unsatisfied_share": ("unsatisfied_count", "satisfaction_asked_count"),
        "recurrence_rate": ("recurrence_count", "resolved_occurrence_count"),
        "returned_share": ("returned_count", "order_count"),
        "held_share": ("held_count", "order_count"),
        "largest_unit_share": ("largest_unit_order_count", "unit_known_count"),
        "largest_place_share": ("largest_place_order_count", "place_known_count"),
    }
    return [
        pl.when(pl.col(base) > 0).then(pl.col(part) / pl.col(base)).alias(name) for name, (part, base) in of.items()
    ]
