"""A rule in words: the same clauses for each, every choice told, differences only where the rules differ."""

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from hotline12345.dashboard import labels
from hotline12345.dashboard.rule_words import (
    CLAUSE_OF_REASON,
    clause,
    clause_of_reason,
    clauses,
    differences,
)
from hotline12345.sql.rules import EXAMPLES, Rule, load_rule

RULES = [load_rule(path) for path in sorted(EXAMPLES.rglob("*.toml"))]
EXAMPLE = next(rule for rule in RULES if rule.id == "example-10-50-40")
# field → another value, the clause it is told in, and a part of what is told
CHANGES: Mapping[str, tuple[Any, str, str]] = {
    "valid_from": (date(2026, 6, 19), "validity", "2026年6月19日起开始的周期"),
    "valid_to": (date(2026, 6, 19), "validity", "2019年1月1日起、2026年6月19日前开始的周期"),
    "minimum_valid": (20, "opening", "20 件"),
    "minimum_for_rank": (10, "ranking", "有效回访不足 10 件的单位只列分数、不排名"),
    "unit_role": ("trade", "unit_role", "归属行业部门"),
    "clock": ("closed", "clock", "按办结时间"),
    "answer_source": ("unit", "callback", "这不是回访结果"),
    "answer_round": ("first", "callback", "取首次答复"),
    "denominators": (
        {"response": "valid", "resolution": "assessed", "satisfaction": "answered"},
        "denominators",
        "解决率的分母为有效回访和未联系上诉求人的工单",
    ),
    "excluded_order_types": ((), "scope", "各类工单都考核"),
    "assessed_order_types": (("投诉",), "scope", "只考核投诉"),
    "exclusion_kinds": (("不属于本区",), "excluded", "只有不属于本区的剔除"),
    "response_only_groups": (("国企",), "response_only", "国企类单位"),
    "exclusions_apply": (False, "excluded", "全口径"),
    "suspensions_apply": (False, "suspended", "照常计入"),
    "repeat_policy": ("first_per_case", "repeats", "只计最早一件；没有案件编号的各计各的"),
    "weights": (
        {"response": 0, "resolution": 500, "satisfaction": 400, "on_time": 100},
        "score",
        "50%×解决率 + 40%×满意率 + 10%×按期办结率",
    ),
    "renormalise": (False, "score", "不计算综合成绩"),
    "answers": ({"resolution": {"解决": 1000}, "satisfaction": {"5星": 1000}}, "answers", "“5星”计 1，其余计 0"),
    "score_decimals": (2, "ranking", "2 位小数"),
    "tie_break": ("shared", "ranking", "同分时并列"),
    "summary_method": ("pooled", "summary", "合在一起"),
    "start_day": (1, "period", "每个自然月"),
    "start_hour": (12, "period", "2026年3月期为2026年2月19日12时至3月19日12时前"),
    "period_label": ("start", "period", "如2026年2月期为2026年2月19日至3月18日"),
}
UNSAID = {"id", "name"}  # printed as the heading
TOGETHER = {"score_method", "deductions", "period_length"}  # change with others; tested below


def test_every_field_of_a_rule_is_told() -> None:
    fields = set(Rule.__dataclass_fields__)
    assert set(CHANGES) == fields - UNSAID - TOGETHER - {"status", "source"}


@pytest.mark.parametrize("field", CHANGES)
def test_a_change_is_told_in_its_clause_and_nowhere_else(field: str) -> None:
    value, key, told = CHANGES[field]
    other = replace(EXAMPLE, **{field: value})
    assert told in clause(other, key).text
    assert {one.key for one, was in zip(clauses(other), clauses(EXAMPLE), strict=True) if one.text != was.text} <= {
        key,
        *({"denominators"} if field == "weights" else ()),
    }
    lines = differences(EXAMPLE, other)
    assert any(told in line and line.startswith(clause(other, key).ordinal) for line in lines)


def test_deductions_and_years_in_words() -> None:
    deductions = next(rule for rule in RULES if rule.score_method == "deduction")
    assert "按期办结率低于 100% 的，每低 1 个百分点扣 0.5 分；解决率低于 85% 的" in clause(deductions, "score").text
    assert "按期办结率的分母为已办结且有时限的工单" in clause(deductions, "denominators").text
    year = next(rule for rule in RULES if rule.period_length == "year")
    assert clause(year, "period").text == "每个自然年为一期，1月1日0时起，12月31日24时止"


def test_every_rule_has_the_same_clauses_in_the_same_order() -> None:
    heads = [[(one.key, one.number, one.title) for one in clauses(rule)] for rule in RULES]
    assert all(head == heads[0] for head in heads)
    assert [number for _, number, _ in heads[0]] == list(range(1, len(heads[0]) + 1))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_a_clause_is_one_chinese_sentence(rule: Rule) -> None:
    for one in clauses(rule):
        assert one.sentence.startswith(f"{one.ordinal} {one.title}：")
        assert one.sentence.count("。") == 1
        assert not re.search(r"[A-Za-z_]{3,}|None|的的", one.sentence), one.sentence


def test_two_equal_rules_do_not_differ_and_a_source_is_no_difference() -> None:
    assert differences(EXAMPLE, EXAMPLE) == []
    assert differences(EXAMPLE, replace(EXAMPLE, source="另一出处", id="other")) == []


def test_only_what_differs_is_told() -> None:
    (line,) = differences(EXAMPLE, replace(EXAMPLE, tie_break="valid"))
    assert line == (
        "第十四条 排名。原来：同分时受理量大者在前。改为：同分时有效回访多者在前。分数相近的单位，位次可能变。"
    )


def test_every_reason_has_a_label_and_a_clause() -> None:
    assert set(CLAUSE_OF_REASON) == set(labels.REASONS)
    assert clause_of_reason(EXAMPLE, "excluded").sentence == "第八条 剔除：剔除的工单不进分子和分母，仍计入受理量。"
    assert clause_of_reason(EXAMPLE, "repeat_of_case").key == "repeats"
