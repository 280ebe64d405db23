"""Reading the masked texts that the warehouse lists: those of given hashes, or of touched orders, chunk by chunk."""

from collections.abc import Iterator, Sequence

import polars as pl

from hotline12345.sql.storage import Storage
from hotline12345.sql.warehouse import Connection

READ = ("title", "body")


def texts_of(
    connection: Connection, storage: Storage, hashes: pl.Series, columns: Sequence[str] = READ
) -> pl.DataFrame:
    """The stored texts under these hashes; grain text_hash. Opens only the files that hold them."""
    connection.register("wanted_texts", hashes.alias("text_hash").to_frame())
    files = connection.execute(
        "select distinct text_file from landed.texts semi join wanted_texts using (text_hash) order by text_file"
    ).fetchall()
    connection.unregister("wanted_texts")
    if not files:
        return pl.DataFrame(schema=dict.fromkeys(("text_hash", *columns), pl.String))
    wanted = hashes.alias("text_hash").to_frame().lazy().unique()
    found: pl.DataFrame = (
        pl.scan_parquet([storage.texts / name for (name,) in files])
        .select("text_hash", *columns)
        .join(wanted, on="text_hash", how="semi")
        .unique("text_hash", keep="first", maintain_order=True)
        .collect()
    )
    return found


def with_texts(connection: Connection, storage: Storage, frame: pl.DataFrame) -> pl.DataFrame:
    """Rows that carry text_hash with title and body beside it, in their order; null where no text is stored."""
    texts = texts_of(connection, storage, frame["text_hash"].drop_nulls().unique())
    return frame.join(texts, on="text_hash", how="left", maintain_order="left")


def touched_texts(
    connection: Connection, storage: Storage, done: str, rows: int, columns: Sequence[str] = READ, **parameters: object
) -> Iterator[pl.DataFrame]:
    """Texts of touched orders but those that the query `done` gives, at most `rows` at a time: text_hash, the columns.

    Read file by file, so that memory does not grow with their number. What is done meanwhile is given nevertheless.
    """
    connection.execute(f"create or replace temp table touched_texts as {_touched(done)}", parameters)
    files = connection.sql("select distinct text_file from touched_texts order by text_file").pl()["text_file"]
    for name in files:
        wanted = connection.sql("select text_hash from touched_texts where text_file = $name", params={"name": name})
        texts = pl.scan_parquet(storage.texts / name).select("text_hash", *columns)
        held = texts.join(wanted.pl().lazy(), on="text_hash", how="semi").sort("text_hash").collect()
        yield from held.iter_slices(rows)
    connection.execute("drop table touched_texts")


def touched_count(connection: Connection, done: str, **parameters: object) -> int:
    """How many texts `touched_texts` would give."""
    rows = connection.execute(f"select count(*) from ({_touched(done)}) as touched", parameters).fetchall()
    return int(rows[0][0])


def _touched(done: str) -> str:
    return f"""
        select texts.text_file, texts.text_hash
        from landed.texts as texts
        semi join (select text_hash from staging.orders semi join run.touched_orders using (order_id)) as touched
            using (text_hash)
        anti join ({done}) as done using (text_hash)
    """
