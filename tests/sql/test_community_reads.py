"""村/社区 and topic reads against orders counted by hand: volume, callers, rates, topics one inside the other, by place."""

from datetime import date, datetime
from typing import Any

import made_rates
import pytest
from made_catalogue import order as labelled
from made_rates import PERIOD, order, published

from hotline12345.sql.community_reads import NO_COMMUNITY
from hotline12345.sql.reads import Reader
from hotline12345.sql.row_access import RowAccess

RULE = "example-10-50-40"
ORDERS = (
    order("A1", "解决", "满意", community="甲社区", caller_key="k1"),
    order("A2", "未解决", "基本满意", community="甲社区", caller_key="k1"),
    order("A3", "解决", "满意", community="甲社区", is_valid_callback=False),
    order("A4", "解决", "满意", caller_key="k2"),
    order("A5", "未解决", "不满意", community="甲社区", place_town="乙镇"),
    order("E6", "解决", "满意", community="甲社区", unit_name="供热公司"),
    order("A7", "解决", "满意", community="甲社区", created_at=datetime(2026, 2, 1)),
)


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Reader:
    storage, snapshot = published(tmp_path_factory.mktemp("communities"), ORDERS)
    return Reader(storage, snapshot)


def told(reader: Reader, place_id: str | None = None, periods: tuple[str, ...] = (PERIOD,)) -> dict[Any, Any]:
    frame = reader.communities(RULE, periods, place_id)
    return {row[:2]: row[2:] for row in frame.drop("place_town").iter_rows()}


def test_orders_stand_where_they_happened_whoever_undertook_them(reader: Reader) -> None:
    assert told(reader) == {
        ("U1", "甲社区"): (4, 3, 1 + 0 + 1, 3, 1 + 0.9 + 1, 3),  # A1 A2 E6 counted; A3 not valid, of an unknown caller
        ("U1", NO_COMMUNITY): (1, 1, 1, 1, 1, 1),
        ("U2", "甲社区"): (1, 1, 0, 1, 0, 1),
    }
    assert told(reader, "U2") == {("U2", "甲社区"): (1, 1, 0, 1, 0, 1)}


def test_places_stand_with_the_most_orders_first(reader: Reader) -> None:
    assert reader.places().rows() == [("U1", "甲街道"), ("U2", "乙镇")]
    assert reader.limited(RowAccess(units=("E1",))).places().rows() == [("U1", "甲街道")]


def test_periods_add_up_and_callers_do_not(reader: Reader) -> None:
    assert told(reader, "U1", ("2026-02",))["U1", "甲社区"] == (1, 1, 1, 1, 1, 1)
    assert told(reader, "U1", (PERIOD, "2026-02"))["U1", "甲社区"] == (5, 4, 3, 4, 3.9, 4)


def test_a_unit_sees_only_its_own_orders_of_a_place(reader: Reader) -> None:
    own = reader.limited(RowAccess(units=("E1",)))
    assert told(own) == {("U1", "甲社区"): (1, 1, 1, 1, 1, 1)}
    assert own.community_topics(RULE, (PERIOD,), "U1")["order_count"].sum() == 1
    assert own.topic_places(datetime(2026, 1, 1), datetime(2027, 1, 1))["order_count"].sum() == 1


def test_topics_of_communities_add_up_to_their_orders(reader: Reader) -> None:
    counts = reader.community_topics(RULE, (PERIOD,), "U1")
    assert counts.select("community", "topic_code", "order_count").rows() == [
        ("甲社区", "未归类", 4),
        (NO_COMMUNITY, "未归类", 1),
    ]


@pytest.fixture(scope="module")
def topics(tmp_path_factory: pytest.TempPathFactory) -> Reader:
    folder = tmp_path_factory.mktemp("areas")
    (folder / "config").mkdir()
    header = "taxonomy_id,topic_code,topic_name,parent_code,level,seven_five_primary,seven_five_secondary,valid_from,valid_to"
    lines = ("t,A,住房,,1,,,,", "t,A1,物业,A,2,,,,", "t,A11,电梯,A1,3,,,,", "t,A2,房产证,A,2,,,,", "t,B,供水,,1,,,,")
    (folder / "config" / "topics.csv").write_text("\n".join((header, *lines)) + "\n", encoding="utf-8")
    rows = [
        labelled("one", "2026-01-05", "住房", "物业", "电梯"),
        labelled("two", "2026-02-05", "住房", "物业"),
        labelled("three", "2026-02-06", "住房", "房产证"),
        labelled("four", "2026-02-07", "供水"),
    ]
    storage, snapshot = made_rates.published(folder, rows)
    return Reader(storage, snapshot)


def areas(reader: Reader, *arguments: Any) -> list[tuple[str, str, int]]:
    return reader.topic_areas(*arguments).select("parent_name", "topic_name", "order_count").rows()


def test_a_topic_lies_inside_the_one_above(topics: Reader) -> None:
    first = date(2026, 1, 1)
    assert areas(topics, first, 1) == [("住房", "住房", 3), ("供水", "供水", 1)]
    assert areas(topics, first, 2) == [("住房", "物业", 2), ("住房", "房产证", 1), ("供水", "供水", 1)]
    assert areas(topics, first, 3, "A") == [("物业", "物业", 1), ("物业", "电梯", 1), ("房产证", "房产证", 1)]
    assert areas(topics, date(2026, 2, 1), 2) == [("住房", "物业", 1), ("住房", "房产证", 1), ("供水", "供水", 1)]


def test_months_carry_all_three_codes(topics: Reader) -> None:
    months = topics.topic_calendar().drop("created_month").rows()
    assert months == [
        ("A", "A1", "A11", 1),
        ("A", "A1", None, 1),
        ("A", "A2", None, 1),
        ("B", None, None, 1),
    ]


def test_the_example_seasons_are_in_the_snapshot(topics: Reader) -> None:
    seasons = topics.seasons()
    assert seasons["season_start_day"].is_sorted()
    assert "供暖季" in seasons["season_name"].to_list()
