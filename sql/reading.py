"""A published snapshot opened for reading: the connection, the texts it lists, and the filter by unit."""

import json
from collections.abc import Sequence
from pathlib import Path

import polars as pl

from hotline12345.sql.publish import Snapshot
from hotline12345.sql.storage import Storage
from hotline12345.sql.warehouse import Connection, open_snapshot

Units = Sequence[str] | None
TEXTS = ("title", "body", "result_text")


class SnapshotReads:
    """What every group of reads needs: one connection, a cursor for each query."""

    def __init__(self, storage: Storage, snapshot: Snapshot, replayed: Connection | None = None) -> None:
        self.run_id = snapshot.run_id
        self._texts = storage.texts
        self._connection: Connection = replayed or open_snapshot(snapshot.path)

    def close(self) -> None:
        """Close the snapshot; the reader is of no use afterwards."""
        self._connection.close()

    def _query(self, query: str, **parameters: object) -> pl.DataFrame:
        used = {name: value for name, value in parameters.items() if f"${name}" in query}
        frame: pl.DataFrame = self._connection.cursor().sql(query, params=used).pl()
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
