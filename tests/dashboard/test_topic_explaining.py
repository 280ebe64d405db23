"""Why an order has its topic, in words: who gave it, phrases, what would tip it, similar orders; nothing of confidential ones."""

from datetime import datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import polars as pl
import pytest

from hotline12345.dashboard.topic_explaining import (
    closest,
    given_by,
    marked,
    phrase_table,
    strength,
    tipping_sentence,
    told,
)
from hotline12345.models.topics.phrases import Phrase
from hotline12345.models.topics.store import StoredModelError
from hotline12345.models.topics.topic_tree import Explanation

NAMES = {"T1": "公共服务", "T11": "供暖", "T2": "住房"}
ORDER: dict[str, Any] = {
    "order_id": "A1",
    "title": "暖气不热",
    "body": "家中暖气不热，<b>物业不管",
    "is_need_to_know": False,
    "topic_source": "模型",
    "topic_code": "T1",
    "topic_level2_code": "T11",
    "topic_level3_code": None,
    "model_topic_code": "T1",
    "model_probability": 0.81,
    "unseen_share": 0.1,
    "model_id": "m1",
    "trained_at": datetime(2026, 3, 5, 14, 20),
    "corrected_at": None,
}
SAID = Explanation(
    path=(("T1", 0.81), ("T11", 0.7)),
    phrases=(Phrase("暖气不热", 2.0), Phrase("家中", 0.3), Phrase("不管", 0.1)),
    against=(Phrase("物业", -0.5),),
    runner_up_code="T2",
    runner_up_probability=0.12,
    tipping=("暖气不热",),
)
EARLIER = pl.DataFrame(
    {
        "order_id": ["B1", "B2", "B3", "B4", "B5"],
        "created_at": [datetime(2026, 3, day) for day in (1, 2, 3, 4, 5)],
        "title": ["一", "二", "三", None, "五"],
        "body": ["一", None, "三", "四", "五"],
    }
)


def _tree(similarities: list[float]) -> Any:
    def similarity(document: tuple[str, str], titles: pl.Series, bodies: pl.Series) -> np.ndarray:
        assert document == ("暖气不热", "家中暖气不热，<b>物业不管")
        assert titles.null_count() == bodies.null_count() == 0
        return np.array(similarities)

    return SimpleNamespace(explain=lambda document: SAID, similarity=similarity)


def _never(*_: object) -> Any:
    raise AssertionError("must not be opened")


def test_the_whole_story() -> None:
    story = told(ORDER, NAMES, lambda model_id: _tree([0.2, 0.9, 0.05, 0.4, 0.4]), lambda: EARLIER)
    assert story.given == ("“公共服务 › 供暖”由模型判断：导入文件没有分类，也没有人复核。",)
    assert story.path == (("公共服务", 0.81), ("供暖", 0.7))
    assert story.runner_up == ("住房", 0.12)
    assert tipping_sentence(story) == "如果没有“暖气不热”，模型会改判为第二可能“住房”。"
    assert story.similar["order_id"].to_list() == ["B2", "B5", "B4"], "the closest first, the newer of equals before"
    assert story.similar["text_similarity"].to_list() == [0.9, 0.4, 0.4]
    assert story.model == "模型 m1，2026-03-05 训练"
    assert story.remarks == ()


def test_hardly_alike_is_not_similar() -> None:
    found = closest(_tree([0.19, 0.0, 0.2, 0.01, 0.02]), ("暖气不热", ORDER["body"]), EARLIER)
    assert found["order_id"].to_list() == ["B3"]


def test_a_text_of_unknown_words_is_to_be_read_with_care() -> None:
    story = told({**ORDER, "unseen_share": 0.62}, NAMES, lambda model_id: _tree([0.0] * 5), lambda: EARLIER)
    assert story.remarks == ("这张工单有 62.0% 的文字不在模型学过的词语里，判断须打折扣。",)
    assert story.similar.is_empty()


