"""Setting up and the CI entry: honest exit codes, a named Python, and browser tests that never vanish in silence."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

TARGETS = ("demo", "test", "check", "docs", "clean")


def run(command: list[str], folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, cwd=folder, env=os.environ | environment, capture_output=True, text=True, check=False, encoding="utf-8"
    )


@pytest.mark.parametrize("target", TARGETS)
def test_make_has_the_target(root, target):
    assert run(["make", "--dry-run", target], root).returncode == 0


def test_a_missing_python_is_named(root, tmp_path):
    for name in ("Makefile", "pyproject.toml", "constraints.txt"):
        shutil.copy(root / name, tmp_path)
    made = run(["make", "setup", "PYTHON=", "UV="], tmp_path)
    assert made.returncode != 0
    assert "3.11" in made.stderr
    assert not (tmp_path / ".venv").exists()


@pytest.mark.parametrize("code", [0, 3])
def test_the_ci_entry_passes_the_exit_code_on(root, tmp_path, code):
    make = tmp_path / "make"
    make.write_text(f'#!/bin/sh\necho "$@"\nexit {code}\n', encoding="utf-8")
    make.chmod(0o755)
    ended = run(["bash", str(root / ".ci" / "run")], tmp_path, PATH=f"{tmp_path}{os.pathsep}{os.environ['PATH']}")
    assert (ended.returncode, ended.stdout.split()) == (code, ["check", "test"])


@pytest.mark.parametrize(("ci", "word", "code"), [("", "1 skipped", 0), ("true", "1 error", 1)])
def test_browser_tests_without_a_browser(root, tmp_path, ci, word, code):
    shutil.copy(root / "tests" / "conftest.py", tmp_path)
    (tmp_path / "pytest.ini").write_text("[pytest]\nmarkers = browser: x\n", encoding="utf-8")
    (tmp_path / "test_page.py").write_text(
        "import pytest\n\n@pytest.mark.browser\ndef test_page(chromium): ...\n", encoding="utf-8"
    )
    ended = run([sys.executable, "-m", "pytest", "-p", "no:cacheprovider"], tmp_path, PATH=str(tmp_path), CI=ci)
    assert ended.returncode == code, ended.stdout
    assert word in ended.stdout
    assert "BROWSER TESTS DID NOT RUN" in ended.stdout
    assert "fonts-noto-cjk" in ended.stdout
