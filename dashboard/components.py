"""Pieces that every page is built from. Streamlit in, nothing computed."""

import re
from collections.abc import Mapping, Sequence
from html import escape
from pathlib import Path
from typing import Any

import altair as alt
import polars as pl
import streamlit as st

from hotline12345.dashboard import audit, labels
from hotline12345.dashboard.access import Viewer
from hotline12345.dashboard.chart_style import in_dark
from hotline12345.dashboard.exports import File, Table, csv, workbook

STYLE = Path(__file__).with_name("style.css")
ICONS = {
    **{"xlsx": ":material/download:", "docx": ":material/print:"},
    **{"zip": ":material/folder_zip:", "md": ":material/download:"},
}
DATE = re.compile(r"\d{4}-\d{2}-\d{2}(?: \d{2}:\d{2})?")
TERMINAL_ONLY = re.compile("（(命令行[^）]*|[a-z_0-9]+)）")  # an option, a column's English name


def style() -> None:
    """The app's own style sheet; read from disk, nothing is fetched."""
    st.html(STYLE)


def simulated_banner() -> None:
    """Says on every page that the numbers are invented."""
    st.html(
        f'<div class="simulated" role="note"><b>模拟数据</b>　{labels.SIMULATED.partition("：")[2]}，仅供演示。</div>'
    )


def demo_banner(role: str) -> None:
    """Says on every page that anybody at this machine may choose any role."""
    st.html(
        f'<div class="demo" role="note"><b>演示方式</b>　没有设置账号，只能在本机打开，可在左侧切换角色；现在是“{escape(role)}”。</div>'
    )


def account(shown_name: str, role: str) -> None:
    """Whose login this is, and the way out; links of the same window, below Streamlit's own pages."""
    st.html(
        f'<div class="account">{escape(shown_name)}　{escape(role)}<br>'
        '<a href="/password">修改密码</a>　<a href="/logout">退出登录</a></div>'
    )


def login_ended() -> None:
    """In place of every page once the login behind the browser's cookie opens nothing."""
    st.html(
        '<div class="empty" role="alert">登录已结束：超过时限、已在别处改密码，或账号已停用。'
        '<br><a href="/login">重新登录</a></div>'
    )


def heading(title: str, lead: str) -> None:
    """The page's title and one line that says what it answers or what it shows."""
    st.title(title, anchor=False)
    st.html(f'<div class="lead">{_unbroken(lead)}</div>')


def lead(text: str) -> None:
    """One line in the quiet style of what stands under a title; escaped."""
    st.html(f'<div class="lead cells-note">{_unbroken(text)}</div>')


def _unbroken(text: str) -> str:
    """Escaped, with no line break inside a date."""
    return DATE.sub(r'<span class="date">\g<0></span>', escape(text))


def below(text: str) -> None:
    """A small line under a card; escaped."""
    st.html(f'<div class="below">{escape(text)}</div>')


def section(title: str, note: str = "") -> None:
    """A section's title; `note` is the explanation behind the question mark."""
    st.subheader(title, anchor=False, help=note or None)


def chart(drawn: alt.Chart | alt.LayerChart, description: str) -> None:
    """A chart in the app's own style, light or dark as the reader's system; `description` is read to those who cannot see it."""
    if st.context.theme.type == "dark":
        drawn = type(drawn).from_dict(in_dark(drawn.to_dict()))
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


def unreadable(message: str) -> None:
    """The page where the published data cannot be read: why, and what to do; no traceback."""
    st.title("暂时无法显示数据", anchor=False)
    failure(message)
    st.markdown(
        "- 工单和记录都没有丢失，已发布的数据可以重新生成\n"
        "- 请把上面的提示告诉信息技术人员；在服务器上处理后，点下面的按钮即可继续"
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


def downloads(viewer: Viewer, table: Table, name: str) -> None:
    """Buttons that hand a table out as a workbook and as CSV."""
    rows = table.frame.height
    with st.container(horizontal=True):
        explanation = "含“口径说明”工作表：规则、考核周期、数据时点、状态。"
        file_button(viewer, File(f"{name}.xlsx", rows, lambda: workbook(table)), "下载 Excel", explanation)
        file_button(viewer, File(f"{name}.csv", rows, lambda: csv(table)), "下载 CSV", "UTF-8，Excel 可直接打开。")


def file_button(viewer: Viewer, file: File, title: str, explanation: str, is_first: bool = False) -> None:
    """A button that hands a file on, made and noted in the audit log when it is clicked; nothing for who may not take any."""

    def make() -> bytes:
        viewer.needs("export")
        audit.exported(viewer, file.name, file.rows)
        return file.make()

    if viewer.can("export"):
        st.download_button(
            title,
            make,
            file.name,
            file.kind,
            key=file.name,
            on_click="ignore",
            help=explanation,
            icon=ICONS.get(file.name.rpartition(".")[2]),
            type="primary" if is_first else "secondary",
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
