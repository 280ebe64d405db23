"""Scores by hand, ranks, and how much they depend on the weights."""

from dataclasses import replace
from datetime import datetime, timedelta
from math import sqrt

import polars as pl
import pytest

from hotline12345.models.recurring.issue_measures import measure
from hotline12345.models.recurring.issue_ranking import rank
from hotline12345.models.recurring.occurrences import with_occurrences
from hotline12345.models.recurring.scorecard import score
from hotline12345.models.recurring.scoring import SCORE_COLUMNS, SCORES, Scoring
from hotline12345.models.recurring.stability import stability, swaps

UNTIL = datetime(2026, 6, 30)
SCORING = Scoring()


def made(sizes: dict[str, int], **facts: object) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Issues, members and facts: so many people for each issue, one order each; E… are events of one place."""
    rows = [
        {
            "issue_id": issue,
            "order_id": f"{issue}-{n:03d}",
            "voice": f"{issue}-{n}",
            "place": "东里" if issue.startswith("E") else f"里{n % 4}",
            "unit": f"U{n % 2}",
            "reported_at": UNTIL - timedelta(days=n),
            **{name: value(n) if callable(value) else value for name, value in facts.items()},
        }
        for issue, size in sizes.items()
        for n in range(size)
    ]
    frame = pl.DataFrame(rows, infer_schema_length=None)
    issues = pl.DataFrame({"issue_id": list(sizes)}).with_columns(
        issue_grain=pl.when(pl.col("issue_id").str.starts_with("E"))
        .then(pl.lit("点位事件"))
        .otherwise(pl.lit("共性问题")),
        is_dismissed=pl.lit(False),
        is_pinned=pl.lit(False),
        merged_into=pl.lit(None, pl.String),
    )
    return issues, frame.select("issue_id", "order_id"), frame.drop("issue_id")


def scored(made: tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame], scoring: Scoring = SCORING) -> pl.DataFrame:
    issues, members, facts = made
    return score(measure(with_occurrences(members, facts), facts, UNTIL, scoring), issues, scoring)


def half(amount: float, half: float) -> float:
    return 100 * amount / (amount + half)


def test_the_four_scores_by_hand() -> None:
    """20 people in one month, 4 places, 2 units, 8 of 20 unresolved; a second theme of 60 with 8 of 60."""
    one, two = ({"T1": 20}, lambda n: n >= 8), ({"T2": 60}, lambda n: n >= 8)
    issues, members, facts = (
        pl.concat(parts) for parts in zip(*(made(sizes, is_resolved=mark) for sizes, mark in (one, two)), strict=True)
    )
    row = scored((issues, members, facts)).row(0, named=True)
    assert row["concentrated_share"] == 0, "both are spread over the places as all orders are"
    assert row["frequency_score"] == pytest.approx(0.6 * half(20, 12) + 0.2 * half(1, 3), abs=0.01)
    assert row["breadth_score"] == pytest.approx(0.5 * half(4, 5) + 0.5 * half(20 / 4 - 1, 5), abs=0.01)
    usual = 16 / 80
    assert row["usual_unsettled_share"] == usual
    unsettled = half((8 + SCORING.prior_orders * usual) / (20 + SCORING.prior_orders) - usual, 0.1)
    assert row["difficulty_score"] == pytest.approx(unsettled, abs=0.01), "nothing is known of the other parts"
    assert row["urgency_score"] is None, "a recent report alone makes nothing urgent"
    known = [row[name] for name in SCORE_COLUMNS]
    weights = {name: SCORING.weights[name] for name, value in zip(SCORES, known, strict=True) if value is not None}
    mean = sum(row[f"{name}_score"] * weight for name, weight in weights.items()) / sum(weights.values())
    assert row["issue_score"] == pytest.approx(mean, abs=0.01)


def test_what_is_not_known_is_left_out_of_the_mean() -> None:
    row = scored(made({"E1": 6}, is_urgent=False)).row(0, named=True)
    assert row["breadth_score"] is None and row["difficulty_score"] is None
    assert row["urgency_score"] == pytest.approx((0.3 * 0 + 0.2 * 100) / 0.5), "growth has no baseline"
    weights = SCORING.weights
    mean = (weights["frequency"] * row["frequency_score"] + weights["urgency"] * row["urgency_score"]) / 0.4
    assert row["issue_score"] == pytest.approx(mean, abs=0.01)


def test_a_score_of_which_less_than_half_is_known_is_unknown() -> None:
    """Returned orders alone make no difficulty while nobody has answered whether anything was resolved."""
    assert scored(made({"T1": 20}, is_returned=lambda n: n < 15))["difficulty_score"].to_list() == [None]


def test_few_orders_prove_little() -> None:
    """The same share above the usual weighs more where it is that of more orders."""
    small, large = (made({name: size}, is_resolved=lambda n: n % 2 > 0) for name, size in (("T1", 6), ("T2", 60)))
    other = made({"T4": 200}, is_resolved=True)
    parts = [pl.concat(each) for each in zip(small, large, other, strict=True)]
    scores = dict(scored((parts[0], parts[1], parts[2])).select("issue_id", "difficulty_score").iter_rows())
    assert 0 == scores["T4"] < scores["T1"] < scores["T2"]


def test_growth_is_held_against_last_year_where_that_is_known() -> None:
    """9 orders in the last quarter against 1 in the same quarter of last year and 16 in the quarter before."""
    days = [*range(0, 90, 10), 400, *range(100, 180, 5), 480]
    issues, members, facts = made({"T1": len(days)})
    facts = facts.with_columns(reported_at=pl.Series([UNTIL - timedelta(days=n) for n in days]))
    row = scored((issues, members, facts)).row(0, named=True)
    assert (row["quarter_order_count"], row["same_quarter_order_count"]) == (9, 1)
    growth = half((9 - 1) / sqrt(10), 2)
    assert row["urgency_score"] == pytest.approx((0.5 * growth + 0.2 * 100) / 0.7, abs=0.01)


def test_a_score_without_any_weight_counts_for_nothing() -> None:
    scoring = replace(SCORING, weights={**SCORING.weights, "urgency": 0.0, "difficulty": 0.6})
    rows = scored(made({"E1": 6}), scoring)
    assert rows["issue_score"].item() == rows["frequency_score"].item()


def ranks(made: tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame], **changes: pl.Expr) -> dict[str, tuple]:
    issues, members, _ = made
    found = rank(issues.with_columns(**changes), members, scored(made), SCORING)
    return {row[0]: row[1:] for row in found.select("issue_id", "issue_rank", "parent_id", "is_covered").iter_rows()}


def test_more_people_come_first_and_few_have_no_rank() -> None:
    """共性问题 need five people, 点位事件 three."""
    assert ranks(made({"T1": 8, "T2": 30, "T3": 4})) == {
        "T1": (2, None, False),
        "T2": (1, None, False),
        "T3": (None, None, False),
    }
    assert ranks(made({"E1": 2, "E2": 3, "E3": 9})) == {
        "E1": (None, None, False),
        "E2": (2, None, False),
        "E3": (1, None, False),
    }


def test_dismissed_and_merged_issues_have_no_rank_and_pinned_ones_are_not_moved() -> None:
    three = made({"T1": 30, "T2": 20, "T3": 10})
    is_first = pl.col("issue_id") == "T1"
    assert ranks(three, is_dismissed=is_first) == {
        "T1": (None, None, False),
        "T2": (1, None, False),
        "T3": (2, None, False),
    }
    assert ranks(three, merged_into=pl.when(is_first).then(pl.lit("T2")))["T1"] == (None, None, False)
    assert ranks(three, is_pinned=pl.col("issue_id") == "T3")["T3"] == (3, None, False)


def covered(event_orders: int, inside: int, theme_size: int = 40) -> tuple:
    """The rank of an event of which so many orders are also in a theme of four places, among two others."""
    issues, members, facts = made({"E1": event_orders, "T1": theme_size, "T2": 6})
    taken = members.filter(issue_id="T1")["order_id"].head(inside)
    moved = pl.DataFrame(
        {
            "issue_id": ["E1"] * event_orders,
            "order_id": [*taken, *[f"E1-{n:03d}" for n in range(event_orders - inside)]],
        }
    )
    members = pl.concat([members.filter(pl.col("issue_id") != "E1"), moved])
    return ranks((issues, members, facts))["E1"]


def test_an_ordinary_event_of_a_theme_ranks_after_all_others() -> None:
    assert covered(10, inside=10) == (3, "T1", True)
    assert covered(10, inside=5) == (3, "T1", True)
    assert covered(10, inside=4)[1:] == (None, False), "less than half of it lies in the theme"
    assert covered(31, inside=31)[1:] == ("T1", False), "three times the people of the theme's mean place"


def frame(*rows: tuple[float | None, ...]) -> pl.DataFrame:
    """Issues of the given four scores, ranked as the weights say."""
    scores = pl.DataFrame(rows, schema=dict.fromkeys(SCORE_COLUMNS, pl.Float64), orient="row").with_row_index("n")
    totals = [total(row, SCORING.weights) for row in rows]
    ordered = scores.with_columns(total=pl.Series(totals)).sort("total", descending=True)
    return ordered.with_columns(issue_id=pl.format("T{}", "n"), issue_rank=pl.int_range(1, pl.len() + 1)).drop("n")


def total(row: tuple[float | None, ...], weights: dict[str, float]) -> float:
    known = [(weights[name], value) for name, value in zip(SCORES, row, strict=True) if value is not None]
    return sum(weight * value for weight, value in known) / sum(weight for weight, _ in known)


ROWS = (
    (90.0, 40.0, 60.0, 10.0),
    (80.0, None, 70.0, 30.0),
    (50.0, 90.0, 72.0, 60.0),
    (85.0, 20.0, 60.0, 5.0),
    (30.0, None, 40.0, 99.0),
)


def test_a_swap_is_where_two_neighbours_change_places() -> None:
    found = swaps(frame(*ROWS), SCORING)
    assert found.height >= 8
    for row in found.iter_rows(named=True):
        name = row["score_name"].removesuffix("_score")
        below, above = (ROWS[int(row[key][1:])] for key in ("issue_id", "above_id"))
        now = SCORING.weights[name]
        assert row["weight"] == pytest.approx(now)
        for share in (row["weight_needed"] - 1e-4, row["weight_needed"] + 1e-4):
            weights = {n: share if n == name else w * (1 - share) / (1 - now) for n, w in SCORING.weights.items()}
            beyond = (share - now) * (row["weight_needed"] - now) > (row["weight_needed"] - now) ** 2
            assert (total(below, weights) > total(above, weights)) == beyond, row


def test_a_worse_issue_in_everything_is_never_swapped() -> None:
    assert swaps(frame((90.0, 90.0, 90.0, 90.0), (80.0, 80.0, 80.0, 80.0)), SCORING).is_empty()
    assert swaps(frame((90.0, 90.0, 90.0, 90.0)), SCORING).is_empty()


def test_stability_counts_the_weightings_that_keep_an_issue_in_the_list() -> None:
    every = frame(*ROWS, (1.0, 1.0, 1.0, 1.0), (95.0, 95.0, 95.0, 95.0))
    found = dict(stability(every, SCORING, 3).iter_rows())
    assert sum(found.values()) == pytest.approx(3)
    assert (found["T6"], found["T5"]) == (1.0, 0.0)
    assert 0 < found["T2"] <= 1
    assert dict(stability(every.sample(fraction=1, shuffle=True, seed=1), SCORING, 3).iter_rows()) == found
    assert set(dict(stability(every, SCORING, 99).iter_rows()).values()) == {1.0}


def test_equal_issues_keep_the_order_of_their_ranks() -> None:
    twins = frame(*[(50.0, 50.0, 50.0, 50.0)] * 4)
    assert stability(twins, SCORING, 2)["top_share"].to_list() == [1.0, 1.0, 0.0, 0.0]


def test_a_weight_of_nothing_stays_nothing() -> None:
    scoring = replace(SCORING, weights={"frequency": 1.0, "breadth": 0.0, "difficulty": 0.0, "urgency": 0.0})
    found = stability(frame((90.0, 0.0, 0.0, 0.0), (80.0, 99.0, 99.0, 99.0)), scoring, 1)
    ranked = dict(found.iter_rows())
    assert ranked == {"T0": 1.0, "T1": 0.0}
