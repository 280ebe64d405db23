"""The filters of 民生诉求库; their values live in the URL."""

from datetime import date
from typing import Any

import polars as pl
import streamlit as st

from hotline12345.dashboard import labels, library_data
from hotline12345.dashboard.views.scope import Scope
from hotline12345.sql.search_reads import Narrowed

# field of Narrowed: the choice's kind, the selector's title, and what it says when nothing is chosen
FILTERS = {
    "unit_id": ("unit", "承办单位", "全部单位"),
    "place_id": ("place", "街乡镇（发生地）", "全部街乡镇"),
    "topic_code": ("topic", "分类", "全部分类"),
    "outcome": ("outcome", "办理情况", "全部"),
}
MONTHS = {"first_month": ("从", "最早"), "last_month": ("到", "最近")}
WIDTH = 175  # pixels: six beside each other on a desk, two on a telephone
KEYS = {name: f"library_{name.removesuffix('_id').removesuffix('_code')}" for name in (*FILTERS, *MONTHS)}


def render(scope: Scope) -> Narrowed:
    """The selectors; what they say."""
    choices = library_data.choices(scope.viewer, scope.snapshot)
    found: dict[str, Any] = {}
    months = {month.isoformat(): month for month in library_data.months(scope.viewer, scope.snapshot)}
    with st.container(horizontal=True, gap="small"):
        for name, (kind, title, every) in FILTERS.items():
            found[name] = _choice(name, choices.filter(pl.col("choice_kind") == kind), title, every)
        for name, (title, every) in MONTHS.items():
            found[name] = _month(name, months, title, every)
    return Narrowed(**found)


def values() -> dict[str, str]:
    """What the selectors hold, by the fields of Narrowed; for a search that is kept."""
    return {name: str(st.session_state[key]) for name, key in KEYS.items() if st.session_state.get(key) is not None}


def set_values(said: dict[str, str]) -> None:
    """Have the selectors hold what a kept search says; before they are drawn."""
    for name, key in KEYS.items():
        st.session_state[key] = said.get(name)


def _choice(name: str, choices: pl.DataFrame, title: str, every: str) -> str | None:
    names = dict(choices.select("choice_code", "choice_name").iter_rows())
    _drop_unknown(name, names)
    chosen: str | None = st.selectbox(
        title,
        list(names),
        index=None,
        format_func=names.__getitem__,
        key=KEYS[name],
        bind="query-params",
        placeholder=every,
        width=WIDTH,
    )
    return chosen


def _month(name: str, months: dict[str, date], title: str, every: str) -> date | None:
    _drop_unknown(name, months)
    chosen = st.selectbox(
        title,
        list(reversed(months)),
        index=None,
        format_func=lambda month: labels.month(months[month]),
        key=KEYS[name],
        bind="query-params",
        placeholder=every,
        width=WIDTH,
    )
    return months[chosen] if chosen else None


def _drop_unknown(name: str, known: dict[str, Any]) -> None:
    """What a kept search names and this snapshot or this viewer does not have counts as not chosen."""
    if st.session_state.get(KEYS[name]) not in known:
        st.session_state.pop(KEYS[name], None)
