"""A run that dies at any point: readers keep the last state, the next run completes, nothing is left behind."""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from called import Hotline
from made_exports import count, orders, published, state, storage_at, texts_on_disk, write_csv

from hotline12345.sql.storage import Storage
from hotline12345.sql.warehouse import open_warehouse

# Python that dies like kill -9 when it comes to one step, then runs the command as usual.
DYING = """
import importlib, os, signal, sys
from hotline12345.flows.cli.main import main
module, name = sys.argv[1].rsplit(".", 1)
setattr(importlib.import_module(module), name, lambda *_, **__: os.kill(os.getpid(), signal.SIGKILL))
sys.argv[1:] = sys.argv[2:]
main()
"""
POINTS = {
    "texts written, nothing committed": "hotline12345.sql.landing.store_versions",
    "landed, nothing built": "hotline12345.flows.cli.load.refresh",
    "tables to rebuild dropped": "hotline12345.sql.build.touch_partitions",
    "rates built, topics not": "hotline12345.flows.topic_scoring.classify",
    "topics built, issues not": "hotline12345.flows.issue_mining.mine_orders",
    "finished, not published": "hotline12345.flows.refreshing.publish",
    "snapshot half written": "hotline12345.sql.publish.sync",
    "snapshot written, pointer not moved": "hotline12345.sql.publish.point",
    "pointer moved, not yet recorded": "hotline12345.sql.publish._prune",
}
UNPUBLISHED = set(POINTS) - {"pointer moved, not yet recorded"}
SEED, MOMENTS, ORDINARY = 12345, 50, 1


@pytest.fixture(scope="module")
def exports(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A first export, and a later one with new and revised orders."""
    folder = tmp_path_factory.mktemp("exports")
    revised = [{**row, "满意度": "不满意", "反映内容": f"{row['反映内容']}，再次反映"} for row in orders(20)]
    later = [*revised, *orders(20, start=41)]
    return write_csv(folder / "a.csv", orders(40)), write_csv(folder / "b.csv", later)


@pytest.fixture(scope="module")
def before_and_after(
    hotline_command: str, exports: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory
) -> tuple[Storage, Storage]:
    """The first export published, and a copy of it where the second was loaded undisturbed."""
    folder = tmp_path_factory.mktemp("undisturbed")
    before, after = storage_at(folder / "before"), storage_at(folder / "after")
    subprocess.run([hotline_command, "run", exports[0], "--data-dir", before.data], capture_output=True, check=True)
    shutil.copytree(before.data, after.data)
    subprocess.run([hotline_command, "run", exports[1], "--data-dir", after.data], capture_output=True, check=True)
    return before, after


@pytest.fixture
def base(before_and_after: tuple[Storage, Storage], tmp_path: Path) -> Storage:
    """A copy of the first state to harm."""
    shutil.copytree(before_and_after[0].data, tmp_path / "data")
    return storage_at(tmp_path / "data")


@pytest.fixture(scope="module")
def killed(
    exports: tuple[Path, Path], before_and_after: tuple[Storage, Storage], tmp_path_factory: pytest.TempPathFactory
) -> dict[str, Storage]:
    """For each point a copy of the first state where loading the second export died there; two die at a time."""
    folder = tmp_path_factory.mktemp("killed")

    def kill(point: str) -> Storage:
        storage = storage_at(folder / POINTS[point])
        shutil.copytree(before_and_after[0].data, storage.data)
        if point == "tables to rebuild dropped":  # they are dropped only when rules, units or the SQL changed
            (storage.config / "freezes.csv").write_text("rule_id,period_id,frozen_at,kind,source\n", encoding="utf-8")
        command = [sys.executable, "-c", DYING, POINTS[point], "run", exports[1], "--data-dir", storage.data]
        assert subprocess.run(command, capture_output=True, check=False).returncode == -signal.SIGKILL
        return storage

    with ThreadPoolExecutor(2) as pool:
        return dict(zip(POINTS, pool.map(kill, POINTS), strict=True))


@pytest.mark.parametrize("point", POINTS)
def test_killed(
    hotline: Hotline,
    exports: tuple[Path, Path],
    before_and_after: tuple[Storage, Storage],
    killed: dict[str, Storage],
    point: str,
) -> None:
    before, after = map(published, before_and_after)
    base = killed[point]
    if point in UNPUBLISHED:
        assert state(base)[0] == state(before_and_after[0])[0]
        assert published(base) == before
    rates = hotline("rates", "--data-dir", base.data, "--format", "json")
    assert rates.code == 0, rates.err
    done = hotline("run", exports[1], "--data-dir", base.data)
    assert done.code == 0, done.printed
    assert published(base) == after
    assert len(texts_on_disk(base)) == count(base, "select count(*) from landed.text_files") == 2
    assert [path.name for path in base.data.rglob("*.partial*")] == []


def moments() -> list[object]:
    """When to kill, as shares of an undisturbed run's time; the first belong to the ordinary tests."""
    draws = random.Random(SEED)
    shares = [draws.random() for _ in range(MOMENTS)]
    return [pytest.param(share, marks=[pytest.mark.slow] if n >= ORDINARY else []) for n, share in enumerate(shares)]


@pytest.fixture(scope="module")
def undisturbed_seconds(
    hotline_command: str, exports: tuple[Path, Path], tmp_path_factory: pytest.TempPathFactory
) -> float:
    """How long the command takes for the second export on an empty folder; the longest of what is killed."""
    folder = tmp_path_factory.mktemp("timed")
    start = time.monotonic()
    subprocess.run([hotline_command, "run", exports[1], "--data-dir", folder], capture_output=True, check=True)
    return time.monotonic() - start


@pytest.mark.parametrize("share", moments())
def test_killed_at_any_moment(
    hotline_command: str,
    exports: tuple[Path, Path],
    before_and_after: tuple[Storage, Storage],
    base: Storage,
    undisturbed_seconds: float,
    share: float,
) -> None:
    command = [hotline_command, "run", str(exports[1]), "--data-dir", str(base.data)]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True) as run:
        time.sleep(share * undisturbed_seconds)
        os.killpg(run.pid, signal.SIGKILL)
    assert published(base) in [published(storage) for storage in before_and_after]
    subprocess.run(command, capture_output=True, check=True)
    assert published(base) == published(before_and_after[1])
    assert len(texts_on_disk(base)) == count(base, "select count(*) from landed.text_files") == 2


