"""What the search for wrong labels reads of the warehouse, and where it leaves what it found."""

import polars as pl

from hotline12345.sql.build import PUBLISHED, set_parameter
from hotline12345.sql.landed_frames import replace_table
from hotline12345.sql.storage import Storage
from hotline12345.sql.text_reading import with_texts
from hotline12345.sql.transactions import transaction
from hotline12345.sql.warehouse import Connection

INFERRED, DUPLICATE = "推断", "重复"  # problem_kind
PROBLEMS = pl.Schema(
    {
        **dict.fromkeys(("order_id", "problem_kind", "label_code", "suggested_code"), pl.String()),
        **dict.fromkeys(("label_probability", "suggested_probability"), pl.Float64()),
        **dict.fromkeys(("problem_rank", "conflict_number"), pl.Int32()),
        "sought_at": pl.Datetime("us"),
    }
)


def labelled_orders(connection: Connection, storage: Storage, limit: int) -> pl.DataFrame:
    """The newest `limit` orders with a clerk's label that nobody has reviewed, in the order of their ids; grain order_id.

    order_id, label_code (level 1), text_hash, title, body. 举报 and confidential orders are left out.
    """
    orders = connection.sql(
        """
        with newest as (
            select orders.order_id, orders.text_hash, clerk.level1_code as label_code
            from staging.orders as orders
            inner join intermediate.clerk_topics as clerk using (order_id)
            anti join landed.topic_corrections using (order_id)
            where clerk.level1_code is not null and not orders.is_need_to_know
            order by orders.created_at desc, orders.order_id
            limit $limit
        )
        select newest.* from newest semi join landed.texts using (text_hash) order by order_id
        """,
        params={"limit": limit},
    ).pl()
    return with_texts(connection, storage, orders)


def land_label_problems(connection: Connection, problems: pl.DataFrame) -> None:
    """Replace what the last search found; columns as in `PROBLEMS`. The next refresh publishes it."""
    with transaction(connection):
        replace_table(connection, "landed.label_problems", problems.cast(PROBLEMS))
        set_parameter(connection, PUBLISHED, "")
