"""What the page 数据导入 reads and writes of the records store: requests and uploaded files, never the warehouse.

Each function takes the Viewer first; its login name stands as the one who asked. Nothing here is cached: a request's state is
what the page is looked at for.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from hotline12345.dashboard.access import Viewer
from hotline12345.sql.records import requests, servers, uploads
from hotline12345.sql.records.requests import DONE, FAILED, Request
from hotline12345.sql.records.store import opened_records
from hotline12345.sql.storage import Storage

SHOWN = 100
SUFFIXES = ("xlsx", "xls", "xlsm", "csv", "tsv", "txt", "parquet")


@dataclass(frozen=True)
class Queue:
    """What is asked and what became of it.

    Attributes:
        requests: the newest first; every open one is among them.
        server: the newest start of the server; None when it was never started here.
        is_served: whether the server lives.
    """

    requests: Sequence[Request]
    server: servers.Server | None
    is_served: bool

    @property
    def waiting(self) -> list[Request]:
        """The open requests, the next one first."""
        return [request for request in reversed(self.requests) if request.is_open]

    @property
    def to_answer(self) -> list[Request]:
        """The newest inspection of each file that waits for its sender, oldest first."""
        last = {request.upload: request for request in reversed(self.requests) if request.kind == "inspect"}
        busy = {request.upload for request in self.requests if request.is_open}
        loaded = {request.upload for request in self.requests if request.kind == "load" and request.state == DONE}
        return [
            request
            for upload, request in last.items()
            if upload not in busy | loaded
            and (request.state == DONE or (request.state == FAILED and request.outcome.get("is_answerable")))
        ]

    @property
    def ended(self) -> list[Request]:
        """What came to an end and is not to be answered any more, the newest first."""
        answerable = {request.request_id for request in self.to_answer}
        return [
            request
            for request in self.requests
            if request.state in (DONE, FAILED)
            and request.request_id not in answerable
            and (request.kind != "inspect" or request.state == FAILED)
        ]

    @property
    def last_failure(self) -> Request | None:
        """The newest request that failed."""
        return next((request for request in self.requests if request.state == FAILED), None)

    def refusal_of(self, upload: str | None) -> Request | None:
        """The newest attempt to load a file, when it failed."""
        loads = [request for request in self.requests if request.kind == "load" and request.upload == upload]
        return loads[0] if loads and loads[0].state == FAILED else None

    def file_name(self, request: Request) -> str:
        """The masked name of the file that a request is about, once the server has looked at it."""
        same = [found for found in self.requests if found.upload and found.upload == request.upload]
        named = (found.outcome.get("file_name") for found in same if found.kind in ("load", "inspect"))
        return str(next(filter(None, named), ""))


def queue(viewer: Viewer) -> Queue:
    """The newest requests and the server's state."""
    with opened_records(Storage.at()) as records:
        found, server = requests.newest(records, SHOWN), servers.last_server(records)
    return Queue(found, server, server is not None and server.is_alive)


def marks(viewer: Viewer) -> dict[int, str]:
    """request_id → state of what `queue` lists: when it changes, the page is out of date."""
    with opened_records(Storage.at()) as records:
        return requests.states(records, SHOWN)


def steps(viewer: Viewer, request_id: int) -> list[str]:
    """The steps that a request has come to, in order."""
    with opened_records(Storage.at()) as records:
        return [detail["step"] for _, detail in requests.events(records, request_id) if "step" in detail]


def file_upload(viewer: Viewer, name: str, content: bytes | memoryview) -> int:
    """Keep an uploaded file and ask for its inspection; returns the request's id."""
    viewer.needs("import")
    upload = uploads.keep_upload(Storage.at(), name, content)
    with opened_records(Storage.at()) as records:
        return requests.file_request(records, "inspect", viewer.who, upload)


def file_inspection(viewer: Viewer, upload: str, answers: Mapping[str, Any]) -> int:
    """Ask to look at an uploaded file again, with what its sender says about it."""
    viewer.needs("import")
    with opened_records(Storage.at()) as records:
        return requests.file_request(records, "inspect", viewer.who, upload, answers)


def file_load(viewer: Viewer, upload: str, answers: Mapping[str, Any]) -> int:
    """Ask to load an uploaded file as its sender answered."""
    viewer.needs("import")
    with opened_records(Storage.at()) as records:
        return requests.file_request(records, "load", viewer.who, upload, answers)


def file_official(viewer: Viewer, name: str, content: bytes | memoryview, said: Mapping[str, Any]) -> int:
    """Keep an uploaded official table and ask to load it; `said` has period_id, and rule_id, source, issued_at if known."""
    viewer.needs("import")
    upload = uploads.keep_upload(Storage.at(), name, content)
    with opened_records(Storage.at()) as records:
        return requests.file_request(records, "reconcile", viewer.who, upload, said)


def file_undo(viewer: Viewer, batch_id: int) -> int:
    """Ask to take a batch out of force."""
    viewer.needs("import")
    with opened_records(Storage.at()) as records:
        return requests.file_request(records, "undo", viewer.who, detail={"batch_id": batch_id})


def give_up(viewer: Viewer, request: Request) -> None:
    """Take a request back; its file is deleted. Does nothing once the server is at it."""
    viewer.needs("import")
    with opened_records(Storage.at()) as records:
        if not requests.dismiss(records, request.request_id, viewer.who) or request.upload is None:
            return
        is_needed = uploads.is_needed(requests.of_upload(records, request.upload))
    if not is_needed:
        uploads.discard_upload(Storage.at(), request.upload)
