"""Bad rows out as a workbook, corrected in it, and back in as revisions of their batch."""

import io
import json
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

import openpyxl
import polars as pl
import pytest
from called import Hotline
from made_exports import Row, count, orders, storage_at, write_csv

from hotline12345.dashboard.corrections import KEPT_CALLER, KEPT_TEXT, quarantine_workbook
from hotline12345.flows.loading import load_files
from hotline12345.flows.refreshing import refresh
from hotline12345.sql.publish import current_snapshot
from hotline12345.sql.reads import Reader
from hotline12345.sql.storage import Storage
from hotline12345.sql.warehouse import open_warehouse

PHONE = "12900001111"
Change = Callable[[dict[str, str]], Mapping[str, str]]


def broken_export(folder: Path) -> Path:
    """Thirty good rows and three bad ones: an unknown time, an unknown answer, an id without its last digits."""
    time, answer, number = orders(3, start=900)
    bad: list[Row] = [
        {**time, "工单创建时间": "三月五日下午", "联系电话": PHONE, "反映内容": f"本人张三丰，电话{PHONE}，暖气不热"},
        {**answer, "满意度": "六颗星", "诉求类型": "举报", "反映内容": "举报某店无照经营"},
        {**number, "工单号": "2.02401E+13", "反映内容": "=1+1 路灯不亮"},
    ]
    return write_csv(folder / "三月.csv", [*orders(30), *bad])


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Storage:
    """A folder with one batch, three of its rows in quarantine."""
    folder = tmp_path_factory.mktemp("loaded")
    place = storage_at(folder / "data")
    connection = open_warehouse(place)
    (outcome,) = load_files(connection, place, [broken_export(folder)])
    assert outcome.accounting and outcome.accounting.rows_quarantined == 3
    refresh(connection, place, lambda _: None)
    connection.close()
    return place


@pytest.fixture
def storage(loaded: Storage, tmp_path: Path) -> Storage:
    """A copy of that folder."""
    shutil.copytree(loaded.data, tmp_path / "data")
    return storage_at(tmp_path / "data")


def exported(hotline: Hotline, storage: Storage, batch: int = 1) -> Path:
    path = storage.data.parent / f"待改正{batch}.xlsx"
    done = hotline("check", "--batch", batch, "--export", path, "--data-dir", storage.data)
    assert done.code == 0, done.printed
    return path


def rows_of(path: Path) -> list[dict[str, str]]:
    sheet = openpyxl.load_workbook(path)["待改正"]
    header, *rows = sheet.iter_rows(values_only=True)
    return [{name: cell or "" for name, cell in zip(header, row, strict=True)} for row in rows]


def corrected(path: Path, change: Change) -> Path:
    """The workbook as a clerk hands it back; `change` gives the cells of a row that are typed in."""
    book = openpyxl.load_workbook(path)
    sheet = book["待改正"]
    header = [cell.value for cell in sheet[1]]
    for row in sheet.iter_rows(min_row=2):
        now = {name: cell.value or "" for name, cell in zip(header, row, strict=True)}
        for name, value in change(now).items():
            row[header.index(name)].value = value or None
    target = path.with_name(f"改好_{path.name}")
    book.save(target)
    return target


def all_three(row: dict[str, str]) -> Mapping[str, str]:
    if row["是否满意"] == "六颗星":
        return {"是否满意": "满意"}
    if row["工单编号"].startswith("2.0"):
        return {"工单编号": "D2025000902"}
    return {"创建时间": "2025-03-01 14:00"}


def order(storage: Storage, order_id: str) -> dict[str, object]:
    return Reader(storage, current_snapshot(storage)).order(order_id).row(0, named=True)


def test_the_workbook_holds_each_bad_row_masked(hotline: Hotline, storage: Storage) -> None:
    path = exported(hotline, storage)
    time, answer, number = rows_of(path)
    assert time["问题"] == "创建时间：无法识别该时间"
    assert "2026-03-05" in time["改法"]
    assert (time["创建时间"], time["来电号码"]) == ("三月五日下午", KEPT_CALLER)
    assert (answer["主要内容"], answer["是否满意"]) == (KEPT_TEXT, "六颗星")
    assert (number["工单编号"], number["主要内容"]) == ("2.02401E+13", "'=1+1 路灯不亮")
    assert PHONE not in str(rows_of(path))
    assert "张三丰" not in str(rows_of(path))
    sheet = openpyxl.load_workbook(path)["待改正"]
    assert sheet.freeze_panes == "D2"
    header = [cell.value for cell in sheet[1]]
    coloured = {
        (cell.row, header[cell.column - 1])
        for row in sheet.iter_rows(min_row=2)
        for cell in row
        if cell.fill.fgColor.rgb == "FFFFF2CC"
    }
    assert coloured == {(2, "创建时间"), (3, "是否满意"), (4, "工单编号")}
    assert {cell.number_format for cell in sheet["D"]} == {"General", "@"}, "header, then text"


