"""Loading one file into the warehouse: prepare (read, map, parse, check, mask), then land."""

import hashlib
import json
from datetime import datetime
from pathlib import Path

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
    now = datetime.now().replace(microsecond=0)
    source = BatchSource(
        file_name=prepared.file_name,
        content_hash=content_hash,
        file_format=prepared.format,
        encoding=prepared.encoding,
        sheet=prepared.sheet,
        header_row=prepared.header_row,
        column_mapping=json.dumps(prepared.mapping, ensure_ascii=False, sort_keys=True),
        unmapped_columns="、".join(prepared.unmapped),
        has_callback=prepared.has_callback,
        known_at=exported_at or prepared.newest_at or now,
        loaded_at=now,
        rows_read=prepared.rows_read,
        rows_not_data=prepared.rows_not_data,
        rows_quarantined=prepared.rows_quarantined,
    )
    return land_batch(connection, storage, prepared.orders, prepared.quarantine, source), prepared


def _content_hash(prepared: Prepared, exported_at: datetime | None) -> str:
    reading = json.dumps([prepared.mapping, str(exported_at)], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(f"{prepared.content_hash}{reading}".encode()).hexdigest()
