"""Which clusters need no more looking at: only those that are a stored issue to the last order and its nearness."""

import polars as pl
import pytest

from hotline12345.models.recurring.edits import MERGE, SPLIT, Edit
from hotline12345.models.recurring.unchanged import unchanged

CLUSTERS = pl.DataFrame({"cluster_id": ["Ca", "Cb"], "grain": ["点位事件", "点位事件"]})
MEMBERS = pl.DataFrame(
    {"cluster_id": ["Ca", "Ca", "Cb"], "order_id": ["a1", "a2", "b1"], "similarity": [0.5, 0.6, 0.7]}
)
STORED = pl.DataFrame(
    {
        "issue_id": ["Ea", "Ea", "Eb"],
        "found_id": ["Ea", "Ea", "Eb"],
        "order_id": ["a1", "a2", "b1"],
        "similarity": [0.5, 0.6, 0.7],
        "issue_grain": ["点位事件"] * 3,
    }
)


def same(members=MEMBERS, stored=STORED, pending=(), edits=()):
    return sorted(unchanged(CLUSTERS, members, stored, pending, edits).rows())


def test_clusters_that_are_stored_issues_are_unchanged():
    assert same() == [("Ca", "Ea"), ("Cb", "Eb")]


def test_a_pending_order_keeps_its_issue_in_view():
    assert same(pending=["a2"]) == [("Cb", "Eb")]


@pytest.mark.parametrize("row", [0, 1])
def test_an_order_more_or_less_or_another_nearness_is_a_change(row):
    fewer = pl.concat([MEMBERS[:row], MEMBERS[row + 1 :]])
    assert same(members=fewer) == [("Cb", "Eb")]
    assert same(stored=pl.concat([STORED[:row], STORED[row + 1 :]])) == [("Cb", "Eb")]
    moved = MEMBERS.with_columns(
        similarity=pl.when(pl.col("order_id") == f"a{row + 1}").then(0.1).otherwise("similarity")
    )
    assert same(members=moved) == [("Cb", "Eb")]


def test_another_grain_is_another_issue():
    assert same(stored=STORED.with_columns(issue_grain=pl.lit("共性问题"))) == []


def test_what_analysts_merged_or_split_is_looked_at():
    assert same(edits=[Edit(action=MERGE, issue_id="Ex", other_issue_id="Eb")]) == [("Ca", "Ea")]
    assert same(edits=[Edit(action=SPLIT, issue_id="Ex", other_issue_id="Ey", moved_ids=("b1",))]) == [("Ca", "Ea")]


def test_an_issue_that_holds_or_lent_an_order_is_looked_at():
    assert same(stored=STORED.with_columns(issue_id=pl.lit("Eb"))) == []
