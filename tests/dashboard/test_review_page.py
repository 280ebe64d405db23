"""分类复核 by AppTest: the queue, every answer, undo, a second reviewer, doubted labels, requests; nothing need-to-know."""

import shutil
from contextlib import closing
from datetime import datetime

import polars as pl
import pytest
from made_review import publish_reviewable, refresh
from made_snapshot import storage_at
from page_words import words
from streamlit.testing.v1 import AppTest

from hotline12345.sql.label_problems import PROBLEMS, land_label_problems
from hotline12345.sql.publish import current_snapshot
from hotline12345.sql.reads import Reader
from hotline12345.sql.records import requests, topic_events
from hotline12345.sql.records.store import open_records
from hotline12345.sql.records.topic_events import Answer
from hotline12345.sql.row_access import RowAccess
from hotline12345.sql.storage import Storage
from hotline12345.sql.warehouse import open_warehouse

FIRST, SECOND = "D0461", "D0462"  # the first two of the queue; the clerk says 住房 of the first, nothing of the second


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Storage:
    storage = storage_at(tmp_path_factory.mktemp("reviewable"))
    publish_reviewable(storage)
    return storage


@pytest.fixture
def site(made, tmp_path) -> Storage:
    shutil.copytree(made.data, tmp_path / "data")
    return Storage(tmp_path / "data", tmp_path / "data" / "config")


def said(site: Storage) -> list[tuple[str, str, str | None]]:
    with closing(open_records(site)) as records:
        return [(e.order_id, e.action, e.topic_code) for e in topic_events.answers_in_force(records)]


def keys(page: AppTest) -> set[str]:
    return {str(button.key) for button in page.button}


def listed(page: AppTest, column: str) -> list[object]:
    return page.dataframe[0].value[column].to_list()


def part(show, site: Storage, name: str) -> AppTest:
    return show("review", site, {"review_part": name})


def test_candidates_are_neither_need_to_know_nor_reviewed_nor_of_other_units(made):
    reader = Reader(made, current_snapshot(made))
    every = reader.review_candidates()
    assert every.height == 225
    secret = set(reader._query("select order_id from staging.orders where is_need_to_know")["order_id"])
    assert len(secret) == 29
    assert not secret & set(every["order_id"])
    assert every["order_id"][0] == "D0476", "the newest first"
    own = reader.limited(RowAccess(("U1",))).review_candidates()
    assert 0 < own.height < every.height
    assert set(reader.review_orders(own["order_id"].to_list())["unit_name"]) == {"东河街道"}
    assert reader.review_candidates(newest=10).height <= 10
    hidden = reader.review_orders(sorted(secret))
    assert hidden.height == 29
    assert hidden["title"].null_count() == hidden["body"].null_count() == hidden["text_hash"].null_count() == 29
    reader.close()


def test_the_first_order_is_shown_with_all_that_was_said_of_it(show, site):
    page = show("review", site)
    text = words(page)
    for part_of in ("反映第461号供暖问题", "138****1234", "市容环卫　95.0%", "公共服务　3.0%", "住房（人工标注）"):
        assert part_of in text
    assert "共排出 225 件，已复核 0 件" in text
    assert "人工标“住房”，模型判“市容环卫”；同类约 " in text
    assert listed(page, "review_reason")[0] == "人工标“住房”，模型判“市容环卫”"
    assert listed(page, "title")[:2] == ["反映第461号供暖问题", "反映第462号供暖问题"]
    assert {f"review_{way}_{FIRST}" for way in ("confirm", "clerk", "runner_up", "unclear", "skip")} <= keys(page)
    shortcuts = {button.proto.label.partition("：")[0]: button.proto.shortcut for button in page.button}
    assert shortcuts["确认模型判断"] == "enter"
    assert [shortcuts[name] for name in ("以人工为准", "取第二可能", "说不清", "跳过")] == list("12us")


