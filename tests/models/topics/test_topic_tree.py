"""Three levels: consistent probabilities, small leaves counted for their parents, and the same answers in any company."""

import numpy as np
import polars as pl
import pytest

from hotline12345.models.topics.scorer import columns_of
from hotline12345.models.topics.topic_model import TooFewExamples
from hotline12345.models.topics.topic_tree import ANSWER_SCHEMA, TopicTree

TOPICS = {
    ("公共", "供热", "不热"): ("暖气不热", "室内温度低", "供暖温度不达标"),
    ("公共", "供热", "缴费"): ("暖气费退费", "供热费太高", "采暖费缴纳"),
    ("公共", "供电"): ("停电没有通知", "电压不稳", "电表跳闸"),
    ("交通", "停车"): ("停车位紧张", "乱停车", "地锁占车位"),
    ("教育",): ("幼儿园入园", "学校课后服务", "学区划片"),
}


def texts(repeats=12):
    documents, paths = [], []
    for path, matters in TOPICS.items():
        for number in range(repeats):
            documents.append((matters[number % 3], f"{matters[(number + 1) % 3]}，第{number}次了"))
            paths.append(path)
    return documents, paths


@pytest.fixture(scope="module")
def tree():
    documents, paths = texts()
    documents += [("水费", "水费账单"), ("水管", "水管漏水")]
    return TopicTree().fit(documents, [*paths, *[("公共", "供水")] * 2])


def answer(tree, documents):
    return tree.answer(*columns_of(documents))


def test_it_answers_as_deep_as_it_was_taught(tree):
    said = answer(
        tree,
        [("暖气不热", "室内温度低"), ("电压不稳", "停电没有通知"), ("乱停车", "地锁占车位"), ("入园", "幼儿园入园")],
    )
    assert said.select("level1_code", "level2_code", "level3_code").rows() == [
        ("公共", "供热", "不热"),
        ("公共", "供电", None),
        ("交通", "停车", None),
        ("教育", None, None),
    ]
    assert dict(said.schema) == ANSWER_SCHEMA


def test_probabilities_do_not_grow_with_depth(tree):
    said = answer(tree, texts()[0])
    deeper = said.filter(pl.col("level3_probability").is_not_null())
    assert deeper.height
    assert (
        said["level2_probability"].drop_nulls()
        <= said.filter(pl.col("level2_code").is_not_null())["level1_probability"]
    ).all()
    assert (deeper["level3_probability"] <= deeper["level2_probability"]).all()
    assert (said["runner_up_probability"] <= said["level1_probability"]).all()
    assert (said["runner_up_code"] != said["level1_code"]).all()


def test_children_add_up_to_their_parent(tree):
    """The children of a class and the class itself share its probability among them."""
    documents = texts()[0]
    for parent, node in tree.nodes.items():
        own = node.predict_proba(documents)
        assert np.allclose(own.sum(axis=1), 1)
        if parent:
            assert set(node.classes_.tolist()) <= {code for path in TOPICS for code in path} | {parent}


def test_small_leaves_count_for_their_parent(tree):
    assert tree.left_out == {"供水": 2}
    assert "供水" not in tree.nodes["公共"].classes_
    assert tree.only == {"交通": "停车"}
    assert set(tree.nodes) == {"", "公共", "供热"}


def test_small_leaves_count_for_a_parent_whose_code_is_longer_than_theirs():
    codes = {"供热": "1", "供电": "2", "停车": "3"}
    documents, paths = texts()
    paths = [(f"{path[0]}管理和服务", codes[path[1]] if len(path) > 1 else "4") for path in paths]
    small = [("公共管理和服务", str(number)) for number in range(5, 11)]
    tree = TopicTree().fit([*documents, *[("水费", "水费账单")] * 6], [*paths, *small])
    assert tree.nodes["公共管理和服务"].classes_.tolist() == ["1", "2", "公共管理和服务"]
    assert answer(tree, [("水费", "水费账单")])["level2_code"].to_list() == [None]


def test_a_parent_with_labels_of_its_own_can_be_the_answer():
    documents, paths = texts()
    stopped = [("公共服务热线态度", "政务大厅排队"), ("政务大厅", "窗口办事排队")] * 5
    tree = TopicTree().fit([*documents, *stopped], [*paths, *[("公共",)] * 10])
    assert "公共" in tree.nodes["公共"].classes_
    said = answer(tree, [("政务大厅", "窗口办事排队")])
    assert said.select("level1_code", "level2_code", "level2_probability").row(0) == ("公共", None, None)


def test_company_changes_no_answer(tree):
    documents = texts()[0]
    together = answer(tree, documents)
    alone = pl.concat([answer(tree, [document]) for document in documents])
    assert together.equals(alone)
    assert answer(tree, documents[::-1]).equals(together.reverse())
    assert answer(tree, [("", "")]).height == 1
    none = pl.Series([], dtype=pl.String)
    assert tree.answer(none, none).shape == (0, len(ANSWER_SCHEMA))


def test_row_order_changes_nothing_that_is_learnt(tree):
    documents, paths = texts()
    other = TopicTree().fit(
        [("水管", "水管漏水"), ("水费", "水费账单"), *documents[::-1]], [*[("公共", "供水")] * 2, *paths[::-1]]
    )
    for code, node in tree.nodes.items():
        assert node.weights_.tobytes() == other.nodes[code].weights_.tobytes()
        assert node.temperature_ == other.nodes[code].temperature_


def test_one_level1_topic_is_refused():
    documents, _ = texts()
    with pytest.raises(TooFewExamples, match="至少需要 2 个类别"):
        TopicTree().fit(documents, [("公共",)] * len(documents))


def test_unseen_words_are_told(tree):
    said = answer(tree, [("暖气不热", "室内温度低"), ("龘龘靐靐", "齉齉爩爩")])
    assert said["unseen_share"][1] == 1
    assert said["unseen_share"][0] < 0.5
