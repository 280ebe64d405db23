"""What counts as an order's topic, what the cube of topics holds, and what a changed catalogue leaves to relabel."""

from pathlib import Path
from typing import Any

import made_warehouse
import polars as pl
import pytest
from made_catalogue import BOTH, NEW, OLD, WALK, built, order, predict, write

from hotline12345.sql import build
from hotline12345.sql.publish import current_snapshot, publish
from hotline12345.sql.reads import Reader
from hotline12345.sql.storage import Storage
from hotline12345.sql.topic_reads import CLERK, COUNTED, MODEL
from hotline12345.sql.warehouse import Connection

TOPICS = (
    "t,A,住房,,1,住有所居,,,",
    "t,A1,物业,A,2,住有所居,,,",
    "t,A11,电梯,A1,3,安全性,,,",
    "t,B,供水,,1,,,,",
    "t,B1,停水,B,2,宜居性,,,",
)
SURE = {
    "level1_code": "B",
    "level1_probability": 0.9,
    "level2_code": "B1",
    "level2_probability": 0.8,
    "runner_up_code": "A",
    "runner_up_probability": 0.05,
    "unseen_share": 0.1,
}
UNSURE = {**SURE, "level1_probability": 0.4, "level2_probability": 0.35}


@pytest.fixture(scope="module")
def counted(tmp_path_factory: pytest.TempPathFactory) -> Connection:
    """The six orders of `six`; for reading only."""
    return six(tmp_path_factory.mktemp("counted"))


@pytest.fixture(scope="module")
def reader(counted: Connection, tmp_path_factory: pytest.TempPathFactory) -> Reader:
    """The six orders as published."""
    return published(counted, tmp_path_factory.mktemp("published"))


def six(folder: Path) -> Connection:
    """Orders corrected, labelled, with a sure, a coarse and an unsure answer, and with nothing; all but the last have an answer."""
    rows = [
        order("corrected", "2026-01-01", "供水"),
        order("labelled", "2026-01-01", "住房", "物业", "电梯"),
        order("sure", "2026-01-01"),
        order("coarse", "2026-01-01"),
        order("unsure", "2026-01-01"),
        order("nothing", "2026-02-01"),
    ]
    storage = write(folder, TOPICS)
    connection = built(storage.data, rows)
    for order_id in ("corrected", "labelled", "sure"):
        predict(connection, order_id, **SURE)
    predict(connection, "coarse", **{**SURE, "level2_probability": 0.55})
    predict(connection, "unsure", **UNSURE)
    connection.execute(
        "insert into landed.topic_models by name select 'm1' as model_id, 0.5 as level1_threshold, 0.6 as lower_threshold"
    )
    connection.execute(
        "insert into landed.topic_corrections by name select 'corrected' as order_id, 'A1' as topic_code, 'correct' as action"
    )
    return again(connection, storage)


def again(connection: Connection, storage: Storage) -> Connection:
    """Every table anew, as after a new model."""
    build.set_parameter(connection, build.MODEL, "m1")
    connection.execute("delete from run.touched_orders")
    connection.execute("insert into run.touched_orders select distinct order_id from landed.order_versions")
    made_warehouse.rebuild(connection, storage)
    return connection


def classified(connection: Connection, *columns: str) -> dict[str, tuple[Any, ...]]:
    listed = connection.execute(f"select order_id, {', '.join(columns)} from intermediate.classified_orders").fetchall()
    return {row[0]: row[1:] for row in listed}


def test_a_correction_counts_before_the_label_and_the_label_before_the_model(counted: Connection) -> None:
    names = ("topic_source", "topic_code", "topic_level2_code", "topic_level3_code")
    assert classified(counted, *names) == {
        "corrected": ("复核", "A", "A1", None),
        "labelled": ("人工", "A", "A1", "A11"),
        "sure": ("模型", "B", "B1", None),
        "coarse": ("模型", "B", None, None),  # .55 does not reach the limit of the lower levels
        "unsure": ("未归类", "未归类", None, None),
        "nothing": ("未归类", "未归类", None, None),
    }


