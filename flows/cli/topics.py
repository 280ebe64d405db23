"""`hotline topics`: the commands about the classifier, and the recipe evaluated on labelled files."""

import json
from pathlib import Path

import click
import polars as pl

from hotline12345.flows.cli.chinese import ChineseCommand, ChineseGroup, UserError
from hotline12345.flows.cli.output import console, emit
from hotline12345.flows.cli.tables import read_columns
from hotline12345.models.topics.evaluate import Evaluation
from hotline12345.models.topics.evaluate import evaluate as evaluate_model
from hotline12345.models.topics.topic_model import TopicModel

COMMANDS = {
    "train": ("hotline12345.flows.cli.topic_training:train", "训练新模型，与现用模型比较，不差才启用并发布。"),
    "rollback": ("hotline12345.flows.cli.topic_training:rollback", "换回先前的模型并重新发布。"),
    "models": ("hotline12345.flows.cli.topic_training:models", "列出各个模型及其指标，或打印模型说明书。"),
    "evaluate": ("hotline12345.flows.cli.topics:evaluate", "在带标签的文件上训练并评估，不需要数据目录。"),
    "predict": ("hotline12345.flows.cli.topic_predict:predict", "用现用模型给任意一张表分类。"),
    "explain": ("hotline12345.flows.cli.topic_explain:explain", "说明一张工单为什么归到这一类。"),
    "review": ("hotline12345.flows.cli.topic_review:review", "复核分类：列出待复核工单，确认或改正。"),
    "catalogue": ("hotline12345.flows.cli.topic_catalogue:catalogue", "打印分类目录及各类件数。"),
    "relabel": ("hotline12345.flows.cli.topic_catalogue:relabel", "目录拆分、合并后需要重新归类的工单。"),
    "health": ("hotline12345.flows.cli.topic_health:health", "模型健康：把握、生词、类别变化和新类别建议。"),
}
topics = ChineseGroup("topics", table=COMMANDS, help="诉求分类：训练、复核、说明、目录、健康。")


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
    low, high = evaluation.macro_f1_interval
    console().print(
        f"宏平均 F1 {evaluation.macro_f1:.3f}（95% 区间 {low:.3f}–{high:.3f}），准确率 {evaluation.accuracy:.1%}，"
        f"校准误差 {evaluation.ece:.3f}；{_sure(evaluation)}\n"
        f"训练 {evaluation.train_records:,} 条，评估 {evaluation.test_records:,} 条，"
        f"每秒分类 {evaluation.records_per_second:,.0f} 条"
    )


def _sure(evaluation: Evaluation) -> str:
    if evaluation.sure_probability is None:
        return "没有任何一部分回答达到 95% 正确"
    return f"概率不低于 {evaluation.sure_probability:.2f} 的回答占 {evaluation.sure_share:.1%}，其中 95% 以上正确"
