"""Recurring issues of the warehouse: describe what changed, group what it concerns, say who is who, store it."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime

import polars as pl

from hotline12345.flows.issue_edits import edits_in_force
from hotline12345.models.recurring.clusters import (
    THEME,
    Cluster,
    cluster_frame,
    event_clusters,
    member_frame,
    theme_clusters,
    typical_orders,
)
from hotline12345.models.recurring.describe import describe, headlines
from hotline12345.models.recurring.edits import Edit
from hotline12345.models.recurring.examples import rank_examples
from hotline12345.models.recurring.facts import newest
from hotline12345.models.recurring.fitting import fit_statistics
from hotline12345.models.recurring.grouping import nearest, stack_centres
from hotline12345.models.recurring.identity import Identified, identify
from hotline12345.models.recurring.links import Links, link
from hotline12345.models.recurring.matching import Found, Stored
from hotline12345.models.recurring.naming import problem_phrase
from hotline12345.models.recurring.occurrences import with_occurrences
from hotline12345.models.recurring.settings import MiningSettings
from hotline12345.models.recurring.statistics import Statistics
from hotline12345.models.recurring.themes import standing_themes
from hotline12345.models.recurring.unchanged import unchanged
from hotline12345.sql import issue_orders
from hotline12345.sql.issues import (
    IssueRows,
    Moves,
    StoredIssues,
    last_noted,
    pending_ids,
    read_stored,
    replace_issues,
    settled_around,
)
from hotline12345.sql.storage import Storage
from hotline12345.sql.warehouse import Connection

CHUNK = 50_000  # orders described at a time, so that memory does not grow with their number
OUTGROWN = 1.5  # the statistics are fitted anew when the orders are so many times those they were fitted to
SETTINGS = MiningSettings()


@dataclass(frozen=True)
class _Grouped:
    """Clusters with their orders, as `cluster_frame` and `member_frame` give them, and the number of each theme (grain cluster_id)."""

    clusters: pl.DataFrame
    members: pl.DataFrame
    themes: pl.DataFrame


def mine_orders(connection: Connection, storage: Storage) -> pl.DataFrame:
    """Bring the stored issues up to the orders as they stand; returns the facts that they count, grain order_id.

    Only texts that are new or changed are read, only places with such an order are grouped anew, and themes only take or
    lose the order; a refit of the statistics (a new month, or many more orders) concerns everything. A killed run is completed by the next. Cost: a few
    joins over the orders of the window, plus what changed.
    """
    window = issue_orders.open_window(connection)
    frozen = _statistics(connection, storage, window)
    for chunk in issue_orders.undescribed(connection, storage, frozen.version, CHUNK):
        links = link(describe(chunk, SETTINGS), frozen, SETTINGS).to_frame()
        hashes = chunk.select("order_id", "source_hash", statistics_id=pl.lit(frozen.version))
        issue_orders.land_problems(connection, links.join(hashes, on="order_id"))
    issue_orders.find_pending(connection)
    standing = standing_themes(issue_orders.touched_themes(connection), SETTINGS)
    issue_orders.find_examined(connection, standing, frozen.version)
    facts = issue_orders.facts(connection)
    if until := newest(facts) or last_noted(connection):
        _identify(connection, storage, frozen, facts, until)
    return facts


def _statistics(connection: Connection, storage: Storage, window: issue_orders.Window) -> Statistics:
    """The frozen statistics in force, or new ones where they are of an earlier month, outgrown, or made otherwise."""
    known = issue_orders.statistics(connection)
    settings = str(sorted(asdict(SETTINGS).items()))
    if (
        known
        and (known["fitted_month"], known["settings"]) == (window.month, settings)
        and window.orders <= OUTGROWN * int(str(known["fitted_count"]))
    ):
        return Statistics.from_json(str(known["content"]))
    fitted = fit_statistics(
        describe(issue_orders.sample(connection, storage, SETTINGS.sample_size), SETTINGS), SETTINGS
    )
    row = {
        "statistics_id": fitted.version,
        "fitted_month": window.month,
        "fitted_count": window.orders,
        "settings": settings,
        "content": fitted.to_json(),
    }
    issue_orders.land_statistics(connection, row)
    return fitted


def _identify(
    connection: Connection, storage: Storage, frozen: Statistics, facts: pl.DataFrame, until: datetime
) -> None:
    """Group the places and themes to look at, match them with the stored issues, and store the result in one go."""
    edits = edits_in_force(connection)
    grouped, stored = _changed(
        connection, _group(connection, frozen), read_stored(connection, issue_orders.examined(connection)), edits
    )
    told = facts.join(pl.concat([grouped.members, stored.members], how="diagonal"), on="order_id", how="semi")
    problems = _problems(connection, storage, frozen, grouped, stored)
    clusters = grouped.clusters.join(problems, on="cluster_id", how="left", maintain_order="left")
    identified = identify(
        Found(clusters, grouped.members, told, until),
        Stored(stored.issues, stored.members, stored.former),
        edits,
        lambda order_ids, parts: _nearest(connection, frozen, order_ids, parts),
    )
    members = rank_examples(with_occurrences(identified.members, told), told)
    rows = IssueRows(identified.issues, members, identified.former, identified.history)
    known = _issues_of_themes(grouped, identified).with_columns(statistics_id=pl.lit(frozen.version))
    replace_issues(connection, stored, rows, Moves(*_settled_moves(connection, facts), known))


def _changed(
    connection: Connection, grouped: _Grouped, stored: StoredIssues, edits: Sequence[Edit]
) -> tuple[_Grouped, StoredIssues]:
    """The clusters and stored members without those that are the same as before."""
    grains = stored.issues.select("issue_grain", found_id="issue_id")
    same = unchanged(
        grouped.clusters,
        grouped.members,
        stored.members.join(grains, on="found_id"),
        pending_ids(connection),
        edits,
    )
    clusters, members = (
        frame.join(same, on="cluster_id", how="anti", maintain_order="left")
        for frame in (grouped.clusters, grouped.members)
    )
    held = stored.members.join(same, on="found_id", how="anti", maintain_order="left")
    return replace(grouped, clusters=clusters, members=members), replace(stored, members=held)


def _issues_of_themes(grouped: _Grouped, identified: Identified) -> pl.DataFrame:
    """Grain theme: found_id, the issue that mining takes it for."""
    themes = identified.issues.filter(issue_grain=THEME).select(found_id="issue_id")
    orders = identified.members.select("order_id", "found_id").join(themes, on="found_id", how="semi")
    held = grouped.members.join(grouped.themes, on="cluster_id").join(orders, on="order_id")
    return held.group_by("theme").agg(pl.col("found_id").min()).sort("theme")


def _settled_moves(connection: Connection, facts: pl.DataFrame) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The pending orders that join settled themes, and the orders of these themes and places whose occurrence changed."""
    moved = issue_orders.settled_moves(connection)
    joining = moved.select("order_id", issue_id="found_id", known=pl.lit(None, pl.Int64))
    around = pl.concat([settled_around(connection), joining])
    known = facts.join(around, on="order_id", how="semi")
    told = with_occurrences(around.join(known, on="order_id", how="semi"), known)
    moved = moved.join(
        told.select("order_id", "occurrence", found_id="issue_id"), on=["order_id", "found_id"], how="left"
    )
    changed = told.filter(pl.col("occurrence").ne_missing(pl.col("known")))
    return moved, changed.select("issue_id", "order_id", "occurrence")


