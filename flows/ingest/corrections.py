"""A corrected file comes back: changed cells replace the stored ones, the others keep what was stored.

It is known by its column 行令牌 (`row_token`), which names a row in quarantine. Its headers are the dictionary's labels.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import polars as pl

from hotline12345.dashboard.corrections import KEPT_CALLER, KEPT_TEXT, MARK, exported, heading, typed_in
from hotline12345.flows.ingest.errors import IngestError
from hotline12345.flows.ingest.mapping import TARGETS, normalise_header
from hotline12345.flows.ingest.read import ROW
from hotline12345.flows.ingest.text import clean_text

KEPT_KEY = "kept_caller_key"
_IDS = ("order_id", "case_id")
_MASKED = "***"  # in every number that was masked
ISSUE_SCHEMA = {ROW: pl.Int64(), "column_name": pl.String(), "value": pl.String(), "rule": pl.String()}


@dataclass(frozen=True)
class StoredRows:
    """The rows in quarantine that a file corrects.

    Attributes:
        batch_id: the batch they came from.
        known_at: its time; a correction says nothing newer.
        is_simulated: whether that batch holds simulated data.
        columns: the canonical columns its file had.
        rows: grain row_token: `cells` as JSON, canonical column → masked text, the caller's number as its key;
            `lost_columns`, whose digits were lost.
    """

    batch_id: int
    known_at: datetime
    is_simulated: bool
    columns: tuple[str, ...]
    rows: pl.DataFrame


FindRows = Callable[[Sequence[str]], pl.DataFrame]
"""The rows in quarantine behind some tokens, as `sql.quarantine.rows_by_token` gives them."""


def correction_columns(headers: Sequence[str | None]) -> Mapping[str, int] | None:
    """Canonical column → index of a corrected file, `row_token` among them; None when it is no corrected file."""
    known = {normalise_header(heading(name)): name for name in sorted({*TARGETS, MARK})}
    found: dict[str, int] = {}
    for index, header in enumerate(headers):
        name = known.get(normalise_header(header or ""))
        if name:
            found.setdefault(name, index)
    return found if MARK in found else None


def find_stored(tokens: pl.Series, find: FindRows | None, name: str) -> StoredRows:
    """The rows that a file corrects, all of one batch.

    Args:
        tokens: the file's column of tokens, as read.
        find: looks tokens up; None where there is nothing to look in.
        name: the file's masked name.

    Raises:
        IngestError: E13 when no token is known, or when they belong to several batches.
    """
    wanted = clean_text(tokens).drop_nulls().unique(maintain_order=True).to_list()
    rows = find(wanted) if find else pl.DataFrame()
    if rows.is_empty():
        raise IngestError(
            "E13",
            f"文件“{name}”有“{heading(MARK)}”列，是改正隔离行的文件，但其中的令牌都不属于现有的隔离行（批次可能已撤销，或来自"
            "另一套数据）。请重新导出隔离的行再改（命令行 hotline check --batch 批次号 --export）；如果它是普通的导出表，请删去这一列。",
        )
    batches = rows["batch_id"].unique().sort()
    if batches.len() > 1:
        raise IngestError(
            "E13",
            f"文件“{name}”中有几个批次（{'、'.join(map(str, batches))}）的隔离行。请一个批次存一个文件，分别导入："
            "它们的数据时点不同。",
        )
    columns = tuple(dict.fromkeys(json.loads(rows["column_mapping"][0]).values()))
    return StoredRows(batches[0], rows["known_at"][0], rows["is_simulated"][0], columns, rows)


def merge_corrections(texts: pl.DataFrame, stored: StoredRows) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The rows of a corrected file with their stored cells, and an issue for each row whose token is not known.

    Args:
        texts: row_number, row_token and the cleaned columns of the file.
        stored: from `find_stored`.

    Returns:
        Texts of the rows with a known token, as `clean_columns` gives them, with row_token; an unchanged caller is null
        there and its key stands in `kept_caller_key`. Issues: row_number, column_name, value, rule.
    """
    cells = dict(stored.rows.select(MARK, "cells").iter_rows())
    known = texts[MARK].is_in(list(cells)).fill_null(False)
    foreign = texts.filter(~known).select(
        ROW,
        column_name=pl.lit(MARK),
        value=MARK,
        rule=pl.when(pl.col(MARK).is_null()).then(pl.lit("missing_token")).otherwise(pl.lit("unknown_token")),
    )
    rows = texts.filter(known)
    originals = [json.loads(cells[token]) for token in rows[MARK]]
    merged = [rows[ROW], rows[MARK]]
    callers: list[str | None] = [exported(row, "caller_key") for row in originals]
    for name in stored.columns:
        told = rows[name].to_list() if name in rows.columns else [exported(row, name) for row in originals]
        values = [_merged(row, name, cell) for row, cell in zip(originals, told, strict=True)]
        merged.append(pl.Series(name, values, dtype=pl.String))
        callers = told if name == "caller_key" else callers
    keys = [
        row.get("caller_key") if _is_kept(row, cell) else None for row, cell in zip(originals, callers, strict=True)
    ]
    merged.append(pl.Series(KEPT_KEY, keys, dtype=pl.String))
    joined = pl.DataFrame(merged)
    return joined, pl.concat([foreign, _still_lost(joined, stored)])


def _merged(row: Mapping[str, str], name: str, cell: str | None) -> str | None:
    """The value of one cell: the stored one where the cell is as exported; a key is no number and stays apart."""
    if cell == exported(row, name) or cell == KEPT_TEXT:
        return None if name == "caller_key" else row.get(name)
    return None if cell is None or cell == KEPT_CALLER else typed_in(cell)


def _is_kept(row: Mapping[str, str], caller: str | None) -> bool:
    return caller in (exported(row, "caller_key"), KEPT_CALLER)


def _still_lost(merged: pl.DataFrame, stored: StoredRows) -> pl.DataFrame:
    """Ids left as exported whose digits the file had lost, or that were masked because they look like a person's number:
    loaded as they stand, different orders would become one."""
    found: list[tuple[int, str, str, str]] = []
    rows = merged.join(stored.rows.select(MARK, "cells", "lost_columns"), on=MARK, maintain_order="left")
    for row in rows.iter_rows(named=True):
        cells = json.loads(row["cells"])
        lost = dict.fromkeys((name for name in _IDS if _MASKED in cells.get(name, "")), "masked_id")
        for name, rule in (lost | dict.fromkeys(row["lost_columns"], "digits_lost")).items():
            if row[name] is not None and row[name] == cells.get(name):
                found.append((row[ROW], name, row[name], rule))
    return pl.DataFrame(found, schema=ISSUE_SCHEMA, orient="row")


__all__ = ["KEPT_KEY", "MARK", "FindRows", "StoredRows", "correction_columns", "find_stored", "merge_corrections"]
