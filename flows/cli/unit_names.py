"""A unit as a person names it on the command line: by name, by an alias of the site's list, or by id."""

import difflib
from collections.abc import Sequence

import polars as pl

from hotline12345.flows.cli.chinese import UserError
from hotline12345.flows.ingest.masking import mask_text
from hotline12345.sql.reads import Reader


def unit_id_of(reader: Reader, named: pl.DataFrame, name: str) -> str | None:
    """The id among `named` (unit_id, unit_name) that a name, id or alias stands for; what the table shows goes first."""
    shown = named.filter((pl.col("unit_name") == name) | (pl.col("unit_id") == name))
    if not shown.is_empty():
        return str(shown["unit_id"][0])
    unit_id = reader.unit_named(name)
    return unit_id if unit_id in named["unit_id"] else None


def in_scores(reader: Reader, scores: pl.DataFrame, name: str) -> str:
    """The id of a unit in a table of a period; UserError says which names are near."""
    unit_id = unit_id_of(reader, scores, name)
    if unit_id is None:
        near = near_names(name, scores["unit_name"].to_list())
        raise UserError(f"这一期没有单位“{mask_text(name)}”。{near}单位名称见 hotline rates 的第一列。")
    return unit_id


def near_names(name: str, known: Sequence[str]) -> str:
    """`您是不是要写“…”？`, or nothing when no name is near."""
    near = difflib.get_close_matches(name, list(known), n=3, cutoff=0.5)
    return f"您是不是要写{'、'.join(f'“{each}”' for each in near)}？" if near else ""
