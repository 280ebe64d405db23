"""Laws of the miner: neither rows nor portions matter, and under frozen statistics an order is what it is alone."""

from dataclasses import replace
from itertools import pairwise

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from planted_issues import DEED, ESTATES, EVERYDAY, HEATING, LIFT, corpus, described, order, table
from polars.testing import assert_frame_equal

from hotline12345.models.recurring import Mined, MiningSettings, mine
from hotline12345.models.recurring.clusters import (
    cluster_frame,
    event_clusters,
    member_frame,
    theme_clusters,
    typical_orders,
)
from hotline12345.models.recurring.links import Links, link

SETTINGS = MiningSettings()
TEXTS = (*LIFT, *HEATING, *DEED, *EVERYDAY[:3], ("", ""))
ORDERS = st.lists(
    st.tuples(
        st.sampled_from(TEXTS),
        st.sampled_from([*ESTATES[:3], "云栖家苑", None]),
        st.integers(0, 9),  # the caller
        st.integers(0, 300),  # the day
        st.booleans(),  # whether the place is told in the text
    ),
    max_size=40,
)


def made(drawn: list[tuple]) -> pl.DataFrame:
    """Records of drawn orders; ids by their position."""
    rows = []
    for number, (text, place, caller, day, is_told) in enumerate(drawn):
        title = f"{place}{text[0]}" if is_told and place else text[0]
        rows.append(order(number, (title, text[1]), None if is_told else place, f"p{caller}", day))
    return table([*rows, *corpus().head(1).to_dicts()])  # never without rows


@settings(max_examples=30, deadline=None)
@given(ORDERS, st.integers(0, 99))
def test_the_order_of_rows_changes_nothing(drawn: list[tuple], seed: int) -> None:
    records = made(drawn).unique("order_id", keep="last", maintain_order=True)
    once, again = mine(records), mine(records.sample(fraction=1.0, shuffle=True, seed=seed))
    assert_frame_equal(once.issues, again.issues)
    assert_frame_equal(once.members, again.members)
    assert once.statistics == again.statistics


@settings(max_examples=40, deadline=None)
@given(cuts=st.lists(st.integers(0, 117), max_size=6), shuffle=st.integers(0, 99))
def test_portions_give_each_order_what_all_at_once_gives(mined: Mined, cuts: list[int], shuffle: int) -> None:
    """Place, vector and theme depend on the order and the frozen statistics alone, whatever it is described beside."""
    records = corpus().sample(fraction=1.0, shuffle=True, seed=shuffle)
    whole = link(described(corpus()), mined.statistics, SETTINGS).to_frame()
    ends = [0, *sorted(cuts), records.height]
    parts = [records[start:end] for start, end in pairwise(ends) if end > start]
    linked = [link(described(part), mined.statistics, SETTINGS).to_frame() for part in parts]
    assert_frame_equal(pl.concat(linked).sort("digest", "order_id"), whole, check_exact=True)


@pytest.mark.parametrize("days", [1, 30, 100])
def test_day_by_day_gives_the_same_clusters_as_all_at_once(mined: Mined, days: int) -> None:
    """Orders are linked as they come; only places and themes that got a new one are grouped anew."""
    dated = corpus().with_columns(step=(pl.col("reported_at").rank("dense") // days).cast(pl.Int64)).sort("step")
    held = pl.DataFrame()
    found: dict[tuple[str, object, str], tuple[list[str], list[float]]] = {}
    for step in dated.partition_by("step", maintain_order=True):
        new = link(described(step.drop("step")), mined.statistics, SETTINGS).to_frame()
        held = pl.concat([held, new]).sort("digest", "order_id")
        for column in ("place", "theme"):
            touched = new[column].drop_nulls().unique()
            links = Links.from_frame(
                held.filter(pl.col(column).is_in(touched.implode())), len(mined.statistics.columns)
            )
            found = {key: value for key, value in found.items() if key[0] != column or key[1] not in touched}
            found |= clustered(links, column)
    whole = Links.from_frame(held, len(mined.statistics.columns))
    assert found == clustered(whole, "place") | clustered(whole, "theme")


def clustered(links: Links, column: str) -> dict[tuple[str, object, str], tuple[list[str], list[float]]]:
    """(column, its value, cluster) → orders and cosines of the clusters of places or of themes."""
    clusters = event_clusters(links, SETTINGS) if column == "place" else theme_clusters(links, SETTINGS)
    values = links.places if column == "place" else links.themes.tolist()
    return {
        (column, values[each.rows[0]], each.cluster_id): (
            [links.order_ids[row] for row in each.rows],
            each.cosines.tolist(),
        )
        for each in clusters
    }


def test_clusters_as_frames(mined: Mined) -> None:
    links = link(described(corpus()), mined.statistics, SETTINGS)
    clusters = event_clusters(links, SETTINGS) + theme_clusters(links, SETTINGS)
    frame, members = cluster_frame(clusters), member_frame(links, clusters)
    assert frame["cluster_id"].is_unique().all()
    assert frame.group_by("grain").len().sort("grain").rows() == [("共性问题", 1), ("点位事件", 11)]
    assert frame["place"].null_count() == 1
    both = members.join(frame, on="cluster_id")
    assert not both.select("grain", "order_id").is_duplicated().any()
    typical = typical_orders(members)
    for cluster in clusters:
        order_ids = [links.order_ids[row] for row in cluster.rows.tolist()]
        cosine = dict(zip(order_ids, cluster.cosines.tolist(), strict=True))
        named_from = [cosine[order_id] for order_id in typical[cluster.cluster_id]]
        assert named_from == sorted(cosine.values(), reverse=True)[: len(named_from)]


def test_a_large_place_is_clustered_on_a_bounded_sample_and_the_rest_joins(mined: Mined) -> None:
    few = replace(SETTINGS, event_likeness=replace(SETTINGS.event_likeness, block_size=20))
    links = link(described(corpus().filter(place="云栖佳苑")), mined.statistics, SETTINGS)
    assert len(links) > 20
    found = {tuple(sorted(links.order_ids[row] for row in each.rows)) for each in event_clusters(links, few)}
    assert tuple(f"T{number:04d}" for number in range(1, 13)) in found
    assert tuple(f"T{number:04d}" for number in range(101, 111)) in found
