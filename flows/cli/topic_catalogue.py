"""`hotline topics catalogue | relabel`: the topic catalogue with its counts, and what a changed one leaves to relabel."""

from contextlib import closing

import click
import polars as pl

from hotline12345.dashboard.labels import BASES, UNCLASSIFIED
from hotline12345.flows.cli.chinese import ChineseCommand, UserError
from hotline12345.flows.cli.output import console, emit, format_option
from hotline12345.flows.cli.places import data_dir_option
from hotline12345.sql.publish import current_snapshot
from hotline12345.sql.reads import Reader
from hotline12345.sql.rule_layout import STATUSES
from hotline12345.sql.storage import Storage

COUNTS = ["order_count", "clerk_count", "model_said_count"]
PRINTED = ["topic_code", "topic_name", *COUNTS, "seven_five_primary", "seven_five_secondary"]
COMPLETE = ["taxonomy_id", "level", "parent_code", *PRINTED, "is_replaced"]
WAITING = ["order_id", "created_at", "unit_name", "topic_name", "crosswalk_relation", "successors", "title"]
RELATIONS = {"split": "拆分", "merged": "合并"}


@click.command("catalogue", cls=ChineseCommand)
@click.option("--level", type=click.IntRange(1, 3), default=3, show_default=True, help="列到第几级。")
@data_dir_option
@format_option
def catalogue(level: int, storage: Storage, output: str) -> None:
    """打印分类目录：每个编码的名称、七有五性，以及它和它的下级有多少工单。"""
    with closing(Reader(storage, current_snapshot(storage))) as reader:
        tree, listed, months = reader.topic_catalogue(), reader.taxonomies(), reader.topic_months()
    shown = tree.filter(pl.col("level") <= level)
    if output != "table":
        emit(shown, output, "", COMPLETE)
        return
    indent = pl.lit("　").repeat_by(pl.col("level") - 1).list.join("")
    replaced = pl.when("is_replaced").then(pl.lit("（已被取代）")).otherwise(pl.lit(""))
    named = shown.with_columns(topic_name=indent + pl.col("topic_name") + replaced)
    emit(named, output, _title(listed), PRINTED, _notes(months, tree))


def _title(listed: pl.DataFrame) -> str:
    """The catalogues by name, each with what it is: an example is never called anything else."""
    named = [
        f"{row['taxonomy_name']}（{STATUSES.get(row['taxonomy_status'], '未注明性质')}）"
        for row in listed.iter_rows(named=True)
    ]
    return f"分类目录：{'、'.join(named)}" if named else "没有分类目录"


def _notes(months: pl.DataFrame, tree: pl.DataFrame) -> list[str]:
    """What the counts are of, and the orders that are in no row of the catalogue."""
    counts = dict(months.group_by("topic_code").agg(pl.col("order_count").sum()).iter_rows())
    outside = sum(count for code, count in counts.items() if code not in {*tree["topic_code"], UNCLASSIFIED})
    return [
        f"件数：{BASES['计数']}。上级的件数含下级。",
        f"不在表中的：未归类 {counts.get(UNCLASSIFIED, 0):,} 件，标注不在目录里的 {outside:,} 件。",
    ]


@click.command("relabel", cls=ChineseCommand)
@click.option("--code", metavar="编码", help="只列原来标为这个编码的工单。")
@click.option("--limit", type=click.IntRange(1), default=100, show_default=True, help="最多列出多少件，新的在前。")
@data_dir_option
@format_option
def relabel(code: str | None, limit: int, storage: Storage, output: str) -> None:
    """列出目录拆分、合并以后需要重新归类的工单，以及每件可以归入的新类。已经复核过的不列。"""
    with closing(Reader(storage, current_snapshot(storage))) as reader:
        counts = reader.relabel_counts()
        if code is not None and code not in counts["topic_code"].to_list():
            waiting = "、".join(counts["topic_code"]) or "没有"
            raise UserError(f"没有编码为“{code}”的待归类工单。有待归类工单的编码：{waiting}。")
        orders = reader.relabel_orders(limit, code)
    orders = orders.with_columns(pl.col("crosswalk_relation").replace(RELATIONS))
    if output == "table" and orders.is_empty():
        console().print("没有需要重新归类的工单：目录没有拆分或合并，或相关工单都已复核。")
        return
    chosen = counts if code is None else counts.filter(pl.col("topic_code") == code)
    notes = [
        *(
            f"“{row['topic_name']}”（{row['topic_code']}）{RELATIONS[row['crosswalk_relation']]}为 {row['successors']}："
            f"{row['order_count']:,} 件"
            for row in chosen.iter_rows(named=True)
        ),
        "改正：hotline topics review --set 工单编号=新编码，或在看板“分类复核”页进行。",
    ]
    emit(orders, output, "需要重新归类的工单", WAITING, notes)