def test_the_three_labels_are_kept_apart(counted: Connection) -> None:
    names = (
        "clerk_topic_code",
        "clerk_leaf_code",
        "model_topic_code",
        "model_leaf_code",
        "corrected_code",
        "is_unsure",
    )
    assert classified(counted, *names) == {
        "corrected": ("B", "B", "B", "B1", "A1", False),
        "labelled": ("A", "A11", "B", "B1", None, False),
        "sure": (None, None, "B", "B1", None, False),
        "coarse": (None, None, "B", "B", None, False),
        "unsure": (None, None, "B", "B", None, True),
        "nothing": (None, None, None, None, None, False),
    }
    figures = (
        "model_probability",
        "leaf_probability",
        "runner_up_code",
        "runner_up_probability",
        "unseen_share",
        "model_id",
    )
    assert classified(counted, *figures)["sure"] == (0.9, 0.8, "A", 0.05, 0.1, "m1")
    assert classified(counted, *figures)["coarse"][:2] == (0.9, 0.9)


def test_a_text_without_any_known_word_is_unclassified_however_sure_the_model(tmp_path: Path) -> None:
    storage = write(tmp_path, TOPICS)
    connection = built(storage.data, [order("strange", "2026-01-01"), order("plain", "2026-01-01")])
    predict(connection, "strange", **{**SURE, "unseen_share": 1.0})
    predict(connection, "plain", **{**SURE, "unseen_share": 0.99})
    said = classified(again(connection, storage), "topic_code", "is_unsure")
    assert said == {"strange": ("未归类", True), "plain": ("B", False)}


def test_without_thresholds_every_answer_counts(tmp_path: Path) -> None:
    counted = six(tmp_path)
    counted.execute("delete from landed.topic_models")
    again(counted, Storage.at(tmp_path))
    assert classified(counted, "topic_source", "topic_level2_code")["unsure"] == ("模型", "B1")


def test_the_cube_counts_each_label_apart_and_every_order_once(reader: Reader) -> None:
    totals = {
        basis: dict(reader.topic_months(basis).group_by("topic_name").agg(pl.col("order_count").sum()).iter_rows())
        for basis in (COUNTED, MODEL, CLERK)
    }
    assert totals == {
        COUNTED: {"住房": 2, "供水": 2, "未归类": 2},
        MODEL: {"供水": 4, "未归类": 2},
        CLERK: {"住房": 1, "供水": 1, "未归类": 4},
    }
    sources = reader.topic_months().group_by("topic_source").agg(pl.col("order_count").sum())
    assert dict(sources.iter_rows()) == {"复核": 1, "人工": 1, "模型": 2, "未归类": 2}


def test_lower_levels_say_what_is_known_no_finer(reader: Reader) -> None:

    def names(level: int, within: str | None = None) -> dict[str, int]:
        months = reader.topic_months(COUNTED, level, within)
        return dict(months.group_by("topic_name").agg(pl.col("order_count").sum()).iter_rows())

    assert names(2) == {"物业": 2, "停水": 1, "供水（未细分）": 1, "未归类": 2}
    assert names(3, "A") == {"物业（未细分）": 1, "电梯": 1}


def test_the_catalogue_counts_at_and_below_each_code(reader: Reader) -> None:
    tree = reader.topic_catalogue()
    counts = tree.select("topic_code", "order_count", "clerk_count", "model_said_count").rows()
    assert counts == [("A", 2, 1, 0), ("A1", 2, 1, 0), ("A11", 1, 1, 0), ("B", 2, 1, 4), ("B1", 1, 0, 3)]
    assert tree["is_replaced"].to_list() == [False] * 5


def test_seven_five_follows_what_counts(reader: Reader) -> None:
    months = reader.seven_five_months()
    totals = dict(months.group_by("seven_five").agg(pl.col("order_count").sum()).iter_rows())
    assert totals == {"住有所居": 1, "安全性": 1, "宜居性": 1, "未归类": 3}


