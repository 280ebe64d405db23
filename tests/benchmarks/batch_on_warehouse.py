"""What loading a day's batch costs on an empty warehouse and on one of millions of orders, in one run.

`python tests/benchmarks/batch_on_warehouse.py [ORDERS]` loads a year's simulated orders, multiplies their versions to ORDERS
inside the warehouse, and loads a batch of 70,000 rows, 50,000 of which revise stored orders, three times each way (the
batch is undone by copying the warehouse anew). Prints medians and their ratio; publishing is no part of it.
"""

import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path

import polars as pl

from hotline12345.flows.loading import load_file
from hotline12345.sample_data.generate import make_orders
from hotline12345.sql.storage import Storage
from hotline12345.sql.warehouse import open_warehouse

ORDERS, BASE, NEW, REVISED, TIMES = 5_000_000, 100_000, 20_000, 50_000, 3


def history(storage: Storage, orders: pl.DataFrame, wanted: int) -> None:
    """A warehouse of `wanted` orders: the given ones, and copies of them under other ids."""
    path = storage.data / "history.parquet"
    orders.write_parquet(path)
    connection = open_warehouse(storage)
    load_file(connection, storage, path)
    copies = wanted // orders.height - 1
    connection.execute(
        f"""
        insert into landed.order_versions by name
        select versions.* replace (
            versions.order_id || '-' || copy as order_id, md5(versions.text_hash || copy) as text_hash
        )
        from landed.order_versions as versions cross join range({copies}) as copies(copy)
        """
    )
    connection.execute(
        "insert into landed.texts select distinct text_hash, '' from landed.order_versions anti join landed.texts using (text_hash)"
    )
    connection.execute("delete from run.touched_orders")
    connection.close()
    path.unlink()


def seconds(template: Storage | None, batch: Path, folder: Path) -> float:
    """Time of loading the batch onto a copy of a warehouse, or onto an empty one."""
    shutil.rmtree(folder, ignore_errors=True)
    if template:
        shutil.copytree(template.data, folder)
    storage = Storage.at(folder)
    connection = open_warehouse(storage)
    start = time.perf_counter()
    load_file(connection, storage, batch)
    taken = time.perf_counter() - start
    connection.close()
    return taken


def main() -> None:
    """Print the medians."""
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else ORDERS
    every, _ = make_orders(BASE + NEW)
    by_time = every.unique("工单编号", keep="first", maintain_order=True).sort("创建时间", "工单编号", nulls_last=True)
    stored, fresh = by_time.head(by_time.height - NEW), by_time.tail(NEW)
    revised = stored.tail(REVISED).with_columns(是否满意=pl.lit("基本满意"))
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        template = Storage.at(folder / "template")
        template.make()
        history(template, stored, wanted)
        batch = folder / "batch.parquet"
        pl.concat([revised, fresh]).write_parquet(batch)
        empty = [seconds(None, batch, folder / "site") for _ in range(TIMES)]
        full = [seconds(template, batch, folder / "site") for _ in range(TIMES)]
    one, other = statistics.median(empty), statistics.median(full)
    sys.stdout.write(
        f"{NEW + REVISED} rows, {REVISED} revisions, onto nothing {one:.2f} s, onto {wanted} orders {other:.2f} s\n"
    )
    sys.stdout.write(f"×{other / one:.2f}\n")


if __name__ == "__main__":
    main()
