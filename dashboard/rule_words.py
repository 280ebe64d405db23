"""A rule in numbered Chinese sentences, two rules compared, and the sentence that a reason in the ledger rests on.

Every rule has the same clauses in the same order, so that 第八条 means the same thing in each of them.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from hotline12345.dashboard import labels
from hotline12345.sql.rule_layout import (
    ANSWERS,
    BASES,
    CALLBACK_INDICATORS,
    CLOCKS,
    INDICATORS,
    REPEATS,
    SOURCES,
    STATUSES,
    UNIT_ROLES,
)
from hotline12345.sql.rules import Rule

NUMERALS = (*"一二三四五六七八九十", "十一", "十二", "十三", "十四", "十五", "十六", "十七")
CLAUSE_OF_REASON = {
    "order_type_out_of_scope": "scope",
    "not_assessed": "scope",
    "no_callback_column": "callback",
    "no_answer_column": "callback",
    "callback_awaited": "denominators",
    "callback_not_valid": "denominators",
    "unreached": "denominators",
    "unreached_left_out": "denominators",
    "not_answered": "denominators",
    "excluded": "excluded",
    "suspended": "suspended",
    "response_only": "response_only",
    "repeat_of_case": "repeats",
    "counted": "answers",
}
_ROLE_RULE = {
    "undertaker": "谁承办，计在谁名下",
    "place": "反映的是哪个街乡镇的事，计在哪个街乡镇名下，不论由谁承办",
    "trade": "归哪个行业部门管，计在哪个部门名下",
}
_ROUND_RULE = {
    "latest": "有多次答复时取最新一次",
    "first": "取首次答复；没有首次一栏的，用导出表的答复",
    "final": "取最终答复；没有最终一栏的，用导出表的答复",
}


@dataclass(frozen=True)
class Clause:
    """One clause: its key (the same in every rule), its number from 1, a heading and what it says."""

    key: str
    number: int
    title: str
    text: str

    @property
    def sentence(self) -> str:
        """`第八条 重复诉求：每件都计。`."""
        return f"{self.ordinal} {self.title}：{self.text}。"

    @property
    def ordinal(self) -> str:
        """`第八条`."""
        return f"第{NUMERALS[self.number - 1]}条"


def clauses(rule: Rule) -> list[Clause]:
    """What a rule says, clause by clause; always the same keys in the same order."""
    return [Clause(key, number, title, say(rule)) for number, (key, title, say) in enumerate(_CLAUSES, 1)]


def clause(rule: Rule, key: str) -> Clause:
    """One clause by its key."""
    return next(one for one in clauses(rule) if one.key == key)


def clause_of_reason(rule: Rule, reason_code: str) -> Clause:
    """The clause on which a reason of the ledger rests, for an order as a whole or for one of its rates."""
    return clause(rule, CLAUSE_OF_REASON[reason_code])


def differences(before: Rule, after: Rule) -> list[str]:
    """What changes for a reader when `after` takes the place of `before`, without 出处; empty when nothing does."""
    pairs = zip(clauses(before), clauses(after), strict=True)
    return [_difference(old, new) for old, new in pairs if old.text != new.text and old.key != "source"]


def _difference(old: Clause, new: Clause) -> str:
    """Only what the two do not share is told."""
    before, after = old.text.split("；"), new.text.split("；")
    gone, come = (part for part in before if part not in after), (part for part in after if part not in before)
    told = f"原来：{'；'.join(gone) or '没有这一项'}。改为：{'；'.join(come) or '没有这一项'}。"
    return f"{old.ordinal} {old.title}。{told}{_EFFECTS[old.key]}"


def _validity(rule: Rule) -> str:
    start = labels.day(rule.valid_from)
    return f"{start}起、{labels.day(rule.valid_to)}前开始的周期" if rule.valid_to else f"{start}起开始的周期"


def _period(rule: Rule) -> str:
    if rule.period_length == "year":
        return "每个自然年为一期，1月1日0时起，12月31日24时止"
    if (rule.start_day, rule.start_hour) == (1, 0):
        return "每个自然月为一期，1日0时起，月末24时止"
    moment = datetime(2026, 2, rule.start_day, rule.start_hour)
    (example,) = replace(rule, valid_from=moment.date(), valid_to=None).periods(moment, moment)
    named = "结束" if rule.period_label == "end" else "开始"
    window = f"每月{rule.start_day}日{rule.start_hour}时起，至下月{rule.start_day}日{rule.start_hour}时前，为一期"
    shown = f"{labels.period_name(example.period_id)}为{labels.span(example.start_at, example.end_at)}"
    return f"{window}，以{named}的月份命名，如{shown}"


def _clock(rule: Rule) -> str:
    missing = "" if rule.clock == "created" else f"；还没有{CLOCKS[rule.clock]}的工单暂不归入任何一期"
    return f"工单按{CLOCKS[rule.clock]}归入周期{missing}"


def _scope(rule: Rule) -> str:
    only = f"只考核{_list(rule.assessed_order_types)}" if rule.assessed_order_types else ""
    but = f"{_list(rule.excluded_order_types)}不考核" if rule.excluded_order_types else ""
    types = "；".join(filter(None, [only, but])) or "各类工单都考核"
    return f"{types}；导出表注明不纳入考核的工单不计入三率"


def _unit_role(rule: Rule) -> str:
    return f"按{UNIT_ROLES[rule.unit_role]}计分：{_ROLE_RULE[rule.unit_role]}；一件工单只计在一个单位名下"


def _callback(rule: Rule) -> str:
    if rule.answer_source == "unit":
        return "以承办单位自评（是否联系、是否解决、是否满意）计分，已办结的工单视同有效回访；这不是回访结果"
    return (
        f"以{SOURCES[rule.answer_source]}计分，{_ROUND_RULE[rule.answer_round]}；导出表没有这一栏的指标不适用，不按零计"
    )


def _denominators(rule: Rule) -> str:
    says = {
        "valid": "分母为有效回访的工单，答复空白的在分母内、分子计 0",
        "assessed": "分母为有效回访和未联系上诉求人的工单，未联系上的分子计 0",
        "answered": "分母为有效回访中答了这一项的工单，没有答复（空白、未评价、无法回访、无人接听）的不计",
    }
    by_base = {
        base: [INDICATORS[name] for name in CALLBACK_INDICATORS if rule.denominators[name] == base] for base in BASES
    }
    parts = [f"{_list(names)}的{says[base]}" for base, names in by_base.items() if names]
    late = "；按期办结率的分母为已办结且有时限的工单" if "on_time" in _scored(rule) else ""
    return "；".join(parts) + f"；还没有回访的工单等待回访，不进分母{late}"


def _excluded(rule: Rule) -> str:
    if not rule.exclusions_apply:
        return "剔除的工单也计入三率（全口径）"
    kinds = f"只有{_list(rule.exclusion_kinds)}的剔除" if rule.exclusion_kinds else "剔除的工单"
    return f"{kinds}不进分子和分母，仍计入受理量"


def _suspended(rule: Rule) -> str:
    return "挂账的工单暂不计入三率，销账后再计" if rule.suspensions_apply else "挂账的工单照常计入三率"


def _response_only(rule: Rule) -> str:
    groups = f"，以及{_list(rule.response_only_groups)}类单位的全部工单" if rule.response_only_groups else ""
    return f"注明“只评价响应率”的工单{groups}，只进响应率的分母"


def _repeats(rule: Rule) -> str:
    if rule.repeat_policy == "each":
        return "重复诉求每件都计"
    return f"同一期内同一单位名下案件编号相同的工单，{REPEATS[rule.repeat_policy].removeprefix('同一案件')}；没有案件编号的各计各的"


def _answers(rule: Rule) -> str:
    parts = []
    for indicator, values in rule.answers.items():
        counted = "、".join(f"“{answer}”计 {value / 1000:g}" for answer, value in _by_value(indicator, values) if value)
        parts.append(f"{INDICATORS[indicator]}的分子：{counted}，其余计 0")
    return "；".join(parts)


def _score(rule: Rule) -> str:
    if rule.score_method == "deduction":
        parts = [
            f"{INDICATORS[name]}低于 {target / 10:g}% 的，每低 1 个百分点扣 {points / 1000:g} 分"
            for name, (target, points) in rule.deductions.items()
        ]
        return "综合成绩从 100 分起扣：" + "；".join(parts) + "；不适用的指标不扣分，最低 0 分"
    weights = " + ".join(f"{weight / 10:g}%×{INDICATORS[name]}" for name, weight in rule.weights.items() if weight)
    missing = "其权重按比例分给其余各项" if rule.renormalise else "不计算综合成绩"
    return f"综合成绩 = 100×（{weights}）；某项不适用时，{missing}"


def _ranking(rule: Rule) -> str:
    return labels.ranking(rule.score_decimals, rule.tie_break, rule.minimum_for_rank)


def _summary(rule: Rule) -> str:
    if rule.summary_method == "pooled":
        return "汇总行把同类单位的工单合在一起计算"
    return "汇总行为同类单位各率的算术平均，不按工单数加权"


def _source(rule: Rule) -> str:
    return f"地位为{STATUSES[rule.status]}；出处：{rule.source}"


def _opening(rule: Rule) -> str:
    return f"页面默认打开有效回访达到 {rule.minimum_valid:,} 件的最新一期"


_CLAUSES: tuple[tuple[str, str, Callable[[Rule], str]], ...] = (
    ("validity", "适用", _validity),
    ("period", "考核周期", _period),
    ("clock", "归期", _clock),
    ("scope", "考核范围", _scope),
    ("unit_role", "计分单位", _unit_role),
    ("callback", "以谁为准", _callback),
    ("denominators", "分母", _denominators),
    ("excluded", "剔除", _excluded),
    ("suspended", "挂账", _suspended),
    ("response_only", "只评价响应率", _response_only),
    ("repeats", "重复诉求", _repeats),
    ("answers", "分子", _answers),
    ("score", "综合成绩", _score),
    ("ranking", "排名", _ranking),
    ("summary", "汇总", _summary),
    ("opening", "默认周期", _opening),
    ("source", "地位与出处", _source),
)
_EFFECTS = {
    "validity": "适用的周期不同。",
    "period": "两个规则的同名周期起止不同，不是同一批工单，不能直接比较。",
    "clock": "一部分工单会归入另一期。",
    "scope": "考核的工单类型变了，分母会增减。",
    "unit_role": "同一件工单会计在另一个单位名下，两边的单位不能逐一对比。",
    "callback": "同一件工单可能按另一份答复计分。",
    "denominators": "同样的工单，分母的件数会变。",
    "excluded": "剔除的工单是否在分母内会变。",
    "suspended": "挂账的工单是否在分母内会变。",
    "response_only": "这些工单是否进解决率、满意率的分母会变。",
    "repeats": "同一案件的几件工单计几次会变。",
    "answers": "同样的答复，分子会变，分母不变。",
    "score": "各率不变，综合成绩和位次会变。",
    "ranking": "分数相近的单位，位次可能变。",
    "summary": "只影响汇总行，各单位的数不变。",
    "opening": "只影响页面默认打开哪一期。",
}


def _scored(rule: Rule) -> set[str]:
    """The indicators that the score is made of."""
    return set(rule.deductions) | {name for name, weight in rule.weights.items() if weight}


def _by_value(indicator: str, values: Mapping[str, int]) -> list[tuple[str, int]]:
    return sorted(values.items(), key=lambda item: (-item[1], ANSWERS[indicator].index(item[0])))


def _list(names: Iterable[str]) -> str:
    return "、".join(names)
