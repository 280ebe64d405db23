"""A warehouse made of hand-written orders: what the definitions, the SQL tests and the laws are tested on."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

import polars as pl

from hotline12345.flows.ingest.contracts import ORDER_COLUMNS
from hotline12345.sql import build
from hotline12345.sql.landing import Accounting, BatchSource, LandedRows, land_batch
from hotline12345.sql.reference import land_reference
from hotline12345.sql.storage import Storage
from hotline12345.sql.warehouse import Connection, open_warehouse

SCHEMA = {name: dtype for name, dtype in ORDER_COLUMNS.items()}
UNIT_HEADER = "unit_id,unit_name,unit_group,aliases,terrain,population,population_year,valid_from,valid_to"
KNOWN_AT = datetime(2030, 1, 1)


def orders_frame(rows: Iterable[Mapping[str, Any]]) -> pl.DataFrame:
    """Typed orders as `ingest` hands them on; what a row does not say is null."""
    complete = [
        {**dict.fromkeys(SCHEMA), "row_number": n, "is_simulated": True, "is_derived_id": False, **row}
        for n, row in enumerate(rows, 2)
    ]
    return pl.DataFrame(complete, schema=SCHEMA)


def land(
    connection: Connection,
    storage: Storage,
    rows: Sequence[Mapping[str, Any]],
    known_at: datetime = KNOWN_AT,
    absent: tuple[str, ...] = (),
    loaded_at: datetime = datetime(2030, 1, 2),
) -> Accounting:
    """Land rows as one batch known at `known_at`."""
    quarantine = pl.DataFrame(
        schema={
            "row_number": pl.Int64,
            **dict.fromkeys(("column_name", "value_masked", "rule", "reason", "fix"), pl.String),
        }
    )
    source = BatchSource(
        file_name="made.csv",
        content_hash=f"{known_at}{rows}",
        file_format="csv",
        encoding="utf-8",
        sheet=None,
        header_row=1,
        column_mapping="{}",
        unmapped_columns="",
        known_at=known_at,
        loaded_at=loaded_at,
        rows_read=len(rows) + 1,
        rows_not_data=1,
        rows_quarantined=0,
    )
    cells = pl.DataFrame(schema={"row_number": pl.Int64, "cells": pl.String})
    landed = [LandedRows(orders_frame(rows), quarantine, cells)]
    return land_batch(connection, storage, landed, absent, lambda: source)


def rebuild(connection: Connection, storage: Storage) -> None:
    """Bring every table up to what was landed, without topics and issues, and run the checks."""
    build.begin(connection, land_reference(connection, storage))
    for files in build.stages():
        build.run_files(connection, files)
    build.run_checks(connection)
    build.finish(connection)


def make(
    folder: Path, rows: Sequence[Mapping[str, Any]], units: Sequence[str] = (), rule: str = "", **more: Any
) -> Connection:
    """A built warehouse of these orders; `units` are lines of units.csv, `rule` the text of a rule file."""
    storage = Storage.at(folder)
    storage.make()
    if units:
        (storage.config / "units.csv").write_text("\n".join([UNIT_HEADER, *units]) + "\n", encoding="utf-8")
    if rule:
        storage.rules.mkdir(exist_ok=True)
        (storage.rules / "rule.toml").write_text(rule, encoding="utf-8")
    connection = open_warehouse(storage)
    land(connection, storage, rows, **more)
    rebuild(connection, storage)
    return connection


def scores(connection: Connection, period_id: str) -> dict[str, dict[str, Any]]:
    """The rows of mart_unit_scores of one period by unit name."""
    frame = connection.sql(
        "select * from marts.mart_unit_scores where period_id = $period", params={"period": period_id}
    ).pl()
    return {row["unit_name"]: row for row in frame.iter_rows(named=True)}
