"""The model card says what the manifest says, in words that an analyst reads, by today's names."""

import pytest
from made_model import compared, manifest

from hotline12345.dashboard.model_card import Section, card, heading, markdown, summary, verdict

NAMES = {"T1": "公共服务", "T2": "住房", "T9": "水务"}


def sections(**changes: object) -> dict[str, Section]:
    return {section.title: section for section in card(manifest(**changes), NAMES)}


def said(title: str, **changes: object) -> str:
    return "\n".join(sections(**changes)[title].lines)


def test_the_sections_of_a_card():
    assert list(sections()) == [
        *("训练数据", "总体指标", "各类指标", "最容易混淆的分类", "把握与校准", "与上一模型的比较", "局限", "隐私"),
        "怎样训练",
    ]


def test_data_period_and_hold_out():
    lines = said("训练数据")
    for part in (
        "2026年1月19日至2026年3月28日",
        "一级分类 2 类",
        "1,000 条",
        "人工复核 17 条",
        "留出 250 条",
        "水务（4 条）",
    ):
        assert part in lines
    assert "工单创建时间" not in said("训练数据", period=[None, None])
    assert "没有单独学习" not in said("训练数据", left_out={})
    assert "等 12 类" in said("训练数据", left_out={f"T1{number:02d}": 3 for number in range(12)})


def test_figures_come_with_their_intervals_and_of_what_they_are():
    lines = said("总体指标")
    assert "91.3%（95% 区间 90.0% 至 92.5%）" in lines
    assert "93.0%，共 250 条" in lines
    assert "二级分类准确率：81.0%" in lines
    assert "三级" not in lines, "nothing of level 3 was judged"


def test_classes_and_confusions_by_todays_names():
    table = sections()["各类指标"].table
    assert table.row(0, named=True) == {
        "topic_name": "住房",
        "train_count": 520,
        "support": 130,
        "precision": 0.87,
        "recall": 0.89,
        "f1": 0.88,
    }
    assert sections()["最容易混淆的分类"].table.rows() == [("住房", "公共服务", 9), ("公共服务", "住房", 6)]


def test_calibration_says_what_a_probability_is_worth():
    lines = said("把握与校准")
    for part in ("2.1%（95% 区间 1.2% 至 3.4%）", "不低于 75.0%", "占留出工单的 80.0%", "低于 40.0%", "低于 50.0%"):
        assert part in lines
    metrics = {**manifest()["metrics"], "sure_probability": None, "sure_share": 0.0}
    assert "没有一个把握值" in said("把握与校准", metrics=metrics)


def test_the_first_model_was_compared_with_none():
    assert verdict(manifest(), NAMES) == ("没有可以比较的上一模型，训练后直接启用。",)
    assert sections()["与上一模型的比较"].table is None


def test_a_challenger_that_is_not_worse():
    figures, end = verdict(manifest(compared=compared()), NAMES)
    assert "由 90.0%（模型 m0）变为 91.3%，相差 +1.3 个百分点，95% 区间 -0.5 个百分点 至 +3.0 个百分点" in figures
    assert end == "不比上一模型差，予以启用。"
    assert sections(compared=compared())["与上一模型的比较"].table["f1_difference"].to_list() == [
        "+2.0 个百分点",
        "+1.0 个百分点",
    ]


def test_a_refusal_names_the_class_and_by_how_much():
    _, refused, reason = verdict(manifest(compared=compared(False)), NAMES)
    assert refused == "比上一模型差，没有启用："
    assert reason == "“住房”明显变差：F1 由 90.0% 变为 75.0%（130 条，相差 -15.0 个百分点）。"
    overall = compared(False, interval=[-0.1, -0.01], classes=[])
    assert verdict(manifest(compared=overall), NAMES)[2].startswith("总体变差")


def test_limits_and_privacy_are_said():
    assert "不用于评价个人" in said("局限")
    for part in ("8,123 个", "至少由 5 个不同的诉求人", "至少出现在 2 条", "人名和数字不进入词表"):
        assert part in said("隐私")


@pytest.mark.parametrize("changes", [{}, {"compared": compared(False)}])
def test_the_card_as_markdown(changes):
    text = markdown(manifest(**changes), NAMES)
    assert text.startswith("# 诉求分类模型说明书\n\n模型 m1（2026-03-29 13:05 训练）。宏平均 F1 91.3%")
    assert (
        "| 问题分类 | 训练条数 | 样本数 | 精确率 | 召回率 | F1 |\n|---|---|---|---|---|---|\n| 住房 | 520 | 130 |"
        in text
    )
    assert text.count("\n## ") == 9
    assert "None" not in text
    assert text.endswith("。\n")


def test_heading_and_summary():
    assert heading(manifest()) == "模型 m1（2026-03-29 13:05 训练）"
    assert "训练 1,000 条，留出评估 250 条" in summary(manifest())
