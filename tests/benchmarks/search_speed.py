"""What the library's index costs and how fast it answers.

`python tests/benchmarks/search_speed.py [ORDERS]` (default 1,000,000) indexes the texts of so many generated orders, then those
of a day on top of them, and prints microseconds a text, sizes, and how long typical questions take once they were asked
before: the count by unit and month with the first page of orders.
"""

import argparse
import resource
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import polars as pl
from big_district import deal

from hotline12345.flows.search_indexing import CHUNK
from hotline12345.models.search.asked import parts
from hotline12345.models.search.pairs import Entries, packaged_tokenizer
from hotline12345.sample_data.generate import make_orders
from hotline12345.sql import search_index
from hotline12345.sql.publish import Snapshot
from hotline12345.sql.reads import Reader
from hotline12345.sql.search_reads import Narrowed
from hotline12345.sql.storage import Storage
from hotline12345.sql.stored_texts import TEXTS_A_GROUP
from hotline12345.sql.warehouse import Connection, open_warehouse

DAY, TIMES, PAGE = 3_000, 15, 20
QUESTIONS = (
    "供暖",
    "小区",
    "物业 电梯",
    "施工 噪声 夜间",
    "停车难",
    "小区供暖不热",
    "“电梯坏了”",
    "狗",
    "和平里小区 漏水",
)
NARROWED = {"": Narrowed(), "，一个单位": Narrowed(unit_id="区城管委")}


def say(line: str) -> None:
    """One line of what was measured, at once."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def texts(orders: pl.DataFrame) -> pl.DataFrame:
    """The different texts of orders with what a search filters by."""
    named = orders.select(
        *(pl.col(name).fill_null("") for name in ("标题", "主要内容", "处理结果")),
        unit_id=pl.col("二级承办单位简称").fill_null("none"),
        place_id=pl.col("被反映街乡镇").fill_null("none"),
        community="所在村社区",
        created_at=pl.col("创建时间").str.to_datetime(strict=False),
        outcome=pl.col("是否解决").fill_null("未办结"),
        order_id="工单编号",
    ).rename({"标题": "title", "主要内容": "body", "处理结果": "result_text"})
    whole = pl.concat_str("title", "body", "result_text", separator="\x1f")
    return named.with_columns(text_hash=whole.hash(1).cast(pl.String)).unique("text_hash", maintain_order=True)


def index(connection: Connection, storage: Storage, told: pl.DataFrame) -> float:
    """Index these texts as the refresh does; processor seconds."""
    begun, entries = time.process_time(), Entries(packaged_tokenizer())
    making = search_index.FileInMaking(connection)
    for chunk in told.iter_slices(CHUNK):
        others = (chunk["body"] + " " + chunk["result_text"]).alias("others")
        making.add(chunk["text_hash"], entries.of(chunk["title"], others))
        if making.texts >= search_index.FILE_TEXTS:
            making.write(storage)
    if making.texts:
        making.write(storage)
    search_index.put_together(connection, storage)
    return time.process_time() - begun


def store(connection: Connection, storage: Storage, told: pl.DataFrame) -> None:
    """The tables and the text file that the reads need besides the index."""
    told.sort("text_hash").select("text_hash", "title", "body", "result_text").write_parquet(
        storage.texts / "texts.parquet", compression="zstd", row_group_size=TEXTS_A_GROUP
    )
    connection.register("told", told)
    connection.execute("insert into landed.texts select text_hash, 'texts.parquet' from told")
    connection.execute(
        """
        create table intermediate.searchable_orders as
        select
            order_id, text_number, text_hash, created_at, date_trunc('month', created_at)::date as created_month, unit_id,
            place_id, place_id as place_town, community, 'T' as topic_code, null::text as topic_level2_code, outcome
        from told inner join landed.search_texts using (text_hash) order by order_id
        """
    )
    connection.execute("create table staging.units as select distinct unit_id, unit_id as unit_name from told")
    connection.execute("create table intermediate.topics (topic_code text, topic_name text)")


def middle_and_slow(read: Callable[[], object]) -> tuple[float, float]:
    """Milliseconds, median and 95th percentile, of a read that was made before."""
    read()
    taken = []
    for _ in range(TIMES):
        begun = time.perf_counter()
        read()
        taken.append(1000 * (time.perf_counter() - begun))
    return statistics.median(taken), sorted(taken)[int(0.95 * TIMES)]


def main() -> None:
    """Build in a folder that is deleted afterwards, ask, print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("orders", type=int, nargs="?", default=1_000_000)
    count = parser.parse_args().orders
    told = texts(deal(make_orders(count + DAY)[0]))
    with tempfile.TemporaryDirectory() as folder:
        storage = Storage.at(Path(folder))
        connection = open_warehouse(storage)
        year, day = told.head(told.height - DAY), told.tail(DAY)
        length = told.select(pl.concat_str("title", "body", "result_text").str.len_chars().mean()).item()
        say(f"{year.height:,} texts of {length:.0f} characters")
        say(f"indexed: {1e6 * index(connection, storage, year) / year.height:.0f} µs a text")
        say(f"a day of {DAY:,} texts: {index(connection, storage, day):.1f} s")
        size = sum(path.stat().st_size for path in storage.search.iterdir())
        say(f"{len(list(storage.search.iterdir()))} files, {size / told.height:.0f} bytes a text, {size / 1e6:.0f} MB")
        store(connection, storage, told)
        ask(Reader(storage, Snapshot("measured", storage.warehouse), connection))
        say(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6:.1f} GB")


def ask(reader: Reader) -> None:
    """Ask every question with every filter."""
    for question in QUESTIONS:
        for name, narrowed in NARROWED.items():
            ways = [part.ways for part in parts(question, packaged_tokenizer())]
            found = reader.search_counts(ways, narrowed)["order_count"].sum()
            read = (
                lambda ways=ways, narrowed=narrowed: reader.search_counts(ways, narrowed),
                lambda ways=ways, narrowed=narrowed: reader.search_orders(ways, narrowed, 0, PAGE),
            )
            counts, page = (middle_and_slow(one) for one in read)
            say(
                f"{question}{name}: {found:,} found, counts {counts[0]:.0f}/{counts[1]:.0f} ms, "
                f"page {page[0]:.0f}/{page[1]:.0f} ms"
            )


if __name__ == "__main__":
    sys.exit(main())
