"""New categories: orders that fit none, gathered by what they are about. People decide; this only proposes."""

from collections import Counter
from dataclasses import dataclass

import numpy as np
import polars as pl

from hotline12345.models.recurring.corpus import build_corpus
from hotline12345.models.recurring.describe import conform, describe
from hotline12345.models.recurring.grouping import group, stack_centres
from hotline12345.models.recurring.issue import Issue, build_issue
from hotline12345.models.recurring.settings import MiningSettings
from hotline12345.models.recurring.statistics import TOPIC_MARK, fit_statistics


@dataclass(frozen=True)
class ProposalSettings:
    """When like orders become a proposal; all numbers are proposals themselves.

    At least `min_orders` orders of `min_callers` distinct people, of which the clerks gave no single category to more than
    `max_label_share`: else they have a category, and it is the model that has to learn it. `phrases`: words that describe
    a proposal. Clustering is quadratic in the first `block_size` orders, the rest joins them.
    """

    min_orders: int = 10
    min_callers: int = 5
    max_label_share: float = 0.6
    phrases: int = 5
    block_size: int = 3000


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
    descriptions = describe(conform(orders.drop("label")), mining)
    statistics = fit_statistics(descriptions, mining)
    corpus = build_corpus(descriptions, statistics, mining)
    rows = np.arange(len(descriptions), dtype=np.int64)
    labels = dict(orders.select("order_id", "label").iter_rows())
    words = list(statistics.columns)
    found = []
    for cluster in group(corpus.vectors, rows, mining.theme_cohesion, mining.theme_membership, chosen.block_size):
        if len(cluster) < chosen.min_orders or corpus.people(cluster) < chosen.min_callers:
            continue
        issue = build_issue(corpus, cluster, None, statistics, mining)
        order_ids = tuple(corpus.descriptions[row].order_id for row in issue.rows)
        if _label_share([labels[order_id] for order_id in order_ids]) > chosen.max_label_share:
            continue
        centre = stack_centres(corpus.vectors, [cluster])
        heaviest = sorted(zip(-centre.data, (words[column] for column in centre.indices), strict=True))
        phrases = tuple(word for _, word in heaviest if not word.startswith(TOPIC_MARK))[: chosen.phrases]
        found.append(Proposal(_identity(issue), issue.name, phrases, corpus.people(cluster), order_ids))
    return sorted(found, key=lambda proposal: (-proposal.people, -len(proposal.order_ids), proposal.proposal_id))


def _identity(issue: Issue) -> str:
    return f"N{issue.issue_id[1:]}"


def _label_share(labels: list[str | None]) -> float:
    """The share of the orders that the most frequent category has; 0 where none is labelled."""
    counts = Counter(label for label in labels if label is not None)
    return max(counts.values(), default=0) / len(labels)
