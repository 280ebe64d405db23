"""`hotline issues`: the recurring issues of the published snapshot, or of any table."""

from typing import Any

import click
import polars as pl

from hotline12345.dashboard.labels import DISCLAIMER, day, moment
from hotline12345.flows.cli.chinese import ChineseCommand, ChineseGroup
from hotline12345.flows.cli.issue_mine import PEOPLE_HINT
from hotline12345.flows.cli.output import emit, format_option
from hotline12345.flows.cli.places import data_dir_option
from hotline12345.sql.publish import current_snapshot
from hotline12345.sql.reads import Reader
from hotline12345.sql.storage import Storage

COMMANDS = {
    "list": ("hotline12345.flows.cli.issues:list_issues", "列出已发布数据中的每月一题候选。"),
    "show": (
        "hotline12345.flows.cli.issue_show:show",
        "说明一个问题：各项数字、四个得分的依据、单位、逐月、来历、典型工单。",
    ),
    "recurrence": (
        "hotline12345.flows.cli.issue_recurrence:recurrence",
        "解决后再次反映率：按承办单位或按一级分类，附分子、分母和 95% 区间。",
    ),
    "mine": ("hotline12345.flows.cli.issue_mine:mine", "在任意表格上挖掘反复问题，不需要数据目录。"),
}
issues = ChineseGroup("issues", table=COMMANDS, help="反复出现的问题：列出、说明、解决后再次反映率、挖掘。")
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
    "unresolved_count",
    "resolution_asked_count",
    "unresolved_share",
    "frequency_score",
    "breadth_score",
    "difficulty_score",
    "urgency_score",
    "issue_score",
    "top_share",
    "issue_id",
]
FILES_ONLY = ("recurrence_count",)  # a table of 200 characters has no room for it


@click.command("list", cls=ChineseCommand)
@data_dir_option
@click.option("--top", metavar="整数", type=click.IntRange(min=1), default=20, show_default=True, help="列出前几名。")
@format_option
def list_issues(storage: Storage, top: int, output: str) -> None:
    """列出每月一题候选：人数、工单数、月数、单位数、点位数、未解决占比、四个得分，以及权重变动时有多少次仍在前列（入围稳定度）。"""
    reader = Reader(storage, current_snapshot(storage))
    print_issues(reader, top, output)


def print_issues(reader: Reader, top: int, output: str) -> None:
    """Print the first `top` issues of a snapshot."""
    facts: dict[str, Any] = reader.overview()
    simulated = ["模拟数据，仅供演示"] if facts["is_simulated"] else []
    span = (
        [f"统计期 {day(facts['first_at'])}至{day(facts['last_at'])}，数据截至 {moment(facts['cutoff_at'])}。"]
        if facts["orders"]
        else []
    )
    notes = [*simulated, *span, f"{PEOPLE_HINT}排序权重为建议值；{DISCLAIMER}。"]
    ranked = reader.issues().filter(pl.col("issue_rank").is_not_null())
    names = [name for name in LISTED if output != "table" or name not in FILES_ONLY]
    emit(ranked.head(top), output, "每月一题候选", names, notes)
