"""What the parts of 我的街镇 share: whose page it is, and its sections in the URL."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from html import escape
from typing import Any

import polars as pl
import streamlit as st

from hotline12345.dashboard import components, labels, rate_data
from hotline12345.dashboard.street_data import Own
from hotline12345.dashboard.street_rows import SHOWN, listed_rows
from hotline12345.dashboard.street_tables import HEADINGS
from hotline12345.dashboard.street_words import WINDOWS
from hotline12345.dashboard.views import order_rows
from hotline12345.dashboard.views.scope import Scope

SECTION, BUCKET, CHANGE, APPEAL = "mine_section", "mine_due", "mine_change", "appeal_chosen"
DUE, LOST, CALLS, AGAIN = "待办", "失分工单", "多次来电", "解决后再次反映"
PLACES, CHANGED, APPEALS = "小区和村", "与昨日相比", "剔挂申诉"


@dataclass(frozen=True)
class Mine:
    """One rerun's page: the scope, whose orders, the unit's name, and its figures (None where the rule has none for it)."""

    scope: Scope
    own: Own
    unit_name: str
    row: dict[str, Any] | None


def go_to(section: str, **choices: object) -> None:
    """Show a section with what is chosen in it; for a button's callback."""
    st.session_state[SECTION] = section
    for key, value in choices.items():
        st.session_state[key] = value


def window(key: str) -> tuple[str, int]:
    """The selector of how far back a section looks: its name and its days."""
    name = st.segmented_control(
        "时间",
        list(WINDOWS),
        default="最近 90 天",
        required=True,
        key=key,
        bind="query-params",
        label_visibility="collapsed",
    )
    return str(name), WINDOWS[str(name)]


def window_note(mine: Mine, days: int) -> str:
    """From when to when a window runs."""
    own = mine.own
    return f"{labels.day(own.since(days))}至{labels.day(own.cutoff_at)}，按工单创建时间，到数据截至时间为止。"


def pick_orders(mine: Mine, shown: pl.DataFrame, order_ids: pl.Series, what: str, note: str) -> None:
    """A table of `street_tables`; a click on a row lists the orders behind it below, the newest first."""
    columns = {
        name: st.column_config.Column(HEADINGS.get(name) or labels.column(name), help=note if not place else None)
        for place, name in enumerate(shown.columns)
    }
    chosen = components.pick_row(shown, what, columns, min(38 + 35 * shown.height, 420), first=False)
    if chosen is None:
        return
    ids = order_ids[chosen].to_list()
    scope = mine.scope
    listed = rate_data.listed_orders(scope.viewer, scope.snapshot, scope.rule_id, ids[-SHOWN:])
    first = f"，列出最近的 {SHOWN} 件" if len(ids) > SHOWN else ""
    st.caption(f"{shown[shown.columns[0]][chosen]}：{len(ids):,} 件{first}。点一行打开工单，点编号复制。")
    order_rows.show(listed_rows(listed), f"{what}_orders")


def below(lines: Sequence[str]) -> None:
    """Small print under a card."""
    if lines:
        st.html(f'<div class="below">{"<br>".join(map(escape, lines))}</div>')


@contextmanager
def tile(title: str, note: str) -> Iterator[None]:
    """A box with a title and a note on what its numbers mean."""
    with st.container(border=True, height="stretch", gap="xxsmall", key=f"tile_{title}"):
        st.html(f'<div class="tile"><b>{escape(title)}</b>　{escape(note)}</div>')
        yield


def link(said: str, section: str, of: str = "", **choices: object) -> None:
    """A line that shows a section with what is chosen in it; `of` tells lines apart that say the same."""
    st.button(said, key=f"go_{section}_{said}_{of}", type="tertiary", on_click=go_to, args=(section,), kwargs=choices)
