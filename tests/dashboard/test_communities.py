"""村社区: rates with intervals, topics, and what readers of aggregates must not get, whichever way they ask."""

import polars as pl
import pytest
from made_snapshot import publish_orders, storage_at
from page_words import words

from hotline12345.dashboard import community_data, community_tables, data, issue_data, labels, snapshots, topic_data
from hotline12345.dashboard.access import ANALYST, DEMO, Viewer
from hotline12345.dashboard.disclosure import LEAST
from hotline12345.sql.reads import Reader

RULE = "example-10-50-40"
LEADER = DEMO.viewer("区领导", "somebody")
TOWN = DEMO.viewer("承办单位", "somebody", ("U2",))
PERIODS = ("2026-04", "2026-03", "2026-02")


def counts(*rows: tuple[str, str, int]) -> pl.DataFrame:
    codes = [(community, topic, topic, count) for community, topic, count in rows]
    return pl.DataFrame(codes, schema=["community", "topic_code", "topic_name", "order_count"], orient="row")


@pytest.fixture
def snapshot(published, monkeypatch):
    monkeypatch.setenv("HOTLINE_DATA_DIR", str(published.data))
    return snapshots.current()


def read(viewer: Viewer, snapshot: object, *periods: str) -> pl.DataFrame:
    return community_data.communities(viewer, snapshot, RULE, periods or PERIODS, None)


def topics(viewer: Viewer, snapshot: object, *periods: str) -> pl.DataFrame:
    return community_data.topics(viewer, snapshot, RULE, periods or PERIODS, "U1")


def test_every_cell_of_the_topic_table_is_there_and_small_topics_stand_together():
    many = [("甲", f"类{number:02d}", 40 - number) for number in range(14)]
    cells = community_tables.by_topic(counts(*many, ("乙", "类00", 3), ("乙", labels.UNCLASSIFIED, 90)))
    names = cells["topic_name"].unique(maintain_order=True).to_list()
    assert names == [*(f"类{number:02d}" for number in range(10)), labels.OTHER, labels.UNCLASSIFIED]
    assert cells.height == 2 * len(names)
    assert cells["order_count"].sum() == sum(count for *_, count in many) + 93
    assert cells["community"][0] == "甲", "the community with more orders comes first"


def test_hidden_cells_are_null_and_one_line_is_not_shown_at_all():
    cells = community_tables.by_topic(counts(("甲", "A", 2), ("甲", "B", 30), ("乙", "A", 40), ("乙", "B", 50)))
    hidden = community_tables.withheld(cells)
    assert hidden["order_count"].null_count() == 4, "one small cell takes three others along"
    alone = community_tables.by_topic(counts(("甲", "A", 2), ("甲", "B", 30)))
    assert community_tables.withheld(alone) is None


def test_the_markup_of_a_hidden_cell_says_nothing_of_it():
    cells = counts(("甲", "A", 7), ("乙", "A", 9)).with_columns(
        order_count=pl.when(pl.col("community") == "甲").then(None).otherwise("order_count")
    )
    markup = community_tables.topic_table(cells, {"甲": 31, "乙": 33}, 5)
    assert f'title="{labels.WITHHELD_BECAUSE}">{labels.WITHHELD}<' in markup
    assert ">7<" not in markup


def test_few_callers_are_hidden_within_their_place():
    frame = pl.DataFrame(
        {
            "place_id": ["U1", "U1", "U1", "U2", "U2"],
            "community": ["甲", "乙", "丙", "丁", "戊"],
            "order_count": [90, 40, 3, 8, 7],
            "people_count": [80, 30, 2, 8, 7],
        }
    )
    assert community_tables.without_few_people(frame)["people_count"].to_list() == [80, None, 8, 7, None]


def test_the_weakest_stand_first_only_when_that_is_certain(snapshot):
    ordered = community_tables.weakest_first(read(ANALYST, snapshot))
    assert ordered["resolution_rate_high"].is_sorted()


def test_volumes_and_rates_add_up_to_those_of_the_period(snapshot):
    found = read(ANALYST, snapshot, "2026-03")
    period = data.periods(ANALYST, snapshot, RULE).filter(pl.col("period_id") == "2026-03").row(0, named=True)
    assert found["order_count"].sum() == period["received"]
    assert (found["resolution_rate_low"] <= found["resolution_rate"]).all()
    assert (found["resolution_rate"] <= found["resolution_rate_high"]).all()


