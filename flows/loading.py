"""Loading one file into the warehouse: prepare (read, map, parse, check, mask), then land."""

import hashlib
import json
from datetime import datetime
from pathlib import Path

import polars.selectors as cs

from hotline12345.flows.clock import now
from hotline12345.flows.ingest.contracts import ORDER_COLUMNS
from hotline12345.flows.ingest.mapping import TOPIC_PATH
from hotline12345.flows.ingest.prepare import FileMapping, Prepared, prepare
from hotline12345.flows.keys import load_key
from hotline12345.sql.landing import Accounting, BatchSource, land_batch, loaded_before
from hotline12345.sql.storage import Storage
from hotline12345.sql.warehouse import Connection


def load_file(
    connection: Connection,
    storage: Storage,
    path: Path,
    mapping: FileMapping | None = None,
    exported_at: datetime | None = None,
) -> tuple[Accounting, Prepared]:
    """Load one file; the same content under the same mapping changes nothing. IngestError refuses it as a whole."""
    prepared = prepare(path, load_key(storage), mapping)
    content_hash = _content_hash(prepared, exported_at)
    if seen := loaded_before(connection, content_hash):
        return seen, prepared
    source = BatchSource(
        file_name=prepared.file_name,
        content_hash=content_hash,
        file_format=prepared.format,
        encoding=prepared.encoding,
        sheet=prepared.sheet,
        header_row=prepared.header_row,
        column_mapping=json.dumps(prepared.mapping, ensure_ascii=False, sort_keys=True),
        unmapped_columns="、".join(prepared.unmapped),
        absent_columns=_absent_columns(prepared),
        known_at=exported_at or _known_at(prepared),
        loaded_at=now(),
        rows_read=prepared.rows_read,
        rows_not_data=prepared.rows_not_data,
        rows_quarantined=prepared.rows_quarantined,
    )
    return land_batch(connection, storage, prepared.orders, prepared.quarantine, source), prepared


def _known_at(prepared: Prepared) -> datetime:
    """The newest time in the file that is not ahead of the clock: one mistyped year must not outrank later exports.

    Simulated data lives in a time of its own.
    """
    if prepared.orders["is_simulated"].any():
        return prepared.newest_at or now()
    times = prepared.orders.select(cs.datetime() - cs.by_name("due_at")).unpivot()["value"]
    newest = times.filter(times <= now()).max()
    return newest if isinstance(newest, datetime) else now()


def _absent_columns(prepared: Prepared) -> tuple[str, ...]:
    """Columns the file does not have; a path column fills all levels of the topic."""
    present = {*prepared.mapping.values(), "row_number", "is_simulated"}
    if TOPIC_PATH in present:
        present |= {"topic_level1", "topic_level2", "topic_level3"}
    return tuple(name for name in ORDER_COLUMNS if name not in present)


def _content_hash(prepared: Prepared, exported_at: datetime | None) -> str:
    reading = json.dumps([prepared.mapping, str(exported_at)], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(f"{prepared.content_hash}{reading}".encode()).hexdigest()
