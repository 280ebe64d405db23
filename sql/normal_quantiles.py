"""Critical values of the normal distribution as a landed table: SQL has no inverse of it."""

from statistics import NormalDist

import polars as pl

from hotline12345.sql.landed_frames import replace_table
from hotline12345.sql.warehouse import Connection

LEVEL = 0.05
LARGEST = 5000  # comparisons; a group with more units than that keeps the whole range of ranks


def land_normal_quantiles(connection: Connection) -> None:
    """Fill landed.normal_quantiles: the two-sided critical value at 5 % for 1 to 5,000 comparisons at once (Bonferroni)."""
    normal = NormalDist()
    counts = range(1, LARGEST + 1)
    values = [normal.inv_cdf(1 - LEVEL / (2 * count)) for count in counts]
    replace_table(
        connection,
        "landed.normal_quantiles",
        pl.DataFrame({"comparisons": pl.Series(counts, dtype=pl.Int32), "z_value": values}),
    )
