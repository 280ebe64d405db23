"""Four scores of an issue from its measures: 高频, 共性, 难点, 紧迫; apart, and weighted into the one that ranks."""

from collections.abc import Mapping

import polars as pl

from hotline12345.models.recurring.scoring import SCORES, Scoring

THEME = "共性问题"
_LEAST_KNOWN = 0.5  # of the weights of a score: known only where its parts that are known weigh so much
_DECIMALS = 2  # scores are rounded before anything is compared, so that ties are ties
#: Shares that are usual, and the counts they are made of; what exceeds them makes an issue difficult.
_USUAL: Mapping[str, tuple[str, str, str]] = {
    "unsettled": ("usual_unsettled_share", "unsettled_count", "resolution_asked_count"),
    "recurrence": ("usual_recurrence_rate", "recurrence_count", "resolved_occurrence_count"),
    "returned": ("usual_returned_share", "returned_count", "order_count"),
    "held": ("usual_held_share", "held_count", "order_count"),
}


def score(measures: pl.DataFrame, issues: pl.DataFrame, scoring: Scoring) -> pl.DataFrame:
    """The measures with the usual shares, the four scores (0-100, null where nothing of them is known) and `issue_score`.

    Grain issue_id. A score is the weighted mean of its known parts where those are half of its weight, `issue_score` the weighted mean of the known scores; see
    `Scoring`. Usual is the pooled share of all themes, or of all events where there is no theme: an order counts once.

    Args:
        measures: what `measure` returns.
        issues: grain issue_id with issue_grain; 共性 is unknown for a 点位事件, which has one place.
        scoring: weights and halves.
    """
    grains = issues.select("issue_id", "issue_grain")
    known = measures.join(grains, on="issue_id", how="inner", maintain_order="left")
    usual = known.with_columns(pl.lit(share, pl.Float64).alias(name) for name, share in _usual_shares(known).items())
    points = usual.select("issue_id", **_points(scoring))
    scores = points.select(
        "issue_id",
        **{
            f"{name}_score": weighted_mean({part: scoring.parts[part] for part in parts}, _LEAST_KNOWN)
            for name, parts in SCORES.items()
        },
    )
    total = weighted_mean({f"{name}_score": weight for name, weight in scoring.weights.items()})
    return usual.drop("issue_grain").join(scores.with_columns(issue_score=total), on="issue_id", maintain_order="left")


def weighted_mean(weights: Mapping[str, float], least: float = 0.0) -> pl.Expr:
    """The weighted mean of the columns that are not null, rounded.

    Null where the known ones weigh nothing, or less than the share `least` of all weights.
    """
    known = pl.sum_horizontal(pl.col(name).is_not_null() * weight for name, weight in weights.items())
    total = pl.sum_horizontal(pl.col(name).fill_null(0.0) * weight for name, weight in weights.items())
    return pl.when((known > 0) & (known >= least * sum(weights.values()))).then((total / known).round(_DECIMALS))


def _usual_shares(measures: pl.DataFrame) -> dict[str, float | None]:
    themes = measures.filter(pl.col("issue_grain") == THEME)
    every = measures if themes.is_empty() else themes
    told = {}
    for name, part, of in _USUAL.values():
        known = every.filter(pl.col(part).is_not_null())
        count, base = int(known[part].sum()), int(known[of].sum())
        told[name] = count / base if base else None
    return told


def _points(scoring: Scoring) -> dict[str, pl.Expr]:
    """0-100 points of each part; null where it is not known."""
    baseline = pl.coalesce("same_quarter_order_count", "previous_quarter_order_count")
    growth = (pl.col("quarter_order_count") - baseline) / (pl.col("quarter_order_count") + baseline).clip(1).sqrt()
    is_theme = pl.col("issue_grain") == THEME
    places = pl.when(pl.col("place_count") > 0).then("place_count")
    breadth = pl.max_horizontal("unit_count", "place_count")
    amounts = {
        "people": pl.col("people_count"),
        "months": pl.when(pl.col("month_count") > 0).then("month_count"),
        "spread": pl.when(is_theme & (breadth > 0)).then(breadth),
        "density": pl.when(is_theme).then(pl.col("placed_people_count") / places - 1),
        **{name: _excess(*columns, scoring.prior_orders) for name, columns in _USUAL.items()},
        "growth": growth.clip(0),
        "urgent": pl.col("urgent_count"),
    }
    points = {name: 100 * amount / (amount + scoring.halves[name]) for name, amount in amounts.items()}
    days = (pl.col("known_until") - pl.col("last_at")).dt.total_days()
    half = scoring.halves["recency"]
    return {**points, "concentration": 100 * pl.col("concentrated_share"), "recency": 100 * half / (half + days)}


def _excess(usual: str, part: str, of: str, prior_orders: int) -> pl.Expr:
    """By how much a share exceeds the usual one, drawn towards it as by so many usual orders; 0 where it does not."""
    share, count = pl.col(usual), pl.col(of)
    excess = (pl.col(part) - count * share) / (count + prior_orders)
    return pl.when((share > 0) & (share < 1) & (count > 0)).then(excess.clip(0))
