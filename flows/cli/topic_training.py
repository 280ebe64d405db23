"""`hotline topics train | rollback | models`: a new model, an earlier one, and what is known of each."""

from contextlib import closing
from dataclasses import asdict
from datetime import datetime
from typing import Any

import click
import polars as pl

from hotline12345.dashboard import model_card
from hotline12345.flows.cli.chinese import ChineseCommand, UserError
from hotline12345.flows.cli.output import console, emit, format_option, progress
from hotline12345.flows.cli.places import data_dir_option
from hotline12345.flows.refreshing import STEPS
from hotline12345.flows.retraining import (
    UNREADABLE,
    StoredModel,
    choose_earlier,
    outcome_lines,
    published_names,
    retrain,
    stored_models,
    switch_back,
)
from hotline12345.sql.publish import current_snapshot, pointed
from hotline12345.sql.storage import Storage
from hotline12345.sql.warehouse import open_warehouse

LISTED = [
    *("model_id", "model_state", "trained_at", "taxonomy_id", "macro_f1", "accuracy", "train_count", "test_count"),
    "correction_count",
]
TYPES = {
    "trained_at": pl.Datetime("us"),
    **dict.fromkeys(("macro_f1", "accuracy"), pl.Float64()),
    **dict.fromkeys(("train_count", "test_count", "correction_count"), pl.Int64()),
}
NOW = "now"


@click.command("train", cls=ChineseCommand)
@data_dir_option
def train(storage: Storage) -> None:
    """用已有的人工分类和复核结果训练新模型，与现用模型在同样的留出工单上比较，不差才启用，然后重新分类并发布。

    总体变差，或样本不少于 30 条的某一类明显变差，就不启用，说明是哪一类、差多少；新模型的说明书仍然保留。
    """
    if not storage.warehouse.exists():
        current_snapshot(storage)  # says that nothing is there; a run that a damaged model stopped left a warehouse
    with closing(open_warehouse(storage)) as connection, progress(len(STEPS) + 2) as report:
        outcome = retrain(connection, storage, report)
    names = published_names(storage)
    changes = model_card.changes(asdict(outcome.manifest), names)
    if changes is not None:
        emit(changes, "table", "各类与上一模型比较", changes.columns)
    for line in outcome_lines(outcome, names):
        console().print(line)


@click.command("rollback", cls=ChineseCommand)
@click.argument("model_id", metavar="[模型编号]", required=False)
@data_dir_option
def rollback(model_id: str | None, storage: Storage) -> None:
    """换回先前的模型并重新发布；不写编号则换回比现用模型更早的那一个。以前分过的工单不必重新分类。"""
    current_snapshot(storage)
    chosen = choose_earlier(storage, model_id)
    with closing(open_warehouse(storage)) as connection, progress(len(STEPS) + 1) as report:
        manifest = asdict(switch_back(connection, storage, chosen, report))
    console().print(f"已换回{model_card.heading(manifest)}：{model_card.summary(manifest)}。")


@click.command("models", cls=ChineseCommand)
@click.option(
    "--card",
    metavar="模型编号",
    is_flag=False,
    flag_value=NOW,
    help="打印一个模型的说明书（Markdown）；不写编号则为现用的模型。",
)
@data_dir_option
@format_option
def models(card: str | None, storage: Storage, output: str) -> None:
    """列出各个模型：编号、状态（现用、可换回、未启用、不能读取）、训练时间、指标。"""
    found = stored_models(storage)
    if not found:
        raise UserError(
            f"目录 {storage.data} 中还没有分类模型。导入带一级分类的工单后会自动训练第一个，或运行 hotline topics train。"
        )
    if card:
        click.echo(model_card.markdown(_manifest(storage, found, card), published_names(storage)), nl=False)
        return
    frame = pl.DataFrame([_row(model) for model in found], schema_overrides=TYPES)
    emit(
        frame,
        output,
        "分类模型",
        LISTED,
        ["说明书：hotline topics models --card 编号；换回：hotline topics rollback 编号。"],
    )


def _manifest(storage: Storage, found: list[StoredModel], wanted: str) -> dict[str, Any]:
    """What the card is made of; UserError when there is no such model or it cannot be read."""
    model_id = pointed(storage.topic_models) if wanted == NOW else wanted
    chosen = next((model for model in found if model.model_id == model_id), None)
    if chosen is None or chosen.manifest is None:
        readable = "、".join(model.model_id for model in found if model.state != UNREADABLE) or "没有"
        why = "不能读取（旧版本程序训练的，或已损坏、被改动）" if chosen else "不存在"
        raise UserError(f"模型 {model_id or '（现用）'} {why}。有说明书的模型：{readable}。")
    return asdict(chosen.manifest)


def _row(model: StoredModel) -> dict[str, Any]:
    said = model.manifest
    return {
        "model_id": model.model_id,
        "model_state": model.state,
        "trained_at": datetime.fromisoformat(said.trained_at) if said else None,
        "taxonomy_id": said.taxonomy_id if said else None,
        "macro_f1": said.metrics["macro_f1"] if said else None,
        "accuracy": said.metrics["accuracy"] if said else None,
        "train_count": said.metrics["train_records"] if said else None,
        "test_count": said.metrics["test_records"] if said else None,
        "correction_count": said.corrections if said else None,
    }
