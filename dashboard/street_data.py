"""The reads of the page 我的街镇. Each takes a Viewer first; rows of orders come from those that it may open."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import polars as pl

from hotline12345.dashboard import appeal_records, appeal_states, data, figures, rate_data
from hotline12345.dashboard.access import Viewer
from hotline12345.dashboard.appeal_ledger import Deadlines, Line, lines
from hotline12345.dashboard.appeal_states import AppealError
from hotline12345.dashboard.snapshots import cached, order_reader, reader
from hotline12345.dashboard.street_due import OpenOrders, timed
from hotline12345.dashboard.street_words import Changes
from hotline12345.sql.publish import Snapshot
from hotline12345.sql.records.appeals import EXCLUSION, Appeal
from hotline12345.sql.records.store import SHANGHAI
from hotline12345.sql.rules import Rule
from hotline12345.sql.street_reads import Role
from hotline12345.sql.what_if import Assumption

LEDGER_DAYS = 365  # orders that the data take out are listed so long after they came in


@dataclass(frozen=True)
class Own:
    """Whose page it is: who looks, at which snapshot, which unit, and what makes an order the unit's."""

    viewer: Viewer
    snapshot: Snapshot
    unit_id: str
    role: Role

    @property
    def cutoff_at(self) -> datetime:
        """When the data end."""
        found: datetime = data.overview(self.viewer, self.snapshot)["cutoff_at"]
        return found

    def since(self, days: int) -> datetime:
        """So many days before the data end."""
        return self.cutoff_at - timedelta(days=days)


def today() -> date:
    """Today in Shanghai, by which applications fall due."""
    return datetime.now(SHANGHAI).date()


@cached
def units(viewer: Viewer, snapshot: Snapshot) -> pl.DataFrame:
    """The units whose page a viewer may open: its own, or every one; grain unit_id: unit_name, unit_group."""
    found = reader(viewer, snapshot).own_units()
    return found if viewer.units is None else found.filter(pl.col("unit_id").is_in(list(viewer.units)))


@cached
def steps(viewer: Viewer, snapshot: Snapshot, rule_id: str, period_id: str, unit_id: str) -> pl.DataFrame:
    """A unit's figures with 1, 2, 3 … more of its orders both solved and satisfied; grain step_count."""
    return reader(viewer, snapshot).score_steps(rule_id, period_id, unit_id, "both")


def open_orders(own: Own) -> OpenOrders:
    """The unit's open orders beside the data's cut-off."""
    return timed(_open_orders(own.viewer, own.snapshot, own.unit_id, own.role), own.cutoff_at)


def repeat_callers(own: Own, days: int) -> pl.DataFrame:
    """People with many orders in so many days; one row a person, without its key."""
    return _repeat_callers(own.viewer, own.snapshot, own.unit_id, own.role, own.since(days))


def busy_places(own: Own, days: int) -> pl.DataFrame:
    """Places with many orders about one topic in so many days; grain place, topic_name."""
    return _busy_places(own.viewer, own.snapshot, own.unit_id, own.role, own.since(days))


def hot_communities(own: Own, days: int) -> pl.DataFrame:
    """Orders of each community in so many days beside as many days before; grain place_town, community."""
    return _hot_communities(own.viewer, own.snapshot, own.unit_id, own.role, (own.since(days), own.since(2 * days)))


def came_back(own: Own, days: int) -> pl.DataFrame:
    """Orders closed as resolved that were reported again in so many days; grain resolved_order_id."""
    return _came_back(own.viewer, own.snapshot, own.unit_id, own.role, own.since(days))


def changes(own: Own, rule: Rule, period_id: str) -> Changes | None:
    """What changed since the last publication of an earlier day; None where there is none."""
    opened = reader(own.viewer, own.snapshot)
    published: datetime = data.overview(own.viewer, own.snapshot)["published_at"]
    before = opened.publication_before(datetime.combine(published.date(), datetime.min.time()))
    if before.is_empty():
        return None
    then = before.row(0, named=True)
    orders = _changed_since(own.viewer, own.snapshot, own.unit_id, own.role, then["batch_id"])
    lost = figures.chosen(figures.LOST, answers(own, rule.id, period_id), rule)
    kept = opened.published_scores(rule.id, period_id, then["published_at"]).filter(pl.col("unit_id") == own.unit_id)
    return Changes(
        since=then["published_at"],
        orders=orders,
        lost=frozenset(lost["order_id"]) & frozenset(orders.filter("is_newly_answered")["order_id"]),
        before=kept.row(0, named=True) if kept.height else None,
    )


def titled(own: Own, orders: pl.DataFrame) -> pl.DataFrame:
    """Orders (grain order_id) with their masked title and is_need_to_know, in the same order."""
    titles = _titles(own.viewer, own.snapshot, tuple(orders["order_id"]))
    return orders.join(titles, on="order_id", how="left", maintain_order="left")


def answers(own: Own, rule_id: str, period_id: str) -> pl.DataFrame:
    """How the orders behind the unit's rates of a period were answered; grain order_id."""
    return _ledger_answers(own.viewer, own.snapshot, rule_id, period_id, own.unit_id)


