"""The read module: who sees what, caches that keep viewers apart, snapshots that change underneath."""

import inspect
from dataclasses import replace
from datetime import datetime

import pytest
from made_snapshot import publish_again

from hotline12345.dashboard import community_data, data, rate_data, snapshots, topic_data
from hotline12345.dashboard.access import ANALYST, DEMO, Viewer
from hotline12345.dashboard.bridge_states import BridgeError, Moment, Question
from hotline12345.sql.publish import NothingPublishedError
from hotline12345.sql.what_if import WhatIfError

RULE, PERIOD = "example-10-50-40", "2026-03"


def town(unit_id: str) -> Viewer:
    """Somebody of one unit, where units do not see the others' rates."""
    return replace(DEMO, others="hidden").viewer("承办单位", "somebody", (unit_id,))


TOWN = town("U2")
READS = [
    read
    for module in (data, rate_data, topic_data, community_data)
    for read in vars(module).values()
    if hasattr(read, "clear") and hasattr(read, "__wrapped__") and read is not topic_data.topic_tree
]


@pytest.fixture
def snapshot(published, monkeypatch):
    monkeypatch.setenv("HOTLINE_DATA_DIR", str(published.data))
    return snapshots.current()


def test_every_read_takes_a_viewer_and_a_snapshot_first():
    assert len(READS) > 15
    for read in READS:
        assert list(inspect.signature(read.__wrapped__).parameters)[:2] == ["viewer", "snapshot"], read.__name__


def test_a_unit_sees_its_own_orders_only(snapshot):
    assert rate_data.ledger(ANALYST, snapshot, RULE, PERIOD, "U1").height
    assert rate_data.ledger(TOWN, snapshot, RULE, PERIOD, "U1").is_empty()
    assert rate_data.ledger(TOWN, snapshot, RULE, PERIOD, "U2").height
    assert rate_data.unit_scores(TOWN, snapshot, RULE, PERIOD)["unit_id"].to_list() == ["U2"]
    assert topic_data.topic_months(TOWN, snapshot)["unit_id"].unique().to_list() == ["U2"]
    assert topic_data.seven_five_months(TOWN, snapshot)["unit_id"].unique().to_list() == ["U2"]
    assert rate_data.unit_history(TOWN, snapshot, RULE, "U1").is_empty()


def test_a_unit_sees_no_other_unit_s_reasons_and_what_ifs(snapshot):
    assert set(rate_data.period_orders(TOWN, snapshot, RULE, PERIOD)["unit_id"]) == {"U2"}
    assert set(rate_data.period_orders(ANALYST, snapshot, RULE, PERIOD)["period_id"]) == {PERIOD}
    assert set(rate_data.unit_kinds(TOWN, snapshot, RULE, PERIOD)["unit_id"]) == {"U2"}
    others = tuple(rate_data.ledger(ANALYST, snapshot, RULE, PERIOD, "U1")["order_id"])
    assert rate_data.listed_orders(ANALYST, snapshot, RULE, others).height == len(others)
    assert rate_data.listed_orders(TOWN, snapshot, RULE, others).is_empty()
    assert rate_data.official_reasons(TOWN, snapshot, RULE, PERIOD) == ([], [])
    with pytest.raises(WhatIfError, match="本单位"):
        rate_data.what_if(TOWN, snapshot, RULE, PERIOD, "U1")
    for unit in ("U1", "街镇"):
        with pytest.raises(BridgeError, match="本单位"):
            rate_data.bridge_answer(TOWN, snapshot, Question(unit, Moment("2026-02"), Moment(PERIOD), RULE))


def test_lists_of_orders_hide_restricted_texts(snapshot):
    listed = rate_data.period_orders(ANALYST, snapshot, RULE, "2026-02").filter("is_need_to_know")
    assert listed.height
    assert listed["title"].null_count() == listed.height


def test_an_order_of_another_unit_stays_closed_after_somebody_else_opened_it(snapshot):
    """The cache must not hand one viewer's answer to another."""
    for read in (data.order, data.order_ledger, data.order_versions):
        assert read(ANALYST, snapshot, "D0242").height
        assert read(TOWN, snapshot, "D0242").is_empty()
        assert read(town("U1"), snapshot, "D0242").height


def test_counts_of_a_unit_add_up(snapshot):
    everything = topic_data.topic_places(ANALYST, snapshot, datetime(2026, 1, 1), datetime(2027, 1, 1))[
        "order_count"
    ].sum()
    units = rate_data.unit_scores(ANALYST, snapshot, RULE, PERIOD)["unit_id"]
    parts = [
        topic_data.topic_places(town(unit), snapshot, datetime(2026, 1, 1), datetime(2027, 1, 1))["order_count"].sum()
        for unit in units
    ]
    assert sum(parts) == everything == 480


@pytest.mark.parametrize("period", ["2026-02", "2026-03", "2026-04"])
def test_lost_points_add_up_to_what_the_score_lacks(snapshot, period):
    for row in rate_data.unit_scores(ANALYST, snapshot, RULE, period).iter_rows(named=True):
        ledger = rate_data.ledger(ANALYST, snapshot, RULE, period, row["unit_id"])
        lost = ledger["lost_score"].sum()
        if row["score"] is None:
            assert ledger["lost_score"].null_count() == ledger.height
            continue
        weights = (0.10, row["response_rate"]), (0.50, row["resolution_rate"]), (0.40, row["satisfaction_rate"])
        present = [(weight, rate) for weight, rate in weights if rate is not None]
        exact = 100 * sum(weight * rate for weight, rate in present) / sum(weight for weight, _ in present)
        assert lost == pytest.approx(100 - exact, abs=1e-9)


def test_reasons_add_up_to_received(snapshot):
    periods = data.periods(ANALYST, snapshot, RULE)
    for row in periods.iter_rows(named=True):
        assert sum(rate_data.reasons(ANALYST, snapshot, RULE, row["period_id"]).values()) == row["received"]


def test_restricted_orders_come_without_texts(snapshot):
    order = data.order(ANALYST, snapshot, "D0032").row(0, named=True)  # 举报
    assert order["is_need_to_know"]
    assert (order["title"], order["body"], order["result_text"]) == (None, None, None)
    assert data.order(ANALYST, snapshot, "D0034")["body"][0]


def test_a_reader_of_an_older_snapshot_keeps_working(own, monkeypatch):
    monkeypatch.setenv("HOTLINE_DATA_DIR", str(own.data))
    old = snapshots.current()
    assert data.overview(ANALYST, old)["orders"] == 480
    new = publish_again(own)
    assert snapshots.current() == new
    assert data.overview(ANALYST, new)["orders"] == 481
    assert data.batches(ANALYST, old).height == 2
    assert data.batches(ANALYST, new).height == 3


def test_a_deleted_snapshot_is_told_apart_from_none(own, monkeypatch):
    monkeypatch.setenv("HOTLINE_DATA_DIR", str(own.data))
    snapshot = snapshots.current()
    snapshot.path.unlink()
    with pytest.raises(snapshots.SnapshotGoneError):
        data.rules(ANALYST, snapshot)
    with pytest.raises(NothingPublishedError):
        snapshots.current()
