"""口径: the rule in numbered sentences, two rules compared, the definitions that the tests keep true, rules not in force."""

from pathlib import Path

import streamlit as st

from hotline12345.dashboard import components, data, rule_words
from hotline12345.dashboard.views.scope import EXAMPLES, Scope, heading
from hotline12345.sql.rules import Rule

DEFINITIONS = Path(__file__).parents[1] / "metric_definitions.md"
TABS = ("规则逐条", "两个规则比较", EXAMPLES, "备用规则（未启用）")


def render(scope: Scope) -> None:
    """The page."""
    heading(scope, "口径", "三率怎样计算：规则的每一条、规则之间的不同、每个指标的定义和算例。")
    known = data.every_rule(scope.viewer, scope.snapshot)
    text, compared, defined, spare = st.tabs(TABS, key="rules_part", bind="query-params")
    with text:
        _sentences(scope, known[scope.rule_id])
    with compared:
        _compared(scope, known)
    with defined:
        st.markdown(definitions())
    with spare:
        _spare(scope, known)


def definitions() -> str:
    """The generated definitions without the mark of the generator."""
    return DEFINITIONS.read_text(encoding="utf-8").partition("-->")[2].replace("\n# ", "\n## ", 1)


def _sentences(scope: Scope, rule: Rule) -> None:
    components.section(rule.name)
    status = rule_words.clause(rule, "source").text
    st.caption(f"编号 {rule.id}；{status}。规则用于发布后不再改动，改动须另立新编号。")
    components.text_block([(f"{one.ordinal} {one.title}", f"{one.text}。") for one in rule_words.clauses(rule)])


def _compared(scope: Scope, known: dict[str, Rule]) -> None:
    first, second = st.columns(2)
    identifiers = list(known)
    with first:
        before = st.selectbox(
            "原规则",
            identifiers,
            identifiers.index(scope.rule_id),
            format_func=lambda each: known[each].name,
            key="rule_before",
            bind="query-params",
        )
    with second:
        others = [each for each in identifiers if each != before]
        if not others:
            components.empty("只有一个规则，没有可比的。")
            return
        after = st.selectbox(
            "新规则", others, 0, format_func=lambda each: known[each].name, key="rule_after", bind="query-params"
        )
    lines = rule_words.differences(known[str(before)], known[str(after)])
    if not lines:
        components.empty("两个规则的算法相同，没有一条不同。")
        return
    components.section(f"有 {len(lines)} 条不同")
    components.text_block([(head, f"{rest}") for head, _, rest in (line.partition("。") for line in lines)])


def _spare(scope: Scope, known: dict[str, Rule]) -> None:
    in_force = set(scope.rules["rule_id"])
    spare = [rule for rule in known.values() if rule.id not in in_force]
    st.caption(
        "下列规则随软件附带或放在配置目录，未启用，不参与任何数字；可以在“两个规则比较”里与启用的规则对照。"
        "启用须由信息技术人员放入配置目录并重新发布。"
    )
    if not spare:
        components.empty("没有备用规则。")
    for rule in spare:
        with st.expander(f"{rule.name}（未启用）"):
            st.caption(f"编号 {rule.id}；{rule_words.clause(rule, 'source').text}")
            components.text_block([(f"{one.ordinal} {one.title}", f"{one.text}。") for one in rule_words.clauses(rule)])
