"""The search for wrong labels on a small warehouse: planted errors and conflicting copies are found, landed, published."""

from contextlib import closing
from datetime import datetime, timedelta

import made_warehouse
import pytest
from made_snapshot import TOPICS

from hotline12345.flows.label_doubts import doubt_topics, search
from hotline12345.flows.requested import KINDS
from hotline12345.models.topics.topic_model import TooFewExamples
from hotline12345.sql.label_problems import labelled_orders
from hotline12345.sql.publish import current_snapshot
from hotline12345.sql.reads import Reader
from hotline12345.sql.records import topic_events
from hotline12345.sql.records.store import open_records
from hotline12345.sql.records.topic_events import Answer
from hotline12345.sql.storage import Storage
from hotline12345.sql.warehouse import Connection, open_warehouse

MATTERS = {
    "公共服务": ("家中暖气不热", "供暖温度不达标", "热力公司没有回复", "室内温度只有十五度"),
    "住房": ("电梯停运没有维修", "物业公司不作为", "楼顶漏水墙面发霉", "物业费标准不公开"),
    "市容环卫": ("垃圾堆放无人清运", "道路没有清扫", "公厕环境脏乱", "垃圾桶满溢异味大"),
}
PLACES = "东南西北中前后左右上下"
WRONG = {"A009": "住房", "A040": "公共服务"}  # really 公共服务 and 住房
COPY, SECRET = "A090", "A091"


def orders() -> list[dict[str, object]]:
    """93 orders, each of a text of its own but the copies; two labels wrong, one copy labelled otherwise, one secret."""
    rows = []
    for number in range(90):
        label = list(MATTERS)[number % 3]
        phrases = MATTERS[label]
        place = f"{PLACES[number % 11]}{PLACES[number // 11]}"
        order_id = f"A{number:03d}"
        body = f"{place}街{phrases[number % 4]}，{place}里{phrases[(number // 3) % 4]}，请核实。"
        rows.append({"order_id": order_id, "topic_level1": WRONG.get(order_id, label), "title": phrases[number % 4]})
        rows[-1] |= {"body": body, "unit_name": "东河街道"}
    twin = rows[12]
    rows.append({**twin, "order_id": COPY, "topic_level1": "市容环卫", "body": f"{twin['body']} 12"})
    rows.append({**rows[0], "order_id": SECRET, "topic_level1": "住房", "is_confidential": True})
    for number, row in enumerate(rows):
        row["created_at"] = datetime(2026, 3, 1) + timedelta(hours=number)
    return rows


@pytest.fixture
def site(tmp_path) -> Storage:
    storage = Storage.at(tmp_path / "data", tmp_path / "data" / "config")
    storage.make()
    (storage.config / "topics.csv").write_text(TOPICS, encoding="utf-8")
    made_warehouse.make(storage.data, orders()).close()
    return storage


@pytest.fixture
def warehouse(site) -> Connection:
    connection = open_warehouse(site)
    yield connection
    connection.close()


def problems(site: Storage) -> dict[str, set[tuple[str, str, str | None]]]:
    with closing(Reader(site, current_snapshot(site))) as reader:
        found: dict[str, set[tuple[str, str, str | None]]] = {}
        for row in reader.label_problems().iter_rows(named=True):
            found.setdefault(row["problem_kind"], set()).add(
                (row["order_id"], row["label_code"], row["suggested_code"])
            )
        return found


def test_planted_errors_and_conflicting_copies_are_found(site, warehouse):
    steps: list[str] = []
    counts = search(warehouse, site, steps.append)
    found = problems(site)
    assert found["推断"] == {("A009", "T2", "T1"), ("A040", "T1", "T2"), (COPY, "T3", "T1")}
    assert found["重复"] == {("A012", "T1", None), (COPY, "T3", None)}
    assert counts == {kind: len(rows) for kind, rows in found.items()}
    assert SECRET not in {order_id for rows in found.values() for order_id, _, _ in rows}
    assert "交叉检验人工标注" in steps


def test_what_was_reviewed_is_not_doubted_again(site, warehouse):
    search(warehouse, site, lambda _: None)
    with closing(open_records(site)) as records:
        topic_events.answer_topics(records, "甲", [Answer("A009", "h", "correct", "T1", None, None)])
    search(warehouse, site, lambda _: None)
    every = labelled_orders(warehouse, site, 1000)["order_id"].to_list()
    assert not {"A009", SECRET} & set(every)
    newest = labelled_orders(warehouse, site, 10)
    assert newest["order_id"].to_list() == every[-10:]
    assert newest["body"].null_count() == 0
    assert "A009" not in {order_id for rows in problems(site).values() for order_id, _, _ in rows}


def test_too_few_labels_are_said_in_chinese(tmp_path):
    storage = Storage.at(tmp_path / "few", tmp_path / "few" / "config")
    connection = made_warehouse.make(storage.data, orders()[:6])
    with pytest.raises(TooFewExamples, match="训练样本不足"):
        search(connection, storage, lambda _: None)
    connection.close()


def test_the_server_knows_the_request():
    assert KINDS["doubt_topics"] is doubt_topics
