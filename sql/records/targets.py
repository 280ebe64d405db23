"""Targets that people enter: append-only events; of one target the newest counts, and a withdrawal is an event too."""

from dataclasses import dataclass

from hotline12345.sql.records.store import Connection, moment, writing

_NEWEST = """
    select * from target_events
    where event_id in (select max(event_id) from target_events group by indicator, unit_id, rule_id, from_period)
"""


@dataclass(frozen=True)
class StatedTarget:
    """What a target says.

    Attributes:
        indicator: response_rate, resolution_rate, satisfaction_rate, on_time_rate or score.
        value: 0-1, for the score 0-100.
        unit_id, rule_id: for which unit and rule; '' for every one.
        from_period: the first period it holds for; '' for every one.
    """

    indicator: str
    value: float
    unit_id: str = ""
    rule_id: str = ""
    from_period: str = ""


@dataclass(frozen=True, kw_only=True)
class EnteredTarget(StatedTarget):
    """A target as somebody entered it: its number, when (as text), and who."""

    event_id: int
    at: str
    who: str


def set_target(connection: Connection, who: str, target: StatedTarget) -> int:
    """Enter a target, in place of an earlier one for the same indicator, unit, rule and first period; its number."""
    values = (who, target.indicator, target.unit_id, target.rule_id, target.from_period, target.value)
    return _append(connection, values)


def withdraw_target(connection: Connection, event_id: int, who: str) -> bool:
    """Withdraw a target by its number; False when no target in force has it."""
    row = connection.execute(
        f"select * from ({_NEWEST}) where event_id = ? and value is not null", (event_id,)
    ).fetchone()
    if row is None:
        return False
    _append(connection, (who, row["indicator"], row["unit_id"], row["rule_id"], row["from_period"], None))
    return True


def entered_targets(connection: Connection) -> list[EnteredTarget]:
    """Every target that was entered and not withdrawn, by indicator, unit and first period."""
    rows = connection.execute(
        f"select * from ({_NEWEST}) where value is not null order by indicator, unit_id, rule_id, from_period"
    )
    return [EnteredTarget(**dict(row)) for row in rows]


def _append(connection: Connection, values: tuple[object, ...]) -> int:
    with writing(connection):
        row = connection.execute(
            "insert into target_events (at, who, indicator, unit_id, rule_id, from_period, value) "
            "values (?, ?, ?, ?, ?, ?, ?) returning event_id",
            (moment(), *values),
        ).fetchone()
    return int(row["event_id"])
