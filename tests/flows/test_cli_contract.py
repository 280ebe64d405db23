"""The forms of the command that others build on: what each prints, in which format, with which exit code."""

import json
import os
import socket
import subprocess
from pathlib import Path

import polars as pl
import pytest
from called import Hotline
from made_exports import orders, state, storage_at, write_csv, write_xlsx

from hotline12345.flows.cli.rates import CONTRACT
from hotline12345.sql.storage import Storage

ISSUE_KEYS = [
    "rank",
    "issue_id",
    "name",
    "grain",
    "people",
    "orders",
    "first_at",
    "last_at",
    "order_ids",
    "score_parts",
]


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two files to load: one workbook, one GB18030 CSV."""
    folder = tmp_path_factory.mktemp("exports")
    write_xlsx(folder / "三月.xlsx", orders(40), ["某区工单导出"])
    write_csv(folder / "四月.csv", orders(40, start=41, 是否联系="否"))
    return folder


def test_the_demo_ends_with_rates_topics_issues_and_an_address(demo_run: tuple[Storage, str]) -> None:
    printed = demo_run[1]
    for part in (
        "街镇三率",
        "区直部门三率",
        "综合成绩",
        "诉求分类",
        "每月一题候选",
        "模拟数据",
        "本系统测算，以正式通报为准",
    ):
        assert part in printed
    assert "http://127.0.0.1:8501" in printed
    assert state(demo_run[0])[0]


def test_a_run_prints_the_accounting_and_the_rates(hotline: Hotline, loaded: Path, tmp_path: Path) -> None:
    done = hotline("run", *sorted(loaded.iterdir()), "--data-dir", tmp_path)
    assert done.code == 0, done.printed
    for part in ("导入结果", "三月.xlsx", "四月.csv", "三率", "乙水镇", "本系统测算，以正式通报为准"):
        assert part in done.out
    batches = json.loads(hotline("batches", "--data-dir", tmp_path, "--format", "json").out)
    assert [(batch["batch_id"], batch["rows_new"], batch["rows_quarantined"]) for batch in batches] == [
        (2, 40, 0),
        (1, 40, 0),
    ]


def test_rates_print_the_contract_and_null_without_a_valid_callback(hotline: Hotline, tmp_path: Path) -> None:
    rows = [*orders(10, 责任单位="甲山街道", 有效回访="是"), *orders(10, start=11, 责任单位="乙水镇", 有效回访="否")]
    hotline("run", write_csv(tmp_path / "a.csv", rows), "--data-dir", tmp_path / "data")
    done = hotline("rates", "--data-dir", tmp_path / "data", "--format", "json")
    scores = {score["unit_name"]: score for score in json.loads(done.out)}
    assert list(scores["甲山街道"]) == CONTRACT
    counted = scores["甲山街道"]
    assert (counted["received"], counted["valid"], counted["contacted"]) == (10, 10, 10)
    assert counted["response_rate"] == 10 / 10
    assert counted["resolution_rate"] == counted["resolved"] / 10
    assert counted["satisfaction_rate"] == (counted["satisfied"] + 0.9 * counted["basically_satisfied"]) / 10
    assert counted["rank"] == 1
    without = scores["乙水镇"]
    assert (without["received"], without["valid"], without["band"]) == (10, 0, "无有效回访")
    assert [without[name] for name in ("response_rate", "resolution_rate", "satisfaction_rate", "score", "rank")] == [
        None
    ] * 5


def test_rates_of_one_unit_one_period_one_rule(hotline: Hotline, demo_storage: Storage) -> None:
    done = hotline(
        *("rates", "--data-dir", demo_storage.data, "--rule", "example-10-50-40", "--period", "2026-08"),
        *("--unit", "柳溪镇", "--format", "json"),
    )
    (score,) = json.loads(done.out)
    assert score["unit_name"] == "柳溪镇"
    assert score["valid"] > 0
    assert hotline("rates", "--data-dir", demo_storage.data, "--period", "2026-08", "--format", "csv").out.startswith(
        "﻿承办单位,"
    )


def test_rates_as_of_an_earlier_day_know_less(hotline: Hotline, demo_storage: Storage) -> None:
    def valid(*options: str) -> int:
        done = hotline("rates", "--data-dir", demo_storage.data, "--period", "2026-09", "--format", "json", *options)
        return sum(score["valid"] for score in json.loads(done.out))

    assert 0 < valid("--as-of", "2026-09-29") < valid()
    assert valid("--as-of", "2026-12-31 08:00:00") == valid("--as-of", "2026-12-31 08:00") == valid()


def test_before_the_first_batch_there_is_nothing(hotline: Hotline, demo_storage: Storage) -> None:
    done = hotline("rates", "--data-dir", demo_storage.data, "--as-of", "1999-01-01")
    assert (done.code, done.out) == (2, "")
    assert "还没有导入任何工单" in done.err


def test_explain_tells_an_orders_story(hotline: Hotline, tmp_path: Path) -> None:
    row = orders(1, 有效回访="")[0]
    for number, version in enumerate((row, {**row, "有效回访": "是", "满意度": "不满意"})):
        path = write_csv(tmp_path / f"{number}.csv", [version])
        hotline("run", path, "--data-dir", tmp_path / "data", "--exported-at", f"2025-04-0{number + 1}")
    told = hotline("explain", row["工单号"], "--data-dir", tmp_path / "data").out
    for part in (
        row["工单号"],
        "首次出现",
        "是否有效回访：— → 是",
        "规则：示例规则",
        "满意率：不满意，进分母，分子计 0",
    ):
        assert part in told


def test_check_lists_the_rows_kept_aside(hotline: Hotline, demo_storage: Storage) -> None:
    rows = json.loads(hotline("check", "--batch", 1, "--data-dir", demo_storage.data, "--format", "json").out)
    assert {tuple(row) for row in rows} == {
        ("row_number", "column_label", "value_masked", "reason", "fix", "correction_state", "corrected_batch_id")
    }
    assert all(row["reason"] and row["fix"] for row in rows)
    assert hotline("check", "--batch", 99, "--data-dir", demo_storage.data).code == 2


def test_topics_evaluate_prints_its_figures(hotline: Hotline, tmp_path: Path) -> None:
    rows = orders(200)
    table = pl.DataFrame(rows).select(pl.col("一级分类").alias("label"), title="工单标题", body="反映内容")
    table.head(120).write_parquet(tmp_path / "train.parquet")
    table.tail(80).write_parquet(tmp_path / "test.parquet")
    files = ("--train", tmp_path / "train.parquet", "--test", tmp_path / "test.parquet")
    done = hotline("topics", "evaluate", *files, "--label", "label", "--text", "title,body", "--format", "json")
    figures = json.loads(done.out)
    assert {"macro_f1", "accuracy", "per_class", "records_per_second"} <= figures.keys()
    assert figures["macro_f1"] == 1.0
    assert set(figures["per_class"]) == {"公共服务", "住房", "环境保护", "交通管理"}
    missing = hotline("topics", "evaluate", *files, "--label", "标注", "--text", "title,body")
    assert (missing.code, missing.out) == (2, "")
    assert "没有列“标注”" in missing.err


@pytest.mark.parametrize("suffix", ["parquet", "csv", "xlsx"])
def test_issues_mine_works_on_any_table(hotline: Hotline, tmp_path: Path, suffix: str) -> None:
    rows = [
        {
            "Row ID": row["工单号"],
            "Title": row["工单标题"],
            "Body": row["反映内容"],
            "Time": row["工单创建时间"],
            "电话": row["联系电话"],
        }
        for row in orders(60)
    ]
    path = tmp_path / f"表.{suffix}"
    if suffix == "parquet":
        pl.DataFrame(rows).write_parquet(path)
    else:
        {"csv": write_csv, "xlsx": write_xlsx}[suffix](path, rows)
    done = hotline(
        "issues",
        "mine",
        path,
        "--id",
        "Row ID",
        "--text",
        "Title,Body",
        "--time",
        "Time",
        "--caller",
        "电话",
        "--format",
        "json",
    )
    assert done.code == 0, done.err
    found = json.loads(done.out)
    assert found
    assert all(list(issue) == ISSUE_KEYS for issue in found)
    assert [issue["rank"] for issue in found] == list(range(1, len(found) + 1))
    assert all(issue["orders"] == len(issue["order_ids"]) and issue["people"] <= 7 for issue in found)
    assert {order_id for issue in found for order_id in issue["order_ids"]} <= {row["Row ID"] for row in rows}


def test_issues_list_and_its_formats(hotline: Hotline, demo_storage: Storage) -> None:
    issues = json.loads(hotline("issues", "list", "--top", 5, "--data-dir", demo_storage.data, "--format", "json").out)
    assert [issue["issue_rank"] for issue in issues] == [1, 2, 3, 4, 5]
    assert "模拟数据" in hotline("issues", "list", "--data-dir", demo_storage.data).out


def test_a_sample_of_any_size_can_be_loaded(hotline: Hotline, tmp_path: Path) -> None:
    path = tmp_path / "样例.parquet"
    assert hotline("sample", "--orders", 50, "--out", path).code == 0
    assert pl.read_parquet(path).height == 50
    again = tmp_path / "再来.parquet"
    hotline("sample", "--orders", 50, "--out", again)
    assert pl.read_parquet(again).equals(pl.read_parquet(path))
    done = hotline("run", path, "--data-dir", tmp_path / "data")
    assert done.code == 0, done.printed
    assert "模拟数据" in done.out


def test_init_makes_the_folders_and_overwrites_nothing(hotline: Hotline, tmp_path: Path) -> None:
    storage = storage_at(tmp_path / "数 据")
    assert hotline("init", "--data-dir", storage.data).code == 0
    assert storage.key_file.stat().st_mode & 0o777 == 0o600
    key, units = storage.key_file.read_text(), storage.config / "units.csv"
    units.write_text(units.read_text() + "U1,甲山街道,街镇,,,,,,\n")
    kept = units.read_text()
    assert hotline("init", "--data-dir", storage.data).code == 0
    assert (storage.key_file.read_text(), units.read_text()) == (key, kept)
    assert list(storage.rules.glob("*.toml"))


def test_the_config_folder_may_lie_elsewhere(hotline: Hotline, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOTLINE_CONFIG_DIR", str(tmp_path / "配置"))
    monkeypatch.setenv("HOTLINE_DATA_DIR", str(tmp_path / "数据"))
    assert hotline("run", write_csv(tmp_path / "a.csv", orders(6))).code == 0
    assert (tmp_path / "配置" / "hmac.key").exists()
    assert not (tmp_path / "数据" / "config").exists()
    assert hotline("rates").code == 0


def test_the_demo_leaves_a_sites_config_alone(hotline_command: str, tmp_path: Path) -> None:
    """Only the start of the demo is run: it stops at a key that it cannot read, in a folder of its own."""
    site, data = tmp_path / "site", tmp_path / "data"
    site.mkdir()
    (site / "units.csv").write_text("ours", encoding="utf-8")
    (data / "demo" / "config").mkdir(parents=True)
    (data / "demo" / "config" / "hmac.key").write_text("no key", encoding="utf-8")
    environment = {**os.environ, "HOTLINE_CONFIG_DIR": str(site)}
    command = [hotline_command, "demo", "--no-serve", "--data-dir", str(data)]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, encoding="utf-8", check=False)
    assert done.returncode == 2
    assert "密钥文件" in done.stderr
    assert [path.name for path in site.iterdir()] == ["units.csv"]
    assert (site / "units.csv").read_text(encoding="utf-8") == "ours"


def test_another_locale_and_a_taken_port(hotline_command: str, hotline: Hotline, demo_storage: Storage) -> None:
    command = [hotline_command, "rates", "--data-dir", str(demo_storage.data), "--format"]
    for encoding, printed in (("ascii", "table"), ("gbk", "csv")):
        environment = {**os.environ, "LC_ALL": "C", "PYTHONIOENCODING": encoding}
        done = subprocess.run([*command, printed], env=environment, capture_output=True, check=False)
        assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.decode("utf-8-sig").startswith("承办单位,")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        refused = hotline("dashboard", "--data-dir", demo_storage.data, "--port", port)
    assert refused.code == 2
    assert f"端口 {port} 已被占用" in refused.err
