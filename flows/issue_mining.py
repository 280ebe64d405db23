"""Recurring issues of the warehouse: every current order to the miner, its issues into their tables."""

import json

import polars as pl

from hotline12345.models.recurring import SCORE_PARTS, Mined, mine
from hotline12345.sql import texts
from hotline12345.sql.storage import Storage
from hotline12345.sql.warehouse import Connection

STORED = {
    "rank": "issue_rank",
    "name": "issue_name",
    "grain": "issue_grain",
    "people": "people_count",
    "orders": "order_count",
    "months": "month_count",
    "units": "unit_count",
    "places": "place_count",
    "recurrences_after_resolution": "recurrence_count",
    "score": "issue_score",
}


def mine_orders(connection: Connection, storage: Storage) -> int:
    """Mine all current orders anew and store what was found; returns how many issues. Cost grows with the orders."""
    records = texts.order_texts(connection, storage)
    if records.is_empty():
        return 0
    mined = mine(records)
    issues = with_parts(mined).rename(STORED)
    texts.land_issues(
        connection,
        issues.select(
            *STORED.values(),
            "issue_id",
            "parent_id",
            "is_covered",
            "place",
            "problem",
            "first_at",
            "last_at",
            "unresolved_share",
            "unsettled_share",
            "score_parts",
        ),
        mined.members.select("issue_id", "order_id", "similarity", "example_rank"),
    )
    return issues.height


def with_parts(mined: Mined) -> pl.DataFrame:
    """The issues with their score parts as one JSON column `score_parts`; grain issue_id."""
    parts = [json.dumps(row) for row in mined.issues.select(SCORE_PARTS).to_dicts()]
    return mined.issues.drop(SCORE_PARTS).with_columns(score_parts=pl.Series(parts, dtype=pl.String))
