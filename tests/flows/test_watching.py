"""Watching a folder: each export once, half-copied files wait, refusals are said once, nothing there is touched."""

import os
import time
from contextlib import closing
from datetime import datetime
from pathlib import Path
from threading import Event

import pytest
from called import Hotline
from made_exports import count, orders, state, storage_at, write_csv, write_xlsx

from hotline12345.flows import serve as server
from hotline12345.flows import watching
from hotline12345.flows.cli import serve as serve_command
from hotline12345.flows.cli.errors import describe
from hotline12345.flows.ingest.mapping import FileMapping
from hotline12345.flows.ingest.profiles import FOLDER, remember
from hotline12345.flows.watching import Watch, WatchError
from hotline12345.sql.records.store import open_records
from hotline12345.sql.storage import Storage
from hotline12345.sql.warehouse import WarehouseBusyError

PHONE = "12900008888"


@pytest.fixture
def storage(tmp_path: Path) -> Storage:
    return storage_at(tmp_path / "data")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "exports").mkdir()
    return tmp_path / "exports"


@pytest.fixture
def said() -> list[str]:
    return []


@pytest.fixture
def turn(storage: Storage, folder: Path, said: list[str], monkeypatch: pytest.MonkeyPatch):
    """Two looks, as a new process makes them; returns what was said."""
    monkeypatch.setattr(watching, "LOOK_SECONDS", 0.0)

    def run() -> list[str]:
        said.clear()
        Watch(storage, folder, said.append, describe).twice(Event())
        return list(said)

    return run


def loaded(storage: Storage) -> int:
    return count(storage, "select count(*) from landed.batches")


def test_each_file_is_loaded_once_with_one_publish_and_nothing_is_touched(storage, folder, turn):
    write_csv(folder / "a.csv", orders(5))
    write_xlsx(folder / "b.xlsx", orders(5, start=6))
    before = {path.name: (path.stat().st_mtime_ns, path.read_bytes()) for path in folder.iterdir()}
    first = turn()
    assert [line.split("：")[0] for line in first] == ["a.csv", "b.xlsx", "已发布。"]
    assert loaded(storage) == 2
    assert turn() == [], "another process knows them"
    assert {path.name: (path.stat().st_mtime_ns, path.read_bytes()) for path in folder.iterdir()} == before


def test_a_changed_file_is_loaded_again_and_a_copy_is_not(storage, folder, turn):
    write_csv(folder / "a.csv", orders(5))
    turn()
    (folder / "copy.csv").write_bytes((folder / "a.csv").read_bytes())
    os.utime(folder / "a.csv", (1, 1))
    published = state(storage)
    assert turn() == []
    assert state(storage) == published
    write_csv(folder / "a.csv", [*orders(5), *orders(2, start=6)])
    assert "新增 2" in turn()[0]
    assert loaded(storage) == 2


def test_a_file_that_still_grows_waits(storage, folder, said, monkeypatch):
    monkeypatch.setattr(watching, "LOOK_SECONDS", 0.0)
    whole = write_csv(folder.parent / "whole.csv", orders(9)).read_bytes()
    watch, file = Watch(storage, folder, said.append, describe), folder / "a.csv"
    for part in (whole[:300], whole[:900], whole):
        file.write_bytes(part)
        watch.step(Event())
        assert said == []
    watch.step(Event())
    assert "新增 9" in said[0]