def test_corrected_rows_become_orders_of_their_batch(hotline: Hotline, storage: Storage) -> None:
    done = hotline("run", corrected(exported(hotline, storage), all_three), "--data-dir", storage.data)
    assert done.code == 0, done.printed
    assert count(storage, "select count(*) from staging.orders") == 33
    assert count(storage, "select count(distinct known_at) from landed.batches") == 1
    (mended,) = json.loads(hotline("batches", "--data-dir", storage.data, "--format", "json").out)[:1]
    parts = ("rows_read", "rows_new", "rows_not_data", "rows_quarantined")
    assert [mended[part] for part in parts] == [4, 3, 1, 0]
    time = order(storage, "D2025000900")
    assert str(time["created_at"]) == "2025-03-01 14:00:00"
    assert "暖气不热" in str(time["body"])
    assert (order(storage, "D2025000901")["body"], order(storage, "D2025000902")["body"]) == (
        "举报某店无照经营",
        "=1+1 路灯不亮",
    ), "what was hidden or escaped in the workbook is stored as it was"
    listed = json.loads(hotline("check", "--batch", 1, "--data-dir", storage.data, "--format", "json").out)
    assert {(row["correction_state"], row["corrected_batch_id"]) for row in listed} == {("已改正", 2)}
    again = hotline("check", "--batch", 1, "--export", storage.data / "x.xlsx", "--data-dir", storage.data)
    assert (again.code, "没有待改正的行" in again.err) == (2, True)


def test_a_caller_keeps_or_gets_the_key_of_the_number(hotline: Hotline, storage: Storage, tmp_path: Path) -> None:
    def change(row: dict[str, str]) -> Mapping[str, str]:
        typed = {"来电号码": "12900002222", "处理结果": "已回电 12900002222"}
        return {**all_three(row), **(typed if row["工单编号"].startswith("2.0") else {})}

    target = corrected(exported(hotline, storage), change)
    (kept,) = orders(1, start=950, 联系电话=PHONE)
    (typed,) = orders(1, start=951, 联系电话="129 0000 2222")
    hotline("run", target, write_csv(tmp_path / "b.csv", [kept, typed]), "--data-dir", storage.data)
    assert order(storage, "D2025000900")["caller_key"] == order(storage, "D2025000950")["caller_key"] is not None
    assert order(storage, "D2025000902")["caller_key"] == order(storage, "D2025000951")["caller_key"] is not None
    assert order(storage, "D2025000902")["result_text"] == "已回电 129****2222"


def test_rows_left_as_they_were_wait_in_the_new_batch(hotline: Hotline, storage: Storage) -> None:
    def only_the_time(row: dict[str, str]) -> Mapping[str, str]:
        return all_three(row) if row["创建时间"] == "三月五日下午" else {}

    hotline("run", corrected(exported(hotline, storage), only_the_time), "--data-dir", storage.data)
    states = Reader(storage, current_snapshot(storage)).quarantine(1)["correction_state"].to_list()
    assert states == ["已改正", "仍有问题", "仍有问题"]
    second = exported(hotline, storage, batch=2)
    assert [row["工单编号"] for row in rows_of(second)] == ["D2025000901", "2.02401E+13"]
    assert count(storage, "select count(*) from staging.orders") == 31
    hotline("run", corrected(second, all_three), "--data-dir", storage.data)
    assert count(storage, "select count(*) from staging.orders") == 33


def test_a_correction_does_not_overwrite_a_newer_export(hotline: Hotline, storage: Storage, tmp_path: Path) -> None:
    (newer,) = orders(1, start=901, 满意度="不满意")
    options = ("--exported-at", "2026-01-01", "--data-dir", storage.data)
    hotline("run", write_csv(tmp_path / "b.csv", [newer]), *options)
    done = hotline("run", corrected(exported(hotline, storage), all_three), *options)
    assert done.code == 0, done.printed
    assert "已有新内容，不必再改" in done.out
    assert "--exported-at" not in done.out, "a correction has the time of its batch"
    assert order(storage, "D2025000901")["satisfaction"] == "不满意"
    assert count(storage, "select count(*) from landed.order_versions where order_id = 'D2025000901'") == 2