def test_a_renamed_category_keeps_model_and_predictions(tmp_path: Path) -> None:
    counted = six(tmp_path)
    stored = counted.execute("select * from landed.topic_predictions order by all").fetchall()
    renamed = [line.replace(",供水,", ",自来水,").replace(",停水,", ",停水检修,") for line in TOPICS]
    storage = write(tmp_path, renamed)
    made_warehouse.rebuild(counted, storage)
    assert build.parameter(counted, build.MODEL) == "m1"
    assert counted.execute("select * from landed.topic_predictions order by all").fetchall() == stored
    reader = published(counted, tmp_path)
    months = reader.topic_months(MODEL, 2)
    assert dict(months.group_by("topic_name").agg(pl.col("order_count").sum()).iter_rows()) == {
        "停水检修": 3,
        "自来水（未细分）": 1,
        "未归类": 2,
    }
    assert reader.order("sure")["topic_name"].to_list() == ["自来水"]
    clerk = reader.topic_months(CLERK).group_by("topic_name").agg(pl.col("order_count").sum())
    assert dict(clerk.iter_rows()) == {"住房": 1, "自来水": 1, "未归类": 4}, "labels say 供水 still"


def published(connection: Connection, folder: Path) -> Reader:
    storage = Storage.at(folder)
    storage.make()
    publish(connection, storage, made_warehouse.KNOWN_AT)
    return Reader(storage, current_snapshot(storage))


def test_splitting_and_merging_list_the_orders_to_relabel(tmp_path: Path) -> None:
    rows = [
        order("moved", "2025-01-01", "公共服务", "供暖"),
        order("split", "2025-01-01", "公共服务", "停车"),
        {**order("split secret", "2025-01-02", "公共服务", "停车"), "is_confidential": True},
        order("split and corrected", "2025-01-01", "公共服务", "停车"),
        order("merged", "2025-01-01", "公共服务", "快递"),
        order("after the day", "2026-02-01", "公共服务", "停车"),
    ]
    merged_again = "old,A3,new,M3,merged,2026-02-01,测试"
    storage = write(tmp_path, [*OLD, *NEW], BOTH, [*WALK, merged_again])
    connection = built(storage.data, rows)
    connection.execute(
        "insert into landed.topic_corrections by name select 'split and corrected' as order_id, 'M2' as topic_code"
    )
    reader = published(again(connection, storage), tmp_path)
    counts = reader.relabel_counts().select("topic_name", "crosswalk_relation", "successors", "order_count").rows()
    assert counts == [("停车", "split", "机动车停车、非机动车停放", 2), ("快递", "merged", "邮政快递", 1)]
    listed = reader.relabel_orders(10).select("order_id", "successors", "title").rows()
    assert listed == [
        ("split secret", "M1 机动车停车、M2 非机动车停放", None),
        ("merged", "M3 邮政快递", "反映merged"),
        ("split", "M1 机动车停车、M2 非机动车停放", "反映split"),
    ]
    assert reader.relabel_orders(10, "A3")["order_id"].to_list() == ["merged"]
    assert reader.relabel_orders(1)["order_id"].to_list() == ["split secret"]
    tree = reader.topic_catalogue().filter(pl.col("is_replaced"))["topic_code"].to_list()
    assert tree == ["A", "A1", "A11", "A2", "A3"]


def test_what_the_model_says_in_an_old_code_is_read_in_the_new_one(tmp_path: Path) -> None:
    storage = write(tmp_path, [*OLD, *NEW], BOTH, WALK)
    connection = built(storage.data, [order("1", "2026-02-01")])
    predict(connection, "1", level1_code="A", level1_probability=0.9, level2_code="A1", level2_probability=0.8)
    again(connection, storage)
    assert classified(connection, "topic_code", "model_leaf_code", "model_topic_code") == {"1": ("N", "N", "M")}


def test_a_name_that_two_codes_share_carries_its_code(tmp_path: Path) -> None:
    topics = ["t,A,住房,,1,,,,", "t,A1,其他,A,2,,,,", "t,B,供水,,1,,,,", "t,B1,其他,B,2,,,,"]
    rows = [order("1", "2026-01-01", "住房", "其他"), order("2", "2026-01-01", "供水", "其他")]
    months = published(built(write(tmp_path, topics).data, rows), tmp_path).topic_months(COUNTED, 2)
    assert months["topic_name"].to_list() == ["其他（A1）", "其他（B1）"]
