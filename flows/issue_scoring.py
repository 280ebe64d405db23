"""Measures, scores and ranks of the stored issues, worked out anew at every run into their tables."""

import polars as pl

from hotline12345.models.recurring.facts import newest
from hotline12345.models.recurring.issue_measures import measure
from hotline12345.models.recurring.issue_ranking import rank
from hotline12345.models.recurring.occurrences import resolutions
from hotline12345.models.recurring.scorecard import score
from hotline12345.models.recurring.scoring import SCORE_COLUMNS, Scoring
from hotline12345.models.recurring.stability import stability
from hotline12345.sql import issues
from hotline12345.sql.issue_settings import load_issue_settings
from hotline12345.sql.storage import Storage
from hotline12345.sql.warehouse import Connection


def score_issues(connection: Connection, storage: Storage, facts: pl.DataFrame) -> int:
    """Measure, score and rank every issue that has orders; returns how many have a rank. `facts` as `mine_orders` gives.

    Cost: a few group-bys over all members; a million in about 3 s.
    """
    settings = load_issue_settings(storage)
    scoring = Scoring(**settings.scoring)
    known, members = issues.known_issues(connection), issues.known_members(connection)
    scores = score(measure(members, facts, newest(facts), scoring), known, scoring)
    ranked = rank(known, members, scores, scoring)
    competing = ranked.filter(pl.col("issue_rank").is_not_null() & ~pl.col("is_covered"))
    shares = stability(
        scores.select("issue_id", *SCORE_COLUMNS).join(competing.select("issue_id", "issue_rank"), on="issue_id"),
        scoring,
        settings.choice.shortlist_size,
    )
    rows = scores.join(ranked, on="issue_id", how="left").join(shares, on="issue_id", how="left")
    issues.land_measures(connection, rows, resolutions(members, facts))
    return int(ranked["issue_rank"].count())
