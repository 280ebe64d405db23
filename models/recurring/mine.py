"""The miner for any table: records in, ranked issues of both grains and their members out."""

from dataclasses import dataclass

import polars as pl

from hotline12345.models.recurring.clusters import (
    Cluster,
    event_clusters,
    member_frame,
    theme_clusters,
    typical_orders,
)
from hotline12345.models.recurring.describe import TEXT_COLUMNS, describe, headlines, voice_of
from hotline12345.models.recurring.examples import rank_examples
from hotline12345.models.recurring.facts import FACTS, newest
from hotline12345.models.recurring.fitting import fit_statistics
from hotline12345.models.recurring.issue_measures import measure
from hotline12345.models.recurring.issue_ranking import rank
from hotline12345.models.recurring.links import Links, link
from hotline12345.models.recurring.matching import new_issue_id
from hotline12345.models.recurring.naming import issue_name, problem_phrase
from hotline12345.models.recurring.occurrences import with_occurrences
from hotline12345.models.recurring.scorecard import score
from hotline12345.models.recurring.scoring import Scoring
from hotline12345.models.recurring.settings import MiningSettings
from hotline12345.models.recurring.statistics import Statistics

ISSUES = pl.Schema(
    {
        **dict.fromkeys(("issue_id", "issue_name", "issue_grain", "place", "problem"), pl.String()),
        "is_dismissed": pl.Boolean(),
        "merged_into": pl.String(),
    }
)
#: Columns of the records and their types; only `order_id` and one of `title` and `body` are mandatory.
COLUMNS = pl.Schema({**TEXT_COLUMNS, **FACTS, "caller": pl.String()})


@dataclass(frozen=True)
class Mined:
    """Result of `mine`.

    `issues`: grain issue_id, sorted by issue_rank: the measures of `measure`, the scores of `score`, issue_rank, parent_id
    and is_covered of `rank`. `members`: grain issue_id, order_id; `similarity` is the cosine to the issue's centre,
    `example_rank` orders them for choosing examples, `occurrence` counts from 1 and grows with each report after a
    resolution. `statistics` is what the links used.
    """

    issues: pl.DataFrame
    members: pl.DataFrame
    statistics: Statistics


def mine(
    records: pl.DataFrame,
    settings: MiningSettings | None = None,
    statistics: Statistics | None = None,
    scoring: Scoring | None = None,
) -> Mined:
    """Recurring issues of the records, both grains in one ranked list.

    `records`: grain order_id, columns as in `COLUMNS`; all but order_id and one text may be absent or null. Texts are
    expected masked. Without `statistics` they are fitted to the records; with frozen ones two orders are as like each
    other whatever else is in the records.

    A 点位事件 is one problem in one place: orders of one place whose vectors (TF-IDF, exact cosine) group by average
    link. A 共性问题 is one problem in several places: the orders nearest to one of the frozen theme centres. An event's
    `parent_id` is the theme that holds most of its orders. Weights and thresholds are proposals, see `MiningSettings` and
    `Scoring`.

    Cost: linear in the characters for cutting, in the orders times words for vectors, in the orders times themes for
    joining; clustering is quadratic only inside blocks of bounded size, whose number grows with the orders. Measured in
    docs/performance.md.

    Raises ValueError where order_id or text is missing, or order_id is null or repeated.
    """
    chosen, weights = settings or MiningSettings(), scoring or Scoring()
    frame = conform(records)
    descriptions = describe(frame, chosen)
    frozen = statistics or fit_statistics(descriptions, chosen)
    links = link(descriptions, frozen, chosen)
    clusters = event_clusters(links, chosen) + theme_clusters(links, chosen)
    facts = _facts(frame, links)
    issues, members = _issues(clusters, links, facts, _problems(clusters, member_frame(links, clusters), frame, frozen))
    members = rank_examples(with_occurrences(members, facts), facts)
    scores = score(measure(members, facts, newest(facts), weights), issues, weights)
    ranked = rank(issues, members, scores, weights).drop_nulls("issue_rank")
    found = (
        ranked.join(issues.drop("is_dismissed", "merged_into"), on="issue_id")
        .join(scores, on="issue_id")
        .sort("issue_rank")
    )
    listed = members.join(found.select("issue_id", "issue_rank"), on="issue_id")
    return Mined(
        found, listed.sort("issue_rank", "example_rank", "order_id", nulls_last=True).drop("issue_rank"), frozen
    )


def conform(records: pl.DataFrame) -> pl.DataFrame:
    """The records with all columns of `COLUMNS`, absent ones null, sorted by `order_id`; each with its voice.

    Raises ValueError without `order_id`, without both texts, or where an `order_id` is null or repeated.
    """
    if "order_id" not in records.columns or not {"title", "body"} & set(records.columns):
        raise ValueError("records need order_id and at least one of title, body")
    missing = [pl.lit(None, dtype=kind).alias(name) for name, kind in COLUMNS.items() if name not in records.columns]
    frame = records.with_columns(missing).select(pl.col(name).cast(kind) for name, kind in COLUMNS.items())
    if frame["order_id"].null_count() or frame["order_id"].n_unique() != frame.height:
        raise ValueError("order_id must be unique and not null")
    told = frame.select("voice", "caller", "title", "body").iter_rows()
    voices = [voice or voice_of(caller, title or "", body or "") for voice, caller, title, body in told]
    return frame.with_columns(voice=pl.Series(voices, dtype=pl.String)).sort("order_id")


def _facts(frame: pl.DataFrame, links: Links) -> pl.DataFrame:
    """What is counted of each record; its place as the links have it."""
    known = {"order_id": links.order_ids, "place": links.places}
    placed = pl.DataFrame(known, schema=dict.fromkeys(known, pl.String))
    return frame.drop("place").join(placed, on="order_id").select(*FACTS)


def _problems(clusters: list[Cluster], members: pl.DataFrame, frame: pl.DataFrame, statistics: Statistics) -> list[str]:
    """The problem of each cluster; the texts of need-to-know orders name nothing."""
    typical = typical_orders(members)
    wanted = pl.Series("order_id", sorted({order_id for ids in typical.values() for order_id in ids}), dtype=pl.String)
    told = frame.filter(~pl.col("is_need_to_know").fill_null(False)).join(wanted.to_frame(), on="order_id", how="semi")
    heads = headlines(told)
    return [
        problem_phrase([heads[each] for each in typical[c.cluster_id] if each in heads], c.place, statistics.idf)
        for c in clusters
    ]


def _issues(
    clusters: list[Cluster], links: Links, facts: pl.DataFrame, problems: list[str]
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The clusters as issues with an id of their own, and their members."""
    reported = dict(facts.select("order_id", "reported_at").iter_rows())
    latest = max(filter(None, reported.values()), default=None)
    rows = []
    for cluster, problem in zip(clusters, problems, strict=True):
        order_ids = [links.order_ids[row] for row in cluster.rows.tolist()]
        first = min(order_ids, key=lambda order_id: (reported[order_id] or latest, order_id))
        issue_id = new_issue_id(cluster.grain, cluster.place, first)
        rows.append((issue_id, issue_name(cluster.place, problem), cluster.grain, cluster.place, problem, False, None))
    issues = pl.DataFrame(rows, schema=ISSUES, orient="row")
    ids = pl.DataFrame({"cluster_id": [cluster.cluster_id for cluster in clusters], "issue_id": issues["issue_id"]})
    members = member_frame(links, clusters).join(ids.cast(pl.String), on="cluster_id", maintain_order="left")
    return issues, members.select("issue_id", "order_id", "similarity")
