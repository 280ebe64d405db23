"""One period's scores as of any time and under any rule: the same SQL, run in memory on that period's orders alone."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime

from hotline12345.sql import build
from hotline12345.sql.graph import build_order, upstream
from hotline12345.sql.publish import Snapshot
from hotline12345.sql.replay import (
    copy_known,
    forget_later_corrections,
    forget_later_undos,
    note_batches,
    open_beside,
    use_config_of,
)
from hotline12345.sql.rule_landing import land_periods, land_rules
from hotline12345.sql.rules import Period, Rule
from hotline12345.sql.warehouse import STORED, Connection, prepare

WANTED = frozenset({"marts.mart_unit_scores", "marts.mart_group_summary", "marts.mart_periods"})
CLOCKS = {"created": "created_at", "dispatched": "dispatched_at", "closed": "closed_at"}
_ORDERS = ("landed.order_versions", "landed.sightings")
_BESIDE = "replayed"  # the name of the database in memory that a replay of the writer lives in


@dataclass(frozen=True)
class _Asked:
    """What a replay is asked for; see `replay_period`."""

    period_id: str
    as_of: datetime | None
    rule_ids: Sequence[str] | None
    rules: Sequence[Rule]
    config_at: datetime | None


def replay_period(
    snapshot: Snapshot,
    period_id: str,
    as_of: datetime | None,
    rule_ids: Sequence[str] | None = None,
    rules: Sequence[Rule] = (),
) -> Connection:
    """A warehouse in memory that holds one period as it stood at `as_of` (Asia/Shanghai; None: as known last).

    It has the orders that any version then known puts into the period, and what `WANTED` is made of. What counts as
    known is as in `replay`. Cost follows the period's orders: of the history only keys and clocks are read.

    Args:
        rule_ids: only these rules; None for all of then.
        rules: rules that need not be in force, used instead of the stored ones.
    """
    return _replayed(snapshot, _Asked(period_id, as_of, rule_ids, rules, as_of))


def replay_under(
    snapshot: Snapshot, period_id: str, as_of: datetime | None, rule: Rule, config_at: datetime | None
) -> Connection:
    """`replay_period` under one rule, with units and other tables as they were at `config_at` (None: as known last)."""
    return _replayed(snapshot, _Asked(period_id, as_of, None, [rule], config_at))


def _replayed(snapshot: Snapshot, asked: _Asked) -> Connection:
    connection = open_beside(snapshot)
    _build(connection, STORED, asked)
    connection.execute(f"detach {STORED}")
    return connection


@contextmanager
def replayed_beside(
    writer: Connection, period_id: str, as_of: datetime, rules: Sequence[Rule]
) -> Iterator[tuple[Connection, str]]:
    """`replay_period` of the open warehouse, which only its writer can read.

    Yields a connection whose own tables are the replay, and the name of the catalog that holds the warehouse.
    """
    stored = str(writer.execute("select current_database()").fetchall()[0][0])
    connection = writer.cursor()
    connection.execute(f"attach ':memory:' as {_BESIDE}")
    try:
        connection.execute(f"use {_BESIDE}")
        prepare(connection)
        _build(connection, stored, _Asked(period_id, as_of, None, rules, as_of))
        yield connection, stored
    finally:
        connection.execute(f"use {stored}")
        connection.execute(f"detach {_BESIDE}")
        connection.close()


def _build(connection: Connection, stored: str, asked: _Asked) -> None:
    at = asked.as_of or build.FOREVER
    needed = upstream(WANTED)
    small = [name for name in sorted(needed) if name.startswith("landed.") and name not in _ORDERS]
    note_batches(connection, stored, at)
    copy_known(connection, stored, [*small, "landed.publications", "landed.reference_versions"])
    forget_later_undos(connection, at)
    forget_later_corrections(connection, at)
    rules_then = use_config_of(connection, asked.config_at) if asked.config_at else []
    if asked.rules:
        land_rules(connection, asked.rules)
    if asked.rules or rules_then:
        land_periods(connection, _periods(asked.rules or rules_then, asked.period_id))
    for table in ("landed.rule_periods", "landed.rule_days"):
        connection.execute(
            f"""
            delete from {table}
            where period_id <> $period_id or not coalesce(list_contains($ids::varchar[], rule_id), true)
            """,
            {"period_id": asked.period_id, "ids": asked.rule_ids},
        )
    _note_orders(connection, stored)
    copy_known(connection, stored, _ORDERS, "semi join orders_wanted using (order_id)")
    build.begin(connection, "replay", at)
    build.run_files(connection, [file for file in build_order() if file.name in needed])


def _periods(rules: Sequence[Rule], period_id: str) -> Iterator[tuple[Rule, Period]]:
    """The period of this id under each rule that has it."""
    year = int(period_id[:4])
    for rule in rules:
        around = rule.periods(datetime(year - 1, 1, 1), datetime(year + 1, 12, 31))
        yield from ((rule, period) for period in around if period.period_id == period_id)


def _note_orders(connection: Connection, stored: str) -> None:
    """The orders that any version then known puts into a period of `landed.rule_periods` → `orders_wanted`."""
    windows = connection.execute(
        """
        select distinct rules.cohort_clock, periods.start_at, periods.end_at
        from landed.rule_periods as periods inner join landed.rules as rules using (rule_id)
        order by all
        """
    ).fetchall()
    inside = [f"({CLOCKS[clock]} >= ? and {CLOCKS[clock]} < ?)" for clock, _, _ in windows]
    connection.execute(
        f"""
        create or replace temp table orders_wanted as
        select distinct order_id from {stored}.landed.order_versions semi join batches_then using (batch_id)
        where {" or ".join(inside) or "false"}
        """,
        [time for _, start_at, end_at in windows for time in (start_at, end_at)],
    )
