"""How fast files are read, beside the usual tools on the same file in the same run.

`python tests/benchmarks/reading_speed.py [ROWS] [SHEET_ROWS]` writes ROWS generated orders of 20 columns as a GB18030 csv
and SHEET_ROWS of them as .xlsx, reads both with the loader's reader and with the usual tools, each in a process of its
own, and prints seconds, rows per second, the ratio to the loader and the peak of memory.
"""

import multiprocessing
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pandas as pd
import polars as pl

from hotline12345.flows.ingest.detect import detect
from hotline12345.flows.ingest.mapping import FileMapping
from hotline12345.flows.ingest.read import read_table
from hotline12345.sample_data.generate import order_chunks
from hotline12345.sample_data.handling import CUTOFF

ROWS, SHEET_ROWS, SEED = 2_000_000, 200_000, 7
COLUMNS = (
    *("工单编号", "工单类型", "一级分类", "二级分类", "三级分类", "标题", "主要内容", "创建时间", "派单时间", "截止时间"),
    *("办结时间", "被反映街乡镇", "所在村社区", "小区点位", "二级承办单位简称", "来电人电话/账号", "处理结果", "是否有效回访"),
    *("是否解决", "是否满意"),
)  # fmt: skip


def write_files(folder: Path, rows: int, sheet_rows: int) -> tuple[Path, Path]:
    """The two files; the .xlsx has the first rows of the .csv."""
    text, sheet, first = folder / "orders.csv", folder / "orders.xlsx", pl.DataFrame()
    with text.open("wb") as file:
        for number, chunk in enumerate(order_chunks(rows, SEED)):
            frame = chunk.as_of(CUTOFF).select(COLUMNS)
            file.write(frame.write_csv(include_header=number == 0, line_terminator="\r\n").encode("gb18030"))
            if first.height < sheet_rows:
                first = pl.concat([first, frame]) if first.width else frame
    first.head(sheet_rows).write_excel(sheet)
    return text, sheet


def find_out(path: Path) -> int:
    """What the file is: hash, format, encoding."""
    detect(path)
    return 0


def read(path: Path) -> int:
    """The loader's reader, from the file's name to its rows as text."""
    return sum(chunk.height for chunk in read_table(detect(path), FileMapping()).chunks()) - 1


def read_with_pandas(path: Path) -> int:
    """pandas, all columns as text."""
    return len(pd.read_csv(path, encoding="gb18030", dtype=str))


def read_with_pandas_typed(path: Path) -> int:
    """pandas as it comes."""
    return len(pd.read_csv(path, encoding="gb18030", low_memory=False))


def read_with_polars(path: Path) -> int:
    """polars, all columns as text."""
    return pl.read_csv(path, encoding="gb18030", infer_schema=False).height


def read_with_openpyxl(path: Path) -> int:
    """pandas over openpyxl."""
    return len(pd.read_excel(path, engine="openpyxl", dtype=str))


def read_rows_with_openpyxl(path: Path) -> int:
    """openpyxl alone, as a stream."""
    sheet = openpyxl.load_workbook(path, read_only=True).active
    return sum(1 for _ in sheet.iter_rows(values_only=True)) - 1


def measured(
    work: Callable[[Path], int], path: Path, answers: "multiprocessing.Queue[tuple[int, float, float]]"
) -> None:
    """Put rows, seconds and the peak of memory in GB."""
    before = time.perf_counter()
    rows = work(path)
    seconds = time.perf_counter() - before
    peak = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
    answers.put((rows, seconds, int(peak.split()[1]) / 1e6))


def compare(path: Path, works: tuple[Callable[[Path], int], ...]) -> None:
    """Print one line for each way to read a file; the first is what the others are compared with."""
    processes = multiprocessing.get_context("spawn")
    first = 0.0
    for work in works:
        answers = processes.Queue()
        process = processes.Process(target=measured, args=(work, path, answers))
        process.start()
        process.join()
        if process.exitcode:
            sys.stdout.write(f"  {work.__name__:24} ended with {process.exitcode}\n")
            continue
        rows, seconds, peak = answers.get()
        first = first or seconds
        speed = f"{rows / seconds:12,.0f} rows/s" if rows else " " * 19
        sys.stdout.write(f"  {work.__name__:24} {seconds:7.2f} s {speed}  ×{seconds / first:5.1f}  {peak:5.2f} GB\n")


def main() -> None:
    """Print both tables."""
    rows, sheet_rows = (*(int(word) for word in sys.argv[1:3]), *(ROWS, SHEET_ROWS)[len(sys.argv) - 1 :])
    with tempfile.TemporaryDirectory() as folder:
        text, sheet = write_files(Path(folder), rows, sheet_rows)
        sys.stdout.write(f"csv, {rows:,} rows, {text.stat().st_size / 1e6:,.0f} MB\n")
        compare(text, (read, find_out, read_with_pandas, read_with_pandas_typed, read_with_polars))
        sys.stdout.write(f"xlsx, {sheet_rows:,} rows, {sheet.stat().st_size / 1e6:,.0f} MB\n")
        compare(sheet, (read, find_out, read_with_openpyxl, read_rows_with_openpyxl))


if __name__ == "__main__":
    main()
