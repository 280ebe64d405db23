"""What a day costs on a short and on a long history, step by step, as ratios of one run.

`python tests/benchmarks/day_on_history.py [ORDERS]` builds a history of ORDERS and one of a tenth of it, loads the same
day into both, and prints seconds of each step and their ratio. A ratio near 1 means that the step follows the day; near
10, the history.
"""

import sys
import tempfile
import time
from pathlib import Path

import polars as pl

from hotline12345.flows.loading import load_file
from hotline12345.flows.refreshing import STEPS, is_current, refresh
from hotline12345.sample_data.generate import make_orders
from hotline12345.sql.storage import Storage
from hotline12345.sql.warehouse import open_warehouse

DAY = 1_000
ORDERS = 100_000


def seconds_of_a_day(history: pl.DataFrame, day: pl.DataFrame, folder: Path) -> dict[str, float]:
    """Load the history, then time the load and the steps of the day after it."""
    storage = Storage.at(folder)
    storage.make()
    for name, frame in (("history", history), ("day", day)):
        frame.write_parquet(folder / f"{name}.parquet")
    connection = open_warehouse(storage)
    load_file(connection, storage, folder / "history.parquet")
    refresh(connection, storage, lambda _: None)
    clock, taken = time.perf_counter(), {}
    load_file(connection, storage, folder / "day.parquet")
    is_current(connection, storage)
    for name, step in (("load", None), *STEPS):
        if step:
            step(connection, storage)
        taken[name], clock = time.perf_counter() - clock, time.perf_counter()
    connection.close()
    return taken


def main() -> None:
    """Print the table."""
    orders = int(sys.argv[1]) if len(sys.argv) > 1 else ORDERS
    every, _ = make_orders(orders + DAY)
    by_time = every.sort("创建时间", "工单编号", nulls_last=True)
    history, day = by_time.head(orders), by_time.tail(DAY)
    with tempfile.TemporaryDirectory() as folder:
        long = seconds_of_a_day(history, day, Path(folder) / "long")
        short = seconds_of_a_day(history.gather_every(10), day, Path(folder) / "short")
    sys.stdout.write(f"{DAY} orders on {orders // 10} and on {orders}\n")
    for name, seconds in long.items():
        sys.stdout.write(f"{name}\t{short[name]:.2f} s\t{seconds:.2f} s\t×{seconds / short[name]:.1f}\n")


if __name__ == "__main__":
    main()
