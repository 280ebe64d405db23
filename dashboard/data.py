"""The only reads of the pages. Each takes a Viewer first and filters in its query; caches are keyed by Viewer and snapshot.

A page asks `current()` once a rerun and hands that snapshot to every read, so that one page never mixes two
snapshots. A newer one is picked up at the next rerun. A reader that is replaced is not closed under a running query:
the connection closes when the last query that uses it lets go of it.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any, ParamSpec, TypeVar

import polars as pl
import streamlit as st

from hotline12345.dashboard.access import Viewer
from hotline12345.sql.publish import NothingPublishedError, Snapshot, current_snapshot
from hotline12345.sql.reading import TEXTS
from hotline12345.sql.reads import Reader
from hotline12345.sql.storage import Storage

P = ParamSpec("P")
R = TypeVar("R")


class SnapshotGoneError(Exception):
    """The snapshot was replaced and deleted while a page was being made; a rerun opens the newer one."""


def current() -> Snapshot:
    """The newest published snapshot of the data folder (HOTLINE_DATA_DIR); NothingPublishedError when there is none."""
    snapshot = current_snapshot(Storage.at())
    if not snapshot.path.exists():
        raise NothingPublishedError("已发布的数据文件不见了。请重新运行 hotline run 发布一次。")
    return snapshot


@st.cache_resource(max_entries=2, show_spinner=False)
def _reader(snapshot: Snapshot) -> Reader:
    if not snapshot.path.exists():
        raise SnapshotGoneError
    return Reader(Storage.at(), snapshot)


def _cached(read: Callable[P, R]) -> Callable[P, R]:
    return st.cache_data(max_entries=200, show_spinner="正在读取数据…")(read)


@_cached
def overview(viewer: Viewer, snapshot: Snapshot) -> dict[str, Any]:
    """Facts of the whole snapshot."""
    return _reader(snapshot).overview()


@_cached
def rules(viewer: Viewer, snapshot: Snapshot) -> pl.DataFrame:
    """Every rule; grain rule_id."""
    return _reader(snapshot).rules()


@_cached
def periods(viewer: Viewer, snapshot: Snapshot, rule_id: str) -> pl.DataFrame:
    """Periods with orders, newest first; grain period_id."""
    return _reader(snapshot).periods(rule_id)


@_cached
def reasons(viewer: Viewer, snapshot: Snapshot, rule_id: str, period_id: str) -> dict[str, int]:
    """Orders of a period by reason code."""
    frame = _reader(snapshot).reasons(rule_id, period_id, viewer.units)
    return dict(zip(frame["reason_code"], frame["order_count"], strict=True))


@_cached
def unit_scores(viewer: Viewer, snapshot: Snapshot, rule_id: str, period_id: str) -> pl.DataFrame:
    """Rates of each unit in a period; grain unit_id."""
    return _reader(snapshot).unit_scores(rule_id, period_id, viewer.units)


@_cached
def unit_history(viewer: Viewer, snapshot: Snapshot, rule_id: str, unit_id: str) -> pl.DataFrame:
    """Rates of one unit over all periods, oldest first; grain period_id."""
    return _reader(snapshot).unit_history(rule_id, unit_id, viewer.units)


@_cached
def group_summary(viewer: Viewer, snapshot: Snapshot, rule_id: str, period_id: str) -> pl.DataFrame:
    """The 汇总 line of each group; grain unit_group."""
    return _reader(snapshot).group_summary(rule_id, period_id)


@_cached
def ledger(viewer: Viewer, snapshot: Snapshot, rule_id: str, period_id: str, unit_id: str) -> pl.DataFrame:
    """The orders behind a unit's rates with reason and title, the costliest first; grain order_id."""
    return _discreet(_reader(snapshot).ledger(rule_id, period_id, unit_id, viewer.units))


@_cached
def order(viewer: Viewer, snapshot: Snapshot, order_id: str) -> pl.DataFrame:
    """One order with its masked texts; one row or none."""
    return _discreet(_reader(snapshot).order(order_id, viewer.units))


@_cached
def order_ledger(viewer: Viewer, snapshot: Snapshot, order_id: str) -> pl.DataFrame:
    """How one order counts under each rule; grain rule_id."""
    return _reader(snapshot).order_ledger(order_id, viewer.units)


