"""A small site whose labelled orders are easy to learn, and whose unlabelled ones speak of something new."""

import shutil
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import polars as pl
from made_exports import Row, orders, storage_at, write_csv

from hotline12345.flows.loading import load_file
from hotline12345.flows.refreshing import refresh
from hotline12345.flows.retraining import retrain
from hotline12345.sql.publish import current_snapshot, pointed
from hotline12345.sql.reads import Reader
from hotline12345.sql.records.store import open_records
from hotline12345.sql.records.topic_events import Answer, answer_topics
from hotline12345.sql.storage import Storage
from hotline12345.sql.warehouse import open_snapshot, open_warehouse

TOPICS = """taxonomy_id,topic_code,topic_name,parent_code,level,seven_five_primary,seven_five_secondary,valid_from,valid_to
t,A,公共服务,,1,,,2020-01-01,
t,B,住房,,1,,,2020-01-01,
t,C,环境保护,,1,,,2020-01-01,
t,D,交通管理,,1,,,2020-01-01,
"""
LABELLED, NEW = 280, 40
FIRST_NEW = 1000  # number of the first order about the new matter


def elevators(count: int = NEW, label: str = "", start: int = FIRST_NEW) -> list[Row]:
    """Orders about lifts, each worded and worded again; without a label unless one is given."""
    causes = ("经常停运", "半夜困人", "按键失灵", "年检过期", "异响抖动")
    rows = orders(count, start=start, 一级分类=label)
    for number, row in enumerate(rows, start):
        row["工单标题"] = f"电梯{causes[number % 5]}"
        row["反映内容"] = f"来电反映单元电梯{causes[number % 5]}，电梯维保单位不来，已持续 {number} 天"
    return rows


def load(storage: Storage, rows: list[Row], name: str = "a.csv") -> None:
    """Load rows as one file and publish."""
    path = write_csv(storage.data.parent / name, rows)
    with closing(open_warehouse(storage)) as connection:
        load_file(connection, storage, path)
        refresh(connection, storage, lambda _: None)


def make_site(folder: Path) -> Storage:
    """Labelled orders of four topics and unlabelled ones about lifts, loaded and published with the first model."""
    storage = storage_at(folder / "data")
    storage.make()
    (storage.config / "topics.csv").write_text(TOPICS, encoding="utf-8")
    load(storage, [*orders(LABELLED), *elevators()])
    return storage


def make_second(made: Storage, folder: Path) -> Storage:
    """A copy of that site with a second model, which has learnt what lifts are."""
    shutil.copytree(made.data, folder / "data")
    storage = storage_at(folder / "data")
    load(storage, elevators(30, "住房", start=2000), "b.csv")
    with closing(open_warehouse(storage)) as connection:
        retrain(connection, storage, lambda _: None)
    return storage


def correct(storage: Storage, order_ids: Sequence[str], code: str, who: str = "分析员") -> None:
    """Record that orders belong to a topic; it counts from the next publication on."""
    with closing(Reader(storage, current_snapshot(storage))) as reader:
        hashes = dict(reader.review_orders(order_ids).select("order_id", "text_hash").iter_rows())
    model_id = pointed(storage.topic_models)
    with closing(open_records(storage)) as records:
        answer_topics(records, who, [Answer(each, hashes[each], "correct", code, None, model_id) for each in order_ids])


def classified(storage: Storage) -> pl.DataFrame:
    """intermediate.classified_orders as published, sorted by order."""
    with closing(open_snapshot(current_snapshot(storage).path)) as connection:
        return connection.sql("select * from intermediate.classified_orders order by order_id").pl()


def predicted(storage: Storage) -> dict[str, int]:
    """model_id → texts that it has classified, in the warehouse."""
    with closing(open_warehouse(storage)) as connection:
        rows = connection.execute("select model_id, count(*) from landed.topic_predictions group by all").fetchall()
    return dict(rows)