def test_foreign_tokens_and_rows_of_its_own_are_kept_aside(hotline: Hotline, storage: Storage) -> None:
    def foreign(row: dict[str, str]) -> Mapping[str, str]:
        if row["是否满意"] == "六颗星":
            return {"行令牌": "1-999-abcdef12", "是否满意": "满意"}
        return {"行令牌": ""} if row["工单编号"].startswith("2.0") else all_three(row)

    hotline("run", corrected(exported(hotline, storage), foreign), "--data-dir", storage.data)
    listed = json.loads(hotline("check", "--batch", 2, "--data-dir", storage.data, "--format", "json").out)
    assert [row["reason"] for row in listed] == ["没有这个行令牌对应的隔离行", "改正文件中的这一行没有行令牌"]
    assert count(storage, "select count(*) from staging.orders") == 31


def test_a_file_of_foreign_tokens_only_is_refused(hotline: Hotline, storage: Storage) -> None:
    target = corrected(exported(hotline, storage), lambda row: {"行令牌": "9-9-00000000"})
    done = hotline("run", target, "--data-dir", storage.data)
    assert (done.code, "E13" in done.err, "Traceback" in done.err) == (2, True, False)
    assert "重新导出" in done.err


def test_an_undone_correction_leaves_the_rows_to_be_corrected(hotline: Hotline, storage: Storage) -> None:
    target = corrected(exported(hotline, storage), all_three)
    hotline("run", target, "--data-dir", storage.data)
    assert hotline("undo", 2, "--data-dir", storage.data).code == 0
    assert count(storage, "select count(*) from staging.orders") == 30
    assert Reader(storage, current_snapshot(storage)).quarantined_rows(1).height == 3
    hotline("run", target, "--data-dir", storage.data)
    assert count(storage, "select count(*) from staging.orders") == 33


def test_a_batch_is_undone_after_the_corrections_of_its_rows(hotline: Hotline, storage: Storage) -> None:
    hotline("run", corrected(exported(hotline, storage), all_three), "--data-dir", storage.data)
    early = hotline("undo", 1, "--data-dir", storage.data)
    assert (early.code, "请先依次撤销批次 2" in early.err) == (2, True), early.printed
    assert [hotline("undo", batch, "--data-dir", storage.data).code for batch in (2, 1)] == [0, 0]
    assert count(storage, "select count(*) from staging.orders") == 0
    told = hotline("check", "--batch", 1, "--data-dir", storage.data)
    assert "已撤销" in told.out and "--export" not in told.out
    refused = hotline("check", "--batch", 1, "--export", storage.data / "x.xlsx", "--data-dir", storage.data)
    assert (refused.code, "已撤销" in refused.err) == (2, True)


def test_an_export_is_not_overwritten_and_must_be_a_workbook(hotline: Hotline, storage: Storage) -> None:
    path = exported(hotline, storage)
    before = path.read_bytes()
    taken = hotline("check", "--batch", 1, "--export", path, "--data-dir", storage.data)
    wrong = hotline("check", "--batch", 1, "--export", path.with_suffix(".csv"), "--data-dir", storage.data)
    assert (taken.code, wrong.code) == (2, 2)
    assert "没有覆盖" in taken.err and ".xlsx" in wrong.err
    assert path.read_bytes() == before


def test_the_same_rows_give_the_same_bytes() -> None:
    rows = pl.DataFrame(
        {
            "row_number": [7, 3],
            "row_token": ["1-7-aa", "1-3-bb"],
            "cells": ['{"order_id": "-1"}', "{}"],
            "column_mapping": ['{"编号": "order_id", "内容": "body"}'] * 2,
        }
    )
    issues = pl.DataFrame(
        {
            "row_number": [3, 7],
            "column_name": ["", "order_id"],
            "rule": ["undecodable", "missing"],
            "reason": ["乱码", "空"],
            "fix": ["重新导出", "补填"],
        }
    )
    first = quarantine_workbook(rows, issues)
    assert first == quarantine_workbook(rows.reverse(), issues.reverse())
    sheet = openpyxl.load_workbook(io.BytesIO(first))["待改正"]
    assert [cell.value for cell in sheet[2]] == ["3", "乱码", "重新导出", None, None, "1-3-bb"]
    assert sheet["D3"].value == "'-1"
