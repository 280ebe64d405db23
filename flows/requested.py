"""What the server does for each kind of request: one function a kind; a page files them, `flows/serve.py` calls them."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from threading import Event
from typing import Any

from hotline12345.flows.clock import now
from hotline12345.flows.ingest.mapping import TARGETS, FileMapping, normalise_header, target_label
from hotline12345.flows.ingest.masking import mask_text
from hotline12345.flows.ingest.profiles import FOLDER, load_profiles
from hotline12345.flows.inspecting import inspect_file
from hotline12345.flows.label_doubts import doubt_topics
from hotline12345.flows.loading import MAX_BAD_SHARE, LoadOptions, load_file
from hotline12345.flows.official import OfficialChoice, change_official, load_official
from hotline12345.flows.refreshing import refresh
from hotline12345.flows.remarks import remarks
from hotline12345.flows.requested_topics import rescore_topics, rollback_topics, train_topics
from hotline12345.sql.landing import Accounting
from hotline12345.sql.records import requests
from hotline12345.sql.records.requests import Request
from hotline12345.sql.records.store import Connection
from hotline12345.sql.records.uploads import uploaded_file
from hotline12345.sql.storage import Storage
from hotline12345.sql.undo import concerned_orders, is_undone_for, undo_batch
from hotline12345.sql.warehouse import Connection as Warehouse
from hotline12345.sql.warehouse import WarehouseBusyError, open_warehouse

Result = Mapping[str, Any]
READING = "正在识别文件"
LOADING = "正在导入"
LOADED = "已导入，准备计算"
UNDOING = "正在撤销"
BUSY_SECONDS = 1.0


class RequestError(Exception):
    """A request that cannot be done; the Chinese message says why and what to do."""


class TakenBackError(Exception):
    """The request was dismissed, or the server has to end, while it waited for the warehouse."""


@dataclass(frozen=True)
class Work:
    """One request in the server's hands."""

    storage: Storage
    records: Connection
    request: Request
    stop: Event

    def step(self, name: str, **facts: Any) -> None:
        """Say which step begins."""
        requests.add_event(self.records, self.request.request_id, requests.RUNNING, {"step": name, **facts})

    @property
    def file_name(self) -> dict[str, str]:
        """The masked name of the uploaded file as a fact; none for a request without one."""
        path = uploaded_file(self.storage, self.request.upload) if self.request.upload else None
        return {"file_name": mask_text(path.name)} if path else {}

    def file(self) -> Path:
        """The uploaded file; RequestError when it is gone."""
        path = uploaded_file(self.storage, self.request.upload or "")
        if path is None:
            raise RequestError("上传的文件已经不在了（可能已导入或已放弃）。请重新上传。")
        return path

    @contextmanager
    def warehouse(self) -> Iterator[Warehouse]:
        """The warehouse, open only as long as it is needed; waits, and says so, while another process writes."""
        connection = self._open()
        try:
            yield connection
        finally:
            connection.close()

    def _open(self) -> Warehouse:
        said = False
        while True:
            try:
                connection = open_warehouse(self.storage)
            except WarehouseBusyError:
                if not said:
                    requests.add_event(self.records, self.request.request_id, requests.BUSY)
                    said = True
                if self.stop.wait(BUSY_SECONDS):
                    raise TakenBackError from None
            else:
                if said and not requests.claim(self.records, self.request.request_id, {}):
                    connection.close()
                    raise TakenBackError
                return connection


def inspect_upload(work: Work) -> Result:
    """Look at an uploaded file as its sender describes it; what `hotline inspect` shows, and what can be answered."""
    work.step(READING)
    said = _mapping(work.request.detail)
    found = inspect_file(work.file(), said, load_profiles(work.storage.config / FOLDER))
    return {**found.to_dict(), "targets": {name: target_label(name) for name in sorted(TARGETS)}}


def load_upload(work: Work) -> Result:
    """Load an uploaded file as its sender answered, then publish; the accounting of its rows."""
    path, answers = work.file(), work.request.detail
    said, exported_at = _mapping(answers), answers.get("exported_at")
    options = LoadOptions(
        said,
        datetime.fromisoformat(exported_at) if exported_at else None,
        answers.get("max_bad_share", MAX_BAD_SHARE),
    )
    with work.warehouse() as connection:
        work.step(LOADING)
        accounting, file = load_file(connection, work.storage, path, options)
        accounting = _as_landed(work, accounting)
        work.step(LOADED, accounting=accounting.__dict__)
        refresh(connection, work.storage, work.step)
    return {"file_name": file.file_name, "accounting": accounting.__dict__, "remarks": remarks(accounting, file)}


def undo_load(work: Work) -> Result:
    """Take a batch out of force, then publish what remains."""
    batch_id, reason = int(work.request.detail["batch_id"]), f"请求 {work.request.request_id}"
    with work.warehouse() as connection:
        work.step(UNDOING)
        if not is_undone_for(connection, batch_id, reason):  # else by a server killed before it published
            undo_batch(connection, batch_id, now(), reason)
        refresh(connection, work.storage, work.step)
        concerned = concerned_orders(connection, batch_id)
    return {"remarks": [f"批次 {batch_id} 已撤销，涉及 {concerned:,} 件工单。它的内容不再计入；文件可以重新上传导入。"]}


def reconcile_upload(work: Work) -> Result:
    """Load an uploaded official table for the period that its sender names, then publish."""
    path, said = work.file(), work.request.detail
    issued_at = said.get("issued_at")
    choice = OfficialChoice(
        said["period_id"],
        said.get("rule_id"),
        said.get("source", ""),
        datetime.fromisoformat(issued_at) if issued_at else None,
    )
    with work.warehouse() as connection:
        work.step(READING)
        loaded = change_official(connection, work.storage, lambda: load_official(connection, path, choice), work.step)
    return {"official_id": loaded.official_id, "counts": loaded.counts, "remarks": loaded.remarks, **work.file_name}


def _mapping(answers: Result) -> FileMapping:
    columns = {normalise_header(header): column for header, column in answers.get("columns", {}).items()}
    return FileMapping(columns, sheet=answers.get("sheet"), header_row=answers.get("header_row"))


def _as_landed(work: Work, accounting: Accounting) -> Accounting:
    """The accounting of the load that landed the rows: a server killed after that finds the file loaded already."""
    for _, detail in requests.events(work.records, work.request.request_id):
        if accounting.already_loaded and detail.get("accounting", {}).get("batch_id") == accounting.batch_id:
            return Accounting(**detail["accounting"])
    return accounting


KINDS: Mapping[str, Callable[[Work], Result]] = {
    "inspect": inspect_upload,
    "load": load_upload,
    "undo": undo_load,
    "reconcile": reconcile_upload,
    "train_topics": train_topics,
    "rescore_topics": rescore_topics,
    "rollback_topics": rollback_topics,
    "doubt_topics": doubt_topics,
}
