"""What a district decides about issues: decisions, the year list, 一方案三清单. Append-only; of one thing the newest counts."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields
from typing import Any, TypeVar

from hotline12345.sql.records.store import Connection, moment, writing

CHOSEN, DEFERRED, DECLINED, WITHDRAWN = "选定", "暂缓", "暂不纳入", "撤回"
SCHEME, TASK, DUTY, POLICY = "方案", "任务", "责任", "政策"
KINDS = (SCHEME, TASK, DUTY, POLICY)
NOT_BEGUN, UNDER_WAY, DONE, CANCELLED = "未开始", "进行中", "已完成", "已取消"
STATES = (NOT_BEGUN, UNDER_WAY, DONE, CANCELLED)
_NUMBERS = {"year_list_events": "entry_id", "plan_events": "item_id"}
_LISTS = ("supporting_unit_ids", "issue_ids")


@dataclass(frozen=True)
class Decision:
    """What was decided about an issue.

    Attributes:
        issue_id: the issue.
        decision: CHOSEN, DEFERRED, DECLINED; WITHDRAWN takes the one before back.
        reason: why, in Chinese.
        theme_month: `YYYY-MM`, the month an issue was chosen for; None for the others.
        lead_unit_id: proposed to lead; None where nobody is named.
        supporting_unit_ids: those who help.
    """

    issue_id: str
    decision: str
    reason: str
    theme_month: str | None = None
    lead_unit_id: str | None = None
    supporting_unit_ids: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class NotedDecision(Decision):
    """A decision as it was noted: its number, when (as text), who."""

    event_id: int
    at: str
    who: str


@dataclass(frozen=True)
class YearEntry:
    """One theme of a year list.

    Attributes:
        theme_month: `YYYY-MM`; its year is the list's.
        theme_name: what the theme is called.
        issue_ids: the concrete problems, in their order.
        lead_unit_id: proposed to lead; None where nobody is named.
        city_topic: the city's topic that it answers; None for none.
        is_carried_over: whether the theme comes from the year before.
    """

    theme_month: str
    theme_name: str
    issue_ids: tuple[str, ...]
    lead_unit_id: str | None = None
    city_topic: str | None = None
    is_carried_over: bool = False


@dataclass(frozen=True, kw_only=True)
class NotedYearEntry(YearEntry):
    """An entry as it stands: its number, and when (as text) and by whom it was last written."""

    entry_id: int
    at: str
    who: str


@dataclass(frozen=True)
class PlanItem:
    """One line of 一方案三清单.

    Attributes:
        issue_id: the issue that the plan is for.
        kind: SCHEME, TASK, DUTY or POLICY.
        item_text: what is to be done.
        unit_id: by whom; None while open.
        due_date: `YYYY-MM-DD`; None while open.
        state: one of STATES.
    """

    issue_id: str
    kind: str
    item_text: str
    unit_id: str | None = None
    due_date: str | None = None
    state: str = NOT_BEGUN


@dataclass(frozen=True, kw_only=True)
class NotedPlanItem(PlanItem):
    """A line as it stands: its number, and when (as text) and by whom it was last written."""

    item_id: int
    at: str
    who: str


def decide(connection: Connection, who: str, decision: Decision) -> int:
    """Note a decision; its number."""
    with writing(connection):
        return _append(connection, "decision_events", who, asdict(decision))


def decisions(connection: Connection) -> list[NotedDecision]:
    """The decision in force of each issue that has one, the newest first."""
    rows = connection.execute(
        "select * from decision_events where event_id in (select max(event_id) from decision_events group by issue_id) "
        "and decision <> ? order by event_id desc",
        (WITHDRAWN,),
    )
    return [_noted(NotedDecision, row) for row in rows]


def decision_history(connection: Connection, issue_ids: Sequence[str]) -> list[NotedDecision]:
    """Everything decided about these issues, oldest first."""
    rows = connection.execute(
        "select * from decision_events where issue_id in (select value from json_each(?)) order by event_id",
        (json.dumps(list(issue_ids)),),
    )
    return [_noted(NotedDecision, row) for row in rows]


def save_entry(connection: Connection, who: str, entry: YearEntry, entry_id: int | None = None) -> int:
    """Add an entry to a year list, or write entry `entry_id` anew; its number."""
    return _save(connection, "year_list_events", who, asdict(entry) | {"entry_id": entry_id, "is_removed": 0})


def remove_entry(connection: Connection, who: str, entry_id: int) -> bool:
    """Take an entry off its list; False when it is not on a list (any more)."""
    with writing(connection):
        row = connection.execute(
            "select * from year_list_events where entry_id = ? order by event_id desc limit 1", (entry_id,)
        ).fetchone()
        if row is None or row["is_removed"]:
            return False
        kept = {name: value for name, value in dict(row).items() if name not in ("event_id", "at", "who")}
        _append(connection, "year_list_events", who, kept | {"is_removed": 1})
    return True


def year_entries(connection: Connection) -> list[NotedYearEntry]:
    """Every entry that stands, by theme month and number."""
    rows = connection.execute(
        "select * from year_list_events "
        "where event_id in (select max(event_id) from year_list_events group by entry_id) and not is_removed "
        "order by theme_month, entry_id"
    )
    return [_noted(NotedYearEntry, row) for row in rows]


def save_item(connection: Connection, who: str, item: PlanItem, item_id: int | None = None) -> int:
    """Add a line to a plan, or write line `item_id` anew; its number."""
    return _save(connection, "plan_events", who, asdict(item) | {"item_id": item_id})


def plan_items(connection: Connection) -> list[NotedPlanItem]:
    """Every line of every plan as it stands, by number."""
    rows = connection.execute(
        "select * from plan_events where event_id in (select max(event_id) from plan_events group by item_id) order by item_id"
    )
    return [_noted(NotedPlanItem, row) for row in rows]


def _save(connection: Connection, table: str, who: str, values: dict[str, Any]) -> int:
    """Note a thing that keeps its number; one without gets the next that was never used. Its number."""
    column = _NUMBERS[table]
    with writing(connection):
        number = values[column]
        if number is None:
            number = connection.execute(f"select coalesce(max({column}), 0) + 1 from {table}").fetchone()[0]
        _append(connection, table, who, values | {column: number})
    return int(number)


def _append(connection: Connection, table: str, who: str, values: dict[str, Any]) -> int:
    row = {"at": moment(), "who": who} | {
        name: json.dumps(value) if isinstance(value, tuple) else value for name, value in values.items()
    }
    names, marks = ", ".join(row), ", ".join("?" * len(row))
    found = connection.execute(
        f"insert into {table} ({names}) values ({marks}) returning event_id", tuple(row.values())
    ).fetchone()
    return int(found["event_id"])


Noted = TypeVar("Noted", NotedDecision, NotedYearEntry, NotedPlanItem)


def _noted(kind: type[Noted], row: Any) -> Noted:
    found = {each.name: row[each.name] for each in fields(kind)}
    found |= {name: tuple(json.loads(found[name])) for name in _LISTS if name in found}
    if "is_carried_over" in found:
        found["is_carried_over"] = bool(found["is_carried_over"])
    return kind(**found)
