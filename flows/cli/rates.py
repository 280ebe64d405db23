"""`hotline rates`: the three rates with what they stand on."""

from datetime import datetime, time, timedelta
from typing import Any

import click
import polars as pl
from click.core import ParameterSource

from hotline12345.dashboard import labels
from hotline12345.dashboard.comparisons import default_period
from hotline12345.flows.cli.chinese import ChineseGroup, UserError
from hotline12345.flows.cli.official_ranks import chosen_columns, official_note, with_official
from hotline12345.flows.cli.output import console, emit, format_option
from hotline12345.flows.cli.places import data_dir_option
from hotline12345.sql.publish import current_snapshot
from hotline12345.sql.reads import Reader
from hotline12345.sql.replay import replay
from hotline12345.sql.storage import Storage

COMMANDS = {
    "bridge": ("hotline12345.flows.cli.bridge:bridge", "为什么变了：差额按原因拆分，正好加得起来。"),
    "daily": ("hotline12345.flows.cli.daily_windows:daily", "日报窗口：中午到中午，与前一天相比。"),
    "what-if": ("hotline12345.flows.cli.what_if:what_if", "剔除测算：假定申请结果和回访答案，看各数怎样变。"),
}
CONTRACT = [
    "unit_name",
    "received",
    "valid",
    "contacted",
    "resolved",
    "satisfied",
    "basically_satisfied",
    "response_rate",
    "resolution_rate",
    "satisfaction_rate",
    "score",
    "rank",
    "band",
]
RANGES = ["rank_low", "rank_high", "tier", "score_low", "score_high"]  # after the contract's, in CSV
FULL = [
    *("unit_name", "received", "set_aside_count", "response_full_denominator", "response_full_rate"),
    *("resolution_full_rate", "satisfaction_full_rate", "score_full"),
]
NO_CALLBACK = (
    "不能计算三率（E31）：已导入的文件都没有“是否有效回访”列。三率的分母是有效回访，"
    "没有回访结果时，“是否解决”“是否满意”只是承办单位自评，不能作为三率。请导入带回访结果的导出表。"
)


@click.command("rates", cls=ChineseGroup, table=COMMANDS, invoke_without_command=True)
@click.pass_context
@data_dir_option
@click.option("--rule", "rule_id", metavar="规则编号", help="不写则用最新工单所属的规则。")
@click.option(
    "--period", "period_id", metavar="周期", help="考核周期，如 2026-08（以结束月份命名）；不写则取最新的一期。"
)
@click.option("--unit", "unit_name", metavar="单位", help="只看一个单位（简称）。")
@click.option(
    "--as-of",
    metavar="时间",
    type=click.DateTime(["%Y-%m-%d", "%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S"]),
    help="按这一时刻已知的数据计算；只写日期时算到当天结束，如 2026-09-20。",
)
@click.option("--full", "is_full", is_flag=True, help="打印全口径（含剔除、挂账）的三率；不写则不含剔除、挂账。")
@format_option
def rates(
    context: click.Context,
    storage: Storage,
    rule_id: str | None,
    period_id: str | None,
    unit_name: str | None,
    as_of: datetime | None,
    is_full: bool,
    output: str,
) -> None:
    """打印各单位三率：受理、有效回访、分子分母、得分、位次和区间判断。"""
    if context.invoked_subcommand:
        _refuse_options_before(context)
        return
    snapshot = current_snapshot(storage)
    reader = Reader(storage, snapshot)
    if as_of:
        as_of += timedelta(days=1, microseconds=-1) if as_of.time() == time() else timedelta()
        reader = Reader(storage, snapshot, replay(snapshot, as_of))
    if not reader.overview()["orders"]:
        raise UserError("这一时刻还没有导入任何工单。各批次的数据时点见 hotline batches。")
    require_callback(reader)
    period = choose_period(reader, rule_id, period_id)
    _require_answers(reader, period)
    scores = reader.unit_scores(period["rule_id"], period["period_id"])
    if unit_name:
        unit_id = reader.unit_named(unit_name)
        scores = scores.filter(pl.col("unit_id") == pl.lit(unit_id or ""))
        if scores.is_empty():
            raise UserError(f"这一期没有单位“{unit_name}”。单位名称见 hotline rates 的第一列。")
    emit_scores(scores, output, reader, period, is_full)


def _refuse_options_before(context: click.Context) -> None:
    """UserError for an option in front of a command of the group, where it would have no effect."""
    said = [name for name in context.params if context.get_parameter_source(name) is ParameterSource.COMMANDLINE]
    if said:
        command = f"{context.command_path} {context.invoked_subcommand}"
        raise UserError(f"选项要写在 {context.invoked_subcommand} 的后面，例如 {command} --data-dir 目录。")


def emit_scores(
    scores: pl.DataFrame, output: str, reader: Reader, period: dict[str, Any], is_full: bool = False
) -> None:
    """Print the table of rates with its foot-notes, one group of units after the other; `is_full` prints 全口径."""
    known = with_official(scores, reader, period).rename({"score_rank": "rank"})
    if output != "table":
        wanted = [*(FULL if is_full else CONTRACT), *(RANGES if output == "csv" else [])]
        shown, names = chosen_columns(known, wanted, output)
        emit(shown, output, "", names)
        return
    rule = choose_rule(reader, period["rule_id"])
    ranged = _as_printed(known, rule).with_columns(rank_range=pl.format("{}–{}", "rank_low", "rank_high"))
    on_time = ["on_time_rate"] if rule["on_time_weight"] or rule["score_method"] == "deduction" else []
    at = CONTRACT.index("score")
    columns = [*CONTRACT[:at], *on_time, *CONTRACT[at:], "rank_range"]
    shown, names = (ranged, FULL) if is_full else chosen_columns(ranged, columns, output)
    scope = "全口径，含剔除、挂账" if is_full else "不含剔除、挂账"
    for (group,), part in labels.in_group_order(shown).group_by("unit_group", maintain_order=True):
        emit(part, output, f"{group}三率  {period['period_id']} 期（{scope}）", names)
    for note in footnotes(reader, period):
        console().print(note, style="dim")


