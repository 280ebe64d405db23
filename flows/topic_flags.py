"""Urgent flags of the warehouse: each new text is searched once, chunk by chunk, so that memory stays flat."""

import polars as pl

from hotline12345.models.topics.urgent import packaged_detector, packaged_examples
from hotline12345.sql import text_flags
from hotline12345.sql.storage import Storage
from hotline12345.sql.warehouse import Connection

CHUNK = 50_000  # texts searched and landed at a time: what a killed run loses at most


def notice_examples(connection: Connection) -> None:
    """Have every order joined anew where the examples are others than those of the stored flags."""
    text_flags.use_examples(connection, packaged_examples().version)


def flag_texts(connection: Connection, storage: Storage) -> int:
    """Flag the texts of touched orders that have no flag yet; returns how many. Cost: linear in the characters."""
    version = packaged_examples().version
    text_flags.use_examples(connection, version)
    done = 0
    for chunk in text_flags.unflagged_texts(connection, storage, CHUNK):
        found = packaged_detector().flags(chunk["title"], chunk["body"])
        flags = chunk.select("text_hash", pl.lit(version).alias("examples_hash"))
        text_flags.land_flags(connection, flags.hstack(found))
        done += chunk.height
    return done
