"""What a page looks at: who looks, which snapshot, which rule and period. Kept in the URL, so that a link reopens it."""

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import Any
from urllib.parse import urlencode

import polars as pl
import streamlit as st

from hotline12345.dashboard import components, data, labels, rate_data
from hotline12345.dashboard.access import Viewer
from hotline12345.dashboard.comparisons import default_period
from hotline12345.dashboard.how_counted import how_counted
from hotline12345.sql.publish import Snapshot
from hotline12345.sql.rules import Rule

UNIT, PERIOD, RULE = "unit", "period", "rule"
EXAMPLES = "指标定义与算例"  # the part of the page 口径 with worked examples


@dataclass(frozen=True)
class Scope:
    """One rerun's view of the data: a viewer, one snapshot and its facts, a rule, the chosen period.

    `rule` and `period` are rows of landed.rules and mart_periods; `period` is empty where no order falls into one.
    """

    viewer: Viewer
    snapshot: Snapshot
    facts: dict[str, Any]
    rules: pl.DataFrame
    rule: dict[str, Any]
    periods: pl.DataFrame
    period: dict[str, Any]

    @property
    def rule_id(self) -> str:
        """The chosen rule."""
        return str(self.rule["rule_id"])

    @property
    def period_id(self) -> str:
        """The chosen period; only where there is one."""
        return str(self.period["period_id"])

    @property
    def has_rates(self) -> bool:
        """Whether any file brought callbacks; without them there are no rates."""
        return bool(self.facts["has_callback"])

    @property
    def lacks_callbacks(self) -> bool:
        """Whether no order of the period has the callback columns that the rule scores by."""
        reasons = self.reasons
        return "no_callback_column" in reasons and not any(labels.callbacks(reasons))

    @property
    def reasons(self) -> dict[str, int]:
        """Orders of the chosen period by reason code."""
        if not self.period:
            return {}
        return rate_data.reasons(self.viewer, self.snapshot, self.rule_id, self.period_id)

    @property
    def scores(self) -> pl.DataFrame:
        """Every unit's figures of the chosen period, groups in their order; grain unit_id."""
        return labels.in_group_order(rate_data.unit_scores(self.viewer, self.snapshot, self.rule_id, self.period_id))

    @property
    def own_scores(self) -> pl.DataFrame:
        """Those of the viewer's units only; all for a viewer of all."""
        units = self.viewer.units
        return self.scores if units is None else self.scores.filter(pl.col("unit_id").is_in(list(units)))

    @property
    def official(self) -> pl.DataFrame:
        """The official rank and score of each unit; empty where no table was loaded for the period."""
        return rate_data.official_ranks(self.viewer, self.snapshot, self.rule_id, self.period_id)

    @property
    def ground(self) -> list[str]:
        """What every figure of the page stands on."""
        return components.ground(self.facts, self.rule, self.period, self.reasons)

    @property
    def rule_text(self) -> Rule:
        """The chosen rule as its sentences are made of."""
        return data.published_rules(self.viewer, self.snapshot)[self.rule_id]

    def link(self, page: str, **more: str) -> str:
        """The address of another page on the same rule and period, with more parameters as its selectors write them."""
        kept = {RULE: self.rule["rule_name"], PERIOD: labels.period(self.period_id)}
        return f"{page}?{urlencode(kept | more)}"


def open_scope(viewer: Viewer, snapshot: Snapshot) -> Scope:
    """The scope of this rerun: the rule of the URL or the first, the period of the URL or the newest with callbacks."""
    _hold()
    rules = data.rules(viewer, snapshot)
    rows = {row["rule_id"]: row for row in rules.iter_rows(named=True)}
    named = {row["rule_name"]: row["rule_id"] for row in rows.values()}
    rule = rows[_chosen(RULE, rows, named) or rules["rule_id"][0]]
    periods = data.periods(viewer, snapshot, rule["rule_id"])
    facts = data.overview(viewer, snapshot)
    return Scope(viewer, snapshot, facts, rules, rule, periods, _period(periods))


def _hold() -> None:
    """Hold what was chosen over a change of page: without this the selectors forget what a link chose at the first one."""
    for key in (RULE, PERIOD):
        if key in st.session_state and key not in st.query_params:
            st.session_state[key] = st.session_state[key]


def pickers(scope: Scope) -> None:
    """The selectors of rule and period; their values live in the URL and hold on every page."""
    names = dict(scope.rules.select("rule_id", "rule_name").iter_rows())
    rules, periods, how = st.columns([2.6, 1.3, 0.95], vertical_alignment="bottom")
    with rules:
        st.selectbox(
            "考核规则",
            list(names),
            index=0,
            format_func=names.__getitem__,
            key=RULE,
            bind="query-params",
            help="已启用的规则；同一批工单换一个规则，数字会不同。每个规则的逐条说明见“口径”页。",
        )
    with periods:
        period_picker(scope)
    with how:
        how_counted_button(scope)


def how_counted_button(scope: Scope) -> None:
    """How each figure of the page is counted under the chosen rule, on a click; for who has 口径, the way to worked examples."""
    with st.popover("怎么算的", icon=":material/calculate:", type="tertiary"):
        components.text_block(how_counted(scope.rule_text))
        if "rules" in scope.viewer.pages:
            address = scope.link("rules", rules_part=EXAMPLES)
            st.html(f'<a href="{escape(address)}" target="_self">口径页：指标定义与算例</a>')


def period_picker(scope: Scope) -> None:
    """The selector of the period; its value lives in the URL and holds on every page."""
    identifiers = scope.periods["period_id"].to_list()
    st.selectbox(
        "考核周期",
        identifiers,
        index=identifiers.index(default_period(scope.periods)),
        format_func=labels.period,
        key=PERIOD,
        bind="query-params",
        help="名称按规则所定。默认打开有效回访达到最低数量的最近一期。",
    )


def heading(scope: Scope, title: str, lead: str) -> None:
    """A page's title beside the selectors of rule and period, on a narrow screen above them."""
    left, right = st.columns([1.1, 1], vertical_alignment="bottom")
    with left:
        components.heading(title, lead)
    with right, st.container(key="pickers"):
        pickers(scope)
    if scope.lacks_callbacks:
        components.empty(
            "这一期的工单都没有本规则所用的回访列（见“口径”页第六条），没有三率。请换一个规则，或导入带这些列的导出表。"
        )


def unit_picker(units: pl.DataFrame, title: str, everything: str) -> str | None:
    """The selector of a unit (grain unit_id with unit_name); None stands for all of them."""
    names = dict(zip(units["unit_id"], units["unit_name"], strict=True))
    chosen: str | None = st.selectbox(
        title,
        list(names),
        index=0 if len(names) == 1 else None,
        format_func=names.__getitem__,
        key=UNIT,
        bind="query-params",
        placeholder=everything,
    )
    return chosen


def _period(periods: pl.DataFrame) -> dict[str, Any]:
    """The period that the selector holds, else the one that the URL names as the selector writes it, else the default."""
    if periods.is_empty():
        return {}
    rows = {row["period_id"]: row for row in periods.iter_rows(named=True)}
    named = {labels.period(period_id): period_id for period_id in rows}
    return rows[_chosen(PERIOD, rows, named) or default_period(periods)]


def _chosen(key: str, known: Mapping[str, Any], named: Mapping[str, str]) -> str | None:
    """What a selector holds, else what the URL names; a value that is not known counts as none."""
    for found in (st.session_state.get(key), named.get(st.query_params.get(key, ""))):
        if found in known:
            return str(found)
    return None
