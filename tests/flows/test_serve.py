"""`hotline serve`: requests done one at a time, failures said and survived, a killed server's work done again."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from called import Hotline
from made_exports import count, orders, storage_at, write_csv

from hotline12345.flows import requested
from hotline12345.flows import serve as server
from hotline12345.flows.cli.errors import describe
from hotline12345.flows.clock import now
from hotline12345.flows.inbox import waiting_files
from hotline12345.sql.publish import current_snapshot
from hotline12345.sql.reads import Reader
from hotline12345.sql.records import requests, servers, uploads
from hotline12345.sql.records.requests import Request
from hotline12345.sql.records.store import open_records
from hotline12345.sql.storage import Storage
from hotline12345.sql.undo import undo_batch
from hotline12345.sql.warehouse import WarehouseBusyError, open_warehouse

PHONE = "12900008888"
# A server that dies like kill -9 when it comes to one step.
DYING = """
import importlib, os, signal, sys
from hotline12345.flows.cli.main import main
module, name = sys.argv[1].rsplit(".", 1)
setattr(importlib.import_module(module), name, lambda *_, **__: os.kill(os.getpid(), signal.SIGKILL))
sys.argv[1:] = sys.argv[2:]
main()
"""
POINTS = {
    "taken, nothing done": "hotline12345.flows.requested.load_file",
    "landed, nothing built": "hotline12345.flows.requested.refresh",
    "published, nothing said": "hotline12345.flows.requested.remarks",
}


@pytest.fixture
def storage(tmp_path: Path) -> Storage:
    storage = storage_at(tmp_path / "data")
    storage.make()
    return storage


def upload(storage: Storage, file: Path, kind: str = "load", **answers: object) -> int:
    """File a request about a file as the page does; returns its id."""
    kept = uploads.keep_upload(storage, file.name, file.read_bytes())
    with closing(open_records(storage)) as records:
        return requests.file_request(records, kind, "分析员", kept, answers)


def outcome(storage: Storage, request_id: int) -> Request:
    with closing(open_records(storage)) as records:
        return next(found for found in requests.newest(records, 100) if found.request_id == request_id)


def uploaded(storage: Storage) -> list[Path]:
    return list((storage.inbox / "uploads").glob("*/*"))


def test_a_load_is_done_with_its_steps_and_its_accounting(storage, tmp_path):
    rows = [*orders(8), {**orders(1, start=9)[0], "工单创建时间": "三月某日"}]
    request_id = upload(storage, write_csv(tmp_path / f"导出{PHONE}.csv", rows))
    assert waiting_files(storage) == [], "the daily flow takes no upload"
    server.serve(storage, describe, once=True)
    done = outcome(storage, request_id)
    assert done.state == "done"
    assert done.outcome["file_name"] == "导出129****8888.csv"
    counts = done.outcome["accounting"]
    assert (counts["rows_read"], counts["rows_new"], counts["rows_quarantined"]) == (10, 8, 1)
    with closing(open_records(storage)) as records:
        steps = [detail.get("step") for _, detail in requests.events(records, request_id)]
        assert servers.last_server(records).ended_at
    assert steps[2:] == [
        "正在导入",
        "已导入，准备计算",
        "计算三率台账",
        "全文索引",
        "诉求分类",
        "挖掘反复问题",
        "检查并发布",
        None,
    ]
    assert uploaded(storage) == []
    assert PHONE.encode() not in b"".join(path.read_bytes() for path in storage.data.glob("records.sqlite*"))


def test_a_refused_file_is_said_and_can_be_answered_again(storage, tmp_path):
    file = tmp_path / "x.csv"
    file.write_text("甲,乙\n1,2\n", encoding="utf-8")
    refused, good = upload(storage, file), upload(storage, write_csv(tmp_path / "good.csv", orders(3)))
    server.serve(storage, describe, once=True)
    assert outcome(storage, refused).state == "failed"
    assert outcome(storage, refused).outcome["message"].startswith("E")
    assert outcome(storage, good).state == "done"


def test_an_inspection_asks_and_a_confirmed_answer_is_remembered(storage, tmp_path):
    def renamed(start: int) -> Path:
        rows = [
            {("处理时间" if name == "完成时间" else name): cell for name, cell in row.items()}
            for row in orders(12, start=start)
        ]
        return write_csv(tmp_path / f"第{start}份{PHONE}.csv", rows)

    first = upload(storage, renamed(1), "inspect")
    server.serve(storage, describe, once=True)
    seen = outcome(storage, first)
    assert seen.outcome["file_name"] == "第1份129****8888.csv"
    (question,) = seen.outcome["questions"]
    assert "closed_at" in seen.outcome["targets"]
    assert not storage.warehouse.exists(), "looking needs no warehouse"
    with closing(open_records(storage)) as records:
        answers = {"columns": {"处理时间": "closed_at"}}
        load = requests.file_request(records, "load", "分析员", seen.upload, answers)
    server.serve(storage, describe, once=True)
    assert outcome(storage, load).state == "done"
    assert count(storage, "select count(*) from landed.order_versions where closed_at is not null") == 12
    second = upload(storage, renamed(20), "inspect")
    server.serve(storage, describe, once=True)
    assert question["code"] == "E08"
    assert outcome(storage, second).outcome["questions"] == []
    with closing(open_records(storage)) as records:
        load = requests.file_request(records, "load", "分析员", outcome(storage, second).upload)
    server.serve(storage, describe, once=True)
    assert outcome(storage, load).state == "done", "nothing has to be answered twice"


def test_a_batch_is_taken_back(storage, tmp_path):
    load = upload(storage, write_csv(tmp_path / "a.csv", orders(6)))
    upload(storage, write_csv(tmp_path / "b.csv", orders(6, start=7)))
    server.serve(storage, describe, once=True)
    batch_id = outcome(storage, load).outcome["accounting"]["batch_id"]
    with closing(open_records(storage)) as records:
        undo, again = (
            requests.file_request(records, "undo", "分析员", detail={"batch_id": batch_id}) for _ in range(2)
        )
    server.serve(storage, describe, once=True)
    assert outcome(storage, undo).state == "done"
    assert Reader(storage, current_snapshot(storage)).overview()["orders"] == 6
    assert "撤销过" in outcome(storage, again).outcome["message"]


def test_a_batch_taken_back_by_a_killed_server_is_published_without_it(storage, tmp_path):
    load = upload(storage, write_csv(tmp_path / "a.csv", orders(6)))
    upload(storage, write_csv(tmp_path / "b.csv", orders(4, start=7)))
    server.serve(storage, describe, once=True)
    batch_id = outcome(storage, load).outcome["accounting"]["batch_id"]
    with closing(open_records(storage)) as records, closing(open_warehouse(storage)) as connection:
        undo = requests.file_request(records, "undo", "分析员", detail={"batch_id": batch_id})
        requests.claim(records, undo, {"attempt": 1})
        undo_batch(connection, batch_id, now(), f"请求 {undo}")
    server.serve(storage, describe, once=True)
    assert outcome(storage, undo).state == "done"
    assert "涉及 6 件工单" in outcome(storage, undo).outcome["remarks"][0]
    assert Reader(storage, current_snapshot(storage)).overview()["orders"] == 4


def test_a_fault_of_the_program_fails_one_request_without_a_value(storage, tmp_path, monkeypatch, caplog):
    def fault(*_: object) -> None:
        raise ValueError(f"李四 {PHONE}")

    first = upload(storage, write_csv(tmp_path / "a.csv", orders(3)))
    monkeypatch.setattr(requested, "load_file", fault)
    server.serve(storage, describe, once=True)
    monkeypatch.undo()
    second = upload(storage, write_csv(tmp_path / "b.csv", orders(3)))
    server.serve(storage, describe, once=True)
    message = outcome(storage, first).outcome["message"]
    assert message.startswith("程序出错（ValueError，test_serve.py 第")
    assert PHONE not in message + caplog.text
    assert outcome(storage, second).state == "done"


def test_a_busy_warehouse_is_waited_for_and_said(storage, tmp_path, monkeypatch):
    tries = iter([True, True])

    def busy_at_first(place: Storage) -> object:
        if next(tries, False):
            raise WarehouseBusyError("busy")
        return open_warehouse(place)

    monkeypatch.setattr(requested, "open_warehouse", busy_at_first)
    monkeypatch.setattr(requested, "BUSY_SECONDS", 0.0)
    request_id = upload(storage, write_csv(tmp_path / "a.csv", orders(3)))
    server.serve(storage, describe, once=True)
    with closing(open_records(storage)) as records:
        states = [state for state, _ in requests.events(records, request_id)]
    assert states[:4] == ["waiting", "running", "busy", "running"]
    assert states.count("busy") == 1
    assert states[-1] == "done"


def test_a_request_taken_back_while_the_warehouse_is_busy_is_not_done(storage, tmp_path, monkeypatch):
    def busy_until_dismissed(place: Storage) -> object:
        with closing(open_records(place)) as records:
            if requests.newest(records, 1)[0].state == "busy":
                requests.dismiss(records, request_id, "分析员")
                return open_warehouse(place)
        raise WarehouseBusyError("busy")

    monkeypatch.setattr(requested, "open_warehouse", busy_until_dismissed)
    monkeypatch.setattr(requested, "BUSY_SECONDS", 0.0)
    request_id = upload(storage, write_csv(tmp_path / "a.csv", orders(3)))
    server.serve(storage, describe, once=True)
    assert outcome(storage, request_id).state == "dismissed"
    assert not (storage.published / "current").exists()


def test_sigterm_lets_the_current_request_end(storage, monkeypatch):
    def ask_to_end(work: requested.Work) -> dict[str, str]:
        os.kill(os.getpid(), signal.SIGTERM)
        return {"file_name": "a.csv"}

    monkeypatch.setattr(server, "KINDS", {"load": ask_to_end})
    with closing(open_records(storage)) as records:
        first, second = (requests.file_request(records, "load", "分析员") for _ in range(2))
    server.serve(storage, describe)
    assert outcome(storage, first).state == "done"
    assert outcome(storage, second).state == "waiting"
    assert signal.getsignal(signal.SIGTERM) == signal.SIG_DFL


def test_a_request_that_ends_the_server_again_and_again_is_given_up(storage):
    with closing(open_records(storage)) as records:
        request_id = requests.file_request(records, "load", "分析员")
        for attempt in range(server.ATTEMPTS):
            requests.claim(records, request_id, {"attempt": attempt + 1})
    server.serve(storage, describe, once=True)
    assert "已中断 5 次" in outcome(storage, request_id).outcome["message"]


def test_a_second_server_is_refused_and_told_who_holds_the_folder(storage, hotline: Hotline):
    with server.only_server(storage):
        refused = hotline("serve", "--once", "--data-dir", storage.data)
    assert refused.code == 2
    assert f"进程号 {os.getpid()}" in refused.err
    assert hotline("serve", "--once", "--data-dir", storage.data).code == 0


@pytest.fixture(scope="module")
def killed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Storage, int]]:
    """For each point a folder where the server died there, and the id of its request; two die at a time."""
    folder = tmp_path_factory.mktemp("killed")
    file = write_csv(folder / "a.csv", orders(20))

    def kill(point: str) -> tuple[Storage, int]:
        storage = storage_at(folder / POINTS[point])
        request_id = upload(storage, file)
        command = [sys.executable, "-c", DYING, POINTS[point], "serve", "--once", "--data-dir", storage.data]
        assert subprocess.run(command, capture_output=True, check=False).returncode == -signal.SIGKILL
        return storage, request_id

    with ThreadPoolExecutor(2) as pool:
        return dict(zip(POINTS, pool.map(kill, POINTS), strict=True))


@pytest.mark.parametrize("point", POINTS)
def test_a_killed_server_loses_and_doubles_nothing(killed, point):
    storage, request_id = killed[point]
    assert outcome(storage, request_id).state == "running"
    server.serve(storage, describe, once=True)
    done = outcome(storage, request_id)
    assert done.state == "done"
    assert done.outcome["accounting"]["rows_new"] == 20, "the counts are those of the load that landed the rows"
    assert count(storage, "select count(*) from landed.order_versions") == 20
    assert count(storage, "select count(*) from landed.batches") == 1
    assert Reader(storage, current_snapshot(storage)).overview()["orders"] == 20
    assert uploaded(storage) == []


def wait_for(condition: Callable[[], object], seconds: float = 20.0) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it never came true"
        time.sleep(0.05)


def test_a_running_server_beats_leaves_the_warehouse_free_and_ends_on_sigterm(
    storage, tmp_path, hotline_command, hotline: Hotline
):
    command = [hotline_command, "serve", "--data-dir", str(storage.data)]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8")
    with closing(open_records(storage)) as records:
        wait_for(lambda: servers.last_server(records))
        assert servers.last_server(records).process_id == process.pid
        assert hotline("run", write_csv(tmp_path / "a.csv", orders(5)), "--data-dir", storage.data).code == 0
        process.terminate()
        printed = process.communicate(timeout=20)
        assert (process.returncode, printed[1]) == (0, "")
        assert servers.last_server(records).ended_at
