"""Orders that fit no category, for the step that proposes new ones, and the table of what it proposed."""

import polars as pl

from hotline12345.sql.landed_frames import replace_table
from hotline12345.sql.storage import Storage
from hotline12345.sql.text_reading import with_texts
from hotline12345.sql.transactions import transaction
from hotline12345.sql.warehouse import Connection

MONTHS = 12
NEWEST = 6000  # bounds memory and time; the newest, because a new matter is new


def unfit_orders(connection: Connection, storage: Storage) -> pl.DataFrame:
    """Orders of the newest `MONTHS` months that nobody corrected and whose model answer is below its threshold, or that
    have no category; at most the `NEWEST` of them, none of them need-to-know; grain order_id.

    order_id, title, body, reported_at, caller, place, area, label (the clerk's), guess (the model's).
    """
    orders = connection.sql(
        """
        select
            orders.order_id, orders.text_hash, orders.created_at as reported_at, orders.caller_key as caller,
            coalesce(orders.place_point, orders.community) as place,
            nullif(orders.place_town, '（未填街乡镇）') as area,
            classified.clerk_topic_code as label, classified.model_topic_code as guess
        from intermediate.classified_orders as classified
        inner join staging.orders as orders using (order_id)
        semi join landed.texts as texts on texts.text_hash = orders.text_hash
        where (classified.topic_source = '未归类' or (classified.is_unsure and classified.topic_source <> '复核'))
            and not orders.is_need_to_know
            and orders.created_at >= (select max(created_at) from staging.orders) - to_months($months)
        order by orders.created_at desc, orders.order_id
        limit $newest
        """,
        params={"months": MONTHS, "newest": NEWEST},
    ).pl()
    return with_texts(connection, storage, orders).drop("text_hash").sort("order_id")


def land_proposals(connection: Connection, proposals: pl.DataFrame, orders: pl.DataFrame) -> None:
    """Replace the proposals and their orders; columns as in landed/topic_proposals.sql and ..._orders.sql."""
    with transaction(connection):
        replace_table(connection, "landed.topic_proposals", proposals)
        replace_table(connection, "landed.topic_proposal_orders", orders)
