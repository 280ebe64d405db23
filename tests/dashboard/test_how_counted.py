"""怎么算的: every figure has its words, and what the rule decides is said as the rule has it."""

from pathlib import Path

import pytest

from hotline12345.dashboard.how_counted import how_counted
from hotline12345.sql.rules import catalogue

RULES = {file.rule.id: file.rule for file in catalogue(Path("no site"))}


@pytest.mark.parametrize("rule_id", RULES)
def test_every_figure_is_explained_under_every_rule(rule_id):
    said = dict(how_counted(RULES[rule_id]))
    assert list(said)[:4] == ["受理量（全口径）", "有效回访", "响应率、解决率、满意率", "综合成绩"]
    assert {"位次", "汇总", "95% 区间", "失分", "环比、同比", "剔除+挂账"} <= set(said)
    assert all(text.endswith("。") and "。。" not in text for text in said.values())


def test_another_rule_says_other_words():
    example, thirds = (dict(how_counted(RULES[name])) for name in ("example-10-50-40", "example-30-35-35"))
    assert "10%×响应率" in example["综合成绩"]
    assert "30%×响应率" in thirds["综合成绩"]
    assert example["95% 区间"] == thirds["95% 区间"]


def test_a_page_has_the_words_of_its_rule(show, published):
    page = show("rates", published)
    texts = "".join(element.proto.body for element in page.get("html"))
    assert "10%×响应率" in texts
    assert "rules_part=" in texts
