"""The gold itself: what was planted is there, the halves are strangers, and the same seed gives the same letters."""

import itertools

import polars as pl
import pytest
from letter_wording import load_half
from planted_letters import HALVES, write_letters


@pytest.fixture(scope="module", params=HALVES)
def letters(request):
    return write_letters(request.param)


def test_the_same_arguments_give_the_same_letters():
    again, first = write_letters("development", 1500, 7), write_letters("development", 1500, 7)
    assert again.records.equals(first.records)
    assert again.truth.equals(first.truth)
    assert not write_letters("development", 1500, 8).records.equals(first.records)


def test_most_letters_are_noise_and_long(letters):
    assert letters.truth.height == letters.records.height == 5000
    assert letters.truth["order_id"].equals(letters.records["order_id"])
    assert letters.truth["problem_id"].is_null().mean() >= 0.7
    lengths = letters.records["body"].str.len_chars()
    assert lengths.min() >= 80
    assert lengths.max() <= 600
    assert lengths.quantile(0.9) > 250
    assert not letters.records.filter(pl.any_horizontal(pl.col("title", "body").str.contains(r"[{}]"))).height


def test_events_have_one_place_and_many_people(letters):
    events = (
        letters.truth.drop_nulls("event_id")
        .group_by("event_id")
        .agg(pl.len(), pl.col("writer", "place_id", "problem_id").n_unique())
    )
    assert events.height == 25
    assert (events["len"].min(), events["len"].max()) == (4, 80)
    assert events["place_id"].max() == events["problem_id"].max() == 1
    assert events.filter(pl.col("writer") < 3).is_empty()
    homes = letters.truth.drop_nulls("event_id").group_by("place_id").agg(pl.col("event_id").n_unique())
    assert homes["event_id"].max() > 1, "no place has several problems"
    noisy = letters.truth.filter(pl.col("problem_id").is_null(), pl.col("place_id").is_in(homes["place_id"].to_list()))
    assert noisy.height > 200


def test_themes_have_many_places(letters):
    themes = letters.truth.drop_nulls("theme_id").group_by("theme_id").agg(pl.len(), pl.col("place_id").n_unique())
    assert themes.height == 11
    assert themes["place_id"].min() >= 10
    alone = letters.truth.filter(pl.col("theme_id").is_not_null() & pl.col("event_id").is_null())
    assert alone.group_by("theme_id", "place_id").len()["len"].max() == 1


def test_one_writer_has_many_matters_and_one_has_one(letters):
    writers = letters.truth.group_by("kind").agg(pl.len(), pl.col("writer").n_unique()).rows_by_key("kind", unique=True)
    assert writers["scattered"] == (90, 1)
    assert writers["persistent"] == (20, 1)


def test_every_planted_letter_names_its_place(letters):
    half = load_half({"D": "development", "H": "held_out"}[letters.truth["order_id"][0][0]])
    names = {place.place_id: (*place.names, place.slip) for place in half.places}
    texts = letters.records.join(letters.truth, on="order_id").drop_nulls("event_id")
    unnamed = [
        row["order_id"]
        for row in texts.iter_rows(named=True)
        if not any(name and name in row["title"] + row["body"] for name in names[row["place_id"]])
    ]
    assert len(unnamed) <= 0.02 * texts.height, "more than the characters that copies lose"


def test_letters_are_copied_by_others(letters):
    """Two letters of an event by two writers that share a run of 40 characters of their bodies."""
    texts = letters.records.join(letters.truth, on="order_id").drop_nulls("event_id")
    copied = 0
    for _, event in texts.group_by("event_id"):
        starts = [
            (row["writer"], {row["body"][at : at + 40] for at in range(0, len(row["body"]) - 40)})
            for row in event.iter_rows(named=True)
        ]
        copied += any(a != b and first & second for (a, first), (b, second) in itertools.combinations(starts, 2))
    assert copied >= 10


def test_problems_are_told_in_many_ways():
    for half in map(load_half, HALVES):
        assert all(len(set(p.ways)) >= 8 and len(set(p.harms)) >= 6 for p in half.problems)
        assert len({matter.subject for matter in half.matters}) > 500
        names = [name for place in half.places for name in {*place.names, place.slip} if name]
        assert len(names) == len(set(names)), "two places of one name"


def test_the_halves_share_nothing():
    first, second = (load_half(half) for half in HALVES)
    for what in (
        lambda half: {x for p in half.problems for x in (*p.titles, *p.ways, *p.harms)},
        lambda half: {name for place in half.places for name in place.names},
        lambda half: {m.subject for m in half.matters} | {detail for m in half.matters for detail in m.details},
        lambda half: {x for k in ("digressions", "procedures", "decoys", "vague_titles") for x in half.words[k]},
        lambda half: {place.district[0] for place in half.places},
    ):
        assert not what(first) & what(second)


def test_too_few_letters_are_refused():
    with pytest.raises(ValueError, match="too few"):
        write_letters("development", 300)
