"""The records store: made, migrated, refused; requests as events; uploads that disappear when nobody needs them."""

import os
import sqlite3
import stat
import time
from contextlib import closing
from pathlib import Path

import pytest

from hotline12345.sql.records import requests, store, uploads, watched
from hotline12345.sql.records.store import Connection, RecordsError, open_records
from hotline12345.sql.storage import Storage


@pytest.fixture
def storage(tmp_path: Path) -> Storage:
    return Storage.at(tmp_path / "data", tmp_path / "data" / "config")


@pytest.fixture
def records(storage: Storage) -> Connection:
    with closing(open_records(storage)) as connection:
        yield connection


def states(connection: Connection) -> list[tuple[int, str]]:
    return [(request.request_id, request.state) for request in requests.newest(connection, 100)]


def test_a_new_store_is_private_and_of_this_version(storage, records):
    assert store.version(records) == len(store.MIGRATIONS)
    assert records.execute("pragma journal_mode").fetchone()[0] == "wal"
    assert records.execute("pragma foreign_keys").fetchone()[0] == 1
    requests.file_request(records, "load", "分析员")
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in storage.data.glob("records.sqlite*")}
    assert modes.keys() >= {"records.sqlite", "records.sqlite-wal"}
    assert set(modes.values()) == {0o600}


def test_a_store_of_the_previous_version_is_migrated_after_a_copy(storage, tmp_path, monkeypatch):
    before = len(store.MIGRATIONS)
    with closing(open_records(storage)) as old:
        requests.file_request(old, "load", "分析员")
    script = tmp_path / "next.sql"
    script.write_text("alter table requests add column note text;\nupdate requests set note = 'a;b';\n")
    monkeypatch.setattr(store, "MIGRATIONS", (*store.MIGRATIONS, script))
    with closing(open_records(storage)) as new:
        assert store.version(new) == before + 1
        assert new.execute("select note from requests").fetchone()[0] == "a;b"
    (copy,) = storage.data.glob("records.version-*")
    assert copy.name == f"records.version-{before}.sqlite"
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    with closing(sqlite3.connect(copy)) as kept:
        assert kept.execute("pragma user_version").fetchone()[0] == before
        assert kept.execute("select count(*) from requests").fetchone()[0] == 1


def test_a_migration_that_fails_changes_nothing(storage, tmp_path, monkeypatch):
    open_records(storage).close()
    script = tmp_path / "next.sql"
    script.write_text("alter table requests add column note text;\nnonsense;\n")
    monkeypatch.setattr(store, "MIGRATIONS", (*store.MIGRATIONS, script))
    with pytest.raises(RecordsError):
        open_records(storage)
    monkeypatch.undo()
    with closing(open_records(storage)) as records:
        assert "note" not in {row["name"] for row in records.execute("pragma table_info(requests)")}


def test_a_newer_store_is_refused_and_left_alone(storage):
    with closing(open_records(storage)) as records:
        records.execute("pragma user_version = 99")
    before = storage.records.read_bytes()
    with pytest.raises(RecordsError, match=rf"版本 99，本程序最高支持 {len(store.MIGRATIONS)}）.*请升级程序"):
        open_records(storage)
    assert storage.records.read_bytes() == before


def test_what_is_no_store_is_refused(storage):
    storage.make()
    storage.records.write_text("这不是数据库" * 100)
    with pytest.raises(RecordsError, match="文件已损坏"):
        open_records(storage)


def test_the_oldest_open_request_comes_first_and_the_newest_event_is_its_state(records):
    first, second = (requests.file_request(records, "load", "分析员", detail={"n": n}) for n in (1, 2))
    assert requests.oldest_open(records).detail == {"n": 1}
    assert requests.claim(records, first, {"attempt": 1})
    assert requests.oldest_open(records).request_id == first, "a server that was killed left it running"
    requests.add_event(records, first, requests.DONE, {"rows": 3})
    assert requests.oldest_open(records).request_id == second
    assert states(records) == [(second, "waiting"), (first, "done")]
    assert requests.events(records, first) == [("waiting", {}), ("running", {"attempt": 1}), ("done", {"rows": 3})]


def test_a_dismissed_request_is_never_begun_and_a_running_one_not_dismissed(records):
    first, second = (requests.file_request(records, "load", "分析员") for _ in range(2))
    assert requests.dismiss(records, first, "分析员")
    assert not requests.claim(records, first, {})
    assert requests.claim(records, second, {})
    assert not requests.dismiss(records, second, "分析员")
    assert states(records) == [(second, "running"), (first, "dismissed")]


def test_a_list_is_short_but_never_without_an_open_request(records):
    waiting = requests.file_request(records, "load", "分析员")
    for _ in range(5):
        requests.add_event(records, requests.file_request(records, "load", "分析员"), requests.DONE)
    assert [request.request_id for request in requests.newest(records, 2)] == [6, 5, waiting]


@pytest.mark.parametrize("name", ["../../../etc/x.csv", "C:\\表\\x.csv", "长" * 300 + ".csv", "..", "a\0b.csv"])
def test_an_upload_lies_in_a_folder_of_its_own_whatever_its_name(storage, name):
    upload = uploads.keep_upload(storage, name, b"content")
    path = uploads.uploaded_file(storage, upload)
    assert path.parent == storage.inbox / "uploads" / upload
    assert path.read_bytes() == b"content"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert path.suffix == ("" if name == ".." else ".csv")
    uploads.discard_upload(storage, upload)
    assert uploads.uploaded_file(storage, upload) is None


def test_uploads_are_swept_once_nobody_needs_them(storage, records):
    kept = {}
    for name, states_of in {
        "to answer": {"inspect": "done"},
        "to load": {"inspect": "done", "load": "waiting"},
        "to load again": {"inspect": "done", "load": "failed"},
        "loaded": {"inspect": "done", "load": "done"},
        "refused": {"inspect": "failed"},
        "dismissed": {"inspect": "dismissed"},
        "just being filed": {},
        "never filed": {},
    }.items():
        kept[name] = uploads.keep_upload(storage, "x.csv", b"x")
        for kind, state in states_of.items():
            requests.add_event(records, requests.file_request(records, kind, "分析员", kept[name]), state)
    long_ago = time.time() - 15 * 86_400
    os.utime(storage.inbox / "uploads" / kept["never filed"], (long_ago, long_ago))
    uploads.sweep_uploads(records, storage)
    left = {name for name, upload in kept.items() if uploads.uploaded_file(storage, upload)}
    assert left == {"to answer", "to load", "to load again", "just being filed"}


def test_what_was_loaded_is_unpublished_until_a_publish_follows(records):
    assert not watched.is_unpublished(records)
    watched.note_seen(records, watched.Seen("k", watched.LOADED, "a.csv", "1 2", "hash", 1))
    assert watched.is_unpublished(records)
    watched.note_published(records)
    assert not watched.is_unpublished(records)
    assert watched.stamps(records)["k"] == ("1 2", "loaded")
    assert watched.was_loaded(records, "hash")
    assert not watched.was_loaded(records, "other")