def test_who_opens_orders_sees_every_cell(snapshot):
    assert topics(ANALYST, snapshot)["order_count"].null_count() == 0
    own = topics(TOWN, snapshot)
    assert own.is_empty() or own["order_count"].null_count() == 0


def test_a_unit_s_own_communities_hold_its_own_orders_only(snapshot):
    every, own = read(ANALYST, snapshot), read(TOWN, snapshot)
    assert 0 < own["order_count"].sum() < every["order_count"].sum()


def test_leaders_get_no_small_cell_and_no_window_that_tells_one(snapshot):
    whole = topics(LEADER, snapshot)
    shown = whole["order_count"].drop_nulls()
    assert not ((shown > 0) & (shown < LEAST)).any()
    for asked in PERIODS:
        assert topics(LEADER, snapshot, asked).equals(whole), "a shorter window would tell a cell by the difference"
        assert read(LEADER, snapshot, asked).equals(read(LEADER, snapshot))
    assert community_data.window(LEADER, data.periods(LEADER, snapshot, RULE), "2026-02", 1) == list(PERIODS)
    people = read(LEADER, snapshot)["people_count"].drop_nulls()
    assert not (people < LEAST).any()


def test_a_leader_gets_nothing_of_what_an_analyst_has_just_read(snapshot):
    topics(ANALYST, snapshot, "2026-04")
    shown = topics(LEADER, snapshot, "2026-04")["order_count"].drop_nulls()
    assert not ((shown > 0) & (shown < LEAST)).any()


def test_the_page_of_an_analyst(show, published):
    page = show("communities", published, unit="东河街道")
    said = words(page)
    assert "2026年2月期至2026年3月期：3 个村社区" in said
    assert "95% 区间" in said
    assert "本系统测算，以正式通报为准" in said
    assert labels.WITHHELD_BECAUSE not in said
    page.segmented_control(key="community_span").set_value("本期").run()
    assert not page.exception
    assert "2026年3月期：3 个村社区" in words(page)
    page.segmented_control(key="community_order").set_value("解决率低的在前").run()
    assert not page.exception


def test_the_page_of_a_leader_has_one_window_and_says_why_cells_are_missing(show, published):
    page = show("communities", published, {"community_span": "本期"}, whose=("区领导", ()), unit="东河街道")
    assert "community_span" not in [control.key for control in page.segmented_control]
    said = words(page)
    assert "2026年2月期至2026年4月期" in said
    assert "汇总角色固定看最近 3 期合计" in said


def test_without_a_place_the_page_asks_for_one(show, published):
    assert "请在上面选一个街乡镇" in words(show("communities", published))


def test_without_callbacks_there_are_volumes(show, without_callback):
    said = words(show("communities", without_callback))
    assert "个村社区" in said
    assert labels.NO_VALID in said


def test_nothing_published_is_said(show, tmp_path):
    storage = storage_at(tmp_path)
    assert "hotline run" in words(show("communities", storage))
    publish_orders(storage)
    assert "个村社区" in words(show("communities", storage))


@pytest.mark.parametrize("unit_id", ["U1", "U2", "B1", "E1"])
def test_the_topics_of_a_unit_cover_all_its_orders_wherever_they_happened(snapshot, unit_id):
    """A bureau has no place of its own, and a town handles orders of other places."""
    every = topic_data.topic_months(ANALYST, snapshot)
    own = topic_data.topic_months(DEMO.viewer("承办单位", "somebody", (unit_id,)), snapshot)
    assert own.equals(every.filter(pl.col("unit_id") == unit_id))
    assert own.height


def test_events_of_a_few_people_are_not_told_to_readers_of_aggregates(snapshot, monkeypatch):
    rows = [("E1", "点位事件", 4), ("E2", "点位事件", 5), ("T1", "共性问题", 4)]
    found = pl.DataFrame(rows, schema=["issue_id", "issue_grain", "people_count"], orient="row")
    monkeypatch.setattr(Reader, "issues", lambda self: found)
    assert issue_data.issues(ANALYST, snapshot)["issue_id"].to_list() == ["E1", "E2", "T1"]
    assert issue_data.issues(LEADER, snapshot)["issue_id"].to_list() == ["E2", "T1"]
    assert issue_data.issue(LEADER, snapshot, "E1") is None
