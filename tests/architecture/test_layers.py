"""The import contracts hold, every one of them can be broken, and every module of the dashboard is under one."""

import os
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

PACKAGES = ("flows", "models", "sql", "dashboard", "sample_data")
# One violation for each contract: where it is planted and the import that breaks it.
VIOLATIONS = {
    "Layers: never upwards, the lowest import nothing of ours": ("models", "import hotline12345.flows"),
    "Sample data: only for flows": ("dashboard", "import hotline12345.sample_data"),
    "Prefect: only in flows": ("sql", "import prefect"),
    "DuckDB: only in sql": ("flows", "import duckdb"),
    "Streamlit: only in the page part of the dashboard": ("dashboard", "import streamlit"),
    "Pages: used by pages only": ("flows", "import hotline12345.dashboard.data"),
}


@pytest.fixture(scope="module")
def contracts(root: Path) -> list[str]:
    """The names of the contracts in pyproject.toml."""
    pyproject = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))
    return [contract["name"] for contract in pyproject["tool"]["importlinter"]["contracts"]]


@pytest.fixture
def copy(root: Path, tmp_path: Path) -> Path:
    """A copy of the package's modules as an installed copy has them, with the contracts beside it."""
    for name in PACKAGES:
        modules = shutil.ignore_patterns("__pycache__", "*.xls*", "*.csv", "*.sql")
        shutil.copytree(root / name, tmp_path / "hotline12345" / name, ignore=modules)
    shutil.copy(root / "pyproject.toml", tmp_path)
    return tmp_path


def verdicts(folder: Path) -> dict[str, str]:
    """Contract name → KEPT or BROKEN, as import-linter says it of the copy in `folder`."""
    command = [Path(sys.executable).with_name("lint-imports"), "--no-logo", "--no-cache"]
    environment = {**os.environ, "PYTHONPATH": str(folder), "COLUMNS": "200"}
    run = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    found = dict(re.findall(r"^(.+?) (KEPT|BROKEN)$", run.stdout, flags=re.MULTILINE))
    assert found, run.stdout + run.stderr
    return found


def test_every_contract_is_kept(copy, contracts):
    assert verdicts(copy) == dict.fromkeys(contracts, "KEPT")


def test_every_contract_can_be_broken(copy, contracts):
    assert list(VIOLATIONS) == contracts, "a contract needs a violation here that breaks it"
    for number, (folder, line) in enumerate(VIOLATIONS.values()):
        (copy / "hotline12345" / folder / f"planted_{number}.py").write_text(line + "\n", encoding="utf-8")
    assert verdicts(copy) == dict.fromkeys(contracts, "BROKEN")
