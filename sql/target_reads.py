"""Reads about targets of the config; what people entered lies in the records store (sql/records/targets.py)."""

import polars as pl

from hotline12345.sql.reading import SnapshotReads


class TargetReads(SnapshotReads):
    """Targets as dated data."""

    def targets(self) -> pl.DataFrame:
        """Every target of the site's targets.csv, in force or not; grain target_id."""
        return self._query("select * from landed.targets order by target_indicator, valid_from, target_id")
