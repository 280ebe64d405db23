"""A published snapshot opened for reading: the connection, the texts it lists, and whose rows are read."""

import json
from collections.abc import Sequence
from copy import copy
from itertools import count
from pathlib import Path
from threading import Lock
from typing import Self

import polars as pl

from hotline12345.sql.publish import Snapshot
from hotline12345.sql.row_access import RowAccess, limit
from hotline12345.sql.storage import Storage
from hotline12345.sql.warehouse import Connection, damage_told, open_snapshot

TEXTS = ("title", "body", "result_text")


class SnapshotReads:
    """What every group of reads needs: one connection, a cursor for each query, and whose rows it may read."""

    def __init__(self, storage: Storage, snapshot: Snapshot, replayed: Connection | None = None) -> None:
        self.run_id, self._path = snapshot.run_id, snapshot.path
        self._texts, self._search = storage.texts, storage.search
        self._connection: Connection = replayed or open_snapshot(snapshot.path)
        self._whole = str(self._connection.sql("select current_database()").fetchall()[0][0])
        self._catalog, self._access = self._whole, RowAccess(need_to_know=True)
        self._limited: dict[RowAccess, str] = {}
        self._numbers = count()
        self._lock = Lock()

    def limited(self, access: RowAccess) -> Self:
        """The same snapshot on the same connection, showing only what `access` allows."""
        with self._lock:
            if access not in self._limited:
                catalog = f"limited_{next(self._numbers)}"  # one that failed half-way keeps its number
                with damage_told(self._path):
                    limit(self._connection.cursor(), catalog, access)
                self._limited[access] = catalog
        reads = copy(self)
        reads._catalog, reads._access = self._limited[access], access
        return reads

    def close(self) -> None:
        """Close the snapshot; the reader is of no use afterwards."""
        self._connection.close()

    def _cursor(self, catalog: str | None = None) -> Connection:
        """A cursor that sees what this reader may see, or another catalog."""
        cursor = self._connection.cursor()
        cursor.execute(f"use {catalog or self._catalog}")
        return cursor

    def _query(self, query: str, **parameters: object) -> pl.DataFrame:
        used = {name: value for name, value in parameters.items() if f"${name}" in query}
        with damage_told(self._path):
            frame: pl.DataFrame = self._cursor().sql(query, params=used).pl()
        return frame

    def _config_files(self) -> dict[str, bytes]:
        """The config files that the newest publication stands on, by their place in the config folder; {} when none were kept."""
        rows = self._query(
            """
            select versions.content
            from landed.publications as publications
            inner join landed.reference_versions as versions using (reference_hash)
            order by publications.published_at desc limit 1
            """
        )
        contents = json.loads(rows["content"][0]) if rows.height else {}
        return {name: text.encode("latin-1") for name, text in contents.items()}

    def _with_texts(self, query: str, order: str, columns: Sequence[str] = TEXTS, **parameters: object) -> pl.DataFrame:
        """Add text columns from the listed text files to rows that carry text_hash, and sort by `order`."""
        frame = self._query(query, **parameters)
        hashes = frame["text_hash"].drop_nulls().unique()
        files = self._query(
            "select distinct text_file from landed.texts semi join (select unnest($hashes) as text_hash) using (text_hash)",
            hashes=hashes.to_list(),
        )["text_file"].sort()
        paths: list[Path] = [self._texts / name for name in files]
        texts = (
            pl.scan_parquet(paths)
            .select("text_hash", *columns)
            .filter(pl.col("text_hash").is_in(hashes.to_list()))
            .collect()
            if paths
            else pl.DataFrame(schema={name: pl.String for name in ("text_hash", *columns)})
        )
        keys = [part.strip().removesuffix(" desc") for part in order.split(",")]
        descending = [part.strip().endswith(" desc") for part in order.split(",")]
        return frame.join(texts, on="text_hash", how="left").sort(keys, descending=descending, nulls_last=True)