def _group(connection: Connection, frozen: Statistics) -> _Grouped:
    """The places to look at portion by portion, of which only the clusters are kept, then the themes."""
    width = len(frozen.columns)
    clusters, members = [], []

    def keep(links: Links, found: list[Cluster]) -> None:
        clusters.append(cluster_frame(found))
        members.append(member_frame(links, found))

    for frame in issue_orders.linked_by_place(connection):
        links = Links.from_frame(frame, width)
        keep(links, event_clusters(links, SETTINGS))
    links = Links.from_frame(issue_orders.linked_by_theme(connection), width)
    themes = theme_clusters(links, SETTINGS)
    keep(links, themes)
    numbers = [(each.cluster_id, int(links.themes[each.rows[0]])) for each in themes]
    schema = {"cluster_id": pl.String, "theme": pl.Int32}
    return _Grouped(pl.concat(clusters), pl.concat(members), pl.DataFrame(numbers, schema=schema, orient="row"))


def _problems(
    connection: Connection, storage: Storage, frozen: Statistics, grouped: _Grouped, stored: StoredIssues
) -> pl.DataFrame:
    """Grain cluster_id: its problem. A cluster in which a stored issue goes on keeps that issue's; texts name the others."""
    shared = (
        grouped.members.join(grouped.clusters, on="cluster_id")
        .join(stored.members.select("order_id", issue_id="found_id"), on="order_id")
        .join(stored.issues.select("issue_id", "problem", grain="issue_grain"), on=["issue_id", "grain"])
        .group_by("issue_id", "cluster_id")
        .agg(pl.len().alias("orders"), pl.col("problem").first())
        .sort("orders", "issue_id", "cluster_id", descending=[True, False, False])
    )
    heirs = shared.unique("issue_id", keep="first", maintain_order=True)
    known = heirs.unique("cluster_id", keep="first", maintain_order=True).select("cluster_id", "problem")
    fresh = grouped.clusters.join(known, on="cluster_id", how="anti")
    typical = typical_orders(grouped.members.join(fresh, on="cluster_id", how="semi", maintain_order="left"))
    wanted = sorted({order_id for order_ids in typical.values() for order_id in order_ids})
    heads = headlines(issue_orders.headline_texts(connection, storage, wanted))
    rows = [
        (cluster_id, problem_phrase([heads[each] for each in typical[cluster_id] if each in heads], place, frozen.idf))
        for cluster_id, place in fresh.select("cluster_id", "place").iter_rows()
    ]
    named = pl.DataFrame(rows, schema={"cluster_id": pl.String, "problem": pl.String}, orient="row")
    return pl.concat([known, named])


def _nearest(
    connection: Connection, frozen: Statistics, order_ids: list[str], parts: dict[str, list[str]]
) -> list[str]:
    """For each order the part whose centre it is nearest to; the first part for an order that nothing is known of."""
    keys = list(parts)
    held = issue_orders.linked(connection, [*order_ids, *(each for ids in parts.values() for each in ids)])
    links = Links.from_frame(held, len(frozen.columns))
    rows = {order_id: row for row, order_id in enumerate(links.order_ids)}
    members = [
        pl.Series([rows[each] for each in parts[key] if each in rows], dtype=pl.Int64).to_numpy() for key in keys
    ]
    known = [each for each in order_ids if each in rows]
    asked = pl.Series([rows[each] for each in known], dtype=pl.Int64).to_numpy()
    best, _ = nearest(links.vectors, asked, stack_centres(links.vectors, members))
    side = {order_id: keys[number] for order_id, number in zip(known, best.tolist(), strict=True)}
    return [side.get(order_id, keys[0]) for order_id in order_ids]
