"""`hotline reconcile`: load an official table, compare it with our figures, and what may explain the difference."""

import json
from contextlib import closing
from dataclasses import asdict
from datetime import datetime
from functools import partial
from itertools import chain
from pathlib import Path
from typing import Any

import click
import polars as pl

from hotline12345.dashboard import labels
from hotline12345.dashboard.reconciling import CAUTION, Explanation, Variant, explain, rank_variants, side_by_side
from hotline12345.flows.cli.chinese import ChineseCommand, UserError
from hotline12345.flows.cli.output import console, emit, format_option, progress
from hotline12345.flows.cli.places import data_dir_option
from hotline12345.flows.cli.rates import choose_period
from hotline12345.flows.clock import now
from hotline12345.flows.official import LoadedOfficial, OfficialChoice, change_official, load_official
from hotline12345.flows.refreshing import STEPS
from hotline12345.sql.official import withdraw_official
from hotline12345.sql.official_evidence import gather_evidence
from hotline12345.sql.official_reads import COMPARED
from hotline12345.sql.publish import current_snapshot
from hotline12345.sql.reads import Reader
from hotline12345.sql.storage import Storage
from hotline12345.sql.warehouse import open_warehouse

TABLES = [
    *("official_id", "period_id", "rule_id", "source", "issued_at", "loaded_at", "file_name"),
    *("unit_rows", "summary_rows", "note_rows", "refused_rows", "withdrawn_at"),
]
SHOWN_VARIANTS, SHOWN_ORDERS = 5, 6


@click.command("reconcile", cls=ChineseCommand)
@click.argument("path", metavar="[文件]", required=False, type=click.Path(path_type=Path))
@click.option("--period", "period_id", metavar="周期", help="通报的考核周期，如 2026-08；自然年写作 2026。")
@click.option("--rule", "rule_id", metavar="规则编号", help="只与这个规则对照；不写则通报适用于各规则。")
@click.option("--source", metavar="文字", default="", help="通报来源，如 通报文号；会一起记录。")
@click.option(
    "--issued-at",
    metavar="时间",
    type=click.DateTime(["%Y-%m-%d", "%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S"]),
    help="通报印发时间；写了才能按当时已知的数据对照，只写日期时算到当天结束。",
)
@click.option("--withdraw", "withdrawn", metavar="通报编号", type=int, help="撤回一张导入错的通报，不删除。")
@data_dir_option
@format_option
def reconcile(
    path: Path | None,
    period_id: str | None,
    rule_id: str | None,
    source: str,
    issued_at: datetime | None,
    withdrawn: int | None,
    storage: Storage,
    output: str,
) -> None:
    """对账：导入正式通报的成绩表，列出每个单位的正式数字、本系统测算、差异和可能的原因。

    不写文件则对照已导入的通报；文件和周期都不写则列出已导入的通报。同一文件导入多次只算一次，
    同一周期后印发的通报为准，先前的仍保留。
    """
    if withdrawn is not None:
        _withdraw(storage, withdrawn)
        return
    if path and not period_id:
        raise UserError("导入通报要写明考核周期，例如 hotline reconcile 通报.xlsx --period 2026-08。")
    loaded = None
    if path and period_id:
        loaded = _load(storage, path, OfficialChoice(period_id, rule_id, source, issued_at))
    if not period_id:
        with closing(Reader(storage, current_snapshot(storage))) as reader:
            emit(reader.official_tables(), output, "已导入的通报", TABLES)
        return
    _compare(storage, rule_id, period_id, loaded, output)


def _load(storage: Storage, path: Path, choice: OfficialChoice) -> LoadedOfficial:
    with closing(open_warehouse(storage)) as connection, progress(len(STEPS)) as report:
        return change_official(connection, storage, lambda: load_official(connection, path, choice), report)


def _withdraw(storage: Storage, official_id: int) -> None:
    with closing(open_warehouse(storage)) as connection, progress(len(STEPS)) as report:
        withdraw = partial(withdraw_official, connection, official_id, now(), "")
        change_official(connection, storage, withdraw, report)
    console().print(f"已撤回第 {official_id} 号通报；已重新发布。")


