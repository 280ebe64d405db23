"""The evidence pack's buttons: both files are made when they are clicked, from the snapshot that the page shows."""

from collections.abc import Sequence
from datetime import date
from functools import partial

import streamlit as st

from hotline12345.dashboard import components, labels
from hotline12345.dashboard.documents import chart_images, issue_docx, issue_xlsx
from hotline12345.dashboard.exports import File
from hotline12345.dashboard.issue_packs import gather
from hotline12345.dashboard.views.scope import Scope


def render(scope: Scope, issue_ids: Sequence[str], month: date) -> None:
    """Download buttons of the pack of these issues for the meeting of a month (its first day)."""
    if not issue_ids:
        components.empty("还没有选出问题。先在列表中选，再生成证据包。")
        return
    name = f"每月一题候选材料_{month:%Y-%m}"
    content = partial(gather, scope.viewer, scope.snapshot, tuple(issue_ids), month)
    with st.container(horizontal=True):
        components.file_button(
            scope.viewer,
            File(f"{name}.docx", len(issue_ids), lambda: issue_docx.document(content())),
            f"下载 Word 材料（{len(issue_ids)} 个问题）",
            "公文版式：排名、每个候选一页证据、一方案三清单模板、会议议程和纪要草稿。不含红头、文号、签发人、印章。",
            is_first=True,
        )
        components.file_button(
            scope.viewer,
            File(f"{name}.xlsx", len(issue_ids), lambda: issue_xlsx.workbook(content())),
            "下载 Excel 数据",
            "材料中每个数背后的计数和工单，比例为公式；含“口径说明”工作表。",
        )
    st.caption(
        f"{labels.month(month)}会议用。示例工单已脱敏；举报和保密工单计数但不列出。{labels.DISCLAIMER}。"
        + ("" if chart_images.has_chinese_font() else chart_images.NO_FONT)
    )
