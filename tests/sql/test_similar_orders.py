"""What the explanation of a topic reads: the order's own answers, and the earlier orders it may be compared with."""

from collections.abc import Iterator
from datetime import datetime

import pytest
from made_warehouse import make

from hotline12345.sql.publish import Snapshot
from hotline12345.sql.reads import Reader
from hotline12345.sql.storage import Storage

TOPIC = "公共服务"


def _order(order_id: str, day: int, body: str, **more: object) -> dict[str, object]:
    return {
        "order_id": order_id,
        "case_id": f"案{order_id}",
        "order_type": "投诉",
        "created_at": datetime(2026, 3, day, 9),
        "unit_name": "东河街道",
        "topic_level1": TOPIC,
        "title": f"题{body}",
        "body": body,
        **more,
    }


@pytest.fixture(scope="module")
def reader(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Reader]:
    """One order, Q of 20 March, and the others that may or may not be compared with it."""
    folder = tmp_path_factory.mktemp("similar")
    rows = [
        _order("Q", 20, "暖气不热"),
        _order("甲", 1, "暖气冰凉", resolution="解决"),
        _order("乙", 2, "室内温度低", unit_name="西岭镇"),
        _order("丙新", 4, "热力公司不上门"),
        _order("丙旧", 3, "热力公司不上门"),
        _order("同文", 5, "暖气不热", title="题暖气不热"),
        _order("同案", 6, "又不热了", case_id="案Q"),
        _order("别类", 7, "车位被占", topic_level1="交通管理"),
        _order("举报", 8, "举报供热站", order_type="举报"),
        _order("保密", 9, "不要透露", is_confidential=True),
        _order("后来", 21, "还是不热"),
    ]
    connection = make(folder, rows)
    yield Reader(Storage.at(folder), Snapshot("made", folder / "none"), connection)
    connection.close()


def test_candidates_are_earlier_orders_of_the_topic_one_for_each_text(reader: Reader) -> None:
    found = reader.similar_candidates("Q")
    assert found["order_id"].to_list() == ["丙新", "乙", "甲"], "newest first; no later one, no confidential one"
    assert found["body"].to_list() == ["热力公司不上门", "室内温度低", "暖气冰凉"]
    assert found["resolution"].to_list() == [None, None, "解决"]
    assert set(found["topic_name"]) == {TOPIC}


def test_candidates_are_bounded(reader: Reader) -> None:
    assert reader.similar_candidates("Q", limit=4).height <= 4
    assert reader.similar_candidates("甲").is_empty(), "nothing is earlier"
    assert reader.similar_candidates("没有这张").is_empty()


def test_an_order_comes_with_what_was_said_of_its_topic(reader: Reader) -> None:
    order = reader.order_topic("Q").row(0, named=True)
    assert (order["topic_source"], order["body"], order["model_id"], order["corrected_at"]) == (
        "人工",
        "暖气不热",
        None,
        None,
    )
    assert reader.topic_names().get(order["topic_code"], order["topic_code"]) == TOPIC
    assert reader.order_topic("举报").row(0, named=True)["is_need_to_know"]
    assert reader.order_topic("没有这张").is_empty()
