"""Urgent flags in the warehouse: only new texts are searched, a changed lexicon searches all, readers see the flagged."""

from datetime import datetime
from pathlib import Path

import pytest
from made_warehouse import land, make

from hotline12345.flows import topic_flags
from hotline12345.flows.topic_flags import flag_texts
from hotline12345.models.topics.urgent import Detector, Examples, packaged_examples
from hotline12345.sql import build
from hotline12345.sql.publish import publish
from hotline12345.sql.reads import Reader
from hotline12345.sql.reference import land_reference
from hotline12345.sql.row_access import RowAccess
from hotline12345.sql.storage import Storage
from hotline12345.sql.text_flags import EXAMPLES, use_examples
from hotline12345.sql.warehouse import Connection

UNITS = ("U1,东河街道,街镇,,,,,2020-01-01,", "U2,西岭镇,街镇,,,,,2020-01-01,")
MOMENT = datetime(2026, 3, 5, 9)


def order(order_id: str, body: str, unit: str = "东河街道", **more: object) -> dict[str, object]:
    return {
        "order_id": order_id,
        "created_at": MOMENT,
        "unit_name": unit,
        "title": f"标题{order_id}",
        "body": body,
        **more,
    }


ORDERS = [
    order("A1", "楼道里着火了，很大的烟", closed_at=datetime(2026, 3, 6)),
    order("A2", "咨询公园开放时间"),
    order("A3", "家里燃气泄漏，味道很大，有人头晕", unit="西岭镇"),
    order("A4", "电梯困人，请尽快救援", is_confidential=True),
]


KINDS_OF_ALL = "text,kinds\n公园开放,扬言\n公园几点开放,扬言\n失火,消防\n失火了,消防\n漏气,燃气\n漏气了,燃气\n停暖,供暖停\n停暖了,供暖停\n受伤,人身安全\n受伤了,人身安全\n"


def refresh(connection: Connection, storage: Storage) -> int:
    """What the flow does with the steps of this file: rates, flags, the tables that read them."""
    build.begin(connection, land_reference(connection, storage))
    before, topics, after = build.stages()
    build.run_files(connection, before)
    found = flag_texts(connection, storage)
    build.touch_partitions(connection)
    build.run_files(connection, (*topics, *after))
    build.finish(connection)
    return found


@pytest.fixture
def built(tmp_path: Path) -> tuple[Connection, Storage]:
    """Four orders, flagged."""
    connection, storage = make(tmp_path, ORDERS, UNITS), Storage.at(tmp_path)
    assert refresh(connection, storage) == len(ORDERS), "the examples are new, so every text is searched"
    return connection, storage


def kinds(connection: Connection) -> dict[str, str]:
    return dict(
        connection.execute("select order_id, urgent_kinds from intermediate.urgent_orders order by 1").fetchall()
    )


def test_flagged_orders(built: tuple[Connection, Storage]):
    found = kinds(built[0])
    assert found.keys() == {"A1", "A3", "A4"}
    assert "消防" in found["A1"].split("、")
    assert "燃气" in found["A3"].split("、")
    assert "人身安全" in found["A4"].split("、")


def test_grades(built: tuple[Connection, Storage]):
    connection, storage = built
    land(connection, storage, [order("A5", "通道里停着电动车")], known_at=datetime(2030, 2, 1))
    refresh(connection, storage)
    grades = dict(connection.execute("select order_id, urgent_grade from intermediate.urgent_orders").fetchall())
    assert grades == {"A1": "明确", "A3": "明确", "A4": "明确", "A5": "可能"}


def test_only_new_texts_are_searched(built: tuple[Connection, Storage]):
    connection, storage = built
    assert refresh(connection, storage) == 0
    later = [order("A5", "有人持刀伤人"), {**ORDERS[0], "closed_at": datetime(2026, 3, 8)}]
    land(connection, storage, later, known_at=datetime(2030, 2, 1))
    assert refresh(connection, storage) == 1, "the text of A1 is the same"
    assert kinds(connection).keys() == {"A1", "A3", "A4", "A5"}


