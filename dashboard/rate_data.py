"""The reads of the pages about one period's rates. Each takes a Viewer first and filters in its query."""

from collections.abc import Sequence
from datetime import datetime
from typing import get_args

import polars as pl
import streamlit as st

from hotline12345.dashboard.access import Viewer
from hotline12345.dashboard.bridge_states import Answer, BridgeError, BridgeStates, Question, unnamed
from hotline12345.dashboard.reconciling import Explanation, Variant, explain, rank_variants
from hotline12345.dashboard.snapshots import cached, cached_orders, counted_again, order_reader, reader, rights
from hotline12345.sql.lost_reads import GROUPINGS, LostBy
from hotline12345.sql.official_evidence import gather_evidence
from hotline12345.sql.publish import Snapshot
from hotline12345.sql.score_steps import Improved
from hotline12345.sql.storage import Storage
from hotline12345.sql.what_if import WhatIf


@cached
def reasons(viewer: Viewer, snapshot: Snapshot, rule_id: str, period_id: str) -> dict[str, int]:
    """Orders of a period by reason code."""
    frame = reader(viewer, snapshot).reasons(rule_id, period_id)
    return dict(zip(frame["reason_code"], frame["order_count"], strict=True))


@cached
def unit_scores(viewer: Viewer, snapshot: Snapshot, rule_id: str, period_id: str) -> pl.DataFrame:
    """Rates of each unit in a period; grain unit_id."""
    return reader(viewer, snapshot).unit_scores(rule_id, period_id)


@cached
def unit_history(viewer: Viewer, snapshot: Snapshot, rule_id: str, unit_id: str) -> pl.DataFrame:
    """Rates of one unit over all periods, oldest first; grain period_id."""
    return reader(viewer, snapshot).unit_history(rule_id, unit_id)


@cached
def group_summary(viewer: Viewer, snapshot: Snapshot, rule_id: str, period_id: str) -> pl.DataFrame:
    """The 汇总 line of each group; grain unit_group."""
    return reader(viewer, snapshot).group_summary(rule_id, period_id)


@cached_orders
def ledger(viewer: Viewer, snapshot: Snapshot, rule_id: str, period_id: str, unit_id: str) -> pl.DataFrame:
    """The orders behind a unit's rates with reason and title, the costliest first; grain order_id."""
    return order_reader(viewer, snapshot).ledger(rule_id, period_id, unit_id)


@cached
def like_summary(viewer: Viewer, snapshot: Snapshot, rule_id: str, period_id: str, kind: str) -> pl.DataFrame:
    """Lines for units of one kind (terrain or size_class) inside each group; grain unit_group, group_id."""
    return reader(viewer, snapshot).like_summary(rule_id, period_id, kind)


@cached
def unit_kinds(viewer: Viewer, snapshot: Snapshot, rule_id: str, period_id: str) -> pl.DataFrame:
    """Terrain and size class of each unit; grain unit_id."""
    return reader(viewer, snapshot).unit_kinds(rule_id, period_id)


@cached
def compared_scores(viewer: Viewer, snapshot: Snapshot, rule_id: str, period_id: str) -> pl.DataFrame:
    """What each unit's figures may be compared with; grain comparison (previous, year_ago), unit_id."""
    return reader(viewer, snapshot).compared_scores(rule_id, period_id)


@cached
def lost_summaries(
    viewer: Viewer, snapshot: Snapshot, rule_id: str, period_id: str, unit_id: str
) -> dict[LostBy, pl.DataFrame]:
    """Where one unit's points are lost, by each of GROUPINGS; grain of each frame its grouping."""
    opened = reader(viewer, snapshot)
    return {by: opened.lost_summary(rule_id, period_id, unit_id, by) for by in GROUPINGS}


@cached
def score_steps(
    viewer: Viewer, snapshot: Snapshot, rule_id: str, period_id: str, unit_id: str
) -> dict[Improved, pl.DataFrame]:
    """One unit's figures with 1, 2, 3 … more orders solved, satisfied, or both; grain of each frame step_count."""
    opened = reader(viewer, snapshot)
    return {way: opened.score_steps(rule_id, period_id, unit_id, way) for way in get_args(Improved)}


@cached_orders
def listed_orders(viewer: Viewer, snapshot: Snapshot, rule_id: str, order_ids: Sequence[str]) -> pl.DataFrame:
    """These orders with how they count under a rule; grain order_id."""
    return order_reader(viewer, snapshot).listed_orders(rule_id, order_ids)