def test_a_half_copied_file_that_was_refused_is_loaded_when_complete(storage, folder, turn):
    whole = write_xlsx(folder.parent / "whole.xlsx", orders(4)).read_bytes()
    file = folder / f"工单{PHONE}.xlsx"
    file.write_bytes(whole[: len(whole) // 2])
    refused = turn()
    assert len(refused) == 1
    assert refused[0].startswith("工单129****8888.xlsx：没有导入。E0")
    assert turn() == [], "said once"
    file.write_bytes(whole)
    assert "新增 4" in turn()[0]
    with closing(open_records(storage)):
        kept = b"".join(path.read_bytes() for path in storage.data.glob("records.sqlite*"))
    assert PHONE.encode() not in kept
    assert "没有导入" not in kept.decode(errors="ignore")
    assert "E0" in kept.decode(errors="ignore"), "the reason is remembered"


@pytest.mark.parametrize("name", ["~$a.csv", ".a.csv", "a.csv.tmp", "a.CRDOWNLOAD", "a.csv.part"])
def test_unfinished_and_hidden_files_are_no_exports(storage, folder, turn, name):
    write_csv(folder / name, orders(2))
    (folder / "sub").mkdir()
    write_csv(folder / "sub" / "a.csv", orders(2))
    assert turn() == []
    assert not (storage.published / "current").exists()


def test_a_file_that_cannot_be_opened_is_said_once_and_taken_when_it_can(storage, folder, turn, monkeypatch):
    file = write_csv(folder / "a.csv", orders(2))
    original = Path.open

    def locked(self: Path, *arguments: object, **named: object) -> object:
        if self == file:
            raise PermissionError(13, "locked")
        return original(self, *arguments, **named)

    monkeypatch.setattr(Path, "open", locked)
    assert turn() == ["a.csv：没有导入。打不开（没有权限或正被占用），能打开时自动再试。"]
    assert turn() == []
    monkeypatch.setattr(Path, "open", original)
    assert "新增 2" in turn()[0]


def test_what_was_loaded_before_a_kill_is_published_by_the_next_turn(storage, folder, turn, monkeypatch):
    write_csv(folder / "a.csv", orders(3))

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(watching, "refresh", killed)
    with pytest.raises(KeyboardInterrupt):
        turn()
    assert not (storage.published / "current").exists()
    monkeypatch.undo()
    monkeypatch.setattr(watching, "LOOK_SECONDS", 0.0)
    assert turn() == ["已发布。"]
    assert loaded(storage) == 1


def test_a_busy_warehouse_and_a_lost_folder_are_said_once_and_waited_for(storage, folder, said, monkeypatch):
    monkeypatch.setattr(watching, "LOOK_SECONDS", 0.0)
    watch = Watch(storage, folder, said.append, describe)
    original = watching.open_warehouse

    def busy(_: Storage) -> None:
        raise WarehouseBusyError("另一个任务正在写入数据")

    write_csv(folder / "a.csv", orders(3))
    monkeypatch.setattr(watching, "open_warehouse", busy)
    for _ in range(4):
        watch.step(Event())
    assert said == [watch.obstacle] == ["另一个任务正在写入数据"]
    folder.rename(folder.with_name("away"))
    for _ in range(2):
        watch.step(Event())
    assert len(said) == 2
    assert "所在目录不存在" in said[1]
    folder.with_name("away").rename(folder)
    monkeypatch.setattr(watching, "open_warehouse", original)
    for _ in range(2):
        watch.step(Event())
    assert not watch.obstacle
    assert said[-1] == "已发布。"


def test_the_commands_watch_once(storage, folder, hotline: Hotline, monkeypatch):
    monkeypatch.setattr(watching, "LOOK_SECONDS", 0.01)
    write_csv(folder / "a.csv", orders(3))
    done = hotline("watch", folder, "--once", "--data-dir", storage.data)
    assert done.code == 0
    assert "a.csv：批次 1，读取 4 行，新增 3" in done.out
    write_csv(folder / "b.csv", orders(3, start=4))
    done = hotline("serve", "--once", "--watch", folder, "--data-dir", storage.data)
    assert "b.csv：批次 2" in done.out
    refused = hotline("watch", folder / "none", "--data-dir", storage.data)
    assert refused.code == 2
    assert "目录“none”不存在或没有权限" in refused.err


def test_a_server_looks_at_its_folder_between_requests(storage, folder, said, monkeypatch):
    monkeypatch.setattr(watching, "LOOK_SECONDS", 0.01)
    monkeypatch.setattr(server, "POLL_SECONDS", 0.02)
    write_csv(folder / "a.csv", orders(3))
    watch = Watch(storage, folder, said.append, describe)
    looked = time.monotonic()

    def ask_to_end(line: str) -> None:
        if line == "已发布。":
            os.kill(os.getpid(), 15)

    watch.say = ask_to_end
    server.serve(storage, describe, watched=watch)
    assert loaded(storage) == 1
    assert time.monotonic() - looked < 20


def test_a_confirmed_mapping_answers_for_watched_files(storage, folder, turn):
    rows = [{("处理时间" if name == "完成时间" else name): cell for name, cell in row.items()} for row in orders(5)]
    write_csv(folder / "a.csv", rows)
    assert "E08" in turn()[0]
    storage.make()
    said = FileMapping({"处理时间": "closed_at"})
    remember(storage.config / FOLDER, list(rows[0]), {"工单号": "order_id", "处理时间": "closed_at"}, said)
    os.utime(folder / "a.csv", (1, 1))
    assert "新增 5" in turn()[0], "put there again, it is tried again"


def test_a_folder_must_be_there(storage, folder):
    with pytest.raises(WatchError):
        Watch(storage, folder / "none", print, describe)


def test_lines_carry_the_time_of_the_batches(monkeypatch, capsys):
    monkeypatch.setattr(serve_command, "now", lambda: datetime(2026, 3, 5, 8, 9, 10))
    serve_command.say("已发布。")
    assert capsys.readouterr().out == "08:09:10　已发布。\n"
