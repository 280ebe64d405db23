"""The Prefect flow that watches a folder: it loads, and no name or path of a file enters Prefect's records."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from made_exports import count, orders, storage_at, write_csv

from hotline12345.sql.storage import Storage

PHONE = "12900008888"


def run(storage: Storage, folder: Path) -> subprocess.CompletedProcess[str]:
    code = "from hotline12345.flows.watch_folder import watch_folder\nprint(watch_folder())"
    environment = {**os.environ, "HOTLINE_DATA_DIR": str(storage.data), "HOTLINE_WATCH_DIR": str(folder)}
    return subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, encoding="utf-8", check=False
    )


def kept(storage: Storage) -> bytes:
    """All that Prefect keeps on disk."""
    return b"".join(path.read_bytes() for path in (storage.caches / "prefect").rglob("*") if path.is_file())


@pytest.mark.slow
def test_a_turn_that_cannot_end_fails_the_flow_without_naming_a_path(tmp_path: Path) -> None:
    storage, folder = storage_at(tmp_path / "某区数据"), tmp_path / "某区导出"
    folder.mkdir()
    write_csv(folder / "a.csv", orders(5))
    storage.make()
    storage.warehouse.write_bytes(b"no warehouse" * 999)
    done = run(storage, folder)
    assert done.returncode != 0
    assert "这一轮没有做完" in done.stderr
    for secret in ("某区数据", "某区导出"):
        assert secret.encode() not in kept(storage)


@pytest.mark.slow
def test_the_flow_loads_a_folder_without_a_name_in_its_records(tmp_path: Path) -> None:
    storage, folder = storage_at(tmp_path / "data"), tmp_path / "某区导出"
    folder.mkdir()
    write_csv(folder / f"工单{PHONE}.csv", orders(20))
    (folder / "坏文件.xlsx").write_bytes(b"\x89PNG nothing of a table")
    done = run(storage, folder)
    assert "{'loaded': 1, 'refused': 1}" in done.stdout, done.stderr
    assert count(storage, "select count(*) from landed.batches") == 1
    for secret in (PHONE, "坏文件", "某区导出"):
        assert secret.encode() not in kept(storage) + done.stdout.encode() + done.stderr.encode()
        assert secret.encode("unicode_escape") not in kept(storage)
