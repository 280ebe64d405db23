"""`hotline topics health`: whether the topic model in force still fits, urgent orders, proposed categories."""

import json
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any

import click
import polars as pl

from hotline12345.dashboard import labels, topic_alarms
from hotline12345.flows.cli.chinese import ChineseCommand
from hotline12345.flows.cli.output import console, emit
from hotline12345.flows.cli.places import data_dir_option
from hotline12345.sql.publish import current_snapshot
from hotline12345.sql.reads import Reader
from hotline12345.sql.storage import Storage

DAYS = 30
SHARES = ["mean_probability", "unseen_share", "unsure_share", "disagreement_share"]
MONTHS = ["created_month", "order_count", *SHARES, "corrected_count"]
PROPOSALS = ["proposal_name", "order_count", "people_count", "key_phrases", "guessed_code", "first_at", "last_at"]
URGENT = ["urgent_kinds", "certain_count", "possible_count", "order_count", "open_count"]


@click.command("health", cls=ChineseCommand)
@data_dir_option
@click.option(
    "--format", "output", type=click.Choice(["table", "json"]), default="table", show_default=True, help="输出格式。"
)
def health(storage: Storage, output: str) -> None:
    """现用分类模型是否还合适：提醒及原因、逐月把握、生词、待复核；最近 30 天的紧急敏感工单；新类别建议。"""
    reader = Reader(storage, current_snapshot(storage))
    counts = reader.topic_health()
    model_id = reader.model_in_force()
    try:
        manifest = reader.model_manifest(model_id or "")
    except LookupError:
        manifest = {}
    alarms = [asdict(alarm) for alarm in topic_alarms.alarms(counts, manifest)]
    months = topic_alarms.monthly(counts)
    last_at = reader.overview()["last_at"]
    since = last_at - timedelta(days=DAYS) if isinstance(last_at, datetime) else datetime.min
    urgent = reader.urgent_counts(since)
    proposals = reader.topic_proposals()
    if output == "json":
        found = {
            "model_id": model_id,
            "alarms": alarms,
            "months": months.select(MONTHS).to_dicts(),
            "urgent": urgent.to_dicts(),
            "proposals": proposals.to_dicts(),
        }
        click.echo(json.dumps(found, ensure_ascii=False, indent=2, default=str))
        return
    _print(model_id, alarms, months, urgent, proposals)


def _print(
    model_id: str | None,
    alarms: list[dict[str, Any]],
    months: pl.DataFrame,
    urgent: pl.DataFrame,
    proposals: pl.DataFrame,
) -> None:
    target = console()
    if months.is_empty():
        target.print("还没有模型分类的结果。导入带一级分类的工单后会训练模型并分类；见 hotline topics models。")
    else:
        told = [f"{a['kind']}　{a['topic_name']}，{labels.month(a['month'])}：{a['reason']}" for a in alarms]
        target.print(f"现用模型 {model_id}")
        target.print("\n".join(f"提醒：{line}" for line in told) or "没有提醒：各项都在平常范围内。")
        emit(months.tail(12), "table", "逐月", MONTHS, ["最近一个月可能不满月。"])
    if urgent.height:
        notes = ["按词语规则看出，会有漏标、误标；一张工单可以属于几种情形，各行不能相加。"]
        emit(urgent, "table", f"最近 {DAYS} 天的紧急敏感工单", URGENT, notes)
    if proposals.height:
        named = proposals.with_columns(guessed_code=pl.col("topic_name"))
        emit(named, "table", "新类别建议", PROPOSALS, ["是否设为新类别由人决定；工单见“模型”页。"])
    else:
        target.print("没有新类别建议。")
