"""Uploaded files: each in a folder of its own below inbox/uploads, for the owner only, until loaded or dismissed."""

import os
import secrets
import shutil
import time
from datetime import timedelta
from pathlib import Path

from hotline12345.sql.records import requests
from hotline12345.sql.records.store import Connection, moment
from hotline12345.sql.storage import Storage

KEPT_DAYS = 14  # so long a file waits for its sender's answer
SECONDS_A_DAY = 86_400
NAME_BYTES = 200  # file systems allow 255


def keep_upload(storage: Storage, name: str, content: bytes | memoryview) -> str:
    """Write an uploaded file, complete on disk when this returns; returns the upload's id."""
    storage.make()
    upload = secrets.token_hex(8)
    folder = _folder(storage, upload)
    folder.parent.mkdir(mode=0o700, exist_ok=True)
    folder.mkdir(mode=0o700)
    path = folder / _safe(name)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    return upload


def uploaded_file(storage: Storage, upload: str) -> Path | None:
    """The file of an upload; None once it is gone."""
    return next(iter(sorted(_folder(storage, upload).glob("*"))), None)


def discard_upload(storage: Storage, upload: str) -> None:
    """Delete an uploaded file; no error when it is gone already."""
    shutil.rmtree(_folder(storage, upload), ignore_errors=True)


def sweep_uploads(connection: Connection, storage: Storage) -> None:
    """Delete the files that nobody needs any more, and those that nobody answered for too long.

    A file whose request is not filed yet belongs to a page that is just writing it, unless it is as old as that.
    """
    oldest = moment(timedelta(days=-KEPT_DAYS))
    for folder in sorted((storage.inbox / "uploads").glob("*")):
        about = requests.of_upload(connection, folder.name)
        if not about:
            if time.time() - folder.stat().st_mtime < KEPT_DAYS * SECONDS_A_DAY:
                continue
        elif is_needed(about):
            if any(request.is_open for request in about) or about[-1].at >= oldest:
                continue
            requests.dismiss(connection, requests.last_inspection(connection, folder.name).request_id, "系统")
        discard_upload(storage, folder.name)


def is_needed(about: list[requests.Request]) -> bool:
    """Whether the requests about a file leave something to do with it: open ones, or an inspection to answer."""
    if any(request.is_open for request in about):
        return True
    if any(request.kind == "load" and request.state == requests.DONE for request in about):
        return False
    last = [request for request in about if request.kind == "inspect"][-1:]
    return any(
        r.state == requests.DONE or (r.state == requests.FAILED and r.outcome.get("is_answerable")) for r in last
    )


def _folder(storage: Storage, upload: str) -> Path:
    return storage.inbox / "uploads" / upload


def _safe(name: str) -> str:
    """The file's name without folders, short enough for any file system, its ending kept."""
    plain = Path(name.replace("\\", "/")).name.replace("\0", "")
    plain = "upload" if plain in ("", "..") else plain
    stem, suffix = Path(plain).stem, Path(plain).suffix[:12]
    return stem.encode()[:NAME_BYTES].decode(errors="ignore") + suffix
