"""Where the committed sample lies."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent
FILES = ROOT / "files"
CONFIG = ROOT / "config"
TRUTH = ROOT / "truth"

FILE_NAMES = (
    "模拟数据_工单导出_202410-202606.xlsx",
    "模拟数据_工单导出_202607-202608.csv",
    "模拟数据_工单导出_202609.xls",
    "模拟数据_工单更新导出_20260930.xlsx",
)


def sample_files() -> list[Path]:
    """The committed exports in the order they were made; the last one revises orders of the others."""
    return [FILES / name for name in FILE_NAMES]
