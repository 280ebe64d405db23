"""No personal data anywhere: planted in every cell and name that may hold it, then looked for in every byte."""

import bz2
import gzip
import lzma
import os
import pickle
import signal
import sqlite3
import subprocess
import sys
import zipfile
from pathlib import Path

import duckdb
import polars as pl
import pytest
import xlsxwriter
from called import Hotline
from disk_scan import found_under
from made_exports import HEADERS, Row, orders, storage_at, write_csv

from hotline12345.sql.publish import current_snapshot
from hotline12345.sql.storage import Storage

# Invalid by construction: no such mobile prefix, impossible birth date, no such plate.
MOBILE, LANDLINE, ID_NUMBER, PLATE, NAME = "12912345678", "010-12345678", "110105209912310012", "京A·12I45", "欧阳翠花"
PLANTED = (MOBILE, LANDLINE, "01012345678", ID_NUMBER, PLATE, NAME)
SENTENCE = f"联系人：{NAME}，电话{MOBILE}，座机{LANDLINE}，身份证{ID_NUMBER}，车牌{PLATE}"


def planted_file(folder: Path) -> Path:
    """Orders with personal data in texts, callers, places, units, labels and broken cells, in a file named after a person."""
    rows = [
        {
            **row,
            "诉求人": NAME,
            "联系电话": row["联系电话"] if number % 3 else MOBILE,  # several callers, else no word may be learnt
            "反映内容": f"{row['反映内容']}。{SENTENCE}",
            "工单标题": f"{NAME}女士{MOBILE}反映",
        }
        for number, row in enumerate(orders(215))
    ]
    rows[0]["处理情况"] = SENTENCE
    rows[1]["详细地址"] = f"东明里，{MOBILE}"
    rows[2]["责任单位"] = f"乙水镇{MOBILE}"
    rows[3]["一级分类"] = f"公共服务{MOBILE}"
    broken = orders(3, start=8001, 诉求人=NAME)
    broken[0]["工单创建时间"] = f"{MOBILE} {ID_NUMBER}"
    broken[1]["有效回访"] = SENTENCE
    broken[2] = {**broken[2], "工单号": "", "反映内容": SENTENCE}
    extra = [{**row, f"备注{MOBILE}": SENTENCE} for row in [*rows, *broken]]
    return write_csv(folder / f"{NAME}先生{MOBILE}.csv", extra, above=[SENTENCE])


def test_nothing_planted_is_found_again(hotline: Hotline, tmp_path: Path) -> None:
    storage = storage_at(tmp_path / "data")
    path = planted_file(tmp_path)
    at = ("--data-dir", storage.data)
    outcomes = [
        hotline("run", path, *at),
        hotline("run", path, *at),
        hotline("batches", *at),
        hotline("check", "--batch", 1, *at),
        hotline("check", "--batch", 1, *at, "--format", "json"),
        hotline("rates", *at),
        hotline("explain", "D2025000001", *at),
        hotline("explain", "D2025000002", *at),
        hotline("issues", "list", *at),
        hotline("topics", "train", *at),
    ]
    assert [outcome.code for outcome in outcomes] == [0] * len(outcomes), outcomes[-1]
    columns = (
        "--id",
        "工单号",
        "--text",
        "工单标题,反映内容",
        "--time",
        "工单创建时间",
        "--caller",
        "联系电话",
        "--format",
        "json",
    )
    (tmp_path / "clean").mkdir()
    mined = hotline(
        "issues", "mine", write_csv(tmp_path / "clean" / f"{MOBILE}.csv", orders(60, 反映内容=SENTENCE)), *columns
    )
    refused = [
        hotline("run", tmp_path / f"{NAME}女士{MOBILE}.csv", *at),
        hotline("run", write_csv(tmp_path / f"名单{MOBILE}.csv", [{f"号码{MOBILE}": SENTENCE, "备注": "无"}]), *at),
        hotline("issues", "mine", path, "--id", "无", "--text", "反映内容", "--time", "工单创建时间"),
    ]
    assert [outcome.code for outcome in refused] == [2, 2, 2]
    assert mined.code == 0
    printed = "\n".join(outcome.printed for outcome in (*outcomes, mined, *refused))
    assert found_in(printed) == []
    assert found_under(storage.data, PLANTED) == []


