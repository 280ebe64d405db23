"""`hotline issues show`: one recurring issue with everything that stands behind its rank."""

import json
from datetime import datetime
from typing import Any

import click
import polars as pl

from hotline12345.dashboard import labels
from hotline12345.dashboard.issue_practice import rated
from hotline12345.dashboard.score_evidence import SCORES, evidence
from hotline12345.flows.cli.chinese import ChineseCommand, UserError
from hotline12345.flows.cli.output import console, emit
from hotline12345.flows.cli.places import data_dir_option
from hotline12345.sql.publish import current_snapshot
from hotline12345.sql.reads import Reader
from hotline12345.sql.storage import Storage

EXAMPLES = 5
UNITS = ("unit_name", "order_count", "people_count", "resolution_asked_count", "resolved_count", "resolution_rate")
SHOWN_UNITS = (*UNITS, "recurrence_count")
MONTHS = ("created_month", "order_count", "resolution_asked_count", "resolved_count", "recurrence_count")
HISTORY = ("noted_at", "event", "other_issue_id", "reason", "who")
EXAMPLE = ("order_id", "created_at", "unit_name", "place_town", "title", "body")


@click.command("show", cls=ChineseCommand)
@click.argument("issue_id", metavar="问题编号")
@data_dir_option
@click.option(
    "--format",
    "output",
    type=click.Choice(["table", "json"]),
    default="table",
    help="输出格式。",
    show_default=True,
)
def show(issue_id: str, storage: Storage, output: str) -> None:
    """说明一个问题：各项数字、四个得分各由哪些数得出、承办单位、逐月、来历和已脱敏的典型工单。"""
    reader = Reader(storage, current_snapshot(storage))
    issue = _found(reader, issue_id)
    units = rated(reader.issue_units(issue["issue_id"]))
    months = _months(reader, issue["issue_id"])
    history = reader.issue_history([issue["issue_id"], issue_id])
    examples = reader.issue_orders(issue["issue_id"], EXAMPLES)
    if output == "json":
        parts = {
            **issue,
            "evidence": [each._asdict() for each in evidence(issue)] if issue["order_count"] else [],
            "units_of_issue": units.to_dicts(),
            "months_of_issue": months.to_dicts(),
            "history": history.select(HISTORY).to_dicts(),
            "examples": examples.select(EXAMPLE).to_dicts(),
        }
        click.echo(json.dumps(parts, ensure_ascii=False, indent=2, default=_plain))
        return
    if reader.overview()["is_simulated"]:
        console().print(labels.SIMULATED, style="dim")
    _print_head(reader, issue, issue_id)
    if not issue["order_count"]:
        console().print("这个问题现在没有工单，所以没有数字和得分。", style="dim")
    else:
        _print_evidence(issue)
        emit(units, "table", "承办单位", SHOWN_UNITS)
        emit(months, "table", "逐月", MONTHS)
    _print_history(history)
    _print_examples(issue, examples)
    console().print(f"排序权重为建议值；是否列入每月一题由会议决定。{labels.DISCLAIMER}。", style="dim")


def _found(reader: Reader, issue_id: str) -> dict[str, Any]:
    """The issue, or the one it was merged into in the end."""
    issues = {row["issue_id"]: row for row in reader.issues().iter_rows(named=True)}
    if issue_id not in issues:
        raise UserError("没有这个问题。请核对问题编号；编号见 hotline issues list 的最后一列。")
    found = issues[issue_id]
    while found["merged_into"] in issues:
        found = issues[found["merged_into"]]
    return dict(found)


def _months(reader: Reader, issue_id: str) -> pl.DataFrame:
    """The issue by month over all units; grain created_month."""
    counts = [name for name in MONTHS if name != "created_month"]
    return reader.issue_months(issue_id).group_by("created_month").agg(pl.col(counts).sum()).sort("created_month")


def _print_head(reader: Reader, issue: dict[str, Any], asked: str) -> None:
    target = console()
    target.print(f"{issue['issue_name']}（{issue['issue_grain']}，{issue['issue_id']}）", style="bold")
    if asked != issue["issue_id"]:
        target.print(f"{asked} 已并入这个问题。")
    rank = f"第 {issue['issue_rank']} 名" if issue["issue_rank"] else "没有名次"
    marks = [
        name for name, column in (("已置顶", "is_pinned"), ("分析员定为不作为问题", "is_dismissed")) if issue[column]
    ]
    target.print("；".join([rank, *marks]))
    if issue["order_count"]:
        target.print(f"{labels.day(issue['first_at'])}至{labels.day(issue['last_at'])}，{_counted(issue)}")
        size = reader.issue_settings().choice.shortlist_size
        if issue["top_share"] is not None:
            target.print(f"权重随机变动时，有 {labels.rate(issue['top_share'])} 的情形在前 {size} 名之内。")


def _counted(issue: dict[str, Any]) -> str:
    named = (("people_count", "人"), ("order_count", "件"), ("unit_count", "个单位"), ("place_count", "处"))
    return "、".join(labels.count(issue[name], unit) for name, unit in named)


def _print_evidence(issue: dict[str, Any]) -> None:
    target = console()
    target.print(f"总分 {labels.score(issue['issue_score'])}，由以下四项合成：", style="bold")
    lines = evidence(issue)
    for name in SCORES:
        target.print(f"{labels.column(name)} {labels.score(issue[name])}")
        for line in (line for line in lines if line.score == labels.column(name)):
            target.print(f"  {line.measure} {line.value}（{line.of}）")


def _print_history(history: pl.DataFrame) -> None:
    target = console()
    target.print("来历", style="bold")
    for row in history.iter_rows(named=True):
        who = f"（{row['who']}）" if row["who"] else ""
        target.print(f"{labels.moment(row['noted_at'])}　{row['event']}：{row['reason']}{who}")


def _print_examples(issue: dict[str, Any], examples: pl.DataFrame) -> None:
    target = console()
    target.print("典型工单（已脱敏）", style="bold")
    for row in examples.iter_rows(named=True):
        where = row["place_town"] or labels.MISSING
        target.print(f"{row['order_id']}　{labels.moment(row['created_at'])}　{where}　{row['unit_name']}")
        target.print(f"  {row['body'] or row['title'] or '没有导入文本'}")
    if hidden := issue["need_to_know_count"]:
        target.print(f"另有 {labels.count(hidden, '件')}举报或保密工单计数但不列出。")


def _plain(value: Any) -> Any:
    return value.isoformat(sep=" ") if isinstance(value, datetime) else str(value)
