"""剔挂申诉台账: applications that people noted and what the data already say, as lines with their deadlines. Pure.

Nothing here says which orders to apply for: a line exists only where somebody noted one or the data name one.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import polars as pl

from hotline12345.dashboard.appeal_states import ENDED
from hotline12345.sql.records.appeals import (
    ACCEPTED,
    EXCLUSION,
    FILED,
    GRANTED,
    REFUSED,
    SETTLED,
    SUSPENSION,
    NotedAppeal,
)

SOON_DAYS = 7
SETTLING = "销账"
NOTED, IN_DATA = "登记", "导入数据"
_REACHED = {  # what a deadline runs until → the states from which on it is met
    "申报": (FILED, ACCEPTED, GRANTED, REFUSED, SETTLED),
    "材料齐全": (ACCEPTED, GRANTED, REFUSED, SETTLED),
    "受理": (ACCEPTED, GRANTED, REFUSED, SETTLED),
    "结果": (GRANTED, REFUSED, SETTLED),
    SETTLING: (SETTLED,),
}
_ORDER_EVENTS = {"创建": "created_at", "派单": "dispatched_at", "办结": "closed_at"}
_STATE_EVENTS = {"申报": FILED, "受理": ACCEPTED, "通过": GRANTED}


@dataclass(frozen=True)
class DueDate:
    """One deadline that is still to be met: what, by the end of which day, and by which rule."""

    name: str
    day: date
    source: str
    is_settling: bool


@dataclass(frozen=True)
class Line:
    """One line of 台账.

    Attributes:
        order_id: the order.
        kind: 剔除 or 挂账; '' where the data only tell of an appeal.
        state: its state as noted, or what the data say.
        source: NOTED or IN_DATA.
        applied: when it was filed; None before and where only the data tell.
        due: its open deadlines, the nearest first.
        missing: pieces of evidence that are not there.
        result: what was answered, in the words of the entry or of the data.
        appeal: the application; None where only the data tell.
        order: facts of the order, as `Reader.set_aside_orders` or `Reader.appealed_orders` has them.
    """

    order_id: str
    kind: str
    state: str
    source: str
    applied: date | None
    due: tuple[DueDate, ...]
    missing: tuple[str, ...]
    result: str
    appeal: NotedAppeal | None
    order: Mapping[str, Any]

    @property
    def in_data(self) -> bool:
        """Whether the newest data take the order out as this line says."""
        return (
            bool(self.order[{EXCLUSION: "is_excluded", SUSPENSION: "is_suspended"}[self.kind]]) if self.kind else False
        )


class Deadlines:
    """The site's deadlines and its calendar."""

    def __init__(self, rules: pl.DataFrame, workdays: pl.DataFrame) -> None:
        """`rules` of `Reader.appeal_deadlines`, `workdays` of `Reader.workdays`."""
        self._rules = rules.rows(named=True)
        self._worked = dict(workdays.iter_rows())

    def of(self, kind: str, events: Mapping[str, date], reached: Iterable[str]) -> list[DueDate]:
        """The deadlines of an application of a kind that has had these events and has not reached what they run until."""
        met, found = set(reached), []
        for rule in self._rules:
            day = events.get(rule["after_event"])
            if rule["appeal_kind"] != kind or rule["until_event"] in met or day is None or not _holds(rule, day):
                continue
            end = self._after(day, rule["deadline_days"], rule["deadline_clock"] == "working")
            found.append(DueDate(rule["deadline_name"], end, rule["deadline_source"], rule["until_event"] == SETTLING))
        return found

    def _after(self, day: date, days: int, is_working: bool) -> date:
        """The day so many days later; days beyond the site's calendar are worked from Monday to Friday."""
        if not is_working:
            return day + timedelta(days=days)
        while days:
            day += timedelta(days=1)
            days -= self._worked.get(day, day.weekday() < 5)
        return day