def found_in(text: str) -> list[str]:
    """Which planted values a text holds."""
    return [value for value in PLANTED if value in text]


def planted_rows(count: int, start: int = 1) -> list[Row]:
    """Orders with the sentence in every column that takes free text, and a person in the title."""
    texts = ("反映内容", "处理情况", "详细地址", "村社区", "工单标题", "责任单位", "乡镇街道", "一级分类")
    return [
        {**row, **{column: f"{row[column]}。{SENTENCE}" for column in texts}, "诉求人": NAME, "联系电话": MOBILE}
        for row in orders(count, start=start)
    ]


def planted_book(path: Path, rows: list[Row]) -> Path:
    """A workbook whose sheet, title row and one header are named after a person; its first rows break rules."""
    broken = [{**row, "工单创建时间": f"{MOBILE} {ID_NUMBER}", "有效回访": SENTENCE} for row in rows[:2]]
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet(f"{NAME}{MOBILE}")
        sheet.write(0, 0, SENTENCE)
        sheet.write_row(1, 0, [*HEADERS, f"备注{MOBILE}"])
        for number, row in enumerate([*broken, *rows[2:]]):
            sheet.write_row(number + 2, 0, [*(row[header] for header in HEADERS), SENTENCE])
        book.add_worksheet(f"附表{NAME}").write(0, 0, SENTENCE)
    return path


def refused_files(folder: Path) -> list[Path]:
    """Files that are refused, named after a person and full of the sentence."""
    rubbish, cut = folder / f"{NAME}{MOBILE}.xlsx", folder / f"残缺{MOBILE}.xlsx"
    rubbish.write_bytes(SENTENCE.encode("gb18030"))
    cut.write_bytes(planted_book(folder / "whole.xlsx", planted_rows(3)).read_bytes()[:-400])
    bad = [{**row, "工单创建时间": SENTENCE} for row in planted_rows(10)]
    return [rubbish, cut, write_csv(folder / f"全错{NAME}女士.csv", bad)]


def test_nothing_stays_of_books_and_refused_files(hotline: Hotline, tmp_path: Path) -> None:
    storage = storage_at(tmp_path / "data")
    book = planted_book(tmp_path / f"{NAME}先生{MOBILE}.xlsx", planted_rows(30))
    loaded = hotline("run", book, "--data-dir", storage.data)
    (tmp_path / "bad").mkdir()
    refused = [hotline("run", path, "--data-dir", storage.data) for path in refused_files(tmp_path / "bad")]
    inspected = hotline("inspect", book, "--data-dir", storage.data)
    assert (loaded.code, inspected.code) == (0, 0), loaded.printed + inspected.printed
    assert [outcome.code for outcome in refused] == [2] * len(refused)
    printed = "\n".join(outcome.printed for outcome in (loaded, inspected, *refused))
    assert found_in(printed) == []
    assert found_under(storage.data, PLANTED) == []


# Python that dies like kill -9 when it comes to one step, then runs the command as usual.
DYING = """
import importlib, os, signal, sys
from hotline12345.flows.cli.main import main
module, name = sys.argv[1].rsplit(".", 1)
setattr(importlib.import_module(module), name, lambda *_, **__: os.kill(os.getpid(), signal.SIGKILL))
sys.argv[1:] = sys.argv[2:]
main()
"""


def die_at(point: str, path: Path, storage: Storage) -> None:
    """Load a file in a process that is killed when it comes to a function."""
    command = [sys.executable, "-c", DYING, point, "run", path, "--data-dir", storage.data]
    assert subprocess.run(command, capture_output=True, check=False).returncode == -signal.SIGKILL


