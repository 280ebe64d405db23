"""The cached reads of the topic pages. Each takes a Viewer first and filters in its query."""

from datetime import date, datetime
from pathlib import Path
from typing import Any

import polars as pl
import streamlit as st

from hotline12345.dashboard.access import Viewer
from hotline12345.dashboard.reviewing import Catalogue, landed_keys, ranked
from hotline12345.dashboard.snapshots import cached, order_reader, reader
from hotline12345.dashboard.topic_explaining import Story, told
from hotline12345.models.topics.store import load
from hotline12345.models.topics.topic_tree import TopicTree
from hotline12345.sql.publish import Snapshot
from hotline12345.sql.storage import Storage
from hotline12345.sql.topic_reads import COUNTED


# the models 模型
@cached
def models(viewer: Viewer, snapshot: Snapshot) -> pl.DataFrame:
    """Every topic model that was in use, the newest first; grain model_id. Aggregates only."""
    return reader(viewer, snapshot).models()


@cached
def model_manifest(viewer: Viewer, snapshot: Snapshot, model_id: str) -> dict[str, Any]:
    """What the card of a model is made from; aggregates only. LookupError when the model was never in use."""
    return reader(viewer, snapshot).model_manifest(model_id)


@cached
def topic_names(viewer: Viewer, snapshot: Snapshot) -> dict[str, str]:
    """Today's name of each topic code."""
    return reader(viewer, snapshot).topic_names()


# why an order has its topic 说明
@st.cache_resource(max_entries=2, show_spinner="正在打开分类模型…")
def topic_tree(folder: Path) -> TopicTree:
    """A stored model opened for explaining, shared by all sessions. Raises StoredModelError."""
    return load(folder)[0]


@cached
def topic_story(viewer: Viewer, snapshot: Snapshot, order_id: str) -> Story | None:
    """Why an order has its topic, with similar earlier orders that the viewer may see; None when there is no such order."""
    reads = order_reader(viewer, snapshot)
    found = reads.order_topic(order_id)
    if found.is_empty():
        return None
    return told(
        found.row(0, named=True),
        reads.topic_names(),
        lambda model_id: topic_tree(Storage.at().topic_models / model_id),
        lambda: reads.similar_candidates(order_id),
    )


# review 复核
QUEUED = 1000  # orders that can be reviewed between two publications


@cached
def topic_catalogue(viewer: Viewer, snapshot: Snapshot) -> Catalogue:
    """The topics that can be chosen, and the names of every code as pages write them: `公共服务 › 供暖`."""
    choices = reader(viewer, snapshot).topic_choices()
    return Catalogue.of(choices.with_columns(pl.col("topic_path").str.replace_all("->", " › ", literal=True)))


@cached
def review_queue(viewer: Viewer, snapshot: Snapshot) -> pl.DataFrame:
    """The orders to review next, the largest expected gain first; grain order_id. None of them is need-to-know."""
    return ranked(order_reader(viewer, snapshot).review_candidates(), QUEUED)


@cached
def review_orders(viewer: Viewer, snapshot: Snapshot, order_ids: tuple[str, ...]) -> pl.DataFrame:
    """What stands of these orders' topics with their masked texts; grain order_id."""
    return order_reader(viewer, snapshot).review_orders(order_ids)


@cached
def landed_corrections(viewer: Viewer, snapshot: Snapshot) -> dict[str, str]:
    """What the snapshot counts as reviewed, as `reviewing.state` takes it."""
    return landed_keys(reader(viewer, snapshot).landed_corrections())


@cached
def label_problems(viewer: Viewer, snapshot: Snapshot) -> pl.DataFrame:
    """Clerks' labels that the last search doubts; grain order_id, problem_kind."""
    return order_reader(viewer, snapshot).label_problems()


# topics and catalogue 诉求分类
@cached
def topic_months(
    viewer: Viewer, snapshot: Snapshot, basis: str = COUNTED, level: int = 1, within: str | None = None
) -> pl.DataFrame:
    """Orders by month, unit, place, topic of a level and who classified, by one basis."""
    return reader(viewer, snapshot).topic_months(basis, level, within)


@cached
def topic_areas(
    viewer: Viewer, snapshot: Snapshot, basis: str, cut: tuple[date, int, str | None], unit_id: str | None
) -> pl.DataFrame:
    """Orders since a month by topic inside the one that holds it; `cut` is that month, the level, and the level-1 code asked for."""
    first_month, level, within = cut
    return reader(viewer, snapshot).topic_areas(first_month, level, within, basis, unit_id)


