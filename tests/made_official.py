"""An officially published table as offices send it: title rows, a merged header of two rows, a total, notes."""

from collections.abc import Sequence
from pathlib import Path

import xlsxwriter

TITLE = "示例区接诉即办考核情况通报（2026年3月）"
GROUPS = ["序号", "承办单位", "受理情况", "", "考核结果", "", "", "", "", "", "", "排名", "", "", "备注"]
HEADER = [
    *("", "", "受理量（件）", "有效回访", "联系数", "解决数", "满意数", "基本满意", "响应率", "解决率(%)", "满意率"),
    *("区排名", "全市排名", "奖励分", ""),
]
MERGED = {"C3:D3": "受理情况", "E3:K3": "考核结果", "L3:N3": "排名"}


def write_official(path: Path, rows: Sequence[Sequence[object]], notes: Sequence[str] = ()) -> Path:
    """A workbook whose table begins in row 5, the notes below it; columns as in HEADER."""
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet("通报")
        for number, line in enumerate([[TITLE], [], GROUPS, HEADER, *rows, *([note] for note in notes)]):
            sheet.write_row(number, 0, line)
        sheet.merge_range("A1:O1", TITLE)
        for cells, text in MERGED.items():
            sheet.merge_range(cells, text)
    return path
