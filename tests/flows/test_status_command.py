"""`hotline status`: for people a table with what to do, for programs the same lines as JSON."""

import json

from called import Hotline
from made_snapshot import publish_orders, storage_at


def test_a_table_says_what_is_well_and_what_to_do(hotline: Hotline, tmp_path) -> None:
    storage = storage_at(tmp_path / "data")
    publish_orders(storage)
    done = hotline("status", "--data-dir", storage.data)
    assert done.code == 0, done.printed
    for part in ("系统状态：注意", "已发布的数据", "磁盘剩余 / 总共", "480 件", "最近一次导入", "hotline serve"):
        assert part in done.out
    assert not done.err


def test_json_has_the_raw_values(hotline: Hotline, tmp_path) -> None:
    storage = storage_at(tmp_path / "data")
    snapshot = publish_orders(storage)
    found = json.loads(hotline("status", "--data-dir", storage.data, "--format", "json").out)
    assert set(found) == {"state", "lines"}
    lines = {line["name"]: line for line in found["lines"]}
    assert set(lines["snapshot"]) == {"area", "name", "title", "value", "shown", "state", "advice"}
    assert lines["snapshot"]["value"] == snapshot.run_id
    assert lines["orders"]["value"] == 480
    assert lines["warehouse_size"]["value"] == storage.warehouse.stat().st_size
    assert lines["published_at"]["value"] == "2026-03-29 13:00:00"


def test_a_folder_that_is_not_there_is_told_and_not_made(hotline: Hotline, tmp_path) -> None:
    done = hotline("status", "--data-dir", tmp_path / "none")
    assert done.code == 0
    assert "系统状态：异常" in done.out
    assert "hotline init" in done.out
    assert not (tmp_path / "none").exists()
