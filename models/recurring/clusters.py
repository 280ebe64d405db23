"""Clusters of orders at both grains, before they have an identity: the frames that identities are given to."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from hotline12345.models.recurring.events import find_events
from hotline12345.models.recurring.grouping import Rows, own_cosines
from hotline12345.models.recurring.links import Links
from hotline12345.models.recurring.settings import MiningSettings
from hotline12345.models.recurring.themes import theme_rows

_NAMED_FROM = 25
EVENT, THEME = "点位事件", "共性问题"
CLUSTERS = pl.Schema({"cluster_id": pl.String(), "grain": pl.String(), "place": pl.String()})
MEMBERS = pl.Schema({"cluster_id": pl.String(), "order_id": pl.String(), "similarity": pl.Float64()})


@dataclass(frozen=True)
class Cluster:
    """Rows of one cluster in its links and the cosine of each to its centre; `place` for an event, None for a theme."""

    cluster_id: str
    place: str | None
    rows: Rows
    cosines: NDArray[np.float64]

    @property
    def grain(self) -> str:
        """点位事件 or 共性问题."""
        return EVENT if self.place else THEME


def event_clusters(links: Links, settings: MiningSettings) -> list[Cluster]:
    """The events of whole places, in an order that depends on the orders' contents only; cosines are to their own centres."""
    found = find_events(links, settings)
    return [
        _event(links, rows, cosines) for rows, cosines in zip(found, own_cosines(links.vectors, found), strict=True)
    ]


def theme_clusters(links: Links, settings: MiningSettings) -> list[Cluster]:
    """The themes of whole themes' orders, by their number in the statistics."""
    return [_theme(links, number, rows) for number, rows in theme_rows(links, settings)]


def cluster_frame(clusters: Sequence[Cluster]) -> pl.DataFrame:
    """The clusters; grain cluster_id."""
    return pl.DataFrame([(each.cluster_id, each.grain, each.place) for each in clusters], schema=CLUSTERS, orient="row")


def member_frame(links: Links, clusters: Sequence[Cluster]) -> pl.DataFrame:
    """The clusters' orders; grain cluster_id, order_id."""
    return pl.DataFrame(
        {
            "cluster_id": [cluster.cluster_id for cluster in clusters for _ in range(len(cluster.rows))],
            "order_id": [links.order_ids[row] for cluster in clusters for row in cluster.rows.tolist()],
            "similarity": np.concatenate([cluster.cosines for cluster in clusters]) if clusters else [],
        },
        schema=MEMBERS,
    )


def typical_orders(members: pl.DataFrame) -> dict[str, list[str]]:
    """cluster_id → the orders nearest to the centre, as many as a name is taken from. `members`: as `member_frame` gives them."""
    nearest_first = members.sort("similarity", descending=True, maintain_order=True)
    named = nearest_first.group_by("cluster_id", maintain_order=True).agg(pl.col("order_id").head(_NAMED_FROM))
    return dict(named.iter_rows())


def _event(links: Links, rows: Rows, cosines: NDArray[np.float64]) -> Cluster:
    place = str(links.places[rows[0]])
    return Cluster(f"E{_digest(place, links.digests[rows[0]])}", place, rows, cosines)


def _theme(links: Links, number: int, rows: Rows) -> Cluster:
    """A cluster around a frozen centre, with the cosine to that."""
    return Cluster(f"T{_digest(str(number))}", None, rows, links.theme_cosines[rows])


def _digest(*parts: str) -> str:
    return hashlib.blake2b("\0".join(parts).encode(), digest_size=6).hexdigest()
