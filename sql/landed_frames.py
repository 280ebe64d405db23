"""Frames into landed tables."""

import polars as pl

from hotline12345.sql.warehouse import Connection


def replace_table(connection: Connection, table: str, frame: pl.DataFrame) -> None:
    """Replace a table's content by a frame of the same column names."""
    connection.register("incoming_frame", frame)
    connection.execute(f"delete from {table}")
    connection.execute(f"insert into {table} by name select * from incoming_frame")
    connection.unregister("incoming_frame")
