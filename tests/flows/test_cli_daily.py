"""`hotline rates daily`, and `hotline rates` as a command with commands of its own."""

import json
from pathlib import Path

import pytest
from called import Hotline
from made_snapshot import publish_orders, storage_at

from hotline12345.flows.cli.daily_windows import CONTRACT
from hotline12345.sql.storage import Storage


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Storage:
    """A small published folder; its data end on 2026-03-29 at noon."""
    storage = storage_at(tmp_path_factory.mktemp("daily"))
    publish_orders(storage)
    return storage


def windows(hotline: Hotline, site: Storage, *options: str) -> dict[tuple[str, str], dict[str, object]]:
    done = hotline("rates", "daily", "--data-dir", site.data, "--format", "json", *options)
    assert done.code == 0, done.printed
    rows = json.loads(done.out)
    assert all([*row] == CONTRACT for row in rows)
    return {(row["window_kind"], row["unit_name"]): row for row in rows}


def test_the_newest_whole_window_is_taken(hotline: Hotline, site: Storage) -> None:
    found = windows(hotline, site)
    row = found["当日", "全部单位"]
    assert (row["start_at"], row["end_at"]) == ("2026-03-28 12:00:00", "2026-03-29 12:00:00")
    assert row["resolution_rate"] is None, "no callback yet: no rate, never 0 %"
    assert found["考核期累计", "全部单位"]["start_at"] == "2026-03-19 00:00:00"
    assert found["当日", "石泉镇"]["received"] == 0


def test_units_add_up_to_every_unit(hotline: Hotline, site: Storage) -> None:
    found = windows(hotline, site, "--date", "2026-03-12", "--rule", "example-10-50-40")
    for kind in ("当日", "前一日", "考核期累计"):
        parts = [row for (window, unit), row in found.items() if window == kind and unit != "全部单位"]
        whole = found[kind, "全部单位"]
        assert sum(row["received"] for row in parts) == whole["received"] > 0
        assert sum(row["resolution_full_denominator"] for row in parts) == whole["resolution_full_denominator"]
        assert whole["callback_count"] <= whole["callback_full_count"]


def test_the_table_says_what_it_counts(hotline: Hotline, site: Storage) -> None:
    done = hotline("rates", "daily", "--data-dir", site.data, "--date", "2026-03-20")
    assert done.code == 0, done.printed
    for part in (
        *("当日窗口：2026-03-19 12:00 至 2026-03-20 12:00", "2026-04 期累计：2026-03-19 00:00 至 2026-03-20 12:00"),
        *("解决率（全口径）", "100.0%（4/4）+16.7", "全口径含剔除和挂账", "不是各单位的平均", "以正式通报为准"),
    ):
        assert part in done.out, part


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("daily", "--date", "1999-01-01"), "不在规则“example-10-50-40”的任何考核周期内"),
        (("daily", "--date", "昨天"), "--date 应为日期"),
        (("daily", "--rule", "nonsense"), "没有规则“nonsense”"),
        (("--period", "2026-03", "daily"), "选项要写在 daily 的后面，例如 hotline rates daily"),
        (("nonsense",), "没有命令 nonsense"),
    ],
)
def test_mistakes_are_explained(
    hotline: Hotline, site: Storage, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], message: str
) -> None:
    monkeypatch.setenv("HOTLINE_DATA_DIR", str(site.data))
    refused = hotline("rates", *arguments)
    assert (refused.code, refused.out) == (2, "")
    assert message in refused.err


def test_rates_stay_a_plain_command(hotline: Hotline, site: Storage) -> None:
    done = hotline("rates", "--data-dir", site.data, "--period", "2026-03", "--format", "json")
    assert done.code == 0 and {row["unit_name"] for row in json.loads(done.out)} >= {"东河街道", "石泉镇"}
    usage = hotline("rates", "--help").out
    assert "用法：hotline rates [选项] [命令 …]" in usage and "daily" in usage


def test_init_puts_the_example_tables_there(hotline: Hotline, tmp_path: Path) -> None:
    assert hotline("init", "--data-dir", tmp_path).code == 0
    for name in ("limits", "hours"):
        assert "示例" in (tmp_path / "config" / f"{name}.csv").read_text(encoding="utf-8")
    assert {"calendar.csv", "population.csv"} <= {path.name for path in (tmp_path / "config").iterdir()}
