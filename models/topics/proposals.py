"""New categories: orders that fit none, gathered by what they are about. People decide; this only proposes."""

import hashlib
from collections import Counter
from dataclasses import dataclass

import numpy as np
import polars as pl

from hotline12345.models.recurring.describe import describe, headlines
from hotline12345.models.recurring.fitting import fit_statistics
from hotline12345.models.recurring.grouping import Likeness, Rows, group, nearest, stack_centres
from hotline12345.models.recurring.links import Links, link
from hotline12345.models.recurring.mine import conform
from hotline12345.models.recurring.naming import problem_phrase
from hotline12345.models.recurring.settings import MiningSettings
from hotline12345.models.recurring.statistics import TOPIC_MARK, Statistics

_ALIKE = Likeness(cohesion=0.20, merging=1.0, membership=0.30, block_size=3000)


@dataclass(frozen=True)
class ProposalSettings:
    """When like orders become a proposal; all numbers are proposals themselves.

    At least `min_orders` orders of `min_callers` distinct people, of which the clerks gave no single category to more than
    `max_label_share`: else they have a category, and it is the model that has to learn it. `phrases`: words that describe
    a proposal. `likeness`: how like they are; clustering is quadratic in the first `block_size` orders, the rest joins them.
    """

    min_orders: int = 10
    min_callers: int = 5
    max_label_share: float = 0.6
    phrases: int = 5
    likeness: Likeness = _ALIKE


@dataclass(frozen=True)
class Proposal:
    """Like orders without a category: a readable name, its heaviest words, and the orders, most representative first."""

    proposal_id: str
    name: str
    phrases: tuple[str, ...]
    people: int
    order_ids: tuple[str, ...]


def propose(orders: pl.DataFrame, settings: ProposalSettings | None = None) -> list[Proposal]:
    """Proposals among orders that fit no category, those of most people first.

    `orders`: grain order_id with title, body (masked), caller and place, area where known (null: unknown, each order then
    counts as one caller) and `label`, the category that the clerk gave, null for none. Average-link groups of TF-IDF
    vectors without places and names, as the miner of recurring issues makes them; deterministic, whatever the row order.
    """
    chosen, mining = settings or ProposalSettings(), MiningSettings()
    if orders.height < chosen.min_orders:
        return []
    frame = conform(orders.drop("label"))
    descriptions = describe(frame, mining)
    statistics = fit_statistics(descriptions, mining)
    links = link(descriptions, statistics, mining)
    heads = headlines(frame)
    rows = np.arange(len(links), dtype=np.int64)
    labels = dict(orders.select("order_id", "label").iter_rows())
    found = []
    for cluster in group(links.vectors, [rows], chosen.likeness)[0]:
        if len(cluster) < chosen.min_orders or links.people(cluster) < chosen.min_callers:
            continue
        order_ids = _most_typical(links, cluster)
        if _label_share([labels[order_id] for order_id in order_ids]) > chosen.max_label_share:
            continue
        name = problem_phrase([heads[order_id] for order_id in order_ids], None, statistics.idf)
        phrases = _phrases(links, cluster, statistics, chosen.phrases)
        found.append(Proposal(_identity(order_ids[0]), name, phrases, links.people(cluster), order_ids))
    return sorted(found, key=lambda proposal: (-proposal.people, -len(proposal.order_ids), proposal.proposal_id))


def _most_typical(links: Links, cluster: Rows) -> tuple[str, ...]:
    """The orders, the nearest to the centre first; a person's second order comes after everybody's first."""
    cosine = nearest(links.vectors, cluster, stack_centres(links.vectors, [cluster]))[1].round(6)
    nearest_first = sorted(
        zip((-cosine).tolist(), (links.order_ids[row] for row in cluster), cluster.tolist(), strict=True)
    )
    spoken: Counter[str] = Counter()
    turns: list[tuple[int, int, str]] = []
    for _, order_id, row in nearest_first:
        turns.append((spoken[links.voices[row]], len(turns), order_id))
        spoken[links.voices[row]] += 1
    return tuple(order_id for _, _, order_id in sorted(turns))


def _phrases(links: Links, cluster: Rows, statistics: Statistics, most: int) -> tuple[str, ...]:
    """The heaviest words of the centre."""
    centre = stack_centres(links.vectors, [cluster])
    heaviest = sorted(zip(-centre.data, (statistics.words[column] for column in centre.indices), strict=True))
    return tuple(word for _, word in heaviest if not word.startswith(TOPIC_MARK))[:most]


def _identity(order_id: str) -> str:
    return f"N{hashlib.blake2b(order_id.encode(), digest_size=6).hexdigest()}"


def _label_share(labels: list[str | None]) -> float:
    """The share of the orders that the most frequent category has; 0 where none is labelled."""
    counts = Counter(label for label in labels if label is not None)
    return max(counts.values(), default=0) / len(labels)
