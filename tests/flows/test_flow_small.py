"""The smallest and the barest inputs: everything still publishes, and every page's command answers."""

from pathlib import Path

import pytest
from called import Hotline
from made_exports import Row, count, orders, storage_at, write_csv


def without(rows: list[Row], *names: str) -> list[Row]:
    return [{name: value for name, value in row.items() if name not in names} for row in rows]


BARE = [{"工单号": "1", "工单创建时间": "2025-03-01", "反映内容": "路灯不亮"}]
INPUTS: dict[str, tuple[list[Row], int]] = {
    "one row": (orders(1), 1),
    "one row, three columns": (BARE, 1),
    "one unit": (orders(12, 责任单位="乙水镇"), 12),
    "no unit": (orders(12, 责任单位=""), 12),
    "no unit column": (without(orders(12), "责任单位", "乡镇街道"), 12),
    "no label": (orders(210, 一级分类=""), 210),
    "one label": (orders(210, 一级分类="住房"), 210),
    "no text": (without(orders(12), "反映内容", "工单标题", "处理情况"), 12),
    "empty texts": (orders(12, 反映内容="", 工单标题="", 处理情况=""), 12),
    "no valid callback": (orders(12, 有效回访="否"), 12),
    "same time, same text": (orders(12, 反映内容="路灯不亮", 工单标题="路灯", 工单创建时间="2025-03-01"), 12),
    "every row broken": (orders(3, 工单创建时间="无"), 0),
}


@pytest.mark.parametrize("name", INPUTS)
def test_everything_publishes(hotline: Hotline, tmp_path: Path, name: str) -> None:
    rows, expected = INPUTS[name]
    storage = storage_at(tmp_path / "data")
    done = hotline("run", write_csv(tmp_path / "a.csv", rows), "--max-bad", 100, "--data-dir", storage.data)
    assert done.code == 0, done.printed
    assert count(storage, "select count(*) from intermediate.classified_orders") == expected
    for command in (("batches",), ("check", "--batch", 1), ("issues", "list")):
        assert hotline(*command, "--data-dir", storage.data).code == 0
    if expected:
        assert hotline("explain", rows[0]["工单号"], "--data-dir", storage.data).code == 0


@pytest.mark.parametrize("name", ["no label", "one label"])
def test_without_two_labels_there_is_no_model(hotline: Hotline, tmp_path: Path, name: str) -> None:
    storage = storage_at(tmp_path / "data")
    rows = [*INPUTS[name][0], *orders(1, start=999, 一级分类="")]
    hotline("run", write_csv(tmp_path / "a.csv", rows), "--data-dir", storage.data)
    unclassified = count(storage, "select count(*) from intermediate.classified_orders where topic_code = '未归类'")
    assert unclassified == {"no label": 211, "one label": 1}[name]
    trained = hotline("topics", "train", "--data-dir", storage.data)
    assert trained.code == 2
    assert "Traceback" not in trained.err


def test_units_without_orders_are_printed(hotline: Hotline, tmp_path: Path) -> None:
    storage = storage_at(tmp_path / "data")
    storage.make()
    header = "unit_id,unit_name,unit_group,aliases,terrain,population,population_year,valid_from,valid_to"
    (storage.config / "units.csv").write_text(f"{header}\nU9,空山镇,街镇,,,,,,\n", encoding="utf-8")
    hotline("run", write_csv(tmp_path / "a.csv", orders(12)), "--data-dir", storage.data)
    printed = hotline("rates", "--data-dir", storage.data).out
    line = next(line for line in printed.splitlines() if "空山镇" in line)
    assert "无有效回访" in line
    assert "0.0%" not in line
