"""Urgent flags of the warehouse: each new text is searched once, chunk by chunk, so that memory stays flat."""

import polars as pl

from hotline12345.models.topics.urgent import packaged_lexicon, urgent_kinds
from hotline12345.sql import text_flags
from hotline12345.sql.storage import Storage
from hotline12345.sql.warehouse import Connection

CHUNK = 50_000  # texts searched and landed at a time: what a killed run loses at most


def notice_lexicon(connection: Connection) -> None:
    """Have every order joined anew where the lexicon is another than that of the stored flags."""
    text_flags.use_lexicon(connection, packaged_lexicon().lexicon_hash)


def flag_texts(connection: Connection, storage: Storage) -> int:
    """Flag the texts of touched orders that have no flag yet; returns how many. Cost: linear in the characters."""
    lexicon = packaged_lexicon()
    text_flags.use_lexicon(connection, lexicon.lexicon_hash)
    done = 0
    for chunk in text_flags.unflagged_texts(connection, storage, CHUNK):
        found = urgent_kinds(chunk["title"], chunk["body"], lexicon)
        flags = chunk.select("text_hash", pl.lit(lexicon.lexicon_hash).alias("lexicon_hash"))
        text_flags.land_flags(connection, flags.hstack(found))
        done += chunk.height
    return done
