"""What a page looks at: who looks, which snapshot, which rule and period. Kept in the URL, so that a link reopens it."""

from dataclasses import dataclass
from typing import Any

import polars as pl
import streamlit as st

from hotline12345.dashboard import data, labels
from hotline12345.dashboard.access import Viewer
from hotline12345.dashboard.comparisons import default_period
from hotline12345.sql.publish import Snapshot

UNIT, PERIOD = "unit", "period"


@dataclass(frozen=True)
class Scope:
    """One rerun's view of the data: a viewer, one snapshot and its facts, a rule, the chosen period.

    `rule` and `period` are rows of landed.rules and mart_periods; `period` is empty where no order falls into one.
    """

    viewer: Viewer
    snapshot: Snapshot
    facts: dict[str, Any]
    rule: dict[str, Any]
    periods: pl.DataFrame
    period: dict[str, Any]

    @property
    def has_rates(self) -> bool:
        """Whether any file brought callbacks; without them there are no rates."""
        return bool(self.facts["has_callback"])

    @property
    def reasons(self) -> dict[str, int]:
        """Orders of the chosen period by reason code."""
        if not self.period:
            return {}
        return data.reasons(self.viewer, self.snapshot, self.rule["rule_id"], self.period["period_id"])


def open_scope(viewer: Viewer, snapshot: Snapshot) -> Scope:
    """The scope of this rerun: the first rule, the period of the URL or the newest with enough valid callbacks."""
    rule = data.rules(viewer, snapshot).row(0, named=True)
    periods = data.periods(viewer, snapshot, rule["rule_id"])
    return Scope(viewer, snapshot, data.overview(viewer, snapshot), rule, periods, _chosen(periods))


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
        help="以结束月份命名。默认打开有效回访达到最低数量的最近一期。",
    )


def unit_picker(units: pl.DataFrame, title: str, everything: str) -> str | None:
    """The selector of a unit (grain unit_id with unit_name); None stands for all of them."""
    names = dict(zip(units["unit_id"], units["unit_name"], strict=True))
    chosen: str | None = st.selectbox(
        title,
        list(names),
        index=None,
        format_func=names.__getitem__,
        key=UNIT,
        bind="query-params",
        placeholder=everything,
    )
    return chosen


def _chosen(periods: pl.DataFrame) -> dict[str, Any]:
    """The period that the selector holds, else the one that the URL names as the selector writes it, else the default."""
    if periods.is_empty():
        return {}
    rows = {row["period_id"]: row for row in periods.iter_rows(named=True)}
    in_url = {labels.period(period_id): period_id for period_id in rows}.get(st.query_params.get(PERIOD, ""))
    for period_id in (st.session_state.get(PERIOD), in_url):
        if period_id in rows:
            return rows[period_id]
    return rows[default_period(periods)]
