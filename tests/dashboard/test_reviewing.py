"""Reviewing without a page: names to codes, the queue's order and its reasons, answers, what counts already."""

import polars as pl
import pytest

from hotline12345.dashboard import reviewing
from hotline12345.dashboard.reviewing import AnswerError, Catalogue
from hotline12345.sql.records.topic_events import TopicEvent

CATALOGUE = Catalogue(
    {"S1": "公共服务", "S11": "公共服务->供暖", "S2": "住房", "S21": "住房->供暖", "S22": "住房->物业", "OLD": "住房"},
    ("S1", "S11", "S2", "S21", "S22"),
)
COLUMNS = (
    *("order_id", "text_hash", "clerk_topic_code", "model_topic_code"),
    *("model_probability", "runner_up_code", "runner_up_probability"),
)


def candidates(*rows: tuple[object, ...]) -> pl.DataFrame:
    schema = {name: pl.Float64 if name.endswith("probability") else pl.String for name in COLUMNS}
    return pl.DataFrame(rows, schema=schema, orient="row")


@pytest.mark.parametrize(
    ("text", "code"),
    [("S21", "S21"), ("公共服务->供暖", "S11"), ("住房 -> 物业", "S22"), ("物业", "S22"), ("住房", "S2")],
)
def test_a_topic_is_named_by_code_path_or_a_name_of_its_own(text, code):
    assert CATALOGUE.code(text) == code


@pytest.mark.parametrize(
    ("text", "says"),
    [("供暖", "对应多个分类：S11 公共服务->供暖、S21 住房->供暖"), ("OLD", "没有“OLD”"), ("", "请写编码")],
)
def test_a_name_that_names_no_one_topic_is_refused(text, says):
    with pytest.raises(AnswerError, match=says):
        CATALOGUE.code(text)


def test_names_of_codes():
    assert (CATALOGUE.name("OLD"), CATALOGUE.name("自写标签"), CATALOGUE.name(None)) == ("住房", "自写标签", "—")


def test_the_queue_puts_the_likeliest_error_first_and_equal_texts_once():
    found = reviewing.ranked(
        candidates(
            ("sure", "h1", None, "S1", 0.99, "S2", 0.01),
            ("agreed", "h2", "S1", "S1", 0.6, "S2", 0.4),
            ("unsure", "h3", None, "S1", 0.55, "S2", 0.45),
            ("again", "h3", None, "S1", 0.55, "S2", 0.45),
            ("against", "h4", "S2", "S1", 0.99, "S2", 0.01),
        ),
        10,
    )
    assert found["order_id"].to_list() == ["against", "unsure", "agreed", "sure"]
    rows = {row["order_id"]: row for row in found.iter_rows(named=True)}
    assert rows["unsure"]["wrong_probability"] == pytest.approx(0.45)
    assert rows["sure"]["wrong_probability"] == pytest.approx(0.01)
    kind = 0.45 + 0.45 + 0.01 + rows["agreed"]["wrong_probability"]
    assert rows["unsure"]["kind_error_count"] == pytest.approx(kind), "an order of each text, but errors of every order"
    assert rows["against"]["kind_error_count"] == pytest.approx(rows["against"]["wrong_probability"])


def test_the_queue_is_as_long_as_asked_and_may_be_empty():
    rows = [(f"A{n}", f"h{n}", None, "S1", 0.5, "S2", 0.4) for n in range(5)]
    assert reviewing.ranked(candidates(*rows), 3)["order_id"].to_list() == ["A0", "A1", "A2"]
    assert reviewing.ranked(candidates(), 3).is_empty()
    alone = reviewing.ranked(candidates(("A", "h", None, "S1", 0.9, None, None)), 3)
    assert alone["wrong_probability"].to_list() == pytest.approx([0.1])


@pytest.mark.parametrize(
    ("row", "says"),
    [
        (("S2", "S1", 0.9, "S22", 12.4), "人工标“住房”，模型判“公共服务”；同类约 12 件可能有误"),
        ((None, "S1", 0.5, "S2", 1.4), "模型在“公共服务”与“住房”之间"),
        (("S1", "S1", 0.5, "S2", 2.0), "模型在“公共服务”与“住房”之间；同类约 2 件可能有误"),
        ((None, "S1", 0.5, None, 0.2), "模型把握 50.0%"),
    ],
)
def test_the_reason_says_what_is_doubted(row, says):
    names = ("clerk_topic_code", "model_topic_code", "model_probability", "runner_up_code", "kind_error_count")
    assert reviewing.reason(dict(zip(names, row, strict=True)), CATALOGUE) == says


def test_a_doubt_says_both_labels():
    row = {"problem_kind": "推断", "label_code": "S2", "suggested_code": "S1"}
    row |= {"label_probability": 0.031, "suggested_probability": 0.92, "conflict_number": 3}
    assert reviewing.doubt(row, CATALOGUE) == "人工标“住房”（3.1%），更像“公共服务”（92.0%）"
    row["problem_kind"] = "重复"
    assert reviewing.doubt(row, CATALOGUE) == "第 3 组近似文本标注不同：这一件标“住房”，同组多数标“公共服务”"
    assert reviewing.doubt(row | {"suggested_code": None}, CATALOGUE) == "第 3 组近似文本标注不同：这一件标“住房”"


ORDER = {"order_id": "A", "text_hash": "h", "is_need_to_know": False, "model_leaf_code": "S11", "model_id": "m1"}


@pytest.mark.parametrize(("code", "action"), [("S11", "confirm"), ("S1", "correct"), (None, "unclear")])
def test_what_is_chosen_confirms_corrects_or_leaves_open(code, action):
    found = reviewing.answer(ORDER, code)
    assert (found.action, found.topic_code, found.previous_code, found.model_id) == (action, code, "S11", "m1")


def test_need_to_know_is_never_answered():
    with pytest.raises(AnswerError, match="举报或保密"):
        reviewing.answer(ORDER | {"is_need_to_know": True}, "S1")


def test_an_answer_counts_once_it_is_published():
    words = dict(order_id="A", text_hash="h", previous_code=None, model_id=None, withdrawn_id=None, who="甲")
    event = TopicEvent(event_id=1, at="2026-03-05 14:20:11", action="correct", topic_code="S22", **words)
    landed = pl.DataFrame({"order_id": ["A"], "topic_code": ["S22"], "corrected_at": ["2026-03-05 14:20:11"]})
    keys = reviewing.landed_keys(landed.with_columns(pl.col("corrected_at").str.to_datetime()))
    assert reviewing.told(event, CATALOGUE) == "甲 2026-03-05 14:20 改正：住房->物业"
    assert reviewing.state(event, keys) == "已计入"
    assert reviewing.state(event, {}) == "已改，重新发布后计入"
    later = TopicEvent(event_id=2, at="2026-03-05 15:00:00", action="correct", topic_code="S22", **words)
    assert reviewing.state(later, keys) == "已改，重新发布后计入"
    unclear = TopicEvent(event_id=3, at="2026-03-05 15:00:00", action="unclear", topic_code=None, **words)
    assert reviewing.state(unclear, keys) == "不影响统计"
    assert reviewing.told(unclear, CATALOGUE) == "甲 2026-03-05 15:00 说不清"