@pytest.mark.parametrize(
    ("way", "says"),
    [
        ("confirm", ("confirm", "T3")),
        ("clerk", ("correct", "T2")),
        ("runner_up", ("correct", "T1")),
        ("unclear", ("unclear", None)),
    ],
)
def test_each_button_records_its_answer_and_the_next_order_comes(show, site, way, says):
    page = show("review", site)
    page.button(key=f"review_{way}_{FIRST}").click().run()
    assert said(site) == [(FIRST, *says)]
    assert f"review_confirm_{SECOND}" in keys(page)
    assert "已复核 1 件" in words(page)
    with closing(open_records(site)) as records:
        (event,) = topic_events.topic_history(records, FIRST)
    assert (event.who, event.previous_code, event.model_id, len(event.text_hash)) == ("分析员", "T3", "m1", 32)


def test_a_topic_of_the_catalogue_is_recorded_as_soon_as_it_is_chosen(show, site):
    page = show("review", site)
    (choice,) = [box for box in page.selectbox if box.label == "从目录选择"]
    assert choice.options == ["公共服务　T1", "公共服务 › 供暖　T11", "住房　T2", "市容环卫　T3"]
    choice.set_value("T11").run()
    assert said(site) == [(FIRST, "correct", "T11")]
    (choice,) = [box for box in page.selectbox if box.label == "从目录选择"]
    assert choice.value is None, "the next order begins without a choice"


def test_skipping_and_undoing(show, site):
    page = show("review", site)
    assert "review_undo" not in keys(page)
    page.button(key=f"review_skip_{FIRST}").click().run()
    assert page.button(key="review_undo").proto.shortcut == "z"
    page.button(key=f"review_confirm_{SECOND}").click().run()
    assert said(site) == [(SECOND, "confirm", "T1")]
    assert "本次跳过 1 件" in words(page)
    page.button(key="review_undo").click().run()
    assert said(site) == []
    assert f"review_confirm_{SECOND}" in keys(page)
    page.button(key="review_undo").click().run()
    assert f"review_confirm_{FIRST}" in keys(page)
    assert "review_undo" not in keys(page)
    with closing(open_records(site)) as records:
        assert [e.action for e in topic_events.topic_history(records, SECOND)] == ["confirm", "withdraw"]


def test_a_second_reviewer_sees_the_first_ones_answer_and_can_take_it_back(show, site):
    with closing(open_records(site)) as records:
        topic_events.answer_topics(records, "王某", [Answer(FIRST, "h", "correct", "T2", "T3", "m1")])
    page = part(show, site, "已复核")
    assert listed(page, "order_id") == [FIRST]
    assert listed(page, "review_state") == ["已改，重新发布后计入"]
    assert listed(page, "review_said") == ["改正：住房"]
    key = page.dataframe[0].key
    page = show(
        "review", site, {"review_part": "已复核", key: {"selection": {"rows": [0], "columns": [], "cells": []}}}
    )
    assert "先前：王某" in words(page)
    (key,) = [each for each in keys(page) if each.startswith("review_withdraw_")]
    page.button(key=key).click().run()
    assert said(site) == []
    assert "还没有人复核过" in words(page)


def test_a_published_answer_is_counted_and_leaves_the_queue(show, site):
    page = show("review", site)
    page.button(key=f"review_clerk_{FIRST}").click().run()
    connection = open_warehouse(site)
    refresh(connection, site)
    connection.close()
    page = part(show, site, "已复核")
    assert listed(page, "review_state") == ["已计入"]
    assert "其中 0 件等重新发布后计入" in words(page)
    assert "共排出 224 件，已复核 0 件" in words(show("review", site))