@cached
def topic_places(viewer: Viewer, snapshot: Snapshot, start_at: datetime, end_at: datetime) -> pl.DataFrame:
    """Orders created in [start_at, end_at) by level-1 topic, by what counts, and place; grain topic_code, place_id."""
    return reader(viewer, snapshot).topic_places(start_at, end_at)


@cached
def topic_calendar(viewer: Viewer, snapshot: Snapshot, basis: str, unit_id: str | None) -> pl.DataFrame:
    """Orders by month and the codes of all three levels."""
    return reader(viewer, snapshot).topic_calendar(basis, unit_id)


@cached
def seasons(viewer: Viewer, snapshot: Snapshot) -> pl.DataFrame:
    """The season calendar; grain season_id."""
    return reader(viewer, snapshot).seasons()


@cached
def seven_five_months(viewer: Viewer, snapshot: Snapshot) -> pl.DataFrame:
    """Orders by month, unit and 七有五性, and where that comes from."""
    return reader(viewer, snapshot).seven_five_months()


@cached
def taxonomies(viewer: Viewer, snapshot: Snapshot) -> pl.DataFrame:
    """The topic catalogues in use; grain taxonomy_id."""
    return reader(viewer, snapshot).taxonomies()


@cached
def relabel_counts(viewer: Viewer, snapshot: Snapshot) -> pl.DataFrame:
    """The codes that were split or merged, with the orders that still carry them; grain topic_code."""
    return reader(viewer, snapshot).relabel_counts()


@cached
def relabel_orders(viewer: Viewer, snapshot: Snapshot, topic_code: str, limit: int) -> pl.DataFrame:
    """The orders labelled with a code that was split or merged, the newest first; grain order_id."""
    return order_reader(viewer, snapshot).relabel_orders(limit, topic_code)


# urgent orders and the model's health 紧急敏感、模型健康
URGENT_LISTED = 200  # urgent orders listed at a time


@cached
def topic_health(viewer: Viewer, snapshot: Snapshot) -> pl.DataFrame:
    """The model in force by month and level-1 category; grain created_month, model_topic_code. Aggregates only."""
    return reader(viewer, snapshot).topic_health()


@cached
def model_in_force(viewer: Viewer, snapshot: Snapshot) -> dict[str, Any]:
    """The manifest of the model whose answers are shown; empty where there is none."""
    reads = reader(viewer, snapshot)
    try:
        return reads.model_manifest(reads.model_in_force() or "")
    except LookupError:
        return {}


@cached
def topic_proposals(viewer: Viewer, snapshot: Snapshot) -> pl.DataFrame:
    """Proposed categories, those of most people first; grain proposal_id. Aggregates only."""
    return reader(viewer, snapshot).topic_proposals()


@cached
def proposal_orders(viewer: Viewer, snapshot: Snapshot, proposal_id: str, limit: int) -> pl.DataFrame:
    """Orders of a proposal, none of them need-to-know; grain order_id."""
    return order_reader(viewer, snapshot).proposal_orders(proposal_id, limit)


@cached
def urgent_counts(viewer: Viewer, snapshot: Snapshot, start_at: datetime) -> pl.DataFrame:
    """Urgent orders since a time by kind, with both grades; rows must not be added up."""
    return reader(viewer, snapshot).urgent_counts(start_at)


@cached
def urgent_totals(viewer: Viewer, snapshot: Snapshot, start_at: datetime) -> dict[str, int]:
    """Since a time: all orders, and those flagged by grade, also those not closed."""
    return reader(viewer, snapshot).urgent_totals(start_at)


@cached
def urgent_orders(
    viewer: Viewer, snapshot: Snapshot, start_at: datetime, kind: str | None, grade: str | None
) -> pl.DataFrame:
    """The first URGENT_LISTED urgent orders since a time, 明确 first; need-to-know titles are hidden; grain order_id."""
    return order_reader(viewer, snapshot).urgent_orders(start_at, URGENT_LISTED, kind, grade)


@cached
def order_urgency(viewer: Viewer, snapshot: Snapshot, order_id: str) -> dict[str, str]:
    """The urgent kinds of one order by grade, each joined by 、; empty for none."""
    return order_reader(viewer, snapshot).order_urgency(order_id)
