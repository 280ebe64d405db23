"""我的街镇: what is due, who calls again and where, what came back, what changed; against orders counted by hand."""

from datetime import datetime, timedelta

import polars as pl
import pytest
from made_street import CUTOFF, DAY_BEFORE, OPEN, OTHER, OWN, TRADE, publish_street

from hotline12345.sql.reads import Reader
from hotline12345.sql.row_access import RowAccess

SINCE = CUTOFF - timedelta(days=60)
LONG_AGO = CUTOFF - timedelta(days=90)


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    reader = Reader(*publish_street(tmp_path_factory.mktemp("street")))
    yield reader
    reader.close()


@pytest.fixture(scope="module", params=["whole", "limited"])
def reader(request, whole):
    """The whole snapshot, and what the street itself may see: its own orders are the same in both."""
    return whole if request.param == "whole" else whole.limited(RowAccess(units=(OWN,), others="hidden"))


def test_open_orders_are_those_not_closed_the_first_due_first(reader):
    found = reader.open_orders(OWN, "undertaker")
    assert found["order_id"].to_list() == list(OPEN)
    due = dict(found.select("order_id", "effective_due_at").iter_rows())
    assert due["S02"] == CUTOFF + timedelta(hours=20)
    assert due["S05"] is None


def test_the_units_own_record_of_contact_counts_not_the_callback(reader):
    found = dict(reader.open_orders(OWN, "undertaker").select("order_id", "contact_record").iter_rows())
    assert found == {"S01": "未填", "S02": "已联系", "S03": "未联系", "S04": "未填", "S05": "未填"}


def test_repeat_callers_are_counted_without_their_key(reader):
    found = reader.repeat_callers(OWN, "undertaker", SINCE)
    assert found.select("order_count", "open_count", "unresolved_count").rows() == [(3, 0, 0)]
    assert found["order_ids"].to_list() == [["S10", "S11", "S12"]]
    assert not [name for name in found.columns if "key" in name]
    assert reader.repeat_callers(OWN, "undertaker", CUTOFF - timedelta(days=39)).is_empty(), "two are left"


def test_busy_places_take_the_exact_place_first(reader):
    found = reader.busy_places(OWN, "undertaker", CUTOFF - timedelta(days=10))
    places = {row["place"]: row for row in found.iter_rows(named=True)}
    assert places["和平里小区"]["order_ids"] in (["S20", "S21", "S22"], ["S20", "S21", "S22", "S04"])
    assert places["和平里小区"]["unresolved_count"] == 1


def test_an_exact_place_of_a_confidential_order_stays_hidden(whole):
    limited = whole.limited(RowAccess(units=(OWN,), others="hidden"))
    (place,) = [
        row for row in limited.busy_places(OWN, "undertaker", SINCE).rows(named=True) if row["place"] == "和平里小区"
    ]
    assert "S04" not in place["order_ids"]


def test_a_confidential_order_is_not_told_by_others_of_the_same_person_or_place(whole):
    limited = whole.limited(RowAccess(units=(OWN,), others="hidden"))
    for reader, knows in ((whole, True), (limited, False)):
        callers = reader.repeat_callers(OWN, "undertaker", LONG_AGO)["order_ids"].to_list()
        assert (["S30", "S31", "S32"] in callers) is knows
        assert ("S32" in reader.case_orders("S30")["order_id"]) is knows
        assert "S31" in reader.case_orders("S30")["order_id"]
        assert ("S31" in reader.came_back(OWN, "undertaker", LONG_AGO)["resolved_order_id"]) is knows


def test_communities_beside_the_time_before(reader):
    found = reader.hot_communities(OWN, "undertaker", CUTOFF - timedelta(days=30), CUTOFF - timedelta(days=60))
    first = found.row(0, named=True)
    assert (first["community"], first["order_count"], first["earlier_order_count"]) == ("一社区", 11, 0)
    assert first["caller_count"] == 11
    assert found["community"].to_list() == ["一社区"], "no order of 二社区 since"
    wide = reader.hot_communities(OWN, "undertaker", CUTOFF - timedelta(days=39), CUTOFF - timedelta(days=60))
    assert wide.filter(pl.col("community") == "二社区").select("order_count", "earlier_order_count").rows() == [(2, 1)]


