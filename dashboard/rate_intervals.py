"""A rate beside its counts, with both ends of its 95 % interval. Pure."""

import polars as pl

from hotline12345.models.statistics.intervals import wilson_interval


def with_rate(frame: pl.DataFrame, part: str, of: str, rate: str) -> pl.DataFrame:
    """`frame` with `rate` (column `part` ÷ column `of`), `rate`_low and `rate`_high (Wilson), 0–1; null where `of` is 0."""
    pairs = frame.select(part, of).rows()
    spans = [wilson_interval(k, n) if n else (None, None) for k, n in pairs]
    return frame.with_columns(
        pl.Series(rate, [k / n if n else None for k, n in pairs], pl.Float64),
        pl.Series(f"{rate}_low", [low for low, _ in spans], pl.Float64),
        pl.Series(f"{rate}_high", [high for _, high in spans], pl.Float64),
    )
