"""Writing the masked texts of a batch: each once, under its hash, in immutable files that the warehouse lists."""

from collections.abc import Sequence

import polars as pl

from hotline12345.sql.files import sync
from hotline12345.sql.storage import Storage
from hotline12345.sql.text_reading import texts_of
from hotline12345.sql.warehouse import Connection

TEXT_COLUMNS = ("title", "body", "result_text")
TEXTS_A_GROUP = 4096  # rows read for one text: a page that shows some texts of a million reads megabytes, not all
_FILLED = ", ".join(f"coalesce({name}, '')" for name in TEXT_COLUMNS)
TEXT_HASH = f"md5(concat_ws(chr(31), {_FILLED}))"  # of a row with the text columns


def batch_folder(batch_id: int) -> str:
    """The folder of a batch's text files, below the folder of texts."""
    return f"batch={batch_id:06d}"


def store_texts(connection: Connection, storage: Storage, batch_id: int, part: str, told: str) -> None:
    """Write the texts that are not stored yet; cost grows with them plus one scan of the stored hashes.

    Args:
        part: name of the file, distinct within the batch.
        told: a query that gives text_hash and the text columns.
    """
    fresh = connection.sql(
        f"""
        with hashed as ({told}),
        known as (select text_hash from landed.texts semi join hashed using (text_hash))
        select text_hash, {", ".join(f"any_value({name}) as {name}" for name in TEXT_COLUMNS)}
        from hashed anti join known using (text_hash)
        group by text_hash order by text_hash
        """
    ).pl()
    if fresh.is_empty():
        return
    name = f"{batch_folder(batch_id)}/{part}.parquet"
    path = storage.texts / name
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh.write_parquet(path, compression="zstd", row_group_size=TEXTS_A_GROUP)
    path.chmod(0o600)
    sync(path)
    connection.execute("insert into landed.text_files values (?, ?, ?)", [name, batch_id, fresh.height])
    connection.register("fresh_texts", fresh.select("text_hash"))
    connection.execute("insert into landed.texts select text_hash, ? from fresh_texts", [name])
    connection.unregister("fresh_texts")


def keep_absent_texts(connection: Connection, storage: Storage, batch_id: int, absent: Sequence[str]) -> None:
    """Where a file has only some of the text columns, the others keep what `stored` holds of the order.

    Writes the completed texts and their hashes into `incoming`. A file with all columns or none of them costs nothing.
    """
    kept = [name for name in TEXT_COLUMNS if name in absent]
    if len(kept) in (0, len(TEXT_COLUMNS)):
        return
    pairs = connection.sql(
        """
        select distinct incoming.text_hash as said_hash, stored.text_hash as stored_hash
        from incoming inner join stored using (order_id) where incoming.text_hash <> stored.text_hash order by all
        """
    ).pl()
    hashes = pl.concat([pairs["said_hash"], pairs["stored_hash"]]).unique()
    texts = texts_of(connection, storage, hashes, TEXT_COLUMNS)
    said = pairs.join(texts.drop(kept), left_on="said_hash", right_on="text_hash", how="inner")
    whole = said.join(texts.select("text_hash", *kept), left_on="stored_hash", right_on="text_hash", how="inner")
    connection.register("whole_texts", whole)
    completed = f"select *, {TEXT_HASH} as text_hash from whole_texts"
    store_texts(
        connection, storage, batch_id, "kept", f"select text_hash, {', '.join(TEXT_COLUMNS)} from ({completed})"
    )
    connection.execute(
        f"""
        update incoming set text_hash = completed.text_hash
        from ({completed}) as completed
        inner join stored on stored.text_hash = completed.stored_hash
        where incoming.order_id = stored.order_id and incoming.text_hash = completed.said_hash
        """
    )
    connection.unregister("whole_texts")
