"""A disk that fails: full in the middle of a load, or not writable at all. A clear message, no damage, the next run completes."""

import os
import resource
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import pytest
from called import Hotline
from made_exports import count, orders, published, state, storage_at, write_csv

from hotline12345.sql.storage import Storage

NOBODY = 65534


@pytest.fixture
def site(hotline: Hotline, tmp_path: Path) -> Storage:
    """A site with one file loaded."""
    storage = storage_at(tmp_path / "data")
    assert hotline("run", write_csv(tmp_path / "a.csv", orders(40)), "--data-dir", storage.data).code == 0
    return storage


@pytest.mark.parametrize("spare", [30_000, *(pytest.param(n, marks=pytest.mark.slow) for n in (0, 300_000))])
def test_full_in_the_middle(hotline_command: str, hotline: Hotline, site: Storage, tmp_path: Path, spare: int) -> None:
    before = state(site), published(site)
    limit = site.warehouse.stat().st_size + spare
    second = write_csv(tmp_path / "b.csv", orders(3_000, datetime(2022, 1, 1), start=100))
    command = [hotline_command, "run", str(second), "--data-dir", str(site.data)]
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit)),
    )
    assert done.returncode == 2, done.stdout + done.stderr
    assert "已发布的数据不受影响" in done.stderr and "Traceback" not in done.stderr
    assert (state(site), published(site)) == before
    assert hotline("run", second, "--data-dir", site.data).code == 0
    assert count(site, "select count(*) from staging.orders") == 3_040


@contextmanager
def ordinary_user() -> Iterator[None]:
    """As somebody whom permissions bind; root drops its rights for the time being."""
    if os.geteuid():
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


@pytest.mark.usefixtures("site")
def test_a_folder_that_cannot_be_written(hotline: Hotline, tmp_path: Path) -> None:
    folder = Path(tempfile.mkdtemp())
    try:
        shutil.copytree(tmp_path / "data", folder / "data")
        shutil.copy(tmp_path / "a.csv", folder / "c.csv")
        for path in (folder, *folder.rglob("*")):
            os.chown(path, NOBODY if os.geteuid() == 0 else -1, -1)
            path.chmod(0o500 if path.is_dir() else 0o400)
        storage = storage_at(folder / "data")
        before = state(storage), published(storage)
        with ordinary_user():
            done = hotline("run", folder / "c.csv", "--data-dir", storage.data)
        assert done.code == 2 and "没有权限" in done.err, done.printed
        assert (state(storage), published(storage)) == before
    finally:
        for path in (folder, *(found for found in folder.rglob("*") if found.is_dir())):
            path.chmod(0o700)
        shutil.rmtree(folder)
