"""What mining costs: per order as a table grows, and for a day on a year of the warehouse.

`python tests/benchmarks/issue_speed.py table [ORDERS …]` mines tables of so many orders (default 10,000, 100,000 and
1,000,000), each in a process of its own, and prints seconds, microseconds an order, and peak memory.

`python tests/benchmarks/issue_speed.py day [ORDERS]` builds a warehouse of ORDERS (default 1,200,000) in twelve months and
about a hundred orders a place, then loads 3,000 orders more and prints the seconds of each step of that day's mining.
"""

import argparse
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl

from hotline12345.flows import issue_mining, issue_scoring
from hotline12345.flows.loading import load_file
from hotline12345.flows.refreshing import build_rates, build_topics, is_current, refresh
from hotline12345.models.recurring import mine
from hotline12345.sample_data.generate import make_orders
from hotline12345.sql.issue_touching import touch_changed_members
from hotline12345.sql.storage import Storage
from hotline12345.sql.warehouse import open_warehouse

TABLES = (10_000, 100_000, 1_000_000)
YEAR, DAY = 1_200_000, 3_000
ORDERS_A_PLACE, PLACES = 100, 330  # the generator knows so many places; more orders are spread over more of them


def spread(orders: pl.DataFrame) -> pl.DataFrame:
    """The orders over more towns, so that a place has about `ORDERS_A_PLACE` of them however many there are."""
    parts = max(1, orders.height // (ORDERS_A_PLACE * PLACES))
    part = (pl.int_range(pl.len()) * 7919 % parts).cast(pl.String)
    return orders.with_columns(pl.concat_str("被反映街乡镇", pl.lit("第"), part, pl.lit("片")).alias("被反映街乡镇"))


def records(count: int) -> pl.DataFrame:
    """Generated orders as the miner takes them."""
    orders = spread(make_orders(count)[0])
    return orders.select(
        order_id="工单编号",
        title="标题",
        body="主要内容",
        caller="来电人电话/账号",
        place="小区点位",
        area="被反映街乡镇",
        unit="二级承办单位简称",
        reported_at=pl.col("创建时间").str.to_datetime(strict=False),
        closed_at=pl.col("办结时间").str.to_datetime(strict=False),
        is_resolved=pl.col("是否解决") == "解决",
    )


def mine_table(count: int) -> None:
    """Mine one table and print its line."""
    table = records(count)
    before = peak_gigabytes()
    start = time.perf_counter()
    issues = mine(table).issues
    seconds = time.perf_counter() - start
    sys.stdout.write(
        f"{count:>9,}\t{seconds:7.1f} s\t{seconds / count * 1e6:5.0f} us/order\t"
        f"{peak_gigabytes():.2f} GB ({before:.2f} before)\t{issues.height:,} issues\n"
    )


def peak_gigabytes() -> float:
    """The most memory that this process ever held."""
    lines = Path("/proc/self/status").read_text(encoding="ascii").splitlines()
    return int(next(line.split()[1] for line in lines if line.startswith("VmHWM"))) / 1e6


def a_day(count: int) -> None:
    """Build the year, load the day, print the steps of its mining."""
    every = spread(make_orders(count + DAY)[0]).sort("创建时间", "工单编号", nulls_last=True)
    with tempfile.TemporaryDirectory() as folder:
        storage = Storage.at(Path(folder))
        storage.make()
        for name, part in (("year", every.head(count)), ("day", every.tail(DAY))):
            part.write_parquet(Path(folder) / f"{name}.parquet")
        del every
        connection = open_warehouse(storage)
        load_file(connection, storage, Path(folder) / "year.parquet")
        timed("the whole year, every step", lambda: refresh(connection, storage, lambda _: None))
        load_file(connection, storage, Path(folder) / "day.parquet")
        is_current(connection, storage)
        build_rates(connection, storage)
        build_topics(connection, storage)
        places = connection.execute("select count(distinct place) from landed.order_problems").fetchall()[0][0]
        sys.stdout.write(f"{DAY:,} orders on {count:,} at {places:,} places\n")
        start = time.perf_counter()
        facts = timed("describe, group, identify, store", lambda: issue_mining.mine_orders(connection, storage))
        timed("measure, score, rank", lambda: issue_scoring.score_issues(connection, storage, facts))
        timed("touch what changed", lambda: touch_changed_members(connection))
        sys.stdout.write(f"mining of the day\t{time.perf_counter() - start:.1f} s\n")
        connection.close()


def timed(name: str, work: Callable[[], Any]) -> Any:
    """Run a piece of work and print its seconds."""
    start = time.perf_counter()
    result = work()
    sys.stdout.write(f"{name}\t{time.perf_counter() - start:.1f} s\n")
    sys.stdout.flush()
    return result


def main() -> None:
    """Run what the command line names."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("table", "one-table", "day"))
    parser.add_argument("orders", type=int, nargs="*")
    given = parser.parse_args()
    if given.what == "day":
        a_day(given.orders[0] if given.orders else YEAR)
    elif given.what == "one-table":
        mine_table(given.orders[0])
    else:
        for count in given.orders or TABLES:  # each alone, so that its peak is its own
            subprocess.run([sys.executable, __file__, "one-table", str(count)], check=True)


if __name__ == "__main__":
    main()
