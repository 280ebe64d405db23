"""Reading the warehouse's masked texts for the steps that Python computes: topics and recurring issues."""

import polars as pl

from hotline12345.sql.build import MODEL, parameter, set_parameter
from hotline12345.sql.storage import Storage
from hotline12345.sql.transactions import transaction
from hotline12345.sql.warehouse import Connection

MINED_MONTHS = 24  # two of each season, so that a problem that comes back with it can be seen


def unscored_texts(connection: Connection, storage: Storage, model_id: str) -> pl.DataFrame:
    """Texts of touched orders that this model has not scored; grain text_hash: text_hash, title, body."""
    wanted = connection.sql(
        """
        select distinct orders.text_hash
        from staging.orders as orders
        semi join run.touched_orders using (order_id)
        anti join (select text_hash from landed.topic_predictions where model_id = $model_id) as scored using (text_hash)
        order by text_hash
        """,
        params={"model_id": model_id},
    ).pl()
    return _with_texts(connection, storage, wanted, "text_hash")


def labelled_texts(connection: Connection, storage: Storage) -> pl.DataFrame:
    """Different texts with the clerk's level-1 topic; grain text_hash, topic_code: text_hash, topic_code, title, body."""
    wanted = connection.sql(
        """
        select distinct orders.text_hash, coalesce(topics.topic_code, orders.topic_level1) as topic_code
        from staging.orders as orders
        left join (select topic_name, min(topic_code) as topic_code from landed.topics where level = 1 group by all)
            as topics on topics.topic_name = orders.topic_level1
        where orders.topic_level1 is not null
        order by text_hash, topic_code
        """
    ).pl()
    return _with_texts(connection, storage, wanted, "text_hash", "topic_code")


def order_texts(connection: Connection, storage: Storage) -> pl.DataFrame:
    """The current orders of the newest `MINED_MONTHS` months with their texts, as the miner reads them; grain order_id.

    order_id, title, body, reported_at, caller, place, area, topic, unit, is_resolved, closed_at.
    """
    orders = connection.sql(
        """
        select
            orders.order_id,
            orders.text_hash,
            orders.created_at as reported_at,
            orders.caller_key as caller,
            coalesce(orders.place_point, orders.community) as place,
            nullif(orders.place_town, '（未填街乡镇）') as area,
            classified.topic_code as topic,
            orders.unit_id as unit,
            orders.resolution in (
                select answer from landed.rule_answers where indicator = 'resolution' and answer_value > 0
            ) as is_resolved,
            orders.closed_at
        from staging.orders as orders
        inner join intermediate.classified_orders as classified using (order_id)
        where not orders.is_need_to_know
            and orders.created_at >= (select max(created_at) from staging.orders) - to_months($months)
        order by order_id
        """,
        params={"months": MINED_MONTHS},
    ).pl()
    return _with_texts(connection, storage, orders, "order_id").drop("text_hash")


def land_predictions(connection: Connection, predictions: pl.DataFrame) -> None:
    """Store predictions (text_hash, model_id, topic_code, probability), replacing earlier ones of the same texts and model."""
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


def land_issues(connection: Connection, issues: pl.DataFrame, orders: pl.DataFrame) -> None:
    """Replace the recurring issues and their orders; columns as in landed/recurring_issues.sql and ..._orders.sql."""
    with transaction(connection):
        for table, frame in (("recurring_issues", issues), ("recurring_issue_orders", orders)):
            connection.register("incoming", frame)
            connection.execute(f"delete from landed.{table}")
            connection.execute(f"insert into landed.{table} by name select * from incoming")
            connection.unregister("incoming")


def has_touched_orders(connection: Connection) -> bool:
    """Whether anything changed since the last finished build."""
    return bool(connection.execute("select count(*) from run.touched_orders").fetchall()[0][0])


def _with_texts(connection: Connection, storage: Storage, frame: pl.DataFrame, *keys: str) -> pl.DataFrame:
    files = [name for (name,) in connection.execute("select text_file from landed.text_files order by 1").fetchall()]
    if not files:
        return frame.with_columns(title=pl.lit(""), body=pl.lit(""))
    texts = (
        pl.scan_parquet([storage.texts / name for name in files])
        .select("text_hash", "title", "body")
        .join(frame.lazy().select("text_hash").unique(), on="text_hash", how="semi")
        .unique("text_hash")
        .collect()
    )
    return frame.join(texts, on="text_hash", how="left").sort(keys)
