"""A unit as a person names it: by its name or id in a table, or by an alias of the site's list; and names that are near."""

import difflib
from collections.abc import Iterable

import polars as pl

from hotline12345.sql.reads import Reader


def unit_id_of(reader: Reader, shown: pl.DataFrame, name: str) -> str | None:
    """The id among the rows of `shown` (unit_id, unit_name) that a name stands for; what the table shows goes first."""
    found = shown.filter((pl.col("unit_name") == name) | (pl.col("unit_id") == name))
    if not found.is_empty():
        return str(found["unit_id"][0])
    unit_id = reader.unit_named(name)
    return unit_id if unit_id in shown["unit_id"] else None


def near_names(name: str, known: Iterable[str]) -> str:
    """`您是不是要写“…”？`, or nothing when no known name is near."""
    near = difflib.get_close_matches(name, sorted(set(known)), n=3)
    return f"您是不是要写{'或'.join(f'“{each}”' for each in near)}？" if near else ""
