"""When a file is refused for its bad rows, when it says itself that it was exported, and when it has no order ids."""

import json
from pathlib import Path

import pytest
from called import Hotline
from made_exports import count, orders, published, state, storage_at, write_csv

HALF = {"工单创建时间": "昨天"}


@pytest.mark.parametrize(("bad", "options", "code"), [(2, [], 0), (3, [], 2), (3, ["--max-bad", "30"], 0)])
def test_above_a_fifth_of_bad_rows_nothing_is_loaded(
    hotline: Hotline, tmp_path: Path, bad: int, options: list[str], code: int
) -> None:
    storage = storage_at(tmp_path / "data")
    hotline("run", write_csv(tmp_path / "好.csv", orders(5)), "--data-dir", storage.data)
    before = state(storage), published(storage)
    rows = [*orders(10 - bad, start=100), *orders(bad, start=200, **HALF)]
    done = hotline("run", write_csv(tmp_path / "坏.csv", rows), "--data-dir", storage.data, *options)
    assert done.code == code, done.printed
    if code:
        assert "E12" in done.err and "10 行工单中有 3 行不合要求（30%），超过上限 20%" in done.err
        assert "列“创建时间”：无法识别该时间，3 行" in done.err and "昨天" not in done.printed
        assert (state(storage), published(storage)) == before
        assert [path.name for path in storage.texts.rglob("*.parquet")] == ["part-0.parquet"]
    else:
        assert count(storage, "select count(*) from landed.quarantined_rows") == bad


def test_a_stated_export_time_is_believed(hotline: Hotline, tmp_path: Path) -> None:
    storage = storage_at(tmp_path / "data")
    path = write_csv(tmp_path / "a.csv", orders(5), above=["工单明细", "导出时间：2025年3月20日 下午6点05分"])
    hotline("run", path, "--data-dir", storage.data)
    (batch,) = json.loads(hotline("batches", "--data-dir", storage.data, "--format", "json").out)
    assert batch["known_at"] == "2025-03-20 18:05:00"


def test_a_date_alone_is_not_before_what_the_file_knows(hotline: Hotline, tmp_path: Path) -> None:
    storage = storage_at(tmp_path / "data")
    for number, day in enumerate(("2025-03-03", "2025-03-04")):
        path = write_csv(tmp_path / f"{number}.csv", orders(2), above=[f"导出日期：{day}"])
        hotline("run", path, "--data-dir", storage.data)
    later, earlier = json.loads(hotline("batches", "--data-dir", storage.data, "--format", "json").out)
    assert (earlier["known_at"], later["known_at"]) == ("2025-03-03 19:00:00", "2025-03-04 00:00:00")


def test_a_deadline_is_no_sign_of_when_the_file_was_made(hotline: Hotline, tmp_path: Path) -> None:
    storage = storage_at(tmp_path / "data")
    rows = [{**row, "截止时间": "2025-03-30"} for row in orders(2)]
    hotline("run", write_csv(tmp_path / "a.csv", rows), "--data-dir", storage.data)
    (batch,) = json.loads(hotline("batches", "--data-dir", storage.data, "--format", "json").out)
    assert batch["known_at"] == "2025-03-03 19:00:00"


def without_ids(**changed: str) -> list[dict[str, str]]:
    """Orders of a file that has no 工单编号."""
    return [{name: value for name, value in row.items() if name != "工单号"} for row in orders(6, **changed)]


def test_orders_without_ids_get_one_that_a_reload_finds_again(hotline: Hotline, tmp_path: Path) -> None:
    storage = storage_at(tmp_path / "data")
    rows = without_ids()
    first = hotline("run", write_csv(tmp_path / "a.csv", [*rows, rows[0]]), "--data-dir", storage.data)
    assert first.code == 0 and "文件没有“工单编号”列" in first.out
    spaced = [{**row, "反映内容": f" {row['反映内容']}。 "} for row in rows]
    hotline("run", write_csv(tmp_path / "b.csv", spaced), "--data-dir", storage.data)
    second, once = json.loads(hotline("batches", "--data-dir", storage.data, "--format", "json").out)
    assert (once["rows_new"], once["rows_repeated"]) == (6, 1)
    assert (second["rows_new"], second["rows_revised"]) == (0, 6)
    assert count(storage, "select count(*) from staging.orders where is_derived_id and order_id like '无号-%'") == 6
    hotline("run", write_csv(tmp_path / "c.csv", without_ids(责任单位="丁镇")), "--data-dir", storage.data)
    assert count(storage, "select count(*) from staging.orders") == 12
