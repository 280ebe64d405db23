"""Wrong usage: one clear Chinese message, exit code 2, no traceback, no English sentence."""

import re
from pathlib import Path

import pytest
from called import Hotline
from made_exports import orders, storage_at, write_csv

from hotline12345.flows.cli.main import COMMANDS
from hotline12345.sql.storage import Storage

# Two English words in a row are a sentence that was not translated; single words are names of options, columns, formats.
ENGLISH = re.compile(r"(?<![-./\w])[A-Za-z]{2,}[' ][ a-z]*[a-z]{2,}\b")
COMMAND = re.compile(r"hotline( [a-z]+)*|--[a-z-]+( TEXT| FILE)?")
WRONG: list[tuple[str, str]] = [
    ("", "用法"),
    ("topics", "用法"),
    ("nonsense", "没有命令 nonsense"),
    ("topics nonsense", "没有命令 nonsense"),
    ("-h", "没有选项 -h"),
    ("run", "缺少 文件"),
    ("run --nonsense", "没有选项 --nonsense"),
    ("run {folder}/a.csv --mapping", "--mapping 缺少取值"),
    ("run {folder}/a.csv --mapping {folder}/none.toml", "读不到映射文件"),
    ("run {folder}/a.csv --exported-at yesterday", "--exported-at 应为日期或时间"),
    ("run {folder}/a.csv --data-dir {folder}/a.csv", "--data-dir 应为可以读取的目录"),
    ("run {folder}/a.csv --data-dir /dev/null/x", "路径中有一段不是目录"),
    ("rates --format xml", "--format 应为以下之一：table、json、csv"),
    ("rates --as-of yesterday", "--as-of 应为日期或时间"),
    ("rates --as-of 2025-02-30", "--as-of 应为日期或时间"),
    ("rates extra", "没有命令 extra"),
    ("rates --data-dir {folder}/nowhere", "还没有发布过数据"),
    ("rates --data-dir {demo} --rule nonsense", "现有规则：example-10-50-40"),
    ("rates --data-dir {demo} --period 1999-01", "没有周期“1999-01”"),
    ("rates --data-dir {demo} --unit nonsense", "没有单位“nonsense”"),
    ("explain", "缺少 工单编号"),
    ("explain nonsense --data-dir {demo}", "没有这张工单"),
    ("check --data-dir {demo}", "缺少 --batch"),
    ("check --batch one --data-dir {demo}", "--batch 应为整数"),
    ("check --batch 99 --data-dir {demo}", "没有批次 99"),
    ("sample", "缺少 --orders"),
    ("sample --orders 0", "--orders 应为不小于 1 的整数"),
    ("sample --orders 5 --out {folder}/x.txt", "扩展名应为"),
    ("sample --orders 5 --out {folder}/none/x.csv", "所在目录不存在"),
    ("demo --port 0", "--port 应为 1 到 65535 的整数"),
    ("demo --no-serve=1", "--no-serve 不需要取值"),
    ("dashboard --data-dir {folder}/nowhere", "还没有发布过数据"),
    ("issues list --top many", "--top 应为"),
    ("issues list --top -5 --data-dir {demo}", "--top 应为"),
    ("issues mine {folder}/none.csv --id a --text b --time c", "none.csv"),
    ("issues mine {folder}/a.csv --id 编号 --text 反映内容 --time 工单创建时间", "没有列“编号”"),
    ("issues mine {folder}/a.csv --id 责任单位 --text 反映内容 --time 工单创建时间", "有空值或重复值"),
    ("issues mine {folder}/a.csv --id 工单号 --text 反映内容 --time 责任单位", "时间列“责任单位”有 6 行为空或无法识别"),
    ("topics evaluate --train {folder}/a.csv --test {folder}/a.csv --label 诉求类型 --text 反映内容", "类"),
    ("topics train --data-dir {folder}/empty", "还没有发布过数据"),
]


@pytest.mark.parametrize(("line", "says"), WRONG, ids=[line or "nothing" for line, _ in WRONG])
def test_a_mistake_gets_one_chinese_message(
    hotline: Hotline, tmp_path: Path, demo_storage: Storage, line: str, says: str
) -> None:
    write_csv(tmp_path / "a.csv", orders(6))
    done = hotline(*line.format(folder=tmp_path, demo=demo_storage.data).split())
    assert done.code == 2, done.printed
    assert says in done.err
    assert english(done.printed.replace(str(tmp_path), "")) == []


def english(printed: str) -> list[str]:
    """The English sentences in a text; names of commands and options are none."""
    return [found[0] for found in ENGLISH.finditer(COMMAND.sub("〇", printed))]


def test_the_check_for_english_finds_english() -> None:
    assert english("--data-dir：Directory 'x' is a file.")
    assert english("Traceback (most recent call last):")
    assert not english("用法见 hotline rates --help。列 order_id、created_at；HMAC")


@pytest.mark.parametrize(
    "command", [(), *((name,) for name in COMMANDS), ("topics", "evaluate"), ("issues", "mine"), ("issues", "list")]
)
def test_help_is_chinese(hotline: Hotline, command: tuple[str, ...]) -> None:
    done = hotline(*command, "--help")
    assert done.code == 0
    assert done.out.startswith("用法：hotline")
    assert english(done.out) == []


def test_texts_that_look_like_markup_or_formulas_are_only_texts(hotline: Hotline, tmp_path: Path) -> None:
    row = {**orders(1)[0], "反映内容": "门前[/停车]堵塞 [red] :smile:", "责任单位": "[/b]乙水镇"}
    broken = {**orders(1, start=2)[0], "工单创建时间": "=cmd|' /C calc'!A0"}
    path = write_csv(tmp_path / "工单[b].csv", [row, broken])
    assert hotline("run", path, "--max-bad", 50, "--data-dir", tmp_path / "data").code == 0
    assert "[/停车]堵塞 [red] :smile:" in hotline("explain", row["工单号"], "--data-dir", tmp_path / "data").out
    assert "=cmd" in hotline("check", "--batch", 1, "--data-dir", tmp_path / "data").out
    cells = hotline("check", "--batch", 1, "--data-dir", tmp_path / "data", "--format", "csv").out.split(",")
    assert not [cell for cell in cells if cell.strip('"').startswith(("=", "@"))]


def test_a_damaged_key_or_warehouse_is_refused(hotline: Hotline, tmp_path: Path) -> None:
    path, storage = write_csv(tmp_path / "a.csv", orders(3)), storage_at(tmp_path / "data")
    hotline("init", "--data-dir", storage.data)
    storage.key_file.write_text("")
    damaged = hotline("run", path, "--data-dir", storage.data)
    assert damaged.code == 2
    assert "密钥文件" in damaged.err
    storage.warehouse.write_text("nonsense")
    damaged = hotline("run", path, "--data-dir", storage.data)
    assert damaged.code == 2
    assert "无法打开数据仓库" in damaged.err