def _as_printed(scores: pl.DataFrame, rule: dict[str, Any]) -> pl.DataFrame:
    """Scores with the rule's decimals; a rate whose denominator is not 有效回访 prints its fraction."""
    decimals = rule["score_decimals"]
    texts = [
        pl.col(name).map_elements(lambda value: labels.score(value, decimals), pl.String).alias(name)
        for name in ("score", "score_full", "official_score")
        if name in scores.columns
    ]
    for stem in ("response", "resolution", "satisfaction", "on_time"):
        names = f"{stem}_rate", f"{stem}_numerator", f"{stem}_denominator"
        if scores.filter(pl.col(names[2]) > 0, pl.col(names[2]) != pl.col("valid")).height:
            texts.append(pl.struct(names).map_elements(_fraction, pl.String).alias(names[0]))
    return scores.with_columns(texts)


def _fraction(row: dict[str, Any]) -> str | None:
    rate, numerator, denominator = row.values()
    return None if rate is None else f"{labels.rate(rate)}（{numerator:g}/{denominator:,}）"


def footnotes(reader: Reader, period: dict[str, Any]) -> list[str]:
    """What every table of rates stands on: rule, period, cut-off, state, disclaimer."""
    rule = reader.rules().filter(pl.col("rule_id") == period["rule_id"]).row(0, named=True)
    reasons = dict(reader.reasons(period["rule_id"], period["period_id"]).iter_rows())
    return [
        f"规则：{labels.rule(rule)}",
        f"周期：{labels.span(period['start_at'], period['end_at'])}；状态：{labels.state(period, reasons)}；"
        f"数据截至 {labels.moment(period['cutoff_at'])}",
        *filter(None, [labels.moved(period)]),
        *official_note(reader, period),
        *(["模拟数据，仅供演示"] if reader.overview()["is_simulated"] else []),
        f"{labels.ranking(rule['score_decimals'], rule['tie_break'], rule['minimum_for_rank'])}。{labels.DISCLAIMER}。",
    ]


def choose_rule(reader: Reader, rule_id: str | None) -> dict[str, Any]:
    """The wanted rule, or the one that the newest orders fall under; UserError names the rules there are."""
    rules = reader.rules()
    found = rules.filter(pl.col("rule_id") == (rule_id or rules["rule_id"][0]))
    if found.is_empty():
        raise UserError(f"没有规则“{rule_id}”。现有规则：{'、'.join(rules['rule_id'])}。")
    return found.row(0, named=True)


def choose_period(reader: Reader, rule_id: str | None, period_id: str | None) -> dict[str, Any]:
    """The wanted period, or the newest that has orders; UserError names the rules and periods there are."""
    periods = reader.periods(choose_rule(reader, rule_id)["rule_id"])
    if periods.is_empty():
        raise UserError("这个规则的有效期内没有工单。")
    if period_id and period_id not in periods["period_id"]:
        have = periods["period_id"].to_list()
        raise UserError(f"没有周期“{period_id}”。现有 {have[-1]} 至 {have[0]}，写法如 2026-08。")
    return periods.filter(pl.col("period_id") == (period_id or periods["period_id"][0])).row(0, named=True)


def print_rates_or_volumes(storage: Storage) -> None:
    """The end of a run: the rates of the newest period that can show them; or why there are none, and the volumes."""
    reader = Reader(storage, current_snapshot(storage))
    try:
        require_callback(reader)
        newest = choose_period(reader, None, None)
        rule_id = newest["rule_id"]
        period = choose_period(reader, rule_id, default_period(reader.periods(rule_id)))
    except UserError as refused:
        console().print(f"{refused.message}下面只列诉求量。")
        print_volumes(reader)
    else:
        emit_scores(reader.unit_scores(period["rule_id"], period["period_id"]), "table", reader, period)


def require_callback(reader: Reader) -> None:
    """UserError when no loaded order says whether it was called back: its answers are the units' own."""
    if not reader.overview()["has_callback"]:
        raise UserError(NO_CALLBACK)


def _require_answers(reader: Reader, period: dict[str, Any]) -> None:
    """UserError when no order of the period has the callback columns that the rule scores by."""
    reasons = dict(reader.reasons(period["rule_id"], period["period_id"]).iter_rows())
    if {*reasons} == {"no_callback_column"}:
        raise UserError(
            f"不能计算三率（E31）：这一期的工单都没有规则“{period['rule_id']}”所用的回访列（见 hotline rules show "
            f"{period['rule_id']}）。请用 --rule 换一个规则，或导入带这些列的导出表。"
        )


def print_volumes(reader: Reader) -> None:
    """Print the orders of each place and of each level-1 topic."""
    months = reader.topic_months()
    places = (
        reader.days()
        .group_by("place_town")
        .agg(pl.col("order_count").sum())
        .sort("order_count", "place_town", descending=[True, False])
    )
    topics = (
        months.group_by("topic_name")
        .agg(pl.col("order_count").sum())
        .sort("order_count", "topic_name", descending=[True, False])
    )
    emit(places, "table", "各街乡镇诉求量", ["place_town", "order_count"])
    emit(topics, "table", "各类诉求量（复核、人工、模型依次为准）", ["topic_name", "order_count"])
