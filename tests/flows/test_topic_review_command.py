"""`hotline topics review`: the queue, answers one by one and by a table, mistakes; the serving of a filed search."""

import json
import shutil
from contextlib import closing
from pathlib import Path

import polars as pl
import pytest
from called import Hotline
from made_review import publish_reviewable
from made_snapshot import storage_at

from hotline12345.flows.cli import topic_review
from hotline12345.sql.records import topic_events
from hotline12345.sql.records.store import open_records
from hotline12345.sql.storage import Storage


@pytest.fixture(scope="module")
def made(tmp_path_factory) -> Storage:
    storage = storage_at(tmp_path_factory.mktemp("reviewable"))
    publish_reviewable(storage)
    return storage


@pytest.fixture
def site(made, tmp_path) -> Storage:
    shutil.copytree(made.data, tmp_path / "data")
    return Storage(tmp_path / "data", tmp_path / "data" / "config")


@pytest.fixture
def review(hotline: Hotline, site: Storage):
    return lambda *options: hotline("topics", "review", "--data-dir", site.data, *options)


def said(site: Storage) -> set[tuple[str, str, str, str | None]]:
    with closing(open_records(site)) as records:
        return {(e.order_id, e.who, e.action, e.topic_code) for e in topic_events.answers_in_force(records)}


def listed(done) -> list[str]:
    return [row["order_id"] for row in json.loads(done.out)]


def test_the_queue_is_listed_in_its_order_without_what_was_answered(review, site):
    done = review("--format", "json", "--limit", 3)
    assert done.code == 0
    assert listed(done) == ["D0461", "D0462", "D0441"]
    first = json.loads(done.out)[0]
    assert first == {
        "order_id": "D0461",
        "created_at": "2026-03-27 04:16:48",
        "clerk_name": "住房",
        "model_name": "市容环卫",
        "model_probability": 0.95,
        "runner_up_name": "公共服务",
        "review_reason": "人工标“住房”，模型判“市容环卫”；同类约 32 件可能有误",
        "title": "反映第461号供暖问题",
    }
    review("--unclear", "D0462")
    assert listed(review("--format", "json", "--limit", 3)) == ["D0461", "D0441", "D0421"]
    table = review("--limit", 2)
    assert "待复核的工单" in table.out
    assert "已复核 1 件" in table.out


def test_answers_are_recorded_with_who_said_them(review, site):
    done = review(
        "--confirm", "D0442", "--set", "D0002=T11", "--set", "D0005=市容环卫", "--unclear", "D0461", "--who", "甲"
    )
    assert done.code == 0
    assert "确认模型判断 1 件，改正 2 件，说不清 1 件" in done.out
    assert "重新分类" in done.out
    assert said(site) == {
        ("D0442", "甲", "confirm", "T1"),
        ("D0002", "甲", "correct", "T11"),
        ("D0005", "甲", "correct", "T3"),
        ("D0461", "甲", "unclear", None),
    }
    second = review("--set", "D0442=T2", "--who", "乙 13800001234")
    assert "工单 D0442 先前：甲 " in second.out
    assert "确认模型判断：公共服务" in second.out
    assert ("D0442", "乙 138****1234", "correct", "T2") in said(site)
    assert "撤回 1 件" in review("--withdraw", "D0442").out
    assert ("D0442", "甲", "confirm", "T1") in said(site), "the first answer counts again"


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--confirm", "nope"), "工单 nope：已发布的数据中没有这张工单"),
        (("--set", "D0002=T99"), "工单 D0002：分类目录中没有“T99”"),
        (("--set", "D0002"), "--set 应写作 工单编号=分类"),
        (("--set", "D0002=T1", "--confirm", "D0000"), "工单 D0000：举报或保密工单"),
        (("--confirm", "D0005"), "工单 D0005：没有模型判断可以确认"),
        (("--withdraw", "D0002"), "工单 D0002 没有可撤回的复核结果"),
        (("--limit", "0"), "--limit 应为不小于 1 的整数"),
        (("--export", "/nowhere/x.csv"), "所在目录不存在"),
        (("--import", "/nowhere/x.csv"), "x.csv"),
    ],
)
def test_a_mistake_is_said_and_nothing_is_recorded(review, site, options, says):
    done = review(*options)
    assert done.code == 2
    assert says in done.err
    assert "Traceback" not in done.printed
    assert said(site) == set()


def test_every_wrong_row_is_named_up_to_ten(review, site):
    done = review(*(part for number in range(12) for part in ("--confirm", f"X{number}")))
    assert done.err.count("没有这张工单") == topic_review.NAMED
    assert "另有 2 件" in done.err


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gb18030"])
def test_a_table_goes_out_is_filled_and_comes_back_once(review, site, tmp_path, encoding):
    path = tmp_path / "复核.csv"
    done = review("--export", path, "--limit", 4)
    assert done.code == 0
    assert "已写出 4 件" in done.out
    text = path.read_text(encoding="utf-8-sig")
    assert "138****1234" in text
    frame = pl.read_csv(text.encode(), n_rows=4)
    assert frame["工单编号"].to_list() == ["D0461", "D0462", "D0441", "D0421"]
    assert frame["复核结果"].null_count() == 4
    filled = frame.with_columns(复核结果=pl.Series(["确认", "公共服务->供暖", None, "说不清"]))
    path.write_bytes(filled.write_csv().encode(encoding))
    done = review("--import", path)
    assert done.code == 0, done.err
    expected = {
        ("D0461", "分析员", "confirm", "T3"),
        ("D0462", "分析员", "correct", "T11"),
        ("D0421", "分析员", "unclear", None),
    }
    assert said(site) == expected
    again = review("--import", path)
    assert "与先前相同、不再记录 3 件" in again.out
    with closing(open_records(site)) as records:
        assert len(topic_events.topic_history(records, "D0461")) == 1


def test_a_table_with_a_wrong_row_is_not_taken_in_part(review, site, tmp_path):
    path = tmp_path / "复核.csv"
    path.write_text("工单编号,复核结果\nD0461,确认\nD0462,没有的类\n", encoding="utf-8")
    done = review("--import", path)
    assert done.code == 2
    assert "没有记录任何复核结果" in done.err
    assert "工单 D0462：分类目录中没有“没有的类”" in done.err
    assert said(site) == set()
    path.write_text("工单编号,创建时间,标题,结果\nD0461,2026-03-01,路灯不亮,确认\n", encoding="utf-8")
    assert "没有列“复核结果”" in review("--import", path).err
    path.write_text("工单编号,复核结果\nD0461,\n", encoding="utf-8")
    assert "表中没有填写复核结果" in review("--import", path).out


def test_problems_are_listed_or_the_way_to_find_them_is_said(review, monkeypatch):
    assert "--find-problems" in review("--problems").out
    searched: list[Path] = []
    monkeypatch.setattr(topic_review, "_search", lambda storage: searched.append(storage.data))
    assert review("--find-problems", "--format", "json").out.strip() == "[]"
    assert len(searched) == 1


def test_before_anything_is_published_it_says_what_to_do(hotline, tmp_path):
    done = hotline("topics", "review", "--data-dir", tmp_path)
    assert done.code == 2
    assert "还没有发布过数据" in done.err


def test_the_help_is_chinese(hotline):
    out = hotline("topics", "review", "--help").out
    assert out.startswith("用法：hotline topics review")
    for option in ("--confirm", "--set", "--export", "--import", "--problems", "--who"):
        assert option in out
