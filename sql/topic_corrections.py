"""Taking what people said of topics out of the records store into the warehouse, at the start of every refresh."""

from datetime import datetime

import polars as pl

from hotline12345.sql.landed_frames import replace_table
from hotline12345.sql.records.store import opened_records
from hotline12345.sql.records.topic_events import CONFIRM, CORRECT, TopicEvent, answers_in_force
from hotline12345.sql.storage import Storage
from hotline12345.sql.transactions import transaction
from hotline12345.sql.warehouse import Connection

SCHEMA = pl.Schema(
    {
        **dict.fromkeys(("order_id", "text_hash", "action", "topic_code", "previous_code"), pl.String()),
        "corrected_at": pl.Datetime("us"),
        "who": pl.String(),
    }
)


def land_corrections(connection: Connection, storage: Storage) -> int:
    """Make landed.topic_corrections what the records store says; returns how many orders changed, which are touched.

    Cost grows with the answers in force. A data folder in which nobody ever wrote a record needs no store.
    """
    answers = []
    if storage.records.exists():
        with opened_records(storage) as records:
            answers = answers_in_force(records)
    said = pl.DataFrame(
        [_row(answer) for answer in answers if answer.action in (CONFIRM, CORRECT)], schema=SCHEMA, orient="row"
    )
    connection.register("said", said)
    changed: pl.DataFrame = connection.sql(
        """
        with differing as (
            (select * from said except select * from landed.topic_corrections)
            union all (select * from landed.topic_corrections except select * from said)
        )
        select distinct order_id from differing order by order_id
        """
    ).pl()
    connection.unregister("said")
    if changed.is_empty():
        return 0
    connection.register("changed", changed)
    with transaction(connection):
        replace_table(connection, "landed.topic_corrections", said)
        connection.execute(
            "insert into run.touched_orders select order_id from changed anti join run.touched_orders using (order_id)"
        )
    connection.unregister("changed")
    return changed.height


def _row(answer: TopicEvent) -> tuple[str | datetime | None, ...]:
    return (
        answer.order_id,
        answer.text_hash,
        answer.action,
        answer.topic_code,
        answer.previous_code,
        datetime.fromisoformat(answer.at),
        answer.who,
    )
