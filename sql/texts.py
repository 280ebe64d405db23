"""Reading the warehouse's masked texts for the steps that Python computes: topics and recurring issues."""

from collections.abc import Iterator

import polars as pl

from hotline12345.sql.build import MODEL, parameter, set_parameter
from hotline12345.sql.storage import Storage
from hotline12345.sql.text_reading import touched_count, touched_texts, with_texts
from hotline12345.sql.transactions import transaction
from hotline12345.sql.warehouse import Connection

_SCORED = "select text_hash from landed.topic_predictions where model_id = $model_id"


def unscored_texts(connection: Connection, storage: Storage, model_id: str, rows: int) -> Iterator[pl.DataFrame]:
    """Texts of touched orders that this model has not scored, at most `rows` at a time: text_hash, title, body."""
    return touched_texts(connection, storage, _SCORED, rows, model_id=model_id)


def unscored_count(connection: Connection, model_id: str) -> int:
    """How many texts `unscored_texts` would give."""
    return touched_count(connection, _SCORED, model_id=model_id)


def labelled_texts(connection: Connection, storage: Storage, limit: int) -> pl.DataFrame:
    """Different texts with what people say they are about, at most `limit` of them: the corrected ones, then by a hash, so
    that a head is a fair draw. Grain text_hash, is_corrected and the codes.

    text_hash, title, body; level1_code, level2_code, level3_code (null where the label ends); is_corrected: whether an
    analyst said so, else the clerk; caller (one of those who wrote it, null where unknown); created_date (of the first).
    """
    wanted = connection.sql(
        """
        with said as (
            select orders.text_hash, orders.caller_key, orders.created_at, clerk.level1_code, clerk.level2_code,
                clerk.level3_code, false as is_corrected
            from staging.orders as orders inner join intermediate.clerk_topics as clerk using (order_id)
            union all
            select orders.text_hash, orders.caller_key, orders.created_at, paths.level1_code, paths.level2_code,
                paths.level3_code, true
            from staging.orders as orders
            inner join landed.topic_corrections as corrected using (order_id)
            inner join landed.topic_paths as paths on paths.topic_code = corrected.topic_code
        )
        select text_hash, is_corrected, level1_code, level2_code, level3_code,
            min(caller_key) as caller, min(created_at)::date as created_date
        from said where level1_code is not null
        group by text_hash, is_corrected, level1_code, level2_code, level3_code
        order by is_corrected desc, text_hash, level1_code, level2_code, level3_code
        limit $limit
        """,
        params={"limit": limit},
    ).pl()
    return with_texts(connection, storage, wanted)


def land_predictions(connection: Connection, predictions: pl.DataFrame) -> None:
    """Store predictions, columns as in landed/topic_predictions.sql, replacing earlier ones of the same texts and model."""
    connection.register("incoming", predictions)
    with transaction(connection):
        connection.execute(
            """
            delete from landed.topic_predictions
            where (text_hash, model_id) in (select (text_hash, model_id) from incoming)
            """
        )
        connection.execute("insert into landed.topic_predictions by name select * from incoming")
    connection.unregister("incoming")


def use_model(connection: Connection, model_id: str) -> None:
    """The model whose predictions count. Another than before: every order is joined anew; both or, when killed, neither."""
    if parameter(connection, MODEL) == model_id:
        return
    with transaction(connection):
        connection.execute("delete from run.touched_orders")
        connection.execute("insert into run.touched_orders select distinct order_id from landed.order_versions")
        set_parameter(connection, MODEL, model_id)


def has_touched_orders(connection: Connection) -> bool:
    """Whether anything changed since the last finished build."""
    return bool(connection.execute("select count(*) from run.touched_orders").fetchall()[0][0])
