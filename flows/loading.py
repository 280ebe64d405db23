"""Loading files into the warehouse: open (read, map), then type, check, mask and land chunk by chunk."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time
from functools import partial
from pathlib import Path

import polars.selectors as cs

from hotline12345.flows.ahead import ahead
from hotline12345.flows.clock import now
from hotline12345.flows.ingest.contracts import ORDER_COLUMNS, explain
from hotline12345.flows.ingest.mapping import TOPIC_PATH
from hotline12345.flows.ingest.prepare import Chunk, FileMapping, IngestError, OrderFile, open_orders
from hotline12345.flows.ingest.profiles import FOLDER, load_profiles, remember
from hotline12345.flows.keys import load_key
from hotline12345.flows.remarks import remarks
from hotline12345.sql.dictionary import label
from hotline12345.sql.landing import Accounting, BatchSource, LandedRows, land_batch, loaded_before
from hotline12345.sql.quarantine import rows_by_token
from hotline12345.sql.storage import Storage
from hotline12345.sql.warehouse import Connection

MAX_BAD_SHARE = 0.2  # of the rows that are meant as orders
SHOWN_REASONS = 3


@dataclass(frozen=True)
class Outcome:
    """What became of one file: its accounting and what there is to say of it, or the error that refused it as a whole."""

    path: Path
    accounting: Accounting | None = None
    said: Sequence[str] = ()
    error: IngestError | None = None


@dataclass
class _Tally:
    """What is counted while the rows of a file pass by."""

    rows_read: int = 0
    rows_not_data: int = 0
    rows_quarantined: int = 0
    is_simulated: bool = False
    newest: datetime | None = None
    newest_past: datetime | None = None
    reasons: Counter[tuple[str, str]] = field(default_factory=Counter)

    def add(self, chunk: Chunk, clock: datetime) -> None:
        self.rows_read += chunk.rows_read
        self.rows_not_data += chunk.rows_not_data
        self.rows_quarantined += chunk.rows_quarantined
        self.is_simulated |= bool(chunk.orders["is_simulated"].any())
        times = chunk.orders.select(cs.datetime() - cs.by_name("due_at")).unpivot()["value"]
        self.newest = _later(self.newest, times.max())
        self.newest_past = _later(self.newest_past, times.filter(times <= clock).max())
        self.reasons.update(chunk.quarantine.select("column_name", "rule").iter_rows())


@dataclass(frozen=True)
class LoadOptions:
    """What a user says about files to load.

    Attributes:
        mapping: headers, sheet, header row, encoding and separator.
        exported_at: when they were exported (Asia/Shanghai); else what the file says, else its newest time.
        max_bad_share: share of rows in quarantine above which a file is refused.
    """

    mapping: FileMapping | None = None
    exported_at: datetime | None = None
    max_bad_share: float = MAX_BAD_SHARE


DEFAULTS = LoadOptions()


def load_files(
    connection: Connection, storage: Storage, paths: Sequence[Path], options: LoadOptions = DEFAULTS
) -> Iterator[Outcome]:
    """Load one file after the other; one that is refused does not keep the others back."""
    for path in paths:
        try:
            accounting, file = load_file(connection, storage, path, options)
        except IngestError as error:
            yield Outcome(path, error=error)
        else:
            yield Outcome(path, accounting, remarks(accounting, file))


def load_file(
    connection: Connection, storage: Storage, path: Path, options: LoadOptions = DEFAULTS
) -> tuple[Accounting, OrderFile]:
    """Load one file in one transaction; the same content under the same options changes nothing.

    What the user said of its columns is remembered for files with the same headers. IngestError when the file is refused
    as a whole; E12 when too many of its rows are bad.
    """
    profiles = storage.config / FOLDER
    find = partial(rows_by_token, connection)
    file = open_orders(path, load_key(storage), options.mapping, find, load_profiles(profiles))
    content_hash = _content_hash(file, options)
    seen = loaded_before(connection, content_hash)
    accounting = seen or _land(connection, storage, file, content_hash, options)
    if options.mapping and options.mapping.columns and file.corrects is None:
        remember(profiles, file.headers, file.mapping, options.mapping)
    return accounting, file


def _land(
    connection: Connection, storage: Storage, file: OrderFile, content_hash: str, options: LoadOptions
) -> Accounting:
    tally, clock = _Tally(), now()

    def rows() -> Iterator[LandedRows]:
        for chunk in ahead(file.chunks()):
            tally.add(chunk, clock)
            yield LandedRows(chunk.orders, chunk.quarantine, chunk.cells, chunk.corrected)

    def describe() -> BatchSource:
        _refuse_if_bad(file, tally, options.max_bad_share)
        return BatchSource(
            file_name=file.file_name,
            content_hash=content_hash,
            file_format=file.format,
            encoding=file.encoding,
            sheet=file.sheet,
            header_row=file.header_row,
            column_mapping=json.dumps(file.mapping, ensure_ascii=False, sort_keys=True),
            unmapped_columns="、".join(file.unmapped),
            known_at=_known_at(file, tally, clock, options.exported_at),
            loaded_at=clock,
            rows_read=tally.rows_read,
            rows_not_data=tally.rows_not_data,
            rows_quarantined=tally.rows_quarantined,
        )

    return land_batch(connection, storage, rows(), _absent_columns(file), describe)


def _refuse_if_bad(file: OrderFile, tally: _Tally, limit: float) -> None:
    meant = tally.rows_read - tally.rows_not_data
    if file.corrects is not None or not meant or tally.rows_quarantined <= meant * limit:
        return
    lines = []
    for (column, rule), count in sorted(tally.reasons.items(), key=lambda item: (-item[1], item[0]))[:SHOWN_REASONS]:
        reason, fix = explain(rule, column)
        name = f"列“{label(column)}”：" if column else ""
        lines.append(f"- {name}{reason}，{count:,} 行。{fix}。")
    raise IngestError(
        "E12",
        f"文件“{file.file_name}”的 {meant:,} 行工单中有 {tally.rows_quarantined:,} 行不合要求"
        f"（{tally.rows_quarantined / meant:.0%}），超过上限 {limit:.0%}，整个文件没有导入。最多的原因：\n"
        + "\n".join(lines)
        + "\n请先核对列是否对错位（命令行 hotline inspect 文件），改正后再导入；确认无误，可以选择“坏行很多也导入”（命令行 --max-bad 100）。",
    )


def _known_at(file: OrderFile, tally: _Tally, clock: datetime, told: datetime | None) -> datetime:
    """When it was exported, as the user or the file says, else the newest time in it that is not ahead of the clock: one
    mistyped year must not outrank later exports. Simulated data lives in a time of its own, a correction in its batch's.
    """
    if file.corrects is not None and file.exported_at:
        return file.exported_at
    newest = tally.newest if tally.is_simulated else tally.newest_past
    stated = file.exported_at if tally.is_simulated or (file.exported_at or clock) <= clock else None
    said = told or stated
    if said is None:
        return newest or clock
    # A date alone is some time of that day, not before what the file knows of it.
    is_date = said.time() == time()
    return newest if is_date and newest and newest.date() == said.date() else said


def _later(one: datetime | None, other: object) -> datetime | None:
    return max(one or other, other) if isinstance(other, datetime) else one


def _absent_columns(file: OrderFile) -> tuple[str, ...]:
    """Columns the file does not have; a path column fills all levels of the topic."""
    present = {*file.mapping.values(), "order_id", "row_number", "is_simulated", "is_derived_id"}
    if TOPIC_PATH in present:
        present |= {"topic_level1", "topic_level2", "topic_level3"}
    return tuple(name for name in ORDER_COLUMNS if name not in present)


def _content_hash(file: OrderFile, options: LoadOptions) -> str:
    """What makes two loads the same: the bytes and how they are read; another sheet of a workbook is another load."""
    said = options.mapping or FileMapping()
    chosen = [part for part in (said.sheet, said.header_row) if part is not None]
    reading = json.dumps([file.mapping, str(options.exported_at), *chosen], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(f"{file.content_hash}{reading}".encode()).hexdigest()
