"""Opening the newest published snapshot for the pages, and the caches that keep viewers and snapshots apart.

A page asks `current()` once a rerun and hands that snapshot to every read, so that one page never mixes two
snapshots. A newer one is picked up at the next rerun. A reader that is replaced is not closed under a running query:
the connection closes when the last query that uses it lets go of it.
"""

from collections.abc import Callable
from datetime import timedelta
from typing import ParamSpec, TypeVar

import streamlit as st

from hotline12345.dashboard.access import Viewer
from hotline12345.sql.publish import NothingPublishedError, Snapshot, current_snapshot, pointed
from hotline12345.sql.reads import Reader
from hotline12345.sql.row_access import RowAccess
from hotline12345.sql.storage import Storage

KEPT = timedelta(hours=1)
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


def is_in_force(snapshot: Snapshot) -> bool:
    """Whether a page that shows this snapshot shows the newest one; also where the pointer is gone."""
    return pointed(Storage.at().published) in (None, snapshot.run_id)


@st.cache_resource(max_entries=2, show_spinner=False)
def _opened(snapshot: Snapshot) -> Reader:
    """The snapshot opened for reading; SnapshotGoneError when its file was deleted."""
    if not snapshot.path.exists():
        raise SnapshotGoneError
    return Reader(Storage.at(), snapshot)


def reader(viewer: Viewer, snapshot: Snapshot) -> Reader:
    """For figures: the snapshot limited to the rows that the viewer's figures may be made of."""
    return _opened(snapshot).limited(viewer.rows)


def order_reader(viewer: Viewer, snapshot: Snapshot) -> Reader:
    """For rows of single orders and people: the snapshot limited to the orders that the viewer may open."""
    return _opened(snapshot).limited(viewer.orders)


def rights(viewer: Viewer) -> tuple[RowAccess, RowAccess, frozenset[str]]:
    """What answers for a viewer depend on: not who it is."""
    return viewer.rows, viewer.orders, viewer.may


def cached(read: Callable[P, R]) -> Callable[P, R]:
    """A read whose answers are kept by its arguments, the Viewer and the snapshot among them.

    Every session gets the same object, so nobody may change one: copying a large frame for each rerun took longer than
    making the page.
    """
    return _kept(read, 200, "正在读取数据…")


def cached_orders(read: Callable[P, R]) -> Callable[P, R]:
    """The same for lists of single orders, each of which may be megabytes."""
    return _kept(read, 30, "正在读取数据…")


def counted_again(read: Callable[P, R]) -> Callable[P, R]:
    """The same for answers that need a period to be counted again, which takes seconds."""
    return _kept(read, 20, "正在按当时的数据重新计算，约需几秒…")


def _kept(read: Callable[P, R], entries: int, spinner: str) -> Callable[P, R]:
    """Answers of an older snapshot are never asked for again; they go after `KEPT`."""
    keep = st.cache_resource(max_entries=entries, ttl=KEPT, show_spinner=spinner, hash_funcs={Viewer: rights})
    return keep(read)
