"""Issues put into a hand-made warehouse as a run leaves them: stored, measured, scored and ranked by the real functions."""

from datetime import datetime

import polars as pl

from hotline12345.models.recurring.issue_measures import measure
from hotline12345.models.recurring.issue_ranking import rank
from hotline12345.models.recurring.occurrences import resolutions, with_occurrences
from hotline12345.models.recurring.scorecard import score
from hotline12345.models.recurring.scoring import Scoring
from hotline12345.models.recurring.stability import stability
from hotline12345.sql.landed_frames import replace_table
from hotline12345.sql.warehouse import Connection

TOP = 2  # an issue is in the first two or not


def land_made_issues(connection: Connection, issues: pl.DataFrame, members: pl.DataFrame, until: datetime) -> None:
    """Land issues and what follows from their orders.

    Args:
        issues: grain issue_id: issue_grain, issue_name, place, problem, merged_into.
        members: grain issue_id, order_id.
        until: the newest moment known.
    """
    facts = _facts(connection)
    stored = issues.with_columns(
        name_source=pl.lit("系统"),
        is_pinned=pl.lit(False),
        is_dismissed=pl.lit(False),
        first_known_at=pl.lit(until),
    )
    every, scoring = with_occurrences(members, facts), Scoring()
    scores = score(measure(every, facts, until, scoring).with_columns(known_until=pl.lit(until)), stored, scoring)
    ranked = scores.join(rank(stored, every, scores, scoring), on="issue_id")
    competing = ranked.filter(pl.col("issue_rank").is_not_null() & ~pl.col("is_covered"))
    order = pl.col("order_id").rank("ordinal").over("issue_id")
    listed = every.join(facts.select("order_id", "is_need_to_know"), on="order_id").with_columns(
        similarity=pl.lit(0.9), found_id="issue_id", example_rank=pl.when(~pl.col("is_need_to_know")).then(order)
    )
    _land(connection, "landed.recurring_issues", stored)
    _land(connection, "landed.recurring_issue_orders", listed)
    _land(connection, "landed.issue_resolutions", resolutions(every, facts))
    _land(
        connection, "landed.issue_measures", ranked.join(stability(competing, scoring, TOP), on="issue_id", how="left")
    )
    _land(connection, "landed.issue_history", _history(stored, until))


def _facts(connection: Connection) -> pl.DataFrame:
    found: pl.DataFrame = connection.sql(
        """
        select orders.order_id, orders.caller_key as voice, coalesce(orders.place_point, orders.community) as place,
            orders.place_town as area, orders.unit_id as unit, orders.created_at as reported_at,
            facts.* exclude (order_id, place_point)
        from staging.orders as orders inner join intermediate.issue_facts as facts using (order_id)
        order by orders.order_id
        """
    ).pl()
    return found


def _history(issues: pl.DataFrame, until: datetime) -> pl.DataFrame:
    """That each was found, or merged where it was."""
    is_alive = pl.col("merged_into").is_null()
    return issues.select(
        "issue_id",
        history_id=pl.format("{}-1", "issue_id"),
        event=pl.when(is_alive).then(pl.lit("出现")).otherwise(pl.lit("合并")),
        other_issue_id="merged_into",
        reason=pl.when(is_alive).then(pl.lit("首次形成。")).otherwise(pl.lit("多数工单相同。")),
        noted_at=pl.lit(until),
        who=pl.lit("系统"),
    )


def _land(connection: Connection, table: str, frame: pl.DataFrame) -> None:
    """Only the columns that the table has."""
    known = {name for (name,) in connection.execute(f"select column_name from (describe {table})").fetchall()}
    replace_table(connection, table, frame.select(name for name in frame.columns if name in known))
