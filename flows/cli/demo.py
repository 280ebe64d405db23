"""`hotline demo`: the whole job on the packaged sample."""

import shutil

import click
import polars as pl

from hotline12345.flows.cli.chinese import ChineseCommand
from hotline12345.flows.cli.dashboard import ADDRESS, serve
from hotline12345.flows.cli.init import TEMPLATES
from hotline12345.flows.cli.issues import print_issues
from hotline12345.flows.cli.load import load_and_refresh
from hotline12345.flows.cli.output import console, emit, progress
from hotline12345.flows.cli.places import data_dir_option
from hotline12345.flows.cli.rates import print_rates_or_volumes
from hotline12345.flows.refreshing import STEPS
from hotline12345.sample_data.paths import CONFIG, sample_files
from hotline12345.sql.publish import current_snapshot
from hotline12345.sql.reads import Reader
from hotline12345.sql.storage import Storage

DEMO_FOLDER = "demo"


@click.command("demo", cls=ChineseCommand)
@data_dir_option
@click.option("--serve/--no-serve", "open_dashboard", default=True, help="完成后打开看板，或只打印结果。")
@click.option(
    "--port", metavar="整数", type=click.IntRange(1, 65535), default=8501, show_default=True, help="看板端口。"
)
def demo(storage: Storage, open_dashboard: bool, port: int) -> int:
    """在模拟样例（虚构的示例区）上跑完全部流程：导入、三率、分类、反复问题，然后打开看板。"""
    folder = storage.data / DEMO_FOLDER
    place = Storage.at(folder, folder / "config")
    place.make()
    for name in TEMPLATES:
        shutil.copyfile(CONFIG / name, place.config / name)
    files = tuple(sample_files())
    with progress(len(files) + len(STEPS)) as report:
        refused = load_and_refresh(place, files, report)
    print_rates_or_volumes(place)
    reader = Reader(place, current_snapshot(place))
    print_topics(reader)
    print_issues(reader, 20, "table")
    if open_dashboard and not refused:
        return serve(place, port)
    console().print(f"打开看板：hotline dashboard --data-dir {place.data}（地址 http://{ADDRESS}:{port}）")
    return 2 if refused else 0


def print_topics(reader: Reader) -> None:
    """Print the orders of each level-1 topic, and how many the clerk or the model classified."""
    months = reader.topic_months()
    total = months["order_count"].sum()
    topics = (
        months.group_by("topic_name")
        .agg(
            pl.col("order_count").sum(),
            pl.col("order_count").filter(pl.col("topic_source") == "模型").sum().alias("model_count"),
        )
        .with_columns((pl.col("order_count") / total).alias("order_share"))
        .sort("order_count", "topic_name", descending=[True, False])
    )
    emit(
        topics,
        "table",
        "诉求分类（复核、人工、模型依次为准）",
        ["topic_name", "order_count", "order_share", "model_count"],
    )
