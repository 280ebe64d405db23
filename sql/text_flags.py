"""The urgent flags of the stored texts: which examples count, which texts it has not searched, what it found."""

from collections.abc import Iterator

import polars as pl

from hotline12345.sql.build import parameter, set_parameter
from hotline12345.sql.storage import Storage
from hotline12345.sql.text_reading import touched_texts
from hotline12345.sql.transactions import transaction
from hotline12345.sql.warehouse import Connection

EXAMPLES = "urgent_examples"  # the parameter that holds the hash of the examples whose flags count


def use_examples(connection: Connection, examples_hash: str) -> None:
    """The examples whose flags count. Others than before: their flags are forgotten and every order is joined anew."""
    if parameter(connection, EXAMPLES) == examples_hash:
        return
    with transaction(connection):
        connection.execute("delete from landed.text_flags")
        connection.execute("delete from run.touched_orders")
        connection.execute("insert into run.touched_orders select distinct order_id from landed.order_versions")
        set_parameter(connection, EXAMPLES, examples_hash)


def unflagged_texts(connection: Connection, storage: Storage, rows: int) -> Iterator[pl.DataFrame]:
    """Texts of touched orders without flags, at most `rows` at a time, file by file: text_hash, title, body."""
    return touched_texts(connection, storage, "select text_hash from landed.text_flags", rows)


def land_flags(connection: Connection, flags: pl.DataFrame) -> None:
    """Store flags of texts that have none (columns as in landed/text_flags.sql); all of them or, when killed, none."""
    connection.register("incoming_flags", flags)
    connection.execute("insert into landed.text_flags by name select * from incoming_flags")
    connection.unregister("incoming_flags")