def lines(
    appeals: Sequence[NotedAppeal], orders: pl.DataFrame, in_data: pl.DataFrame, deadlines: Deadlines
) -> list[Line]:
    """Every line: applications with an open deadline first, the nearest first, then the newest.

    Args:
        appeals: those noted for the unit's orders.
        orders: facts of their orders, grain order_id; an application without a row is left out.
        in_data: orders that the data name, grain order_id.
        deadlines: the site's.
    """
    known = {row["order_id"]: row for row in orders.iter_rows(named=True)}
    said = {row["order_id"]: row for row in in_data.iter_rows(named=True)}
    noted = [
        _noted(appeal, known[appeal.order_id] | said.get(appeal.order_id, {}), deadlines)
        for appeal in sorted(appeals, key=lambda each: -each.appeal_id)
        if appeal.order_id in known
    ]
    told = {line.order_id for line in noted}
    found = [*noted, *(_told(row, deadlines) for order_id, row in said.items() if order_id not in told)]
    return sorted(found, key=lambda line: (not line.due, line.due[0].day if line.due else date.max))


def nearest(ledger: Sequence[Line], today: date, count: int = 3) -> list[tuple[DueDate, Line]]:
    """The next deadlines from today on."""
    return sorted((pair for pair in _every(ledger) if pair[0].day >= today), key=_when)[:count]


def passed(ledger: Sequence[Line], today: date) -> list[tuple[DueDate, Line]]:
    """Deadlines that passed without what they run until, the latest first."""
    return sorted((pair for pair in _every(ledger) if pair[0].day < today), key=_when, reverse=True)


def settling_soon(ledger: Sequence[Line], today: date) -> list[tuple[DueDate, Line]]:
    """挂账 that has to come back within `SOON_DAYS` days."""
    last = today + timedelta(days=SOON_DAYS)
    return [pair for pair in nearest(ledger, today, len(ledger)) if pair[0].is_settling and pair[0].day <= last]


def days_left(day: date, today: date) -> str:
    """`还有 3 天`, `今天`, `已过 2 天`."""
    left = (day - today).days
    return "今天" if not left else f"还有 {left} 天" if left > 0 else f"已过 {-left} 天"


def _every(ledger: Sequence[Line]) -> list[tuple[DueDate, Line]]:
    return [(due, line) for line in ledger for due in line.due]


def _when(pair: tuple[DueDate, Line]) -> tuple[date, str, str]:
    return pair[0].day, pair[1].order_id, pair[0].name


def _noted(appeal: NotedAppeal, order: Mapping[str, Any], deadlines: Deadlines) -> Line:
    events = {name: order[column].date() for name, column in _ORDER_EVENTS.items() if order[column]}
    dates = {state: date.fromisoformat(day) for state, day in appeal.dates.items()}
    events |= {name: dates[state] for name, state in _STATE_EVENTS.items() if state in dates}
    reached = {name for name, states in _REACHED.items() if appeal.state in (*states, *ENDED)}
    if FILED in dates and not appeal.missing:
        reached.add("材料齐全")
    due = deadlines.of(appeal.kind, events, reached)
    if appeal.settling_date and SETTLING not in reached:
        due = [each for each in due if not each.is_settling]
        due.append(DueDate(SETTLING, date.fromisoformat(appeal.settling_date), "登记的销账期限", is_settling=True))
    return Line(
        order_id=appeal.order_id,
        kind=appeal.kind,
        state=appeal.state,
        source=NOTED,
        applied=dates.get(FILED),
        due=tuple(sorted(due, key=lambda each: each.day)),
        missing=() if appeal.state in ENDED else appeal.missing,
        result=appeal.result_text or order.get("appeal") or "",
        appeal=appeal,
        order=order,
    )


def _told(order: Mapping[str, Any], deadlines: Deadlines) -> Line:
    """A line that only the data tell; a 挂账 counts as granted on the day the first file said it."""
    kind = EXCLUSION if order["is_excluded"] else SUSPENSION if order["is_suspended"] else ""
    due: list[DueDate] = []
    if kind == SUSPENSION and order["set_aside_at"]:
        reached = [name for name in _REACHED if name != SETTLING]
        due = deadlines.of(kind, {"通过": order["set_aside_at"].date()}, reached)
    return Line(
        order_id=order["order_id"],
        kind=kind,
        state=f"已{kind}" if kind else "有申诉",
        source=IN_DATA,
        applied=None,
        due=tuple(due),
        missing=(),
        result=order["appeal"] or "",
        appeal=None,
        order=order,
    )


def _holds(rule: Mapping[str, Any], day: date) -> bool:
    """Whether a rule is in force on a day."""
    return (rule["valid_from"] or day) <= day and (rule["valid_to"] is None or day < rule["valid_to"])
