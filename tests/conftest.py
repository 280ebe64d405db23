"""What every test shares: a clean environment, the project's own files, and the browser tests' needs."""

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from hotline12345.sql.storage import Storage

ROOT = Path(__file__).parent.parent
PACKAGES = ("flows", "models", "sql", "dashboard", "sample_data")
FOLDERS = (*PACKAGES, "tests", "docs", ".ci")
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
GAP: pytest.StashKey[str] = pytest.StashKey()


def browser_gap() -> str:
    """What is missing for the browser tests, as a sentence to act on; empty when they can run."""
    if not any(shutil.which(name) for name in BROWSERS):
        return "no Chromium: install the packages chromium and fonts-noto-cjk"
    fonts = shutil.which("fc-list")
    listed = subprocess.run([fonts, ":lang=zh-cn"], capture_output=True, check=False).stdout if fonts else b""
    return "" if listed.strip() else "no Chinese font: install the packages fontconfig and fonts-noto-cjk"


def pytest_configure(config: pytest.Config) -> None:
    """Tests never see a site's folders, whatever the shell that starts them has set."""
    for name in ("HOTLINE_DATA_DIR", "HOTLINE_CONFIG_DIR"):
        os.environ.pop(name, None)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """A browser test without a browser is skipped, loudly; in CI it fails."""
    if item.get_closest_marker("browser") is None:
        return
    if GAP not in item.config.stash:
        item.config.stash[GAP] = browser_gap()
    if gap := item.config.stash[GAP]:
        if os.environ.get("CI", "").lower() in {"true", "1"}:
            pytest.fail(f"{gap} (with CI set, browser tests must run)", pytrace=False)
        pytest.skip(gap)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Say at the end, where it is read, that the browser tests did not run."""
    if gap := config.stash.get(GAP, ""):
        terminalreporter.section("浏览器测试没有运行 BROWSER TESTS DID NOT RUN", sep="!", red=True)
        terminalreporter.write_line(gap)


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of the Chromium that a browser test drives (mark the test `browser`)."""
    return next(path for name in BROWSERS if (path := shutil.which(name)))


@pytest.fixture(scope="session")
def root() -> Path:
    """The project's top folder."""
    return ROOT


@pytest.fixture(scope="session")
def package_modules() -> tuple[Path, ...]:
    """Every Python module of the package, sorted."""
    return tuple(sorted(path for name in PACKAGES for path in (ROOT / name).rglob("*.py")))


@pytest.fixture(scope="session")
def project_files() -> tuple[Path, ...]:
    """Every file that belongs to the project, sorted: the fixed folders and the files beside them, no build results."""

    def found() -> Iterator[Path]:
        yield from (path for path in ROOT.iterdir() if path.is_file())
        for name in FOLDERS:
            yield from (p for p in (ROOT / name).rglob("*") if p.is_file() and "__pycache__" not in p.parts)

    return tuple(sorted(found()))


@pytest.fixture(scope="session")
def hotline_command() -> str:
    """The path of the installed `hotline`, for tests that need a process of its own."""
    return str(Path(sys.executable).with_name("hotline"))


@pytest.fixture(scope="session")
def demo_run(tmp_path_factory: pytest.TempPathFactory) -> tuple[Storage, str]:
    """`make demo` as README has it, run once for all tests that read its result: where it lies and what it printed.

    Workers that run side by side share it: the first one makes it, the others wait.
    """
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    folder, printed = shared / "demo", shared / "demo_printed.txt"
    with (shared / "demo.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not printed.exists():
            command = ["make", "--no-print-directory", "demo", f"DEMO_FLAGS=--no-serve --data-dir {folder}"]
            done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=False)
            assert done.returncode == 0, done.stderr
            printed.write_text(done.stdout, encoding="utf-8")
    return Storage.at(folder / "demo", folder / "demo" / "config"), printed.read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def demo_storage(demo_run: tuple[Storage, str]) -> Storage:
    """What the demo published; for reading only."""
    return demo_run[0]