@pytest.mark.parametrize(
    "point",
    [
        "hotline12345.sql.landing.store_versions",
        pytest.param("hotline12345.flows.topic_scoring.classify", marks=pytest.mark.slow),
        pytest.param("hotline12345.sql.publish.point", marks=pytest.mark.slow),
    ],
)
def test_a_killed_run_leaves_nothing_behind(tmp_path: Path, point: str) -> None:
    storage = storage_at(tmp_path / "data")
    die_at(point, write_csv(tmp_path / f"{NAME}{MOBILE}.csv", planted_rows(60)), storage)
    assert any(path.is_file() for path in storage.data.rglob("*"))
    assert found_under(storage.data, PLANTED) == []


@pytest.mark.slow
def test_the_daily_flow_keeps_raw_files_in_the_inbox_only(tmp_path: Path) -> None:
    storage = storage_at(tmp_path / "data")
    storage.make()
    planted_book(storage.inbox / f"{NAME}先生{MOBILE}.xlsx", planted_rows(30))
    refused_files(storage.inbox)
    flow = "from hotline12345.flows.daily import daily; daily()"
    environment = {**os.environ, "HOTLINE_DATA_DIR": str(storage.data)}
    done = subprocess.run([sys.executable, "-c", flow], env=environment, capture_output=True, text=True, check=False)
    assert found_in(done.stdout + done.stderr) == []
    assert any(path.is_file() for path in (storage.caches / "prefect").rglob("*"))
    assert found_under(storage.data, PLANTED, but=[storage.inbox]) == []
    assert found_under(storage.inbox, PLANTED) != []


def test_the_search_finds_what_is_there(tmp_path: Path) -> None:
    pl.DataFrame({"a": [MOBILE]}).write_parquet(tmp_path / "a.parquet", compression="zstd")
    (tmp_path / "b.csv").write_bytes(NAME.encode("gb18030"))
    (tmp_path / "c.gz").write_bytes(gzip.compress(pickle.dumps({"word": PLATE})))
    (tmp_path / "d.txt").write_bytes(f"号码{MOBILE}".encode("utf-16"))
    (tmp_path / "e.xz").write_bytes(lzma.compress(NAME.encode()))
    (tmp_path / "f.bz2").write_bytes(bz2.compress(NAME.encode()))
    (tmp_path / "g.json").write_text(f'"{NAME.encode("unicode_escape").decode()}"')
    with zipfile.ZipFile(tmp_path / "h.xlsx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("sheet.xml", ID_NUMBER * 3)
    with sqlite3.connect(tmp_path / "i.sqlite") as store:
        store.execute("create table events (note text)")
        store.execute("insert into events values (?)", ["长" * 9_000 + LANDLINE])
    store.close()
    with duckdb.connect(str(tmp_path / "j.duckdb")) as warehouse:
        warehouse.execute("create table t as select ? as a from range(5000)", [NAME])
    (tmp_path / MOBILE).mkdir()
    where = [path for path, _ in found_under(tmp_path, PLANTED)]
    assert sorted({path[0] for path in where}) == ["1", *"abcdefghij"]
    assert found_under(tmp_path, ["无人"]) == []


def test_the_key_is_private_and_in_no_database(hotline: Hotline, tmp_path: Path) -> None:
    storage = storage_at(tmp_path / "data")
    hotline("run", write_csv(tmp_path / "a.csv", orders(8)), "--data-dir", storage.data)
    assert storage.key_file.stat().st_mode & 0o777 == 0o600
    key = storage.key_file.read_text().strip()
    elsewhere = [path for path in storage.data.rglob("*") if path.is_file() and path != storage.key_file]
    assert [
        path.name for path in elsewhere if key.encode() in path.read_bytes() or bytes.fromhex(key) in path.read_bytes()
    ] == []
    assert found_under(storage.data, [key], but=[storage.key_file]) == []
    assert storage.warehouse.stat().st_mode & 0o077 == 0
    assert current_snapshot(storage).path.stat().st_mode & 0o077 == 0