@cached_orders
def period_orders(viewer: Viewer, snapshot: Snapshot, rule_id: str, period_id: str) -> pl.DataFrame:
    """Every order of a period with how it counts under a rule; grain order_id."""
    return order_reader(viewer, snapshot).period_orders(rule_id, period_id)


@cached
def place_volumes(viewer: Viewer, snapshot: Snapshot, rule_id: str, period_id: str) -> pl.DataFrame:
    """万人诉求比 of each place; grain unit_id."""
    return reader(viewer, snapshot).place_volumes(rule_id, period_id)


@cached
def overdue_open(viewer: Viewer, snapshot: Snapshot, rule_id: str, period_id: str) -> dict[str, int]:
    """超期未办结 of each unit that has any."""
    frame = reader(viewer, snapshot).overdue_open(rule_id, period_id)
    return dict(zip(frame["unit_id"], frame["overdue_open_count"], strict=True))


@cached
def published_history(viewer: Viewer, snapshot: Snapshot, rule_id: str, period_id: str, unit_id: str) -> pl.DataFrame:
    """How one unit's published score and rank of a period moved; grain published_at."""
    return reader(viewer, snapshot).published_history(rule_id, period_id, unit_id)


@cached
def targets(viewer: Viewer, snapshot: Snapshot) -> pl.DataFrame:
    """Every target of the site's table; grain target_id."""
    return reader(viewer, snapshot).targets()


@cached
def unit_workload(
    viewer: Viewer, snapshot: Snapshot, rule_id: str, start_at: datetime, end_at: datetime
) -> pl.DataFrame:
    """Volume, repeats and unreached callers of each unit in a window; grain unit_id."""
    return reader(viewer, snapshot).unit_workload(rule_id, start_at, end_at)


@cached
def unit_channels(
    viewer: Viewer, snapshot: Snapshot, rule_id: str, start_at: datetime, end_at: datetime
) -> pl.DataFrame:
    """Orders of each unit and group of channels in a window; grain unit_id, channel_group."""
    return reader(viewer, snapshot).unit_channels(rule_id, start_at, end_at)


@cached
def official_ranks(viewer: Viewer, snapshot: Snapshot, rule_id: str, period_id: str) -> pl.DataFrame:
    """Officially published rank and score of each unit; grain unit_id, empty where nothing was loaded."""
    return reader(viewer, snapshot).official_ranks(rule_id, period_id)


@cached
def official_tables(viewer: Viewer, snapshot: Snapshot) -> pl.DataFrame:
    """Every official table that was loaded, newest first; grain official_id."""
    return reader(viewer, snapshot).official_tables()


@cached
def official_comparison(viewer: Viewer, snapshot: Snapshot, rule_id: str, period_id: str) -> pl.DataFrame:
    """Official figures beside ours; grain unit_id."""
    return reader(viewer, snapshot).official_comparison(rule_id, period_id)


@counted_again
def official_reasons(
    viewer: Viewer, snapshot: Snapshot, rule_id: str, period_id: str
) -> tuple[list[Explanation], list[Variant]]:
    """What may explain differences to the official table; nothing for a viewer of some units only."""
    if viewer.units is not None:
        return [], []
    evidence = gather_evidence(Storage.at(), snapshot, rule_id, period_id)
    found = explain(evidence.comparison, evidence.orders, evidence.former, evidence.then)
    return found, rank_variants(evidence.comparison, evidence.variants)


@counted_again
def bridge_answer(viewer: Viewer, snapshot: Snapshot, question: Question) -> Answer:
    """The states between which a figure changed; BridgeError says why there are none, also for another's unit.

    Who may not open orders gets them without their ids.
    """
    if viewer.units is not None and question.unit not in viewer.units:
        raise BridgeError("只能查看本单位的变化原因。")
    answer = BridgeStates(Storage.at(), snapshot).answer(question)
    return answer if viewer.opens_orders else unnamed(answer)


@st.cache_resource(max_entries=20, show_spinner="正在准备测算…", hash_funcs={Viewer: rights})
def what_if(viewer: Viewer, snapshot: Snapshot, rule_id: str, period_id: str, unit_id: str) -> WhatIf:
    """One unit's orders ready to be changed; WhatIfError for another's unit."""
    return order_reader(viewer, snapshot).what_if(rule_id, period_id, unit_id)