def test_what_came_back_stands_under_the_narrowest_issue(reader):
    found = reader.came_back(OWN, "undertaker", SINCE)
    assert found.select("resolved_order_id", "issue_name").rows() == [("S12", "二社区：噪声"), ("S10", "二社区：噪声")]
    assert reader.came_back(OWN, "undertaker", CUTOFF - timedelta(days=30))["resolved_order_id"].to_list() == ["S12"]


def test_a_new_report_of_another_unit_is_not_named_to_the_street(whole):
    found = whole.limited(RowAccess(units=(OWN,), others="hidden")).came_back(OWN, "undertaker", SINCE)
    by_order = {row["resolved_order_id"]: row for row in found.iter_rows(named=True)}
    assert (by_order["S12"]["is_own"], by_order["S12"]["order_id"]) == (False, "S12")
    assert (by_order["S10"]["is_own"], by_order["S10"]["order_id"]) == (True, "S11")
    assert "T02" not in str(found.rows())


def test_changes_since_the_publication_of_the_day_before(reader):
    before = reader.publication_before(datetime(2026, 3, 20))
    assert before["published_at"].to_list() == [DAY_BEFORE + timedelta(hours=1)]
    found = {
        row["order_id"]: row for row in reader.changed_since(OWN, "undertaker", before["batch_id"][0]).rows(named=True)
    }
    assert set(found) == {"S05", "S25"}
    assert [found["S05"][name] for name in ("is_new", "is_newly_closed")] == [True, False]
    assert [found["S25"][name] for name in ("is_new", "is_newly_closed", "is_newly_answered")] == [False, True, True]
    assert reader.publication_before(DAY_BEFORE).is_empty()


def test_set_aside_orders_since_the_file_that_said_so(reader):
    found = reader.set_aside_orders(OWN, "undertaker", SINCE)
    assert sorted(found.select("order_id", "is_excluded", "is_suspended", "appeal").rows()) == [
        ("S23", True, False, "申诉通过"),
        ("S24", False, True, None),
    ]
    assert found["set_aside_at"].to_list() == [DAY_BEFORE] * 2


def test_roles_take_their_own_column(whole):
    assert whole.open_orders(TRADE, "trade")["order_id"].to_list() == ["T01"]
    assert whole.open_orders("U1", "place").height == 6, "T01 lies in U1 too"
    assert whole.limited(RowAccess(units=(TRADE,), by="trade")).open_orders(TRADE, "trade")["order_id"].to_list() == [
        "T01"
    ]


@pytest.mark.parametrize("read", ["open_orders", "repeat_callers", "busy_places", "came_back", "set_aside_orders"])
def test_another_units_orders_stay_closed(whole, read):
    limited = whole.limited(RowAccess(units=(OWN,), others="shown"))
    arguments = () if read == "open_orders" else (SINCE,)
    assert getattr(limited, read)(OTHER, "undertaker", *arguments).is_empty()


def test_ids_of_another_unit_open_nothing(whole):
    limited = whole.limited(RowAccess(units=(OWN,), others="shown"))
    assert limited.appealed_orders(OWN, "undertaker", ["T01", "S23"])["order_id"].to_list() == ["S23"]
    assert limited.appealed_orders(OTHER, "undertaker", ["T01"]).is_empty()
    assert limited.order_titles(["T01", "S01"])["order_id"].to_list() == ["S01"]


def test_titles_of_confidential_orders_need_the_right(whole):
    limited = whole.limited(RowAccess(units=(OWN,)))
    assert limited.order_titles(["S04", "S01"]).select("title", "is_need_to_know").rows() == [
        ("反映S01", False),
        (None, True),
    ]
    special = whole.limited(RowAccess(units=(OWN,), need_to_know=True))
    assert special.order_titles(["S04"])["title"].to_list() == ["反映S04"]
