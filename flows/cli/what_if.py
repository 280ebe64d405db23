"""`hotline rates what-if`: a unit's figures if filed applications were decided and open callbacks answered."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import click
import polars as pl

from hotline12345.dashboard import labels, unit_names, what_ifs
from hotline12345.flows.cli.chinese import ChineseCommand, UserError
from hotline12345.flows.cli.output import console, emit, format_option
from hotline12345.flows.cli.places import data_dir_option
from hotline12345.flows.cli.rates import choose_period, footnotes, require_callback
from hotline12345.sql.publish import current_snapshot
from hotline12345.sql.reads import Reader
from hotline12345.sql.rule_layout import READ_AS
from hotline12345.sql.storage import Storage
from hotline12345.sql.what_if import Assumption, WhatIf

CONTACTS = {"联系": True, "未联系": False}
INVALID = "回访无效"
UNREACHED = {
    "未解决",
    "一般",
    "不满意",
    "未评价",
    "无法回访",
    "无人接听",
    "1星",
    "0星",
}  # answers that 未联系 may come with
NUMBERS = (
    *("received", "valid", "response_rate", "resolution_rate", "satisfaction_rate", "on_time_rate", "score"),
    *("score_rank", "rank_low", "rank_high", "tier", "band", "set_aside_count", "set_aside_share"),
)


@click.command("what-if", cls=ChineseCommand)
@data_dir_option
@click.option("--unit", "unit_name", metavar="单位", required=True, help="单位简称或别名。")
@click.option("--rule", "rule_id", metavar="规则编号", help="不写则用最新工单所属的规则。")
@click.option("--period", "period_id", metavar="周期", help="考核周期，如 2026-08；不写则取最新的一期。")
@click.option("--exclude", "excluded", metavar="工单,…", multiple=True, help="假定这些工单剔除；可写 工单=剔除类型。")
@click.option("--keep", "kept", metavar="工单,…", multiple=True, help="假定这些工单不剔除。")
@click.option(
    "--answer",
    "answers",
    metavar="工单=答案,…",
    multiple=True,
    help="假定一张待回访工单的答案，如 解决/满意、未联系/未解决/不满意、回访无效。",
)
@click.option(
    "--answer-open", "open_answers", metavar="件数=答案,…", multiple=True, help="假定最早的若干件待回访工单的答案。"
)
@format_option
def what_if(
    storage: Storage,
    unit_name: str,
    rule_id: str | None,
    period_id: str | None,
    excluded: Sequence[str],
    kept: Sequence[str],
    answers: Sequence[str],
    open_answers: Sequence[str],
    output: str,
) -> None:
    """剔除测算：假定已报申请的结果、待回访工单的答案，看各率、成绩、位次和位次范围怎样变。"""
    reader = Reader(storage, current_snapshot(storage))
    require_callback(reader)
    period = choose_period(reader, rule_id, period_id)
    unit = _unit(reader, period, unit_name)
    prepared = reader.what_if(period["rule_id"], period["period_id"], unit["unit_id"])
    assumptions = [
        *_excluded(reader, period["rule_id"], _pairs(excluded)),
        *(Assumption(order_id, False) for order_id, _ in _pairs(kept)),
        *(_answered(order_id, text, prepared.scale) for order_id, text in _pairs(answers)),
    ]
    assumptions += _opened(prepared, {assumption.order_id for assumption in assumptions}, _pairs(open_answers))
    if not assumptions:
        raise UserError(
            "请至少写一个假定：--exclude、--keep、--answer 或 --answer-open。用法见 hotline rates what-if --help。"
        )
    then = prepared.assume(assumptions)
    _print(prepared, then, unit, assumptions, output)
    if output == "table":
        for note in footnotes(reader, period):
            console().print(note, style="dim")


def _unit(reader: Reader, period: Mapping[str, Any], name: str) -> dict[str, Any]:
    scores = reader.unit_scores(period["rule_id"], period["period_id"])
    unit_id = unit_names.unit_id_of(reader, scores, name)
    if unit_id is None:
        near = unit_names.near_names(name, scores["unit_name"])
        raise UserError(f"这一期没有单位“{name}”。{near}单位名称见 hotline rates 的第一列。")
    return scores.row(by_predicate=pl.col("unit_id") == unit_id, named=True)


def _pairs(options: Sequence[str]) -> Iterator[tuple[str, str]]:
    """`A,B=x` given once or several times → (A, ""), (B, x); both kinds of comma and equals sign."""
    for text in options:
        for part in text.replace("，", ",").replace("＝", "=").split(","):
            if part.strip():
                key, _, value = part.partition("=")
                yield key.strip(), value.strip()


def _excluded(reader: Reader, rule_id: str, wanted: Iterator[tuple[str, str]]) -> Iterator[Assumption]:
    """Applications granted; a kind has to be one that the rule or the data know."""
    for order_id, kind in wanted:
        if kind and kind not in (known := reader.exclusion_kinds(rule_id)):
            there_are = f"可用的类型：{'、'.join(known)}。" if known else "规则和数据中都没有剔除类型，请只写工单编号。"
            raise UserError(f"没有剔除类型“{kind}”（{order_id}={kind}）。{there_are}")
        yield Assumption(order_id, True, kind or None)


def _answered(order_id: str, text: str, scale: Mapping[str, Sequence[str]]) -> Assumption:
    """The assumption that `解决/满意` (with 联系 or 未联系 in front, where it matters) stands for.

    `order_id` is what stands before the `=`: the id of an order, or for --answer-open a number of orders.
    """
    if text == INVALID:
        return Assumption(order_id, is_valid_callback=False)
    contact, *answers = text.split("/")
    if contact not in CONTACTS:
        contact, answers = "联系", [contact, *answers]
    allowed = [what_ifs.answers(name, scale[name]) for name in ("resolution", "satisfaction")]
    if len(answers) != 2 or any(answer not in known for answer, known in zip(answers, allowed, strict=True)):
        meant = [f"“{answer}”请写“{READ_AS[answer]}”。" for answer in answers if answer in READ_AS]
        raise UserError(
            f"无法识别答案“{order_id}={text}”。{''.join(meant)}写作 解决情况/满意情况，前面可加 联系/ 或 未联系/，或写 {INVALID}。"
            f"解决情况：{'、'.join(allowed[0])}；满意情况：{'、'.join(allowed[1])}。"
        )
    if not CONTACTS[contact] and not UNREACHED.issuperset(answers):
        raise UserError(
            f"答案“{order_id}={text}”互相矛盾：未联系的工单不能同时是{'、'.join(x for x in answers if x not in UNREACHED)}。"
            f"没有联系的写作 {order_id}=未联系/未解决/{_worst(allowed[1])}；已联系的写作 {order_id}={'/'.join(answers)}；"
            f"回访没有取得有效答复的写作 {order_id}={INVALID}。"
        )
    resolution, satisfaction = answers
    return Assumption(order_id, None, None, True, CONTACTS[contact], resolution, satisfaction)


def _worst(answers: Sequence[str]) -> str:
    return "不满意" if "不满意" in answers else answers[-1]


def _opened(prepared: WhatIf, taken: set[str], wanted: Iterator[tuple[str, str]]) -> Iterator[Assumption]:
    """The oldest open callbacks of which nothing else is assumed."""
    waiting = [order_id for order_id in prepared.open_orders() if order_id not in taken]
    for count, text in wanted:
        if not (count.isascii() and count.isdigit() and int(count) <= len(waiting)):
            raise UserError(
                f"--answer-open 的件数“{count}”不对：还有 {len(waiting)} 件待回访可用，写法如 3=解决/满意。"
            )
        answer = _answered(count, text, prepared.scale)
        yield from (replace(answer, order_id=order_id) for order_id in waiting[: int(count)])
        waiting = waiting[int(count) :]


def _print(
    prepared: WhatIf, then: pl.DataFrame, unit: Mapping[str, Any], assumptions: Sequence[Assumption], output: str
) -> None:
    here = pl.col("unit_id") == unit["unit_id"]
    others = what_ifs.moved(prepared.now, then, unit["unit_id"])
    if output == "table":
        now_row, then_row = (frame.filter(here).row(0, named=True) for frame in (prepared.now, then))
        title = f"{unit['unit_name']}  剔除测算"
        emit(what_ifs.figures(now_row, then_row), "table", title, ["figure", "before", "after"])
        if not others.is_empty():
            emit(others, "table", "位次随之变动的其他单位", ["unit_group", "unit_name", "before", "after"])
        console().print(f"{what_ifs.assumed(assumptions)}。{what_ifs.WARNING}；{labels.DISCLAIMER}。", soft_wrap=True)
        return
    shown = here | pl.col("unit_id").is_in(others["unit_id"].implode())
    parts = [
        frame.filter(shown).with_columns(state=pl.lit(name))
        for name, frame in (("before", prepared.now), ("after", then))
    ]
    both = pl.concat(parts, how="diagonal").sort(~here, "unit_id", pl.col("state") == "after")
    emit(both.rename({"state": "assumption"}), output, "", ["unit_name", "assumption", *NUMBERS])
