"""Small files of work orders in the forms in which they arrive; all personal data is invalid by construction."""

import csv
import io
from collections.abc import Sequence
from pathlib import Path

import openpyxl

ORDER_BY_HEADER = {
    "工单编号": "2026050100001",
    "创建时间": "2026-05-01 10:20:30",
    "办结时间": "2026-05-03 09:00:00",
    "主要内容": "暖气不热",
    "来电人": "",
    "来电号码": "",
    "承办单位": "示例镇",
    "是否有效回访": "是",
    "是否解决": "是",
    "是否满意": "满意",
}
HEADERS, ORDER = list(ORDER_BY_HEADER), list(ORDER_BY_HEADER.values())


def order(**changes: object) -> list[object]:
    """A good row with some cells changed, by header."""
    return list((ORDER_BY_HEADER | changes).values())


def csv_bytes(rows: Sequence[Sequence[object]], encoding: str = "utf-8", separator: str = ",") -> bytes:
    """Rows as a text table."""
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=separator).writerows(rows)
    return text.getvalue().encode(encoding)


def write_xlsx(path: Path, sheets: dict[str, Sequence[Sequence[object]]]) -> Path:
    """A workbook with the given sheets; None leaves a cell out."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    book.save(path)
    return path
