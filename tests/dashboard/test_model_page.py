"""模型: the card of the model in force, what was used when, and nothing where there is no model."""

from contextlib import closing

import duckdb
from page_words import words

from hotline12345.sql.publish import current_snapshot
from hotline12345.sql.reads import Reader


def test_the_card_of_the_model_in_force(show, published):
    said = words(show("model", published))
    for part in (
        "现用模型 m1，2026-03-29 13:05 训练",
        "工单创建时间：2026年1月19日至2026年3月28日",
        "91.3%（95% 区间 90.0% 至 92.5%）",
        "没有可以比较的上一模型",
        "不用于评价个人",
        "至少由 5 个不同的诉求人用过",
    ):
        assert part in said


def test_topics_have_todays_names_and_every_model_is_listed(show, published):
    said = words(show("model", published))
    assert "公共服务" in said
    assert "住房" in said
    assert "用过的模型" in said
    assert "新类别建议" in said, "the model's health stands on the page"
    reader = Reader(published, current_snapshot(published))
    row = reader.models().row(0, named=True)
    scored = reader.order_topic("D0006")  # only to be sure that the model behind an answer is known
    reader.close()
    assert (row["macro_f1"], row["train_count"], row["test_count"], row["correction_count"]) == (0.9125, 1000, 250, 17)
    assert row["scored_count"] == 96
    assert scored["model_id"].to_list() == ["m1"]


def test_without_a_model_the_page_says_how_one_comes(show, own):
    with closing(duckdb.connect(str(current_snapshot(own).path))) as snapshot:
        snapshot.execute("delete from landed.topic_models")
    said = words(show("model", own))
    assert "还没有分类模型" in said
    assert "200 条不同文本" in said
