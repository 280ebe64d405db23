"""Pieces that every page is built from. Streamlit in, nothing computed."""

import re
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

import altair as alt
import polars as pl
import streamlit as st

from hotline12345.dashboard import labels
from hotline12345.dashboard.exports import EXCEL, Table, csv, workbook

STYLE = Path(__file__).with_name("style.css")
TERMINAL_ONLY = re.compile("（(命令行[^）]*|[a-z_0-9]+)）")  # an option, a column's English name


def style() -> None:
    """The app's own style sheet; read from disk, nothing is fetched."""
    st.html(STYLE)


def simulated_banner() -> None:
    """Says on every page that the numbers are invented."""
    st.html(
        f'<div class="simulated" role="note"><b>模拟数据</b>　{labels.SIMULATED.partition("：")[2]}，仅供演示。</div>'
    )


def heading(title: str, lead: str) -> None:
    """The page's title and one line that says what it answers or what it shows."""
    st.title(title, anchor=False)
    st.html(f'<div class="lead">{escape(lead)}</div>')


def section(title: str, note: str = "") -> None:
    """A section's title; `note` is the explanation behind the question mark."""
    st.subheader(title, anchor=False, help=note or None)


def chart(drawn: alt.Chart | alt.LayerChart, description: str) -> None:
    """A chart in the app's own style; `description` is read to those who cannot see it."""
    st.altair_chart(drawn, theme=None, width="stretch", alt=description)


def table(markup: str) -> None:
    """Ready markup of `tables`."""
    st.html(markup)


def for_page(text: str) -> str:
    """A message without what only the reader of a terminal can use."""
    return TERMINAL_ONLY.sub("", text)


def listed(lines: Sequence[str]) -> None:
    """Short remarks one below the other, without what is for a terminal only; nothing where there is none."""
    if lines:
        st.markdown("\n".join(f"- {for_page(line)}" for line in lines))


def failure(message: str) -> None:
    """Why something was refused; the message keeps its lines, without what is for a terminal only."""
    st.error(for_page(message).replace("\n", "  \n"), icon=":material/error:")


def text_block(pairs: Sequence[tuple[str, str]]) -> None:
    """Longer texts with their names; escaped."""
    marked_block([(name, escape(text)) for name, text in pairs])


def marked_block(pairs: Sequence[tuple[str, str]]) -> None:
    """Longer texts with their names; the texts are ready markup."""
    body = "<br>".join(f"<b>{escape(name)}</b>　{markup}" for name, markup in pairs)
    st.html(f'<div class="text">{body}</div>')


def defined(lines: Sequence[str]) -> None:
    """What a figure is, on top of its orders: the figure, then its definition line by line."""
    rest = "".join(f"<div>{escape(line)}</div>" for line in lines[1:])
    st.html(f'<div class="text defined"><b>{escape(lines[0])}</b>{rest}</div>')


def empty(message: str) -> None:
    """What a page says instead of an empty area: why, and what to do."""
    st.info(message, icon=":material/info:")


def nothing_published() -> None:
    """The page before the first publish."""
    st.title("12345 热线数据分析", anchor=False)
    st.info("还没有发布过数据。", icon=":material/inbox:")
    st.markdown(
        "- 导入自己的工单表：打开左边的“数据导入”页上传\n"
        "- 导入后回到本页，点下面的按钮或刷新浏览器即可\n"
        "- 信息技术人员也可以在服务器上运行 `hotline run 工单.xlsx` 导入，或运行 `hotline demo` 看样例"
    )
    st.button("重新检查", icon=":material/refresh:")


def ground(
    facts: Mapping[str, Any], rule: Mapping[str, Any], period: Mapping[str, Any], reasons: Mapping[str, int]
) -> list[str]:
    """What every figure stands on: rule, period, state, cut-off, the disclaimer; for foot-notes and exports."""
    lines = [f"规则：{labels.rule(rule)}"]
    if period:
        dates = labels.span(period["start_at"], period["end_at"])
        lines.append(
            f"考核周期：{labels.period(period['period_id'])}（{dates}）　状态：{labels.state(period, reasons)}"
        )
        if moved := labels.moved(period):
            lines.append(moved)
    cutoff, published = (labels.moment(facts[name]) for name in ("cutoff_at", "published_at"))
    lines.append(f"数据截至：{cutoff}　发布：{published}　{labels.DISCLAIMER}")
    return [*lines, labels.SIMULATED] if facts["is_simulated"] else lines


def footnote(lines: Sequence[str]) -> None:
    """The lines of `ground` under each page; that data are simulated stands in the banner already."""
    st.html('<div class="foot">' + "<br>".join(escape(line) for line in lines if line != labels.SIMULATED) + "</div>")


def downloads(table: Table, name: str) -> None:
    """Buttons that hand a table out as a workbook and as CSV; made when they are clicked."""
    with st.container(horizontal=True):
        st.download_button(
            "下载 Excel",
            lambda: workbook(table),
            f"{name}.xlsx",
            EXCEL,
            key=f"{name}.xlsx",
            on_click="ignore",
            icon=":material/download:",
            help="含“口径说明”工作表：规则、考核周期、数据时点、状态。",
        )
        st.download_button(
            "下载 CSV", lambda: csv(table), f"{name}.csv", "text/csv", key=f"{name}.csv", on_click="ignore"
        )


def pick_row(frame: pl.DataFrame, key: str, columns: Mapping[str, Any], height: int, first: bool) -> int | None:
    """A list whose rows can be chosen with a click; returns the row's index. `first` chooses the first row to begin with."""
    event = st.dataframe(
        frame,
        key=key,
        height=height,
        hide_index=True,
        column_config=dict(columns),
        on_select="rerun",
        selection_mode="single-row-required" if first else "single-row",
        placeholder=labels.MISSING,
    )
    rows = event["selection"]["rows"]
    if rows and rows[0] < frame.height:
        return int(rows[0])
    return 0 if first and frame.height else None
