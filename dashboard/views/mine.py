"""我的街镇: how one unit stands, what it has to do next, and its own orders, section by section. Usable on a phone."""

from collections.abc import Callable

import polars as pl
import streamlit as st

from hotline12345.dashboard import components, labels, street_data
from hotline12345.dashboard.street_data import Own
from hotline12345.dashboard.street_words import page_title
from hotline12345.dashboard.views import (
    mine_again,
    mine_appeals,
    mine_calls,
    mine_cards,
    mine_changes,
    mine_due,
    mine_lost,
    mine_parts,
    mine_places,
    mine_tiles,
)
from hotline12345.dashboard.views.mine_parts import Mine
from hotline12345.dashboard.views.scope import Scope, heading, unit_picker

SECTIONS: dict[str, Callable[[Mine], None]] = {
    mine_parts.DUE: mine_due.render,
    mine_parts.LOST: mine_lost.render,
    mine_parts.CALLS: mine_calls.render,
    mine_parts.AGAIN: mine_again.render,
    mine_parts.PLACES: mine_places.render,
    mine_parts.CHANGED: mine_changes.render,
    mine_parts.APPEALS: mine_appeals.render,
}


def render(scope: Scope) -> None:
    """The page."""
    is_trade = scope.viewer.rows.by == "trade"
    units = labels.in_group_order(street_data.units(scope.viewer, scope.snapshot))
    if not scope.period or units.is_empty():
        components.heading(page_title(None, is_trade), "已发布的数据里还没有可以列出的工单。")
        components.empty("请先导入工单表；账号没有登记单位的，请联系管理员登记。")
        return
    unit_id = _unit(scope, units)
    unit = units.row(by_predicate=pl.col("unit_id") == unit_id, named=True) if unit_id else None
    heading(
        scope,
        page_title(unit["unit_group"] if unit else None, is_trade),
        _lead(scope, unit["unit_name"] if unit else ""),
    )
    if units.height > 1:
        with st.columns([1, 2.4])[0]:
            unit_picker(units, "单位", "选一个单位" if scope.viewer.units is None else units["unit_name"][0])
    if unit is None:
        components.empty("请在上面选一个单位。")
        return
    mine = Mine(
        scope,
        Own(scope.viewer, scope.snapshot, unit["unit_id"], "trade" if is_trade else scope.rule["unit_role"]),
        unit["unit_name"],
        _figures(scope, unit["unit_id"], is_trade),
    )
    mine_cards.render(mine, is_trade)
    mine_tiles.render(mine)
    _section(mine)


def _unit(scope: Scope, units: pl.DataFrame) -> str | None:
    """The unit that the selector or the URL names; a viewer of some units begins with the first."""
    names = dict(units.select("unit_name", "unit_id").iter_rows())
    for found in (st.session_state.get("unit"), names.get(st.query_params.get("unit", ""))):
        if found in units["unit_id"]:
            return str(found)
    return None if scope.viewer.units is None else str(units["unit_id"][0])


def _figures(scope: Scope, unit_id: str, is_trade: bool) -> dict[str, object] | None:
    """The unit's row of the period; None where the rule scores units in another role, or there are no rates."""
    if not scope.has_rates or (is_trade and scope.rule["unit_role"] != "trade"):
        return None
    found = scope.scores.filter(pl.col("unit_id") == unit_id)
    return found.row(0, named=True) if found.height else None


def _lead(scope: Scope, unit_name: str) -> str:
    dates = labels.span(scope.period["start_at"], scope.period["end_at"])
    return "　".join(filter(None, (unit_name, f"{dates}，{labels.state(scope.period, scope.reasons)}")))


def _section(mine: Mine) -> None:
    chosen = st.segmented_control(
        "看什么",
        list(SECTIONS),
        default=mine_parts.DUE,
        required=True,
        key=mine_parts.SECTION,
        bind="query-params",
        label_visibility="collapsed",
        wrap=True,
    )
    SECTIONS[str(chosen)](mine)
