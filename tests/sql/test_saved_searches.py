"""Kept searches: append-only, and each its owner's own."""

from contextlib import closing

import pytest

from hotline12345.sql.records import saved_searches
from hotline12345.sql.records.saved_searches import save_search, withdraw_search
from hotline12345.sql.records.store import open_records
from hotline12345.sql.storage import Storage


@pytest.fixture
def records(tmp_path):
    with closing(open_records(Storage.at(tmp_path / "data"))) as connection:
        yield connection


def kept(records, who: str) -> list[tuple[int, str, str, dict[str, str]]]:
    return [
        (each.event_id, each.search_name, each.asked, dict(each.narrowed))
        for each in saved_searches.saved_searches(records, who)
    ]


def test_a_search_is_its_owners_own(records):
    first = save_search(records, "甲", "冬季", "供暖 不热", {"unit_id": "U1", "first_month": "2026-01-01"})
    second = save_search(records, "乙", "夏季", "停电", {})
    assert kept(records, "甲") == [(first, "冬季", "供暖 不热", {"unit_id": "U1", "first_month": "2026-01-01"})]
    assert kept(records, "乙") == [(second, "夏季", "停电", {})]
    assert kept(records, "丙") == []


def test_only_the_owner_takes_it_away_and_once(records):
    number = save_search(records, "甲", "冬季", "供暖", {})
    assert not withdraw_search(records, "乙", number)
    assert not withdraw_search(records, "甲", number + 1)
    assert withdraw_search(records, "甲", number)
    assert not withdraw_search(records, "甲", number)
    assert kept(records, "甲") == []


def test_nothing_is_deleted_and_the_newest_comes_first(records):
    numbers = [save_search(records, "甲", f"第{place}个", "供暖", {}) for place in range(3)]
    withdraw_search(records, "甲", numbers[1])
    assert [number for number, *_ in kept(records, "甲")] == [numbers[2], numbers[0]]
    assert records.execute("select count(*) from saved_search_events").fetchone()[0] == 4
