"""The Prefect flows `daily`, `train` and `rescore` as a scheduler runs them: offline, and without a path or a cell in their records."""

import os
import re
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest
from made_exports import count, orders, storage_at, write_csv

from hotline12345.sql.storage import Storage

# Runs the flows; any address but this machine's own is a failure.
OFFLINE = """
import socket

connect = socket.socket.connect


def only_here(self, address):
    if isinstance(address, tuple) and address[0] not in ("127.0.0.1", "localhost", "::1"):
        raise SystemExit(f"left the machine: {address}")
    return connect(self, address)


socket.socket.connect = only_here
from hotline12345.flows.daily import daily
from hotline12345.flows.rescore import rescore
from hotline12345.flows.train import train
from hotline12345.sql.storage import Storage
from hotline12345.sql.warehouse import open_warehouse
from prefect.settings import get_current_settings


def forget_scores():
    # As if a run had been killed after it took a new model up: orders touched, some texts without an answer.
    connection = open_warehouse(Storage.at())
    connection.execute("delete from landed.topic_predictions where text_hash < '8'")
    connection.execute("insert into run.touched_orders select order_id from staging.orders")
    connection.close()


print("analytics", get_current_settings().server.analytics_enabled)
print("daily", daily())
print("train", sorted(train()))
print("rescore", rescore())
forget_scores()
print("rescore", rescore())
"""
PHONE, PERSON = "12900008888", "张三丰"
GOOD, BAD = f"{PERSON}{PHONE}工单.csv", f"坏文件{PHONE}.xlsx"


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> tuple[Storage, subprocess.CompletedProcess[str]]:
    """The flows run once on an inbox with a good and a bad file."""
    storage = storage_at(tmp_path_factory.mktemp("site") / "数 据")
    storage.make()
    rows = [
        {**row, "反映内容": f"居民{PERSON}先生来电，电话{PHONE}，{row['反映内容']}", "诉求人": PERSON}
        for row in orders(220)
    ]
    write_csv(storage.inbox / GOOD, rows)
    (storage.inbox / BAD).write_bytes(b"\x89PNG nothing of a table")
    environment = {**os.environ, "HOTLINE_DATA_DIR": str(storage.data)}
    command = [sys.executable, "-c", OFFLINE]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return storage, done


def test_the_flows_load_publish_and_train(ran: tuple[Storage, subprocess.CompletedProcess[str]]) -> None:
    storage, done = ran
    assert "analytics False" in done.stdout
    assert "'rows_new': 220" in done.stdout
    assert "macro_f1" in done.stdout
    assert "'is_used'" in done.stdout
    assert count(storage, "select count(*) from marts.mart_unit_scores") > 0
    assert (storage.topic_models / "current").exists()


def test_scoring_anew_does_what_is_missing_and_shows_how_far_it_is(
    ran: tuple[Storage, subprocess.CompletedProcess[str]],
) -> None:
    storage, done = ran
    first, second = re.findall(r"^rescore (\d+)$", done.stdout, re.MULTILINE)
    assert int(first) == 0, "everything was scored and published"
    assert 80 < int(second) < 140, "about half of 220 texts"
    assert count(storage, "select count(*) from landed.topic_predictions") == 220
    with closing(sqlite3.connect(storage.caches / "prefect" / "prefect.db")) as database:
        rows = database.execute("select data from artifact where key = 'rescore' order by updated desc").fetchall()
    assert float(rows[0][0]) == 100.0


def test_a_loaded_file_is_deleted_and_a_refused_one_set_aside(
    ran: tuple[Storage, subprocess.CompletedProcess[str]],
) -> None:
    inbox = ran[0].inbox
    assert [path.name for path in inbox.iterdir()] == ["refused"]
    assert sorted(path.name for path in (inbox / "refused").rglob("*.*")) == [BAD, f"{BAD}.原因.txt"]


def test_prefect_keeps_results_but_no_path_and_no_cell(ran: tuple[Storage, subprocess.CompletedProcess[str]]) -> None:
    storage, done = ran
    records = {path: path.read_bytes() for path in (storage.caches / "prefect").rglob("*") if path.is_file()}
    everything = b"".join(records.values()) + done.stdout.encode() + done.stderr.encode()
    with closing(sqlite3.connect(storage.caches / "prefect" / "prefect.db")) as database:
        artifacts = dict(database.execute("select key, data from artifact").fetchall())
    assert "rows_quarantined" in artifacts["accounting"]
    for secret in (PHONE, PERSON, GOOD, "坏文件", str(storage.inbox), "暖气一直不热"):
        for written in (secret.encode(), secret.encode("unicode_escape")):
            assert written not in everything, secret
