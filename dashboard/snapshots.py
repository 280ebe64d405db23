"""Opening the newest published snapshot for the pages, and the caches that keep viewers and snapshots apart.

A page asks `current()` once a rerun and hands that snapshot to every read, so that one page never mixes two
snapshots. A newer one is picked up at the next rerun. A reader that is replaced is not closed under a running query:
the connection closes when the last query that uses it lets go of it.
"""

from collections.abc import Callable
from typing import ParamSpec, TypeVar

import polars as pl
import streamlit as st

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
def reader(snapshot: Snapshot) -> Reader:
    """The snapshot opened for reading; SnapshotGoneError when its file was deleted."""
    if not snapshot.path.exists():
        raise SnapshotGoneError
    return Reader(Storage.at(), snapshot)


def cached(read: Callable[P, R]) -> Callable[P, R]:
    """A read whose answers are kept by its arguments, the Viewer and the snapshot among them."""
    return st.cache_data(max_entries=200, show_spinner="正在读取数据…")(read)


def counted_again(read: Callable[P, R]) -> Callable[P, R]:
    """The same for answers that need a period to be counted again, which takes seconds."""
    return st.cache_data(max_entries=20, show_spinner="正在按当时的数据重新计算，约需几秒…")(read)


def discreet(frame: pl.DataFrame) -> pl.DataFrame:
    """Take the texts of need-to-know orders (举报 or confidential) away."""
    hidden = [pl.when(~pl.col("is_need_to_know")).then(pl.col(name)).alias(name) for name in TEXTS if name in frame]
    return frame.with_columns(hidden)
