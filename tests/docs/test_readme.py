"""README's commands do what it says: the two of the first screen, and those for own files, run as they stand."""

import re
import shlex
import subprocess
from pathlib import Path

import polars as pl
import pytest

from hotline12345.flows.cli.main import COMMANDS
from hotline12345.sample_data.generate import make_orders
from hotline12345.sql.storage import Storage

FIRST_SCREEN = 25
SMALL = {"1000000": "1000"}
STARTS_A_SERVER = ("demo", "dashboard", "serve")


def commands(root: Path) -> list[list[str]]:
    """Every `hotline …` line of README's shell blocks, as arguments."""
    blocks = re.findall(r"```bash\n(.*?)```", (root / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    lines = [line for block in blocks for line in block.splitlines() if line.startswith("hotline ")]
    return [shlex.split(line, comments=True) for line in lines]


def test_the_first_screen_names_the_two_commands(root: Path) -> None:
    first = (root / "README.md").read_text(encoding="utf-8").splitlines()[:FIRST_SCREEN]
    for target in ("demo", "test"):
        assert any(line.startswith(f"make {target} ") for line in first)
    assert any("docs/images/overview.png" in line for line in first)


def test_make_demo_ends_with_figures_and_an_address(demo_run: tuple[Storage, str]) -> None:
    for part in ("街镇三率", "诉求分类", "每月一题候选", "http://127.0.0.1:8501"):
        assert part in demo_run[1]


def test_make_test_sets_up_and_runs_pytest(root: Path) -> None:
    plan = subprocess.run(
        ["make", "-n", "test"], cwd=root, capture_output=True, text=True, encoding="utf-8", check=True
    )
    assert "pytest" in plan.stdout and "chromium" in plan.stdout


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the files that README speaks of."""
    folder = tmp_path_factory.mktemp("desk")
    orders, _ = make_orders(6_000)
    august = orders.filter(pl.col("创建时间").str.starts_with("2026-08"))
    half = august.height // 2
    august.head(half).write_excel(folder / "工单导出.xlsx")
    (folder / "补充.csv").write_bytes(august.tail(-half).write_csv().encode("gb18030"))
    units = august["二级承办单位简称"].drop_nulls().unique().sort().head(5)
    pl.DataFrame({"承办单位": units, "受理量": [9] * units.len(), "解决率": [0.9] * units.len()}).write_excel(
        folder / "通报.xlsx"
    )
    table = orders.select(
        pl.col("工单编号").alias("编号"),
        pl.col("标题"),
        pl.col("主要内容").alias("内容"),
        pl.col("创建时间").alias("时间"),
        pl.col("标题").alias("title"),
        pl.col("主要内容").alias("body"),
        pl.col("一级分类").alias("label"),
    )
    table.head(500).write_excel(folder / "表格.xlsx")
    table.head(1_500).write_parquet(folder / "A.parquet")
    table.tail(500).write_parquet(folder / "B.parquet")
    return folder


def test_the_commands_for_own_files_run(root: Path, desk: Path, hotline_command: str) -> None:
    known = pl.read_excel(desk / "工单导出.xlsx")["工单编号"][0]
    found = commands(root)
    assert {arguments[1] for arguments in found} >= {"init", "run", "check", "rates", "explain", "issues", "topics"}
    for arguments in found:
        assert arguments[1] in COMMANDS
        if arguments[1] in STARTS_A_SERVER:
            continue
        real = [known if word == "工单编号" else SMALL.get(word, word) for word in arguments[1:]]
        done = subprocess.run([hotline_command, *real], cwd=desk, capture_output=True, text=True, check=False)
        assert done.returncode == 0, f"{real}: {done.stderr}"
