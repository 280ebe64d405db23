"""The Prefect flow that watches a folder: it loads, and no name or path of a file enters Prefect's records."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from made_exports import count, orders, storage_at, write_csv

PHONE = "12900008888"


@pytest.mark.slow
def test_the_flow_loads_a_folder_without_a_name_in_its_records(tmp_path: Path) -> None:
    storage, folder = storage_at(tmp_path / "data"), tmp_path / "某区导出"
    folder.mkdir()
    write_csv(folder / f"工单{PHONE}.csv", orders(20))
    (folder / "坏文件.xlsx").write_bytes(b"\x89PNG nothing of a table")
    code = "from hotline12345.flows.watch_folder import watch_folder\nprint(watch_folder())"
    environment = {**os.environ, "HOTLINE_DATA_DIR": str(storage.data), "HOTLINE_WATCH_DIR": str(folder)}
    done = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, encoding="utf-8", check=False
    )
    assert "{'loaded': 1, 'refused': 1}" in done.stdout, done.stderr
    assert count(storage, "select count(*) from landed.batches") == 1
    kept = b"".join(path.read_bytes() for path in (storage.caches / "prefect").rglob("*") if path.is_file())
    for secret in (PHONE, "坏文件", "某区导出"):
        assert secret.encode() not in kept + done.stdout.encode() + done.stderr.encode()
        assert secret.encode("unicode_escape") not in kept