def test_interrupted_by_hand(exports: tuple[Path, Path], base: Storage) -> None:
    dying = DYING.replace("signal.SIGKILL", "signal.SIGINT")
    command = [
        sys.executable,
        "-c",
        dying,
        POINTS["topics built, issues not"],
        "run",
        exports[1],
        "--data-dir",
        base.data,
    ]
    done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 130
    assert "已中断；已发布的数据不受影响" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_second_writer_is_told_to_wait(
    hotline_command: str, hotline: Hotline, exports: tuple[Path, Path], base: Storage
) -> None:
    connection = open_warehouse(base)
    try:
        command = [hotline_command, "run", str(exports[1]), "--data-dir", str(base.data)]
        done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
        reading = hotline("rates", "--data-dir", base.data)
    finally:
        connection.close()
    assert done.returncode == 2
    assert f"另一个任务（进程号 {os.getpid()}）正在写入数据，请等它结束后再试" in done.stderr
    assert "Traceback" not in done.stderr
    assert reading.code == 0


def test_a_clock_set_back_never_deletes_what_is_published(
    hotline: Hotline, base: Storage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from datetime import datetime  # noqa: PLC0415

    for day in (9, 8, 7):
        monkeypatch.setattr("hotline12345.flows.refreshing.now", lambda day=day: datetime(2020, 1, day))
        path = write_csv(tmp_path / f"{day}.csv", orders(2, start=day * 100))
        assert hotline("run", path, "--data-dir", base.data).code == 0
        assert hotline("rates", "--data-dir", base.data).code == 0
    assert len(state(base)[1]) == 3


@pytest.mark.parametrize("damage", ["missing", "damaged", "no pointer"])
def test_a_lost_snapshot_is_published_again(
    hotline: Hotline, exports: tuple[Path, Path], before_and_after: tuple[Storage, Storage], base: Storage, damage: str
) -> None:
    (snapshot,) = base.published.glob("*.duckdb")
    if damage == "missing":
        snapshot.unlink()
    elif damage == "damaged":
        snapshot.write_text("nonsense")
    else:
        (base.published / "current").write_text("")
    refused = hotline("rates", "--data-dir", base.data)
    assert refused.code == 2
    assert "hotline run" in refused.err
    assert hotline("run", exports[0], "--data-dir", base.data).code == 0
    assert published(base) == published(before_and_after[0])
