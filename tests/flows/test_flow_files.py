"""Files as offices make them: other headers, titles, totals, broken rows; and files that are none."""

import json
from datetime import datetime
from pathlib import Path

import pytest
import xlsxwriter
from called import Hotline
from made_exports import Row, count, marts, orders, published, state, storage_at, write_csv, write_xlsx

TITLES = ("某区接诉即办工单明细表", "导出单位：区热线中心")
PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8


def with_five_broken_rows(rows: list[Row]) -> list[Row]:
    """The rows with five more, each broken in its own way, and a totals row at the end."""
    number, created, closed, valid, answer = orders(5, start=9001)
    broken = [
        {**number, "工单号": ""},
        {**created, "工单创建时间": "2025-13-45 25:61"},
        {**closed, "完成时间": "2024-01-01 08:00:00"},
        {**valid, "有效回访": "也许"},
        {**answer, "满意度": "六颗星"},
    ]
    totals = {**dict.fromkeys(rows[0], ""), "工单号": "合计", "诉求类型": str(len(rows))}
    return [*rows, *broken, totals]


def made(folder: Path, suffix: str, rows: list[Row]) -> Path:
    path = folder / f"三月工单{suffix}"
    return write_xlsx(path, rows, TITLES) if suffix == ".xlsx" else write_csv(path, rows, above=TITLES)


@pytest.mark.parametrize("suffix", [".xlsx", ".csv"])
def test_five_broken_rows_are_kept_aside_and_the_rest_counts(hotline: Hotline, tmp_path: Path, suffix: str) -> None:
    storage = storage_at(tmp_path / "data")
    done = hotline("run", made(tmp_path, suffix, with_five_broken_rows(orders(30))), "--data-dir", storage.data)
    assert done.code == 0, done.printed
    assert "三率" in done.out
    assert "5 行进入隔离区" in done.out
    assert "hotline check --batch 1" in done.out
    (batch,) = json.loads(hotline("batches", "--data-dir", storage.data, "--format", "json").out)
    parts = ("rows_new", "rows_revised", "rows_unchanged", "rows_repeated", "rows_not_data", "rows_quarantined")
    assert [batch[part] for part in parts] == [30, 0, 0, 0, 4, 5]
    assert batch["rows_read"] == sum(batch[part] for part in parts) == 39
    broken = json.loads(hotline("check", "--batch", 1, "--data-dir", storage.data, "--format", "json").out)
    assert [(row["row_number"], row["column_label"]) for row in broken] == [
        (34, "工单编号"),
        (35, "创建时间"),
        (36, "办结时间"),
        (37, "是否有效回访"),
        (38, "是否满意"),
    ]
    assert len({row["reason"] for row in broken}) >= 4
    rates = json.loads(hotline("rates", "--data-dir", storage.data, "--format", "json").out)
    assert sum(score["received"] for score in rates) == count(storage, "select count(*) from staging.orders") == 30


def test_a_workbook_and_a_csv_of_the_same_orders_give_the_same_marts(hotline: Hotline, tmp_path: Path) -> None:
    storages = []
    for suffix in (".xlsx", ".csv"):
        storages.append(storage_at(tmp_path / suffix[1:]))
        (tmp_path / suffix[1:]).mkdir()
        (tmp_path / suffix[1:] / "config").mkdir()
        (storages[-1].key_file).write_text("ab" * 32)
        hotline("run", made(tmp_path, suffix, with_five_broken_rows(orders(30))), "--data-dir", storages[-1].data)
    assert marts(storages[0]) == marts(storages[1])


def refused_files(folder: Path) -> list[tuple[Path, str]]:
    """What is no work-order file, with a word of the message each must get."""
    (folder / "空.csv").write_bytes(b"")
    (folder / "空.xlsx").write_bytes(b"")
    (folder / "目录.csv").mkdir()
    (folder / "照片.xlsx").write_bytes(PNG)
    (folder / "照片.csv").write_bytes(PNG)
    (folder / "截断.xlsx").write_bytes(write_xlsx(folder / "完整.xlsx", orders(3)).read_bytes()[:900])
    with xlsxwriter.Workbook(folder / "空表.xlsx") as book:
        book.add_worksheet()
    write_csv(folder / "通讯录.csv", [{"姓名": "甲", "年龄": "30"}, {"姓名": "乙", "年龄": "41"}])
    write_csv(folder / "没有时间.csv", [{"工单号": "D1", "反映内容": "路灯不亮", "责任单位": "乙水镇"}])
    write_csv(folder / "含义不明.csv", [{"工单号": "1", "时间": "2025-03-01", "反映内容": "路灯不亮"}])
    return [
        (folder / "空.csv", "空"),
        (folder / "空.xlsx", "空"),
        (folder / "目录.csv", "文件夹"),
        (folder / "照片.xlsx", "照片.xlsx"),
        (folder / "照片.csv", "照片.csv"),
        (folder / "截断.xlsx", "截断.xlsx"),
        (folder / "空表.xlsx", "空"),
        (folder / "通讯录.csv", "工单编号"),
        (folder / "没有时间.csv", "创建时间"),
        (folder / "含义不明.csv", "--mapping"),
        (folder / "没有这个文件.csv", "没有这个文件.csv"),
    ]


