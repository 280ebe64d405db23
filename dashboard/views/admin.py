"""系统状态: whether data come in and are shown, whether there is room, what failed, what runs. For the keeper only."""

from collections.abc import Sequence
from datetime import datetime

import polars as pl
import streamlit as st

from hotline12345.dashboard import components, system_status, tables
from hotline12345.dashboard.access import Viewer
from hotline12345.dashboard.system_status import BROKEN, FINE, Line
from hotline12345.sql.records.store import moment
from hotline12345.sql.storage import Storage

EVERY_SECONDS = 30
IN_A_ROW = 3
CARDS = ("published_at", "last_load_at", "disk_free", "server", "queue", "failures")
COLUMNS = {"title": "项目", "shown": "现状", "state": "状态", "advice": "处理办法"}


def render(viewer: Viewer) -> None:
    """The page; it also opens where nothing is published."""
    viewer.needs("administer")
    components.heading("系统状态", f"导入、发布、磁盘、队列、错误和版本；每 {EVERY_SECONDS} 秒自动更新。不含工单内容。")
    _state()


@st.fragment(run_every=EVERY_SECONDS)
def _state() -> None:
    lines = system_status.status(Storage.at(), datetime.fromisoformat(moment()))
    _overall(lines)
    shown = [line for name in CARDS for line in lines if line.name == name]
    for row in (shown[index : index + IN_A_ROW] for index in range(0, len(shown), IN_A_ROW)):
        for column, line in zip(st.columns(IN_A_ROW), row, strict=False):
            with column:
                _card(line)
    areas = list(dict.fromkeys(line.area for line in lines))
    for pair in (areas[index : index + 2] for index in range(0, len(areas), 2)):
        for column, area in zip(st.columns(2, gap="large"), pair, strict=False):
            with column:
                components.section(area)
                components.table(_table([line for line in lines if line.area == area]))


def _card(line: Line) -> None:
    value, _, below = line.shown.partition("（")
    shown = below.removesuffix("）") or line.state
    st.metric(line.title, value, shown, delta_color="off", delta_arrow="off", border=True)


def _overall(lines: Sequence[Line]) -> None:
    """What to look at, the worst first; one line when all is well."""
    found = sorted(
        (line for line in lines if line.state != FINE and line.advice), key=lambda line: line.state != BROKEN
    )
    if not found:
        st.success("一切正常。", icon=":material/check_circle:")
    for line in found:
        said = components.for_page(f"{line.title}：{line.advice}")
        (st.error if line.state == BROKEN else st.warning)(
            said, icon=":material/error:" if line.state == BROKEN else ":material/warning:"
        )


def _table(lines: Sequence[Line]) -> str:
    names = [name for name in COLUMNS if name != "advice" or any(line.advice for line in lines)]
    frame = pl.DataFrame([{name: getattr(line, name) for name in names} for line in lines])
    return tables.html_table(frame, names, headings=COLUMNS)
