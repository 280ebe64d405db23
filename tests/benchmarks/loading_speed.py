"""The complete load of a large GB18030 file beside pandas `read_csv` and a DuckDB insert of the same file, in one run.

`python tests/benchmarks/loading_speed.py [ROWS]` writes ROWS simulated orders of 20 columns (about 100 characters of text a
row), then loads them each way in a process of its own, and prints seconds, rows a second, peak memory and the ratio.
The load does all of: hash, decode, map, type, check, mask, version and land; publishing is no part of it.
"""

import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from hotline12345.sample_data.generate import make_orders

ROWS = 2_000_000
PART = 200_000  # rows generated at a time
COLUMNS = [
    *("工单编号", "案件编号", "来源渠道", "工单类型", "一级分类", "二级分类", "标题", "主要内容", "创建时间"),
    *("派单时间", "办结时间", "被反映街乡镇", "所在村社区", "二级承办单位简称", "来电人电话/账号", "处理结果"),
    *("是否有效回访", "是否联系", "是否解决", "是否满意"),
]


def write(path: Path, rows: int) -> None:
    """A GB18030 csv of distinct orders; each part's ids are told apart by its number."""
    orders, _ = make_orders(min(rows, PART))
    chosen = orders.select(COLUMNS)
    with path.open("wb") as file:
        for part in range(-(-rows // PART)):
            numbered = chosen.with_columns((chosen["工单编号"] + f"{part:03d}"), chosen["案件编号"] + f"{part:03d}")
            numbered = numbered.head(rows - part * PART)
            text = numbered.write_csv(include_header=part == 0)
            file.write(text.encode("gb18030"))


def load_ours(path: Path, folder: Path) -> float:
    """Seconds of the complete load."""
    from hotline12345.flows.loading import load_file  # noqa: PLC0415  (each way imports only what it uses)
    from hotline12345.sql.storage import Storage  # noqa: PLC0415
    from hotline12345.sql.warehouse import open_warehouse  # noqa: PLC0415

    storage = Storage.at(folder)
    connection = open_warehouse(storage)
    start = time.perf_counter()
    load_file(connection, storage, path)
    connection.close()
    return time.perf_counter() - start


def load_plain(path: Path, folder: Path) -> float:
    """Seconds of pandas and DuckDB: everything as pandas finds it, no check, no mask."""
    import duckdb  # noqa: PLC0415
    import pandas as pd  # noqa: PLC0415

    connection = duckdb.connect(str(folder / "plain.duckdb"))
    start = time.perf_counter()
    frame = pd.read_csv(path, encoding="gb18030")
    connection.register("frame", frame)
    connection.execute("create table orders as select * from frame")
    connection.close()
    return time.perf_counter() - start


def main() -> None:
    """Print the table; or, called with a way's name, run it and print seconds and peak memory."""
    ways = {"ours": load_ours, "pandas": load_plain}
    if sys.argv[1:2] and sys.argv[1] in ways:
        with tempfile.TemporaryDirectory() as folder:
            seconds = ways[sys.argv[1]](Path(sys.argv[2]), Path(folder))
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20
        sys.stdout.write(f"{seconds} {peak}\n")
        return
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else ROWS
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "orders.csv"
        write(path, rows)
        sys.stdout.write(f"{rows} rows, {path.stat().st_size / 2**20:.0f} MiB GB18030\n")
        taken = {}
        for way in ways:
            command = [sys.executable, __file__, way, str(path)]
            printed = subprocess.run(command, capture_output=True, check=True, text=True).stdout
            taken[way], peak = map(float, printed.split())
            sys.stdout.write(f"{way}\t{taken[way]:.1f} s\t{rows / taken[way]:,.0f} rows/s\tpeak {peak:.2f} GiB\n")
    sys.stdout.write(f"ours / pandas\t×{taken['ours'] / taken['pandas']:.2f}\n")


if __name__ == "__main__":
    main()
