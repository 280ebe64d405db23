"""Lines of 剔挂申诉台账 as lists show them and files hand them on. Pure."""

import re
from collections.abc import Sequence
from datetime import date

import polars as pl

from hotline12345.dashboard import appeal_ledger, labels
from hotline12345.dashboard.appeal_ledger import SOON_DAYS, Line, days_left
from hotline12345.dashboard.appeal_states import ENDED
from hotline12345.dashboard.street_rows import OrderRow
from hotline12345.dashboard.street_words import place_of
from hotline12345.dashboard.tables import html_table
from hotline12345.sql.records.appeals import GRANTED, SUSPENSION, NotedAppeal

EVERY, OPEN, MISSING, SETTLING = "全部", "未结束", "缺材料", f"{SOON_DAYS} 天内销账"
_ABSENT = re.compile(r"缺\s+")
HEADINGS = {
    **{"source": "来源", "state": "状态", "applied": "申请日期", "due": "下一个期限", "left": "还有多久"},
    **{"missing": "缺少的材料", "result": "结果", "in_data": "数据是否已写明", "who": "登记人"},
}


def kinds(ledger: Sequence[Line], today: date) -> dict[str, list[Line]]:
    """The lines by what one may look for; a line can stand in several."""
    soon = [line for _, line in appeal_ledger.settling_soon(ledger, today)]
    return {
        EVERY: list(ledger),
        OPEN: [line for line in ledger if line.appeal and line.state not in (*ENDED, GRANTED)],
        MISSING: [line for line in ledger if line.missing],
        SETTLING: soon,
    }


def rows(ledger: Sequence[Line], today: date) -> list[OrderRow]:
    """One row a line: state in front, what is next, what is missing, the result."""
    return [
        OrderRow(line.order_id, _next(line, today), _facts(line), _mark(line), _is_urgent(line, today))
        for line in ledger
    ]


def table(ledger: Sequence[Line], today: date) -> pl.DataFrame:
    """The lines for a file; grain order_id, appeal_kind, source."""
    return pl.DataFrame(
        [
            {
                "order_id": line.order_id,
                "appeal_kind": line.kind,
                "state": line.state,
                "source": line.source,
                "applied": line.applied.isoformat() if line.applied else "",
                "due": f"{line.due[0].name} {line.due[0].day.isoformat()}" if line.due else "",
                "left": days_left(line.due[0].day, today) if line.due else "",
                "missing": "、".join(line.missing),
                "result": line.result,
                "in_data": "是" if line.in_data else "否",
                "who": line.appeal.who if line.appeal else "",
            }
            for line in ledger
        ]
    )


def _mark(line: Line) -> str:
    return f"{line.kind}　{line.state}" if line.appeal else line.state


def _next(line: Line, today: date) -> str:
    """The nearest deadline, or what came of it."""
    if line.due:
        due = line.due[0]
        return f"{due.name}：{labels.day(due.day)}（{days_left(due.day, today)}）"
    return line.result or ("已结束" if line.state in ENDED else "没有待办的期限")


def _facts(line: Line) -> tuple[str, ...]:
    said = [place_of(line.order)]
    if line.missing:
        said.append(f"缺 {'、'.join(line.missing)}")
    if line.result and line.due:
        said.append(line.result)
    if line.applied:
        said.append(f"{labels.day(line.applied)}申报")
    if line.appeal and line.state == GRANTED:
        said.append("数据已写明" if line.in_data else "数据还没有写明")
    if not line.appeal:
        said.append(appeal_ledger.IN_DATA)
    return tuple(said)


def _is_urgent(line: Line, today: date) -> bool:
    near = SOON_DAYS if line.kind == SUSPENSION and line.due and line.due[0].is_settling else 1
    return bool(line.due) and (line.due[0].day - today).days <= near


def history(entries: Sequence[NotedAppeal]) -> str:
    """What was noted of one application, the newest first, as markup."""
    told = pl.DataFrame(
        [
            {
                "at": entry.at,
                "who": entry.who,
                "state": entry.state,
                "state_date": entry.state_date,
                "missing": "、".join(entry.missing),
                "result": entry.result_text,
            }
            for entry in reversed(entries)
        ]
    )
    headings = HEADINGS | {"at": "登记时间", "state_date": "该状态的日期"}
    return html_table(told, told.columns, headings=headings)


def pieces(text: str) -> tuple[tuple[str, bool], ...]:
    """Evidence as somebody wrote it, one piece a line; a piece that begins with 缺 and a space is not there yet."""
    names = [line.strip() for line in text.splitlines() if line.strip()]
    return tuple((_ABSENT.sub("", name), not _ABSENT.match(name)) for name in names)


def pieces_text(evidence: Sequence[tuple[str, bool]]) -> str:
    """The same the other way round."""
    return "\n".join(name if is_present else f"缺 {name}" for name, is_present in evidence)
