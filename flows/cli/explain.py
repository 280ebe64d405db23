"""`hotline explain`: one order's whole story in Chinese, under the rules in force or any other."""

from collections.abc import Iterator
from typing import Any

import click
import polars as pl

from hotline12345.dashboard import labels
from hotline12345.dashboard.rule_words import clause
from hotline12345.dashboard.stories import counting, order_story
from hotline12345.flows.cli.chinese import ChineseCommand, UserError
from hotline12345.flows.cli.output import console
from hotline12345.flows.cli.places import data_dir_option
from hotline12345.flows.cli.rules import choose_rule, known_rules
from hotline12345.sql.period_replay import replay_period
from hotline12345.sql.publish import Snapshot, current_snapshot
from hotline12345.sql.reads import Reader
from hotline12345.sql.rules import Rule
from hotline12345.sql.storage import Storage


@click.command("explain", cls=ChineseCommand)
@click.argument("order_id", metavar="工单编号")
@data_dir_option
@click.option("--rule", "rule_id", metavar="规则编号", help="只看一个规则，备用的也可以；不写则列出全部已启用的。")
def explain(order_id: str, storage: Storage, rule_id: str | None) -> None:
    """说明一张工单：现状、各批次的变化、四种标记，在规则下怎样计入各率、依据哪一条、对单位成绩的影响。"""
    snapshot = current_snapshot(storage)
    reader = Reader(storage, snapshot)
    found = reader.order(order_id)
    if found.is_empty():
        raise UserError("没有这张工单。请核对编号；如果它在隔离区，见 hotline check --batch 批次号。")
    known = known_rules(storage, reader)
    wanted = choose_rule(known, rule_id) if rule_id else None
    order = found.row(0, named=True)
    target = console()
    for line in order_story(order, reader.order_versions(order_id), reader.case_orders(order_id)):
        target.print(line)
    if wanted and wanted.id not in reader.rules()["rule_id"]:
        lines = _under(storage, snapshot, wanted, order)
    else:
        lines = _in_force(reader, known, order, rule_id)
    for line in lines:
        target.print(line)
    target.print(labels.DISCLAIMER, style="dim")


def _in_force(reader: Reader, known: dict[str, Rule], order: dict[str, Any], rule_id: str | None) -> Iterator[str]:
    """How the order counts under the rules of the publication; only under one of them when it is named."""
    ledger = reader.order_ledger(order["order_id"])
    if rule_id:
        ledger = ledger.filter(pl.col("rule_id") == rule_id)
    if ledger.is_empty():
        yield "没有已启用的规则把这张工单归入某一期：它的时间不在规则的有效期内，或者还没有规则所用的时间。"
    for row in ledger.iter_rows(named=True):
        yield from _told(reader, row, order, known[row["rule_id"]])


def _under(storage: Storage, snapshot: Snapshot, rule: Rule, order: dict[str, Any]) -> Iterator[str]:
    """How the order would count under a rule that is not in force: its period is counted again in memory."""
    moment = order[f"{rule.clock}_at"]
    periods = list(rule.periods(moment, moment)) if moment else []
    if not periods:
        key = "validity" if moment else "clock"
        yield f"规则：{rule.name}（未启用）。这张工单不归入任何一期。{clause(rule, key).sentence}"
        return
    yield "以下按未启用的规则重算，只供比较，不改变已发布的数据。"
    reader = Reader(storage, snapshot, replay_period(snapshot, periods[0].period_id, None, rules=(rule,)))
    for row in reader.order_ledger(order["order_id"]).iter_rows(named=True):
        yield from _told(reader, row, order, rule)


def _told(reader: Reader, row: dict[str, Any], order: dict[str, Any], rule: Rule) -> Iterator[str]:
    scores = reader.unit_scores(row["rule_id"], row["period_id"])
    unit = scores.row(by_predicate=pl.col("unit_id") == row["unit_id"], named=True)
    yield from (f"{name}：{sentence}" for name, sentence in counting(row, order, rule, unit))