def test_a_revised_text_changes_the_flag(built: tuple[Connection, Storage]):
    connection, storage = built
    land(connection, storage, [order("A1", "路灯颜色不好看")], known_at=datetime(2030, 2, 1))
    refresh(connection, storage)
    assert kinds(connection).keys() == {"A3", "A4"}


def test_changed_examples_search_everything_anew(built: tuple[Connection, Storage], monkeypatch: pytest.MonkeyPatch):
    connection, storage = built
    other = Examples.parse(KINDS_OF_ALL.encode())
    monkeypatch.setattr(topic_flags, "packaged_examples", lambda: other)
    monkeypatch.setattr(topic_flags, "packaged_detector", lambda: Detector.learn(other))
    topic_flags.notice_examples(connection)
    assert connection.execute("select count(*) from run.touched_orders").fetchall() == [(len(ORDERS),)]
    assert refresh(connection, storage) == len(ORDERS)
    assert kinds(connection)["A2"].split("、")[0] == "扬言"
    hashes = connection.execute("select distinct examples_hash from landed.text_flags").fetchall()
    assert hashes == [(other.version,)]


def test_the_same_examples_touch_nothing(built: tuple[Connection, Storage]):
    connection, _ = built
    assert build.parameter(connection, EXAMPLES) == packaged_examples().version
    use_examples(connection, packaged_examples().version)
    assert connection.execute("select count(*) from run.touched_orders").fetchall() == [(0,)]


def test_chunks_give_the_same_flags(built: tuple[Connection, Storage], monkeypatch: pytest.MonkeyPatch):
    connection, storage = built
    before = connection.execute("select * from landed.text_flags order by all").fetchall()
    monkeypatch.setattr(topic_flags, "CHUNK", 1)
    use_examples(connection, "another")
    assert refresh(connection, storage) == len(ORDERS)
    assert connection.execute("select * from landed.text_flags order by all").fetchall() == before


def test_readers_list_the_certain_ones_first_then_open_ones(built: tuple[Connection, Storage]):
    connection, storage = built
    more = [
        order("A5", "通道里停着电动车"),
        order("A6", "家里燃气泄漏，电动车在楼道充电", closed_at=datetime(2026, 3, 6)),
    ]
    land(connection, storage, more, known_at=datetime(2030, 2, 1))
    refresh(connection, storage)
    reader = Reader(storage, publish(connection, storage, datetime(2026, 3, 9)))

    def listed(kind: str | None = None, grade: str | None = None) -> str:
        found = reader.urgent_orders(MOMENT, 9, kind, grade)
        return " ".join(found["order_id"] + found["urgent_grade"].str.head(1))

    assert listed() == "A3明 A4明 A1明 A6明 A5可"
    assert listed(grade="明确") == "A3明 A4明 A1明 A6明"
    assert listed(grade="可能") == "A5可"
    assert listed("消防") == "A1明 A5可 A6可", "of A6 only the gas is certain"
    assert listed("消防", "可能") == "A5可 A6可"
    totals = {"orders": 6, "certain": 4, "certain_open": 2, "possible": 1, "possible_open": 1}
    assert reader.urgent_totals(MOMENT) == totals
    own = {"orders": 1, "certain": 1, "certain_open": 1, "possible": 0, "possible_open": 0}
    assert reader.limited(RowAccess(("U2",))).urgent_totals(MOMENT) == own
    assert reader.urgent_counts(MOMENT).rows() == [
        ("燃气", 2, 0, 2, 1),
        ("消防", 1, 2, 3, 1),
        ("人身安全", 1, 0, 1, 1),
    ]
    assert reader.order_urgency("A2") == {}
    assert reader.order_urgency("A6") == {"明确": "燃气", "可能": "消防"}
    assert reader.limited(RowAccess(("U1",))).order_urgency("A3") == {}
    reader.close()
