"""The cached reads of the page 村社区. Each takes a Viewer first; who opens no orders gets no small cells."""

from collections.abc import Sequence

import polars as pl

from hotline12345.dashboard import community_tables, data
from hotline12345.dashboard.access import Viewer
from hotline12345.dashboard.snapshots import cached, reader
from hotline12345.sql.publish import Snapshot

LONGEST = 12  # periods added up at most


def window(viewer: Viewer, periods: pl.DataFrame, period_id: str, count: int) -> list[str]:
    """The ids of the chosen period and those before it, `count` in all; `periods` with the newest first.

    Who opens no orders always gets the newest LONGEST: two windows of which one holds the other would tell small cells.
    """
    listed: list[str] = periods["period_id"].to_list()
    if not viewer.opens_orders:
        return listed[:LONGEST]
    first = listed.index(period_id)
    return listed[first : first + count]


@cached
def places(viewer: Viewer, snapshot: Snapshot) -> pl.DataFrame:
    """The 街乡镇 that orders happened in, those with the most first; grain place_id."""
    return reader(viewer, snapshot).places()


@cached
def communities(
    viewer: Viewer, snapshot: Snapshot, rule_id: str, period_ids: Sequence[str], place_id: str | None
) -> pl.DataFrame:
    """Volume, callers and both rates with intervals of each community; grain place_id, community, the largest first."""
    ids = _allowed(viewer, snapshot, rule_id, period_ids)
    found = community_tables.rated(reader(viewer, snapshot).communities(rule_id, ids, place_id))
    return found if viewer.opens_orders else community_tables.without_few_people(found)


@cached
def topics(
    viewer: Viewer, snapshot: Snapshot, rule_id: str, period_ids: Sequence[str], place_id: str
) -> pl.DataFrame | None:
    """Each community of one 街乡镇 by topic, small cells null where they must be; None where the table must not be shown."""
    ids = _allowed(viewer, snapshot, rule_id, period_ids)
    cells = community_tables.by_topic(reader(viewer, snapshot).community_topics(rule_id, ids, place_id))
    return cells if viewer.opens_orders or cells.is_empty() else community_tables.withheld(cells)


def _allowed(viewer: Viewer, snapshot: Snapshot, rule_id: str, period_ids: Sequence[str]) -> Sequence[str]:
    if viewer.opens_orders or not period_ids:
        return period_ids
    return window(viewer, data.periods(viewer, snapshot, rule_id), period_ids[0], LONGEST)