def _compare(storage: Storage, rule_id: str | None, period_id: str, loaded: LoadedOfficial | None, output: str) -> None:
    snapshot = current_snapshot(storage)
    with closing(Reader(storage, snapshot)) as reader:
        period = choose_period(reader, rule_id, period_id)
        is_simulated = bool(reader.overview()["is_simulated"])
    evidence = gather_evidence(storage, snapshot, period["rule_id"], period_id)
    if not evidence.comparison["is_published"].any():
        raise UserError(f"{period_id} 期还没有导入正式通报。请运行 hotline reconcile 通报文件 --period {period_id}。")
    explanations = explain(evidence.comparison, evidence.orders, evidence.former, evidence.then)
    variants = rank_variants(evidence.comparison, evidence.variants)
    if output == "json":
        click.echo(
            json.dumps(
                _as_json(evidence.comparison, explanations, variants, loaded), ensure_ascii=False, indent=2, default=str
            )
        )
        return
    _print(evidence.comparison, period, output, is_simulated)
    if output == "table":
        for line in [*_account(loaded), *_variant_lines(variants), *_reason_lines(evidence.comparison, explanations)]:
            console().print(line)


def _print(comparison: pl.DataFrame, period: dict[str, Any], output: str, is_simulated: bool) -> None:
    """A CSV has every figure in columns of its own, the table one cell a figure."""
    if output == "csv":
        trios = [(theirs, ours, f"{ours}_difference") for ours, theirs in COMPARED.items() if ours != "score_rank"]
        emit(comparison, output, "", ["official_rank", "score_rank", "unit_name", *chain(*trios), "city_rank"])
        return
    shown = side_by_side(comparison)
    notes = [
        f"每格为 正式 / 测算 / 差异（正式 − 测算；比率的差异以百分点计）。{labels.DISCLAIMER}。",
        *(["模拟数据，仅供演示"] if is_simulated else []),
    ]
    emit(shown, output, f"对账  {period['period_id']} 期", shown.columns, notes)


def _account(loaded: LoadedOfficial | None) -> list[str]:
    if loaded is None:
        return []
    counts = loaded.counts
    again = "（这个文件导入过，没有重复存入）" if loaded.already_loaded else ""
    return [
        f"第 {loaded.official_id} 号通报{again}：单位 {counts['unit']} 行，汇总 {counts['summary']} 行，"
        f"说明 {counts['note']} 行，未存入 {counts['refused']} 行。",
        *loaded.remarks,
    ]


def _variant_lines(variants: list[Variant]) -> list[str]:
    return [f"{number}. {variant.words}" for number, variant in enumerate(variants[:SHOWN_VARIANTS], 1)]


def _reason_lines(comparison: pl.DataFrame, explanations: list[Explanation]) -> list[str]:
    names = dict(comparison.select("unit_id", "unit_name").iter_rows())
    lines = []
    for one in explanations:
        shown = "、".join(one.order_ids[:SHOWN_ORDERS])
        more = f" 等 {len(one.order_ids)} 件" if len(one.order_ids) > SHOWN_ORDERS else ""
        lines.append(f"{names[one.unit_id]}　{one.words}工单：{shown}{more}。")
    return [*lines, CAUTION] if lines else []


def _as_json(
    comparison: pl.DataFrame, explanations: list[Explanation], variants: list[Variant], loaded: LoadedOfficial | None
) -> dict[str, Any]:
    return {
        "loaded": asdict(loaded) if loaded else None,
        "units": comparison.to_dicts(),
        "explanations": [
            {
                "unit_id": one.unit_id,
                "causes": [{"cause": cause, "detail": detail} for cause, detail in one.causes],
                "is_complete": one.is_complete,
                "matched": one.matched,
                "support": one.support,
                "order_ids": one.order_ids,
                "words": one.words,
            }
            for one in explanations
        ],
        "variants": [{**asdict(variant), "words": variant.words} for variant in variants],
    }
