"""The scores of clusterings, against values computed by hand."""

import polars as pl
import pytest
from clustering_scores import Agreement, bcubed, matched, mixed_place, single_writer, unplanted

GOLD = pl.DataFrame({"order_id": list("abcdefg"), "gold": ["X", "X", "X", "Y", "Y", None, None]})
MEMBERS = pl.DataFrame({"issue_id": ["1", "1", "1", "2", "2"], "order_id": ["a", "b", "f", "d", "e"]})


def test_bcubed_over_the_planted_orders():
    """a, b: 2 of 3 right, 2 of 3 found; c is found alone: 1 and 1/3; d, e are all right."""
    found = bcubed(GOLD, MEMBERS, gold_orders_only=True)
    assert found.precision == pytest.approx((2 / 3 + 2 / 3 + 1 + 1 + 1) / 5)
    assert found.recall == pytest.approx((2 / 3 + 2 / 3 + 1 / 3 + 1 + 1) / 5)


def test_bcubed_over_all_orders():
    """As above, and f: 1 of 3 right; g is right alone; both are complete."""
    found = bcubed(GOLD, MEMBERS, gold_orders_only=False)
    assert found.precision == pytest.approx((2 / 3 + 2 / 3 + 1 + 1 + 1 + 1 / 3 + 1) / 7)
    assert found.recall == pytest.approx((2 / 3 + 2 / 3 + 1 / 3 + 1 + 1 + 1 + 1) / 7)


def test_f1_is_the_harmonic_mean():
    assert Agreement(0.5, 1.0).f1 == pytest.approx(2 / 3)
    assert Agreement(0.0, 0.0).f1 == 0.0


def test_nothing_found_is_precise_and_forgets():
    nothing = MEMBERS.clear()
    assert bcubed(GOLD, nothing, gold_orders_only=True) == Agreement(1.0, pytest.approx((3 * 1 / 3 + 2 * 1 / 2) / 5))


def test_an_order_in_two_issues_is_refused():
    twice = pl.concat([MEMBERS, pl.DataFrame({"issue_id": ["2"], "order_id": ["a"]})])
    with pytest.raises(pl.exceptions.PolarsError):
        bcubed(GOLD, twice, gold_orders_only=True)


def test_an_issue_is_matched_from_half_of_the_union():
    """Issue 1 and X: 2 of {a, b, c, f}; without b it is 1 of {a, b, c, f}."""
    assert matched(GOLD, MEMBERS, ["1", "2"]) == {"X", "Y"}
    assert matched(GOLD, MEMBERS.filter(pl.col("order_id") != "b"), ["1", "2"]) == {"Y"}
    assert matched(GOLD, MEMBERS, ["2"]) == {"Y"}


def test_false_issues_are_those_of_other_orders():
    noise = pl.DataFrame({"issue_id": ["3", "3", "3"], "order_id": ["c", "f", "g"]})
    assert unplanted(GOLD, MEMBERS.filter(pl.col("issue_id") == "2"), ["2"]) == []
    assert unplanted(GOLD, noise, ["3"]) == ["3"]
    assert unplanted(GOLD, noise, []) == []


def test_one_writer_and_two_places_are_seen():
    writers = pl.DataFrame({"order_id": list("abcdefg"), "writer": ["p", "q", "p", "r", "r", "p", "s"]})
    assert single_writer(writers, MEMBERS, ["1", "2"]) == ["2"]
    places = pl.DataFrame({"order_id": list("abcdefg"), "place_id": ["k", "k", None, "k", "k", "m", None]})
    assert mixed_place(places, MEMBERS, ["2", "1"]) == ["1"]
