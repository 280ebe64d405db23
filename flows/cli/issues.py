"""`hotline issues`: the recurring issues of the published snapshot, or of any table."""

import json
from pathlib import Path

import click
import polars as pl

from hotline12345.dashboard.labels import DISCLAIMER
from hotline12345.flows.cli.chinese import ChineseCommand, ChineseGroup, UserError
from hotline12345.flows.cli.output import console, emit, format_option
from hotline12345.flows.cli.places import data_dir_option
from hotline12345.flows.cli.tables import read_columns
from hotline12345.flows.ingest.times import FORMS, parse_times
from hotline12345.models.recurring import SCORE_PARTS
from hotline12345.models.recurring import mine as mine_records
from hotline12345.sql.publish import current_snapshot
from hotline12345.sql.reads import Reader
from hotline12345.sql.storage import Storage

COMMANDS = {
    "list": ("hotline12345.flows.cli.issues:list_issues", "列出已发布数据中的每月一题候选。"),
    "mine": ("hotline12345.flows.cli.issues:mine", "在任意表格上挖掘反复问题，不需要数据目录。"),
}
issues = ChineseGroup("issues", table=COMMANDS, help="反复出现的问题：列出、挖掘。")
LISTED = [
    "issue_rank",
    "issue_name",
    "issue_grain",
    "people_count",
    "order_count",
    "month_count",
    "unit_count",
    "place_count",
    "recurrence_count",
    "unresolved_share",
    "issue_score",
    "issue_id",
]
MINED = ["rank", "name", "grain", "people", "orders", "first_at", "last_at"]
PEOPLE_HINT = "人数按诉求人去重；没有来电人信息的工单各算一人。"


@click.command("list", cls=ChineseCommand)
@data_dir_option
@click.option("--top", metavar="整数", type=click.IntRange(min=1), default=20, show_default=True, help="列出前几名。")
@format_option
def list_issues(storage: Storage, top: int, output: str) -> None:
    """列出每月一题候选：人数、工单数、月数、单位数、点位数、解决后再次反映和未解决占比。"""
    reader = Reader(storage, current_snapshot(storage))
    print_issues(reader, top, output)


def print_issues(reader: Reader, top: int, output: str) -> None:
    """Print the first `top` issues of a snapshot."""
    simulated = ["模拟数据，仅供演示"] if reader.overview()["is_simulated"] else []
    notes = [*simulated, f"{PEOPLE_HINT}排序权重为建议值；{DISCLAIMER}。"]
    emit(reader.issues().head(top), output, "每月一题候选", LISTED, notes)


@click.command("mine", cls=ChineseCommand)
@click.argument("file", metavar="文件", type=click.Path(path_type=Path))
@click.option("--id", "id_column", metavar="列名", required=True, help="编号列。")
@click.option("--text", metavar="列名", required=True, help="文本列，逗号分隔，第一列作为标题，如 title,body。")
@click.option("--time", "time_column", metavar="列名", required=True, help="时间列。")
@click.option("--caller", metavar="列名", help="来电人列（只用于按人去重，不输出）。")
@click.option("--place", metavar="列名", help="点位列，如小区点位；不写则从文本中识别。")
@format_option
def mine(
    file: Path, id_column: str, text: str, time_column: str, caller: str | None, place: str | None, output: str
) -> None:
    """在任意表格（parquet、xlsx、csv）上挖掘反复问题，按得分列出。文本先脱敏再分析。"""
    title, *body = text.split(",")
    optional = {name: column for name, column in (("caller", caller), ("place", place)) if column}
    masked = [title, *body, *([place] if place else [])]
    table = read_columns(file, [id_column, title, *body, time_column, *optional.values()], masked)
    if table[id_column].null_count() or table[id_column].is_duplicated().any():
        raise UserError(f"编号列“{id_column}”有空值或重复值；每行须有自己的编号。")
    times = parse_times(table[time_column])
    if unknown := times.null_count():
        said = f"时间列“{time_column}”有 {unknown:,} 行为空或无法识别。支持的写法：{FORMS}。"
        if unknown == table.height:
            raise UserError(said)
        click.echo(f"{said}这些行照常分析，但不计入持续月数。", err=True)
    records = table.select(
        pl.col(id_column).alias("order_id"),
        pl.col(title).alias("title"),
        pl.concat_str(body, separator="\n", ignore_nulls=True).alias("body") if body else pl.lit("").alias("body"),
        times.alias("reported_at"),
        *(pl.col(column).alias(name) for name, column in optional.items()),
    )
    mined = mine_records(records)
    members = (
        mined.members.sort("issue_id", "order_id")
        .group_by("issue_id", maintain_order=True)
        .agg(pl.col("order_id").alias("order_ids"))
    )
    found = mined.issues.join(members, on="issue_id", how="left").sort("rank")
    if output == "json":
        click.echo(json.dumps([_contract(row) for row in found.to_dicts()], ensure_ascii=False, indent=2, default=str))
    else:
        emit(found, output, "反复出现的问题", MINED)
        console().print(PEOPLE_HINT, style="dim")


def _contract(row: dict[str, object]) -> dict[str, object]:
    names = ["rank", "issue_id", "name", "grain", "people", "orders", "first_at", "last_at", "order_ids"]
    return {**{name: row[name] for name in names}, "score_parts": {name: row[name] for name in SCORE_PARTS}}