@_cached
def order_versions(viewer: Viewer, snapshot: Snapshot, order_id: str) -> pl.DataFrame:
    """What was known of an order, batch by batch; grain batch_id."""
    return _reader(snapshot).order_versions(order_id, viewer.units)


@_cached
def case_orders(viewer: Viewer, snapshot: Snapshot, order_id: str) -> pl.DataFrame:
    """The other orders of the same case; grain order_id."""
    return _reader(snapshot).case_orders(order_id, viewer.units)


@_cached
def topic_months(viewer: Viewer, snapshot: Snapshot) -> pl.DataFrame:
    """Orders by month, unit, place, topic and who classified."""
    return _reader(snapshot).topic_months(viewer.units)


@_cached
def topic_counts(viewer: Viewer, snapshot: Snapshot, start_at: datetime, end_at: datetime) -> pl.DataFrame:
    """Orders created in [start_at, end_at) by topic; grain topic_code."""
    return _reader(snapshot).topic_counts(start_at, end_at, viewer.units)


@_cached
def seven_five_months(viewer: Viewer, snapshot: Snapshot) -> pl.DataFrame:
    """Orders by month, unit and 七有五性, and where that comes from."""
    return _reader(snapshot).seven_five_months(viewer.units)


@_cached
def days(viewer: Viewer, snapshot: Snapshot) -> pl.DataFrame:
    """Orders of each day and place; aggregates only."""
    return _reader(snapshot).days()


@_cached
def issues(viewer: Viewer, snapshot: Snapshot) -> pl.DataFrame:
    """Recurring issues as ranked; aggregates only."""
    return _reader(snapshot).issues()


@_cached
def issue_months(viewer: Viewer, snapshot: Snapshot, issue_id: str) -> pl.DataFrame:
    """Orders of an issue by month and unit; aggregates only."""
    return _reader(snapshot).issue_months(issue_id)


@_cached
def issue_orders(viewer: Viewer, snapshot: Snapshot, issue_id: str, limit: int) -> pl.DataFrame:
    """Masked example orders of an issue, none of them confidential; grain order_id."""
    return _reader(snapshot).issue_orders(issue_id, limit, viewer.units)


@_cached
def batches(viewer: Viewer, snapshot: Snapshot) -> pl.DataFrame:
    """Loaded files and what became of their rows, newest first; grain batch_id."""
    return _reader(snapshot).batches()


@_cached
def quarantine_reasons(viewer: Viewer, snapshot: Snapshot, batch_id: int) -> pl.DataFrame:
    """Why rows of one file were kept aside; grain column_name, rule."""
    return _reader(snapshot).quarantine_reasons(batch_id)


@_cached
def quarantine(viewer: Viewer, snapshot: Snapshot, batch_id: int) -> pl.DataFrame:
    """Rows kept aside from one file, masked; grain row_number, column_name, rule."""
    return _reader(snapshot).quarantine(batch_id)


@_cached
def quarantined_rows(viewer: Viewer, snapshot: Snapshot, batch_id: int) -> pl.DataFrame:
    """Rows of one file that still have to be corrected, masked, as `quarantine_workbook` takes them; grain row_number."""
    return _reader(snapshot).quarantined_rows(batch_id)


@_cached
def name_proposals(viewer: Viewer, snapshot: Snapshot) -> pl.DataFrame:
    """Names of units and places that the dated list does not settle; grain name_role, found_name, name_issue."""
    return _reader(snapshot).name_proposals()


@_cached
def channel_counts(viewer: Viewer, snapshot: Snapshot) -> pl.DataFrame:
    """Orders of the newest 12 months by channel and sub-centre; aggregates only."""
    return _reader(snapshot).channel_counts()


@_cached
def unlisted_units(viewer: Viewer, snapshot: Snapshot) -> pl.DataFrame:
    """Units that the site's list does not know; grain unit_id."""
    return _reader(snapshot).unlisted_units()


def _discreet(frame: pl.DataFrame) -> pl.DataFrame:
    """Take the texts of need-to-know orders (举报 or confidential) away."""
    hidden = [pl.when(~pl.col("is_need_to_know")).then(pl.col(name)).alias(name) for name in TEXTS if name in frame]
    return frame.with_columns(hidden)