def ledger(own: Own) -> list[Line]:
    """剔挂申诉台账 of the unit: what people noted of its orders, and what the data say of them in a year."""
    appeals = appeal_records.every_appeal()
    ids = tuple(sorted({appeal.order_id for appeal in appeals}))
    orders = _appealed_orders(own.viewer, own.snapshot, own.unit_id, own.role, ids)
    in_data = _set_aside(own.viewer, own.snapshot, own.unit_id, own.role, own.since(LEDGER_DAYS))
    return lines(appeals, orders, in_data, Deadlines(*_deadlines(own.viewer, own.snapshot)))


def note_appeal(own: Own, appeal: Appeal, appeal_id: int | None) -> int:
    """Note an application for one of the unit's orders; its number. AppealError, NoAccessError say why not."""
    own.viewer.needs("appeals")
    if _appealed_orders(own.viewer, own.snapshot, own.unit_id, own.role, (appeal.order_id,)).is_empty():
        raise AppealError(f"没有工单 {appeal.order_id}，或者不是本单位的工单。请核对工单编号。")
    noted = appeal_records.every_appeal()
    before = next((each for each in noted if each.appeal_id == appeal_id), None)
    if before and (before.order_id, before.kind) != (appeal.order_id, appeal.kind):
        raise AppealError("工单编号和类型登记后不能更改。请撤销这一件，重新登记。")
    appeal_states.refuse_wrong(appeal, before, noted, today())
    return appeal_records.save(own.viewer, appeal, appeal_id)


def undo_appeal(own: Own, line: Line) -> bool:
    """Take the newest entry of an application back; False when there is none left. NoAccessError without the permission."""
    return line.appeal is not None and appeal_records.undo_last(own.viewer, line.appeal.appeal_id)


def effect(
    own: Own, rule_id: str, period_id: str, granted: Sequence[Line]
) -> tuple[Mapping[str, Any], Mapping[str, Any]] | None:
    """The unit's figures of a period without and with what was granted; rows of marts.mart_unit_scores. WhatIfError.

    None where none of the orders is in the period.
    """
    prepared = rate_data.what_if(own.viewer, own.snapshot, rule_id, period_id, own.unit_id)
    inside = set(prepared.orders["order_id"])
    decided = [line for line in granted if line.order_id in inside]
    if not decided:
        return None
    found = []
    for is_out in (False, True):
        changed = [_assumed(line, is_out) for line in decided if line.in_data != is_out]
        scores = prepared.assume(changed) if changed else prepared.now
        found.append(scores.row(by_predicate=pl.col("unit_id") == own.unit_id, named=True))
    return found[0], found[1]


def _assumed(line: Line, is_out: bool) -> Assumption:
    if line.kind == EXCLUSION:
        return Assumption(line.order_id, is_excluded=is_out)
    return Assumption(line.order_id, is_suspended=is_out)


@cached
def _open_orders(viewer: Viewer, snapshot: Snapshot, unit_id: str, role: Role) -> pl.DataFrame:
    return order_reader(viewer, snapshot).open_orders(unit_id, role)


@cached
def _repeat_callers(viewer: Viewer, snapshot: Snapshot, unit_id: str, role: Role, since: datetime) -> pl.DataFrame:
    return order_reader(viewer, snapshot).repeat_callers(unit_id, role, since)


@cached
def _busy_places(viewer: Viewer, snapshot: Snapshot, unit_id: str, role: Role, since: datetime) -> pl.DataFrame:
    return order_reader(viewer, snapshot).busy_places(unit_id, role, since)


@cached
def _hot_communities(
    viewer: Viewer, snapshot: Snapshot, unit_id: str, role: Role, window: tuple[datetime, datetime]
) -> pl.DataFrame:
    return order_reader(viewer, snapshot).hot_communities(unit_id, role, *window)


@cached
def _came_back(viewer: Viewer, snapshot: Snapshot, unit_id: str, role: Role, since: datetime) -> pl.DataFrame:
    return order_reader(viewer, snapshot).came_back(unit_id, role, since)


@cached
def _changed_since(viewer: Viewer, snapshot: Snapshot, unit_id: str, role: Role, batch_id: int) -> pl.DataFrame:
    return order_reader(viewer, snapshot).changed_since(unit_id, role, batch_id)


@cached
def _titles(viewer: Viewer, snapshot: Snapshot, order_ids: tuple[str, ...]) -> pl.DataFrame:
    return order_reader(viewer, snapshot).order_titles(order_ids)


@cached
def _ledger_answers(viewer: Viewer, snapshot: Snapshot, rule_id: str, period_id: str, unit_id: str) -> pl.DataFrame:
    return order_reader(viewer, snapshot).ledger_answers(rule_id, period_id, unit_id)


@cached
def _set_aside(viewer: Viewer, snapshot: Snapshot, unit_id: str, role: Role, since: datetime) -> pl.DataFrame:
    return order_reader(viewer, snapshot).set_aside_orders(unit_id, role, since)


@cached
def _appealed_orders(
    viewer: Viewer, snapshot: Snapshot, unit_id: str, role: Role, order_ids: tuple[str, ...]
) -> pl.DataFrame:
    return order_reader(viewer, snapshot).appealed_orders(unit_id, role, order_ids)


@cached
def _deadlines(viewer: Viewer, snapshot: Snapshot) -> tuple[pl.DataFrame, pl.DataFrame]:
    opened = reader(viewer, snapshot)
    return opened.appeal_deadlines(), opened.workdays()
