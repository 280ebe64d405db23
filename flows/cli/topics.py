"""`hotline topics`: train the classifier of the warehouse, or evaluate the recipe on labelled files."""

import json
from pathlib import Path

import click
import polars as pl

from hotline12345.flows.cli.chinese import ChineseCommand, ChineseGroup, UserError
from hotline12345.flows.cli.output import console, emit, progress
from hotline12345.flows.cli.places import data_dir_option
from hotline12345.flows.cli.tables import read_columns
from hotline12345.flows.refreshing import STEPS, refresh
from hotline12345.flows.topic_scoring import train as train_model
from hotline12345.models.topics.evaluate import Evaluation
from hotline12345.models.topics.evaluate import evaluate as evaluate_model
from hotline12345.models.topics.topic_model import TopicModel
from hotline12345.sql.publish import current_snapshot
from hotline12345.sql.storage import Storage
from hotline12345.sql.warehouse import open_warehouse

COMMANDS = {
    "train": ("hotline12345.flows.cli.topics:train", "用已有人工分类的工单训练模型，并重新分类、发布。"),
    "evaluate": ("hotline12345.flows.cli.topics:evaluate", "在带标签的文件上训练并评估，不需要数据目录。"),
}
topics = ChineseGroup("topics", table=COMMANDS, help="诉求分类模型：训练、评估。")


@click.command("train", cls=ChineseCommand)
@data_dir_option
def train(storage: Storage) -> None:
    """用已有人工分类的工单训练模型；留出五分之一的文本评估，然后重新分类全部工单并发布。"""
    current_snapshot(storage)
    connection = open_warehouse(storage)
    try:
        with progress(len(STEPS) + 1) as report:
            refresh(connection, storage, report)
            report("训练分类模型")
            evaluation = train_model(connection, storage)
            refresh(connection, storage, report)
    finally:
        connection.close()
    _print(evaluation, "table")


@click.command("evaluate", cls=ChineseCommand)
@click.option(
    "--train",
    "train_file",
    metavar="文件",
    type=click.Path(path_type=Path),
    required=True,
    help="训练用的表（parquet、xlsx、csv）。",
)
@click.option(
    "--test", "test_file", metavar="文件", type=click.Path(path_type=Path), required=True, help="评估用的表。"
)
@click.option("--label", metavar="列名", required=True, help="标签列。")
@click.option("--text", metavar="列名", required=True, help="文本列，逗号分隔，第一列作为标题，如 title,body。")
@click.option(
    "--format", "output", type=click.Choice(["table", "json"]), default="table", show_default=True, help="输出格式。"
)
def evaluate(train_file: Path, test_file: Path, label: str, text: str, output: str) -> None:
    """在一个带标签的文件上训练，在另一个上评估：宏平均 F1、准确率、各类指标和每秒条数。"""
    names = text.split(",")
    parts = [
        read_columns(path, [label, *names]).filter(pl.col(label).is_not_null()) for path in (train_file, test_file)
    ]
    if parts[1].is_empty():
        raise UserError(f"评估用的表中，标签列“{label}”没有任何取值。")
    learn, test = (
        (list(part.select(pl.col(names).fill_null("")).iter_rows()), part[label].to_list()) for part in parts
    )
    _print(evaluate_model(TopicModel, *learn, *test), output)


def _print(evaluation: Evaluation, output: str) -> None:
    if output == "json":
        click.echo(json.dumps(evaluation.to_dict(), ensure_ascii=False, indent=2))
        return
    rows = [{"topic_code": name, **score.__dict__} for name, score in evaluation.per_class.items()]
    emit(pl.DataFrame(rows), "table", "各类指标", ["topic_code", "precision", "recall", "f1", "support"])
    console().print(
        f"宏平均 F1 {evaluation.macro_f1:.3f}，准确率 {evaluation.accuracy:.1%}；"
        f"训练 {evaluation.train_records:,} 条，评估 {evaluation.test_records:,} 条，"
        f"每秒分类 {evaluation.records_per_second:,.0f} 条"
    )
