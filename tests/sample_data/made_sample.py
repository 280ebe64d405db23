"""What the tests of this folder look at: clean orders beside their truth."""

from dataclasses import dataclass

import polars as pl


@dataclass(frozen=True)
class Sample:
    """Clean orders and their truth, row by row."""

    orders: pl.DataFrame
    truth: pl.DataFrame
