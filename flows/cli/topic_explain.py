"""`hotline topics explain`: why an order has its topic, what would change it, and which earlier orders are like it."""

import json
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import click
import polars as pl

from hotline12345.dashboard import labels
from hotline12345.dashboard.topic_explaining import Story, strength, tipping_sentence, told
from hotline12345.flows.cli.chinese import ChineseCommand, UserError
from hotline12345.flows.cli.output import console
from hotline12345.flows.cli.places import data_dir_option
from hotline12345.models.topics.phrases import Phrase
from hotline12345.models.topics.store import load
from hotline12345.sql.publish import current_snapshot
from hotline12345.sql.reads import Reader
from hotline12345.sql.storage import Storage

SIMILAR = ("order_id", "created_at", "unit_name", "topic_name", "resolution", "text_similarity", "title")


@click.command("explain", cls=ChineseCommand)
@click.argument("order_id", metavar="工单编号")
@data_dir_option
@click.option(
    "--format", "output", type=click.Choice(["table", "json"]), default="table", show_default=True, help="输出格式。"
)
def explain(order_id: str, storage: Storage, output: str) -> None:
    """说明一张工单为什么归到这一类：由谁给出、起作用的词语、第二可能和怎样会改判、三张相似的往期工单（已脱敏）。"""
    with closing(Reader(storage, current_snapshot(storage))) as reader:
        found = reader.order_topic(order_id)
        if found.is_empty():
            raise UserError("没有这张工单。请核对编号；如果它在隔离区，见 hotline check --batch 批次号。")
        order = found.row(0, named=True)
        story = told(
            order,
            reader.topic_names(),
            lambda model_id: load(storage.topic_models / model_id)[0],
            lambda: reader.similar_candidates(order_id),
        )
    if output == "json":
        click.echo(json.dumps(_facts(order, story), ensure_ascii=False, indent=2, default=str))
        return
    target = console()
    for line in _lines(order_id, story):
        target.print(line)


def _lines(order_id: str, story: Story) -> Iterator[str]:
    yield f"工单 {order_id} 的分类"
    yield from story.given
    if story.path:
        yield "模型的判断：" + " › ".join(f"{name} {labels.rate(share)}" for name, share in story.path)
    if story.runner_up:
        yield f"第二可能：{story.runner_up[0]} {labels.rate(story.runner_up[1])}"
    for side, phrases in (("支持", story.phrases), ("反对", story.against)):
        if phrases:
            listed = "、".join(f"{each.text}（{strength(each.weight)} {each.weight:+.2f}）" for each in phrases)
            yield f"{side}这一类的词语：{listed}"
    yield from filter(None, (tipping_sentence(story), *story.remarks))
    for row in story.similar.iter_rows(named=True):
        yield (
            f"相似的往期工单 {row['order_id']}：{labels.moment(row['created_at'])[:10]}，{row['unit_name']}，{row['topic_name']}，"
            f"{labels.shown('resolution', row['resolution'])}，相似度 {labels.rate(row['text_similarity'])}，{row['title'] or labels.MISSING}"
        )
    if story.model:
        yield story.model


def _facts(order: dict[str, Any], story: Story) -> dict[str, Any]:
    """The same as data; probabilities 0–1, weights in log-odds."""
    return {
        "order_id": order["order_id"],
        "topic_source": order["topic_source"],
        "topic_code": order["topic_code"],
        "model_id": order["model_id"],
        "given": story.given,
        "path": [{"name": name, "probability": share} for name, share in story.path],
        "runner_up": {"name": story.runner_up[0], "probability": story.runner_up[1]} if story.runner_up else None,
        "phrases": _weights(story.phrases),
        "against": _weights(story.against),
        "tipping": story.tipping,
        "unseen_share": order["unseen_share"],
        "similar": _similar(story.similar),
        "remarks": story.remarks,
    }


def _weights(phrases: tuple[Phrase, ...]) -> list[dict[str, Any]]:
    return [{"text": phrase.text, "weight": phrase.weight} for phrase in phrases]


def _similar(orders: pl.DataFrame) -> list[dict[str, Any]]:
    return orders.select(SIMILAR).to_dicts() if orders.height else []