def test_doubted_labels_are_listed_until_they_are_reviewed(show, site):
    doubts = [
        (FIRST, "推断", "T2", "T1", 0.03, 0.9, 1, None),
        ("D0005", "重复", "T2", "T3", None, None, 2, 7),
        ("D0000", "推断", "T1", "T2", 0.01, 0.95, 3, None),  # need-to-know
        ("D0009", "推断", "T1", "T2", 0.02, 0.94, 4, None),  # labelled anew since
    ]
    frame = pl.DataFrame(doubts, schema=[name for name in PROBLEMS if name != "sought_at"], orient="row")
    connection = open_warehouse(site)
    land_label_problems(connection, frame.with_columns(sought_at=pl.lit(datetime(2026, 3, 29, 14))))
    refresh(connection, site)
    connection.close()
    page = part(show, site, "标注疑点")
    assert listed(page, "title") == ["反映第461号供暖问题", "反映第5号供暖问题"]
    assert listed(page, "review_reason") == [
        "人工标“住房”（3.0%），更像“公共服务”（90.0%）",
        "第 7 组近似文本标注不同：这一件标“住房”，同组多数标“市容环卫”",
    ]
    assert "查找于 2026-03-29 14:00" in words(page)
    page.button(key=f"review_runner_up_{FIRST}").click().run()
    assert said(site) == [(FIRST, "correct", "T1")]
    assert listed(page, "title") == ["反映第5号供暖问题"]


def test_requests_are_filed_once_and_their_state_is_shown(show, site):
    page = part(show, site, "重新训练与分类")
    assert "还没有提出过请求" in words(page)
    assert any("导入服务没有运行" in box.value for box in page.warning)
    page.button(key="ask_train_topics").click().run()
    with closing(open_records(site)) as records:
        (filed,) = requests.newest(records, 10)
        assert (filed.kind, filed.who, dict(filed.detail)) == ("train_topics", "分析员", {})
        assert page.button(key="ask_train_topics").disabled
        assert not page.button(key="ask_rescore_topics").disabled
        assert "重新训练**　排队中" in words(page)
        requests.add_event(records, filed.request_id, requests.RUNNING, {"step": "训练分类模型"})
        assert "进行中：训练分类模型" in words(part(show, site, "重新训练与分类"))
        requests.add_event(records, filed.request_id, requests.DONE, {"remarks": ["新模型不差，已启用。"]})
    page = part(show, site, "重新训练与分类")
    assert "新模型不差，已启用。" in words(page)
    assert not page.button(key="ask_train_topics").disabled


def test_a_refused_request_says_why(show, site):
    with closing(open_records(site)) as records:
        number = requests.file_request(records, "doubt_topics", "分析员")
        requests.add_event(records, number, requests.FAILED, {"message": "训练样本不足"})
    page = part(show, site, "重新训练与分类")
    assert [box.value for box in page.error] == ["训练样本不足"]


def test_an_empty_queue_says_what_brings_the_next_one(show, site, monkeypatch):
    original = Reader.review_candidates
    monkeypatch.setattr(Reader, "review_candidates", lambda *args: original(*args).head(0))
    assert "没有要复核的工单" in words(show("review", site))


def test_a_store_that_cannot_be_opened_is_said(show, site):
    site.records.unlink(missing_ok=True)
    site.records.write_text("这不是数据库" * 50)
    page = show("review", site)
    assert ["无法打开记录库" in box.value for box in page.error] == [True]


def test_any_order_can_be_reviewed_by_its_number(show, site):
    page = show("review", site)
    (number,) = [box for box in page.text_input if box.label == "按工单编号找一件"]
    number.set_value(" D0005 ").run()
    assert "反映第5号供暖问题" in words(page)
    page.button(key="review_clerk_D0005").click().run()
    assert said(site) == [("D0005", "correct", "T2")]
    assert f"review_confirm_{FIRST}" in keys(page), "back at the queue"
    (number,) = [box for box in page.text_input if box.label == "按工单编号找一件"]
    number.set_value("D0037").run()
    assert "现在不能在这里复核" in words(page), "a confidential order"
    assert "反映第37号" not in words(page)
