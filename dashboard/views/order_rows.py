"""Orders one below the other: a click opens one, a click on its number copies it, without https and without internet."""

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import streamlit as st

from hotline12345.dashboard.street_rows import OrderRow
from hotline12345.dashboard.views import opened

_ASSETS = Path(__file__).parents[1] / "order_rows"
_component = st.components.v2.component(
    "order_rows",
    html='<div class="rows"></div>',
    js=_ASSETS.with_suffix(".js").read_text(encoding="utf-8"),
    css=_ASSETS.with_suffix(".css").read_text(encoding="utf-8"),
)


def show(rows: Sequence[OrderRow], key: str) -> None:
    """The list; an order that was clicked opens in place of the page."""
    key = f"{key}_{opened.times_opened()}"  # or a click on 返回 in the middle of a run finds the earlier click again
    chosen = _component(data=[asdict(row) for row in rows], key=key, on_opened_change=_noted).opened
    if chosen in {row.order_id for row in rows}:
        opened.open_order(str(chosen))


def _noted() -> None:
    """The click is answered by the rerun that it brings."""
