"""The truth behind the committed files, written to the folder `truth` and kept aside for tests."""

from dataclasses import asdict
from pathlib import Path

import polars as pl

from hotline12345.sample_data.exports import Table, numeric_ids
from hotline12345.sample_data.generate import make_orders
from hotline12345.sample_data.paths import FILE_NAMES
from hotline12345.sample_data.world import BASE_ORDERS, load_world


def make_truth(tables: list[Table], seed: int) -> dict[str, pl.DataFrame]:
    """Three tables.

    `truth`, grain order: order_id, topic codes, problem_id, grain, place_id, caller, link, the file that brings the
    order first, and the kind of dirt on its row there (null if clean).
    `dirt`, grain damaged cell: file, order_id, kind, column (canonical header), clean and written value.
    `problems`, grain planted problem: problem_id, name, grain, topic_code, orders, callers, places.
    """
    orders, truth = make_orders(BASE_ORDERS, seed)
    truth = truth.with_columns(numeric_ids(orders)["工单编号"].alias("order_id"))
    dirt = pl.DataFrame(
        [{"file": name, **asdict(d)} for name, table in zip(FILE_NAMES, tables, strict=True) for d in table.dirt],
        infer_schema_length=None,
    ).drop("row")
    brought = [
        pl.DataFrame({"order_id": table.clean["工单编号"], "file": name})
        for name, table in zip(FILE_NAMES, tables, strict=True)
    ]
    first = pl.concat(brought).unique("order_id", keep="first", maintain_order=True)
    kinds = dirt.select("order_id", "file", pl.col("kind").alias("dirty_kind"))
    truth = truth.join(first, on="order_id", how="left", maintain_order="left")
    truth = truth.join(kinds, on=["order_id", "file"], how="left", maintain_order="left")
    return {"truth": truth, "dirt": dirt, "problems": _problems(truth)}


def write_truth(folder: Path, tables: list[Table], seed: int) -> list[Path]:
    """Write `truth.parquet`, `dirt.parquet` and `problems.csv` into `folder`."""
    truth = make_truth(tables, seed)
    paths = [folder / "truth.parquet", folder / "dirt.parquet", folder / "problems.csv"]
    truth["truth"].write_parquet(paths[0], compression="zstd", compression_level=19)
    truth["dirt"].write_parquet(paths[1], compression="zstd", compression_level=19)
    truth["problems"].write_csv(paths[2])
    return paths


def _problems(truth: pl.DataFrame) -> pl.DataFrame:
    world = load_world()
    counts = truth.group_by("problem_id").agg(
        pl.len().alias("orders"), pl.n_unique("caller").alias("callers"), pl.n_unique("place_id").alias("places")
    )
    named = pl.DataFrame(
        [
            {"problem_id": p.problem_id, "name": p.name, "grain": p.grain, "topic_code": world.topics[p.topic].code}
            for p in world.problems
        ]
    )
    return named.join(counts, on="problem_id", how="left", maintain_order="left")