def test_what_is_no_export_is_refused_and_nothing_changes(hotline: Hotline, tmp_path: Path) -> None:
    storage = storage_at(tmp_path / "data")
    hotline("run", write_csv(tmp_path / "好.csv", orders(5)), "--data-dir", storage.data)
    before = state(storage), published(storage)
    for path, says in refused_files(tmp_path):
        done = hotline("run", path, "--data-dir", storage.data)
        errors = [line for line in done.err.splitlines() if line.startswith("E")]
        assert done.code == 2, path.name
        assert len(errors) == 1, done.err
        assert says in done.err, done.err
        assert "程序出错" not in done.err, done.err
        assert done.out == ""
        assert "Traceback" not in done.err
    assert (state(storage), published(storage)) == before


def test_a_refused_file_does_not_stop_the_others(hotline: Hotline, tmp_path: Path) -> None:
    (tmp_path / "空.csv").touch()
    done = hotline(
        "run", tmp_path / "空.csv", write_csv(tmp_path / "好.csv", orders(5)), "--data-dir", tmp_path / "data"
    )
    assert done.code == 2
    assert "空.csv" in done.err
    assert count(storage_at(tmp_path / "data"), "select count(*) from staging.orders") == 5


def test_without_a_callback_column_volumes_are_shown_and_rates_refused(hotline: Hotline, tmp_path: Path) -> None:
    rows = [{name: value for name, value in row.items() if name != "有效回访"} for row in orders(12, 乡镇街道="乙水镇")]
    done = hotline("run", write_csv(tmp_path / "a.csv", rows), "--data-dir", tmp_path / "data")
    assert done.code == 0, done.printed
    for part in ("不能计算三率", "是否有效回访", "各街乡镇诉求量", "乙水镇", "各类诉求量", "公共服务"):
        assert part in done.out
    refused = hotline("rates", "--data-dir", tmp_path / "data", "--format", "json")
    assert (refused.code, refused.out) == (2, "")
    assert "不能计算三率" in refused.err
    assert "没有这种回访的列" in hotline("explain", "D2025000001", "--data-dir", tmp_path / "data").out


def test_orders_from_before_every_rule_are_loaded_without_rates(hotline: Hotline, tmp_path: Path) -> None:
    rows = [{**row, "工单创建时间": "2011-05-05 08:00:00", "完成时间": ""} for row in orders(4)]
    done = hotline("run", write_csv(tmp_path / "旧.csv", rows), "--data-dir", tmp_path / "data")
    assert done.code == 0, done.printed
    assert "各街乡镇诉求量" in done.out


def test_one_mistyped_year_does_not_outrank_later_exports(hotline: Hotline, tmp_path: Path) -> None:
    storage = storage_at(tmp_path / "data")
    early = orders(5, 有效回访="")
    early[3]["完成时间"] = "2099-03-05 08:00:00"
    late = [{**row, "有效回访": "是", "完成时间": "2025-04-20 10:00:00"} for row in orders(3)]
    hotline("run", write_csv(tmp_path / "a.csv", early), "--data-dir", storage.data)
    hotline("run", write_csv(tmp_path / "b.csv", late), "--data-dir", storage.data)
    assert count(storage, "select count(*) from staging.orders where is_valid_callback") == 3


@pytest.mark.parametrize(
    ("good", "broken"), [(27, 3), pytest.param(980, 20, marks=pytest.mark.slow, id="a thousand files")]
)
def test_a_folder_with_broken_files_loads_the_good_ones(
    hotline: Hotline, tmp_path: Path, good: int, broken: int
) -> None:
    folder = tmp_path / "导出"
    folder.mkdir()
    for number in range(good):
        write_csv(folder / f"{number:04d}.csv", orders(3, start=3 * number + 1, first=datetime(2024, 1, 1)))
    damaged = [b"", PNG, write_xlsx(tmp_path / "whole.xlsx", orders(3)).read_bytes()[:900]]
    for number in range(broken):
        (folder / f"坏{number:04d}.xlsx").write_bytes(damaged[number % len(damaged)])
    (folder / "说明.docx").write_bytes(b"no export")
    storage = storage_at(tmp_path / "data")
    done = hotline("run", folder, "--data-dir", storage.data)
    assert done.code == 2
    assert f"{broken} 个文件没有导入" in done.err
    assert all(f"坏{number:04d}.xlsx" in done.err for number in range(broken))
    assert count(storage, "select count(*) from staging.orders") == 3 * good
    assert len(list(folder.iterdir())) == good + broken + 1
