"""A list of orders; a click on a row opens the order."""

from typing import Any

import polars as pl
import streamlit as st

from hotline12345.dashboard import components, labels
from hotline12345.dashboard.figures import HEADINGS
from hotline12345.dashboard.views import opened

MOST = 2_000  # rows that a browser gets at once; nobody reads on, and 50,000 are megabytes at each rerun
SHOWN = ("remark", "why", "lost_score", "title", "topic_name", "place_town", "community", "created_at", "order_id")
_WIDTHS = {"title": 255, "topic_name": 100, "place_town": 105, "community": 115, "created_at": 130, "order_id": 140}


def show(listed: pl.DataFrame, key: str, height: int) -> None:
    """The orders of `figures.listed`, with any text column `remark` in front; an export has more columns and all rows."""
    names = [name for name in SHOWN if name in listed.columns]
    chosen = components.pick_row(
        listed.select(names).head(MOST), f"{key}_{opened.times_opened()}", _columns(names), height, first=False
    )
    if listed.height > MOST:
        st.caption(f"列出前 {MOST:,} 件，共 {labels.count(listed.height, '件')}。要找某一件请筛选；全部请下载。")
    if chosen is not None:
        opened.open_order(listed["order_id"][chosen])


def _columns(names: list[str]) -> dict[str, Any]:
    text = st.column_config.TextColumn
    found: dict[str, Any] = {name: text(labels.column(name), width=width) for name, width in _WIDTHS.items()}
    found["topic_name"] = text(labels.column("topic_name"), width=_WIDTHS["topic_name"], help=labels.COUNTED_TOPICS)
    found["why"] = text(HEADINGS["why"], width=180)
    found["remark"] = text(HEADINGS["remark"], width=330)
    found["lost_score"] = st.column_config.NumberColumn("失分", format="%.2f", width=70)
    return {name: found[name] for name in names}
