"""Watching a folder: each export is loaded once, nothing is moved or deleted, one publish a turn.

A file is taken when two looks some seconds apart found the same size and times, so a half-copied one waits. What was
seen is kept in the records store; a name, which may hold personal data, only as a keyed hash and masked.
"""

import hashlib
import hmac
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from threading import Event

from hotline12345.flows.ingest.errors import IngestError
from hotline12345.flows.ingest.masking import mask_text
from hotline12345.flows.keys import load_key
from hotline12345.flows.loading import load_file
from hotline12345.flows.refreshing import refresh
from hotline12345.flows.stopping import stopping
from hotline12345.sql.landing import Accounting
from hotline12345.sql.records import watched
from hotline12345.sql.records.store import Connection, opened_records
from hotline12345.sql.records.watched import Seen
from hotline12345.sql.storage import Storage
from hotline12345.sql.warehouse import Connection as Warehouse
from hotline12345.sql.warehouse import open_warehouse

LOOK_SECONDS = 5.0
UNFINISHED = (".tmp", ".temp", ".crdownload", ".part", ".partial", ".download", ".filepart", ".swp", ".lock")
HIDDEN = (".", "~")  # ~$x.xlsx lies beside a workbook that is open

Explain = Callable[[Exception], str]
Say = Callable[[str], None]


class WatchError(Exception):
    """The folder cannot be watched; the Chinese message says why."""


@dataclass(frozen=True)
class _Found:
    """A file at rest: its key and name for the records, its stamp then, the hash of its bytes."""

    path: Path
    key: str
    name: str
    stamp: str
    content_hash: str = ""

    def seen(self, state: str, batch_id: int | None = None, reason: str = "") -> Seen:
        return Seen(self.key, state, self.name, self.stamp, self.content_hash, batch_id, reason)


@dataclass
class Watch:
    """One watched folder: the files directly in it.

    Attributes:
        storage: where to load to.
        folder: WatchError when there is no such folder.
        say: told one Chinese line for each file loaded or refused, for each publish and each obstacle.
        explain: the Chinese message of an error, without values.
        loaded, refused: how many files so far.
        obstacle: what kept the last turn from its end; empty when nothing did.
    """

    storage: Storage
    folder: Path
    say: Say
    explain: Explain
    loaded: int = 0
    refused: int = 0
    obstacle: str = ""
    _last: dict[Path, str] = field(default_factory=dict)
    _looked_at: float = float("-inf")
    _unpublishable: bool = False

    def __post_init__(self) -> None:
        self.folder = self.folder.absolute()
        if not self.folder.is_dir():
            raise WatchError(f"目录“{mask_text(self.folder.name)}”不存在或没有权限。请写一个可以读取的目录。")

    @property
    def is_due(self) -> bool:
        """Whether the last look is long enough ago for the next one."""
        return time.monotonic() - self._looked_at >= LOOK_SECONDS

    def twice(self, stop: Event) -> None:
        """Look, wait, look again and load: one whole turn, for a scheduler."""
        self.step(stop)
        stop.wait(LOOK_SECONDS)
        self.step(stop)

    def step(self, stop: Event) -> None:
        """Look, and load what came to rest; no error leaves, an obstacle is said once."""
        try:
            self._turn(self._settled(), stop)
        except Exception as error:
            self._meet(self.explain(error))

    def _settled(self) -> list[tuple[Path, str]]:
        """The files that are as they were at the last look, with their stamps, in the order of their names."""
        self._looked_at = time.monotonic()
        found = {path: stamp for path in self.folder.iterdir() if (stamp := _stamp(path))}
        settled = sorted((path, stamp) for path, stamp in found.items() if self._last.get(path) == stamp)
        self._last = found
        return settled

    def _turn(self, settled: list[tuple[Path, str]], stop: Event) -> None:
        """Load what is new among the files at rest, then publish once."""
        with opened_records(self.storage) as records:
            fresh = self._fresh(records, settled)
            if not fresh and (self._unpublishable or not watched.is_unpublished(records)):
                return
            with closing(open_warehouse(self.storage)) as connection:
                self.obstacle = ""
                for found in fresh:
                    if stop.is_set():
                        break
                    self._load(connection, records, found)
                if watched.is_unpublished(records):
                    self._unpublishable = True  # until a new file may have mended it
                    refresh(connection, self.storage, lambda _: None)
                    watched.note_published(records)
                    self._unpublishable = False
                    self.say("已发布。")

    def _fresh(self, records: Connection, settled: list[tuple[Path, str]]) -> list[_Found]:
        """The files whose content was not loaded yet; those seen before as they are now are not even opened."""
        known, key = watched.stamps(records), load_key(self.storage)
        fresh = []
        for path, stamp in settled:
            file_key = hmac.new(key, str(path).encode(errors="surrogateescape"), hashlib.sha256).hexdigest()
            before = known.get(file_key)
            if before and before[0] == stamp and before[1] != watched.UNREADABLE:
                continue
            found = _Found(path, file_key, mask_text(path.name), stamp)
            try:
                with path.open("rb") as file:
                    content_hash = hashlib.file_digest(file, "sha256").hexdigest()
            except OSError:
                if before != (stamp, watched.UNREADABLE):
                    self._refuse(records, found, watched.UNREADABLE, "打不开（没有权限或正被占用），能打开时自动再试。")
                continue
            found = _Found(path, file_key, found.name, stamp, content_hash)
            if watched.was_loaded(records, content_hash):
                watched.note_seen(records, found.seen(watched.SAME))
            elif _stamp(path) == stamp:
                fresh.append(found)
        return fresh

    def _load(self, connection: Warehouse, records: Connection, found: _Found) -> None:
        try:
            accounting, _ = load_file(connection, self.storage, found.path)
        except IngestError as error:
            self._refuse(records, found, watched.REFUSED, str(error))
            return
        watched.note_seen(records, found.seen(watched.LOADED, accounting.batch_id))
        self.loaded += 1
        self.say(f"{found.name}：{_counts(accounting)}")

    def _refuse(self, records: Connection, found: _Found, state: str, reason: str) -> None:
        watched.note_seen(records, found.seen(state, reason=reason))
        self.refused += 1
        self.say(f"{found.name}：没有导入。{reason}")

    def _meet(self, obstacle: str) -> None:
        if obstacle != self.obstacle:
            self.say(obstacle)
        self.obstacle = obstacle


def watch(watched_folder: Watch, once: bool = False) -> None:
    """Take what comes until SIGTERM or Ctrl+C, which let the current file end; with `once` one turn."""
    with stopping() as stop:
        watched_folder.twice(stop)
        while not once and not stop.wait(LOOK_SECONDS):
            watched_folder.step(stop)


def _stamp(path: Path) -> str:
    """Size and times of a file; empty for what is no export: folders, hidden and unfinished files."""
    if path.name.startswith(HIDDEN) or path.name.lower().endswith(UNFINISHED):
        return ""
    try:
        facts = path.stat()
    except OSError:
        return ""
    return f"{facts.st_size} {facts.st_mtime_ns}" if path.is_file() else ""


def _counts(accounting: Accounting) -> str:
    """What became of the rows, in one line."""
    if accounting.already_loaded:
        return f"内容与批次 {accounting.batch_id} 相同，没有改变任何数据"
    return (
        f"批次 {accounting.batch_id}，读取 {accounting.rows_read:,} 行，新增 {accounting.rows_new:,}，"
        f"修订 {accounting.rows_revised:,}，隔离 {accounting.rows_quarantined:,}"
    )
