"""`hotline issues mine`: recurring issues of any table, without a data folder."""

import json
from pathlib import Path

import click
import polars as pl

from hotline12345.flows.cli.chinese import ChineseCommand, UserError
from hotline12345.flows.cli.output import console, emit, format_option
from hotline12345.flows.cli.tables import read_columns
from hotline12345.flows.ingest.times import FORMS, parse_times
from hotline12345.models.recurring import mine as mine_records
from hotline12345.models.recurring.scoring import SCORE_COLUMNS

PEOPLE_HINT = "人数按诉求人去重；没有来电人信息的工单各算一人。"
LISTED = [
    "issue_rank",
    "issue_name",
    "issue_grain",
    "people_count",
    "order_count",
    "first_at",
    "last_at",
    *SCORE_COLUMNS,
]
#: Keys of the JSON form, with the columns they are taken from.
_CONTRACT = {
    "rank": "issue_rank",
    "issue_id": "issue_id",
    "name": "issue_name",
    "grain": "issue_grain",
    "people": "people_count",
    "orders": "order_count",
    "first_at": "first_at",
    "last_at": "last_at",
    "order_ids": "order_ids",
}


@click.command("mine", cls=ChineseCommand)
@click.argument("file", metavar="文件", type=click.Path(path_type=Path))
@click.option("--id", "id_column", metavar="列名", required=True, help="编号列。")
@click.option("--text", metavar="列名", required=True, help="文本列，逗号分隔，如 title,body；有几列时第一列作为标题。")
@click.option("--time", "time_column", metavar="列名", required=True, help="时间列。")
@click.option("--caller", metavar="列名", help="来电人列（只用于按人去重，不输出）。")
@click.option("--place", metavar="列名", help="点位列，如小区点位；不写则从文本中识别。")
@format_option
def mine(
    file: Path, id_column: str, text: str, time_column: str, caller: str | None, place: str | None, output: str
) -> None:
    """在任意表格（parquet、xlsx、csv）上挖掘反复问题，按得分列出。文本先脱敏再分析。"""
    texts = list(dict.fromkeys(name.strip() for name in text.split(",")))
    optional = {name: column for name, column in (("caller", caller), ("place", place)) if column}
    masked = [*texts, *([place] if place else [])]
    table = read_columns(file, [id_column, *texts, time_column, *optional.values()], masked)
    if table[id_column].null_count() or table[id_column].is_duplicated().any():
        raise UserError(f"编号列“{id_column}”有空值或重复值；每行须有自己的编号。")
    times = parse_times(table[time_column])
    if unknown := times.null_count():
        said = f"时间列“{time_column}”有 {unknown:,} 行为空或无法识别。支持的写法：{FORMS}。"
        if unknown == table.height:
            raise UserError(said)
        click.echo(f"{said}这些行照常分析，但不计入持续月数。", err=True)
    title, body = (texts[:1], texts[1:]) if len(texts) > 1 else ([], texts)
    records = table.select(
        pl.col(id_column).alias("order_id"),
        pl.concat_str([*title, pl.lit("")], ignore_nulls=True).alias("title"),
        pl.concat_str(body, separator="\n", ignore_nulls=True).alias("body"),
        times.alias("reported_at"),
        *(pl.col(column).alias(name) for name, column in optional.items()),
    )
    mined = mine_records(records)
    orders = pl.col("order_id").sort().alias("order_ids")
    found = mined.issues.join(mined.members.group_by("issue_id").agg(orders), on="issue_id").sort("issue_rank")
    if output == "json":
        click.echo(json.dumps([_contract(row) for row in found.to_dicts()], ensure_ascii=False, indent=2, default=str))
    else:
        emit(found, output, "反复出现的问题", LISTED)
        console().print(f"{PEOPLE_HINT}排序权重为建议值。", style="dim")


def _contract(row: dict[str, object]) -> dict[str, object]:
    named = {name: row[column] for name, column in _CONTRACT.items()}
    return {**named, "score_parts": {name: row[name] for name in SCORE_COLUMNS}}
