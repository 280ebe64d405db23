"""Analysts' edits of issues in the warehouse: landed at the start of every refresh, what they concern is touched."""

import polars as pl

from hotline12345.sql.build import PUBLISHED, set_parameter
from hotline12345.sql.landed_frames import replace_table
from hotline12345.sql.transactions import transaction
from hotline12345.sql.warehouse import Connection

EDITS = pl.Schema(
    {
        "edit_id": pl.Int64(),
        "edited_at": pl.Datetime("us"),
        **dict.fromkeys(("who", "edit_action", "issue_id", "other_issue_id", "edited_name"), pl.String()),
        **dict.fromkeys(("moved_ids", "kept_ids"), pl.List(pl.String)),
    }
)


def landed_edits(connection: Connection) -> pl.DataFrame:
    """The edits in force as landed, oldest first; grain edit_id, columns as `EDITS`."""
    edits: pl.DataFrame = connection.sql("select * from landed.issue_edits order by edit_id").pl()
    return edits


def issue_names(connection: Connection) -> dict[str, str]:
    """issue_id → name of every known issue."""
    return dict(connection.execute("select issue_id, issue_name from landed.recurring_issues").fetchall())


def land_edits(connection: Connection, edits: pl.DataFrame, history: pl.DataFrame) -> int:
    """Make landed.issue_edits these edits in force and add what is new of their history; returns how many changed.

    A changed edit leaves something to publish. A merge or a split, made or taken back, touches one order of each issue
    that is concerned, which is enough for a run to look at the whole issue again.
    """
    told = history.join(connection.sql("select history_id from landed.issue_history").pl(), on="history_id", how="anti")
    before = landed_edits(connection)
    changed = pl.concat([edits.join(before, on="edit_id", how="anti"), before.join(edits, on="edit_id", how="anti")])
    if changed.is_empty() and told.is_empty():
        return 0
    moved = changed.filter(pl.col("edit_action").is_in(["merge", "split"]))
    connection.register(
        "changed", moved.select(issue_id=pl.concat_list("issue_id", "other_issue_id")).explode("issue_id")
    )
    connection.register(
        "moved", moved.select("moved_ids").explode("moved_ids").drop_nulls().rename({"moved_ids": "order_id"})
    )
    connection.register("told", told)
    with transaction(connection):
        replace_table(connection, "landed.issue_edits", edits)
        connection.execute("insert into landed.issue_history by name select * from told")
        connection.execute(
            """
            insert into run.touched_orders
            select distinct order_id from (
                select min(order_id) as order_id from landed.recurring_issue_orders
                where issue_id in (select issue_id from changed) or found_id in (select issue_id from changed)
                group by issue_id, found_id
                union all
                select min(order_id) from landed.recurring_issue_orders semi join moved using (order_id)
                group by issue_id, found_id
            )
            anti join run.touched_orders using (order_id)
            """
        )
        set_parameter(connection, PUBLISHED, "")
    for name in ("changed", "moved", "told"):
        connection.unregister(name)
    return changed.height
