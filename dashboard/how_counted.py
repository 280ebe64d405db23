"""怎么算的: how each figure of the pages is counted under a rule, in the rule's own clauses. Pure: rule in, words out."""

from hotline12345.dashboard.rule_words import clause
from hotline12345.sql.rules import Rule

_CLAUSES = {
    "受理量（全口径）": ("period", "clock", "unit_role"),
    "有效回访": ("callback", "scope"),
    "响应率、解决率、满意率": ("denominators", "answers", "excluded", "suspended", "response_only", "repeats"),
    "综合成绩": ("score",),
    "位次": ("ranking",),
    "汇总": ("summary",),
}
_SAME_FOR_ALL = {
    "95% 区间": "有效回访件数有限，数字带有偶然波动；真实水平有 95% 的把握在区间内。率用 Wilson 区间，成绩用各工单对成绩的影响推算。",
    "位次范围、档、暂不可区分": "同类单位两两比较成绩，差别超出偶然波动的才算有差别；不能与本档第一个单位区分的同在一档。",
    "失分": "每件工单使综合成绩减少的分数；一个单位各件相加，等于 100 减去未取整的成绩。",
    "环比、同比": "率的变化以百分点计，成绩以分计，件数以百分比计；两期都已定稿，或按同样天数时已知的数据才比，否则显示“—”。",
    "剔除+挂账": "已剔除和挂账的件数占受理量的比例；全口径的数把它们也算在内。",
}


def how_counted(rule: Rule) -> list[tuple[str, str]]:
    """Each figure with how it is counted; what a rule decides comes from its clauses, the rest is the same under all."""
    ruled = {title: "；".join(clause(rule, key).text for key in keys) for title, keys in _CLAUSES.items()}
    return [(title, text if text.endswith("。") else f"{text}。") for title, text in (ruled | _SAME_FOR_ALL).items()]
