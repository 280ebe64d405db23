"""Synthetic work orders of any number; everything follows from one seed."""

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import polars as pl
import pyarrow.parquet as pq

from hotline12345.sample_data.handling import CUTOFF, handle
from hotline12345.sample_data.orders import COLUMNS, Orders, assemble
from hotline12345.sample_data.plan import Planner
from hotline12345.sample_data.texts import Writer
from hotline12345.sample_data.world import load_world

DEFAULT_SEED = 12345


def order_chunks(orders: int, seed: int) -> Iterator[Orders]:
    """The orders in order of creation, in chunks of whole days of about 100,000 orders, so memory stays flat."""
    if orders < 1:
        raise ValueError(f"orders must be at least 1, got {orders}")
    world = load_world()
    writer = Writer(world, seed)
    for chunk, plan in Planner(world, orders, seed).chunks():
        handling = handle(plan, world, np.random.default_rng([seed, 2, chunk]))
        texts = writer.write(plan, handling, np.random.default_rng([seed, 3, chunk]))
        yield assemble(world, plan, handling, texts, np.random.default_rng([seed, 4, chunk]))


def make_orders(orders: int, seed: int = DEFAULT_SEED) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Clean orders as known at the cut-off 2026-09-30 18:00, and the truth behind them.

    Orders: one row per order in order of creation, the text columns of `orders.COLUMNS`, null where blank.
    Truth: same rows; order_id, topic codes of three levels, problem_id or null, place_id, caller (a number), grain.
    """
    chunks = list(order_chunks(orders, seed))
    return pl.concat([c.as_of(CUTOFF) for c in chunks]), pl.concat([truth_of(c) for c in chunks])


def truth_of(chunk: Orders) -> pl.DataFrame:
    """What the texts were made from, one row per order."""
    world, plan = chunk.world, chunk.plan
    code = pl.Series([topic.code for topic in world.topics]).gather(plan.topic)
    problem = [problem.problem_id for problem in world.problems]
    grain = [problem.grain for problem in world.problems]
    planted = np.where(plan.problem >= 0, plan.problem, len(problem))
    return pl.DataFrame(
        {
            "order_id": chunk.fixed["工单编号"],
            "topic_level1": code.str.slice(0, 3),
            "topic_level2": code.str.slice(0, 5),
            "topic_level3": code,
            "problem_id": pl.Series([*problem, None], dtype=pl.String).gather(planted),
            "grain": pl.Series([*grain, None], dtype=pl.String).gather(planted),
            "place_id": pl.Series([place["place_id"] for place in world.places]).gather(plan.place),
            "caller": plan.caller,
            "link": pl.Series(["新诉求", "再次反映", "同日多渠道", "解决后再次反映"]).gather(plan.link),
        }
    )


def write_orders(path: Path, orders: int, seed: int) -> None:
    """Write `orders` clean orders to a `.parquet` or a `.csv` (UTF-8 with BOM) file, chunk by chunk."""
    if path.suffix == ".csv":
        with path.open("wb") as file:
            file.write("\ufeff".encode())
            for number, chunk in enumerate(order_chunks(orders, seed)):
                chunk.as_of(CUTOFF).write_csv(file, include_header=number == 0, line_terminator="\r\n")
    elif path.suffix == ".parquet":
        _write_parquet(path, order_chunks(orders, seed))
    else:
        raise ValueError(f"cannot write {path.suffix or 'a file without suffix'}; use .parquet or .csv")


def _write_parquet(path: Path, chunks: Iterator[Orders]) -> None:
    schema = pl.DataFrame(schema=dict.fromkeys(COLUMNS, pl.String)).to_arrow().schema
    with pq.ParquetWriter(path, schema, compression="zstd") as file:
        for chunk in chunks:
            file.write_table(chunk.as_of(CUTOFF).to_arrow().cast(schema))
