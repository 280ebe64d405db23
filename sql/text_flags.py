"""The urgent flags of the stored texts: which lexicon counts, which texts it has not searched, what it found."""

from collections.abc import Iterator

import polars as pl

from hotline12345.sql.build import parameter, set_parameter
from hotline12345.sql.storage import Storage
from hotline12345.sql.transactions import transaction
from hotline12345.sql.warehouse import Connection

LEXICON = "urgent_lexicon"  # the parameter that holds the hash of the lexicon whose flags count


def use_lexicon(connection: Connection, lexicon_hash: str) -> None:
    """The lexicon whose flags count. Another than before: its flags are forgotten and every order is joined anew."""
    if parameter(connection, LEXICON) == lexicon_hash:
        return
    with transaction(connection):
        connection.execute("delete from landed.text_flags")
        connection.execute("delete from run.touched_orders")
        connection.execute("insert into run.touched_orders select distinct order_id from landed.order_versions")
        set_parameter(connection, LEXICON, lexicon_hash)


def unflagged_texts(connection: Connection, storage: Storage, rows: int) -> Iterator[pl.DataFrame]:
    """Texts of touched orders without flags, at most `rows` at a time, file by file: text_hash, title, body.

    What was landed is not given again, so a killed run goes on where it stopped.
    """
    connection.execute(
        """
        create or replace temp table unflagged_texts as
        select texts.text_file, texts.text_hash
        from landed.texts as texts
        semi join (select text_hash from staging.orders semi join run.touched_orders using (order_id)) as touched
            using (text_hash)
        anti join landed.text_flags as flags using (text_hash)
        """
    )
    for name in connection.sql("select distinct text_file from unflagged_texts order by text_file").pl()["text_file"]:
        wanted = connection.sql(
            "select text_hash from unflagged_texts where text_file = $name", params={"name": name}
        ).pl()
        texts = pl.scan_parquet(storage.texts / name).select("text_hash", "title", "body")
        yield from texts.join(wanted.lazy(), on="text_hash", how="semi").sort("text_hash").collect().iter_slices(rows)
    connection.execute("drop table unflagged_texts")


def land_flags(connection: Connection, flags: pl.DataFrame) -> None:
    """Store flags of texts that have none (columns as in landed/text_flags.sql); all of them or, when killed, none."""
    connection.register("incoming_flags", flags)
    connection.execute("insert into landed.text_flags by name select * from incoming_flags")
    connection.unregister("incoming_flags")