def test_nothing_of_a_confidential_text_is_opened() -> None:
    story = told({**ORDER, "is_need_to_know": True}, NAMES, _never, _never)
    assert story.path == (("公共服务", 0.81),)
    assert story.phrases == story.against == story.tipping == ()
    assert story.similar.is_empty()
    assert "须知人员可查看" in story.remarks[0]


def test_without_a_model_or_a_text_it_says_so() -> None:
    unanswered = {**ORDER, "model_id": None, "model_topic_code": None, "topic_source": "未归类", "topic_code": "未归类"}
    story = told(unanswered, NAMES, _never, _never)
    assert story.given == ("未归类：导入文件没有分类，也没有模型的判断。",)
    assert story.remarks == ("还没有能用的模型，模型没有判断，也就没有可以说明的。",)
    textless = told({**ORDER, "title": None, "body": None}, NAMES, _never, _never)
    assert textless.remarks == ("这张工单没有导入文本，没有词语可以说明。",)


def test_a_damaged_model_is_told_and_the_rest_stays(tmp_path: Path) -> None:
    def damaged(model_id: str) -> Any:
        raise StoredModelError(tmp_path / model_id, "内容无法识别")

    story = told(ORDER, NAMES, damaged, _never)
    assert story.given
    assert "内容无法识别" in story.remarks[0]


@pytest.mark.parametrize(
    ("change", "sentences"),
    [
        (
            {"topic_source": "复核", "corrected_at": datetime(2026, 3, 9, 8, 30), "model_topic_code": "T2"},
            ["“公共服务 › 供暖”由复核人于 2026-03-09 08:30 确定，以复核为准。", "模型的判断不同，判为“住房”。"],
        ),
        (
            {"topic_source": "人工"},
            ["“公共服务 › 供暖”是导入文件中的人工分类，有人工分类时以人工分类为准。", "模型在一级上的判断与此相同。"],
        ),
        (
            {"topic_source": "人工", "topic_code": "旧类别", "topic_level2_code": None, "model_topic_code": None},
            ["“旧类别”是导入文件中的人工分类，有人工分类时以人工分类为准。"],
        ),
        (
            {"topic_source": "未归类", "topic_code": "未归类", "model_probability": 0.413},
            ["未归类：导入文件没有分类，模型最接近“公共服务”，但概率只有 41.3%，把握不够，不采用。"],
        ),
    ],
)
def test_who_gave_the_topic(change: dict[str, Any], sentences: list[str]) -> None:
    assert list(given_by({**ORDER, **change}, NAMES)) == sentences


def test_strength_is_what_a_phrase_does_to_the_odds() -> None:
    assert [strength(weight) for weight in (0.7, -0.7, 0.69, 0.23, -0.2, 0.0)] == ["强", "强", "中", "中", "弱", "弱"]


def test_phrases_are_drawn_against_the_strongest_and_marked_in_the_text() -> None:
    story = told(ORDER, NAMES, lambda model_id: _tree([0.0] * 5), lambda: EARLIER)
    table = phrase_table(story)
    assert "<td>暖气不热</td><td>支持</td>" in table
    assert "width:100%" in table
    assert "<td>物业</td><td>反对</td>" in table
    assert "width:25%" in table, "0.5 of 2.0"
    assert "不管" not in table, "a weak phrase says nothing"
    assert marked(ORDER["body"], story) == (
        '<mark class="for">家中暖气不热</mark>，&lt;b&gt;<mark class="against">物业</mark>不管'
    ), "a weak phrase is not marked"


def test_nothing_to_tip() -> None:
    story = told(ORDER, NAMES, lambda model_id: _tree([0.0] * 5), lambda: EARLIER)
    firm = SimpleNamespace(**{**story.__dict__, "tipping": ()})
    assert tipping_sentence(firm) == "即使没有最有力的几个词语，也不会改判为第二可能“住房”。"  # type: ignore[arg-type]
    assert tipping_sentence(told({**ORDER, "is_need_to_know": True}, NAMES, _never, _never)) == ""
