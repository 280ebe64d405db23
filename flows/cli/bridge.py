"""`hotline rates bridge`: why a figure changed, split into causes that add up exactly."""

import json
from datetime import datetime, timedelta

import click
import polars as pl

from hotline12345.dashboard import bridge_words
from hotline12345.dashboard.bridge_states import Answer, BridgeError, BridgeStates, Moment, Question
from hotline12345.dashboard.bridges import INDICATORS, SCORE, Bridge, build_bridge, shown_parts
from hotline12345.flows.cli.chinese import ChineseCommand, UserError
from hotline12345.flows.cli.output import console, emit, format_option
from hotline12345.flows.cli.places import data_dir_option
from hotline12345.sql.publish import current_snapshot
from hotline12345.sql.storage import Storage

DAY, MINUTE, SECOND = "%Y-%m-%d", "%Y-%m-%d %H:%M", "%Y-%m-%d %H:%M:%S"
CAUSES = ["cause", "orders", "contribution"]
ORDERS = ["order_id", "cause", "detail", "order_before", "order_after", "contribution"]
UNITS = ["unit_name", "structure", "performance"]


@click.command("bridge", cls=ChineseCommand)
@data_dir_option
@click.option("--unit", "unit", metavar="单位", required=True, help="单位简称或别名，或单位组（如 街镇，合并计算）。")
@click.option(
    "--from", "start", metavar="周期[@时间]", required=True, help="从哪里，如 2026-07 或 2026-07@2026-08-01。"
)
@click.option("--to", "end", metavar="周期[@时间]", required=True, help="到哪里，写法同上；不写时间则按最新数据。")
@click.option(
    "--indicator",
    type=click.Choice([*INDICATORS, SCORE]),
    help="哪个数；不写则看综合成绩，没有综合成绩时看解决率。",
)
@click.option("--rule", "rule_id", metavar="规则编号", help="两端都按这个规则；不写则各按当期的规则。")
@click.option("--orders", "with_orders", is_flag=True, help="列出每个原因的工单。")
@format_option
def bridge(
    storage: Storage,
    unit: str,
    start: str,
    end: str,
    indicator: str | None,
    rule_id: str | None,
    with_orders: bool,
    output: str,
) -> None:
    """为什么变了：两个周期或同一周期两个时点之差，按原因拆分，各项相加正好等于差额。"""
    states = BridgeStates(storage, current_snapshot(storage))
    try:
        answer = states.answer(Question(unit, _moment("--from", start), _moment("--to", end), rule_id))
    except BridgeError as error:
        raise UserError(str(error)) from None
    found = _chosen(answer, indicator)
    orders = bridge_words.told_orders(answer, found) if with_orders else None
    if output == "json":
        content = bridge_words.as_json(answer, found)
        content |= {} if orders is None else {"orders": orders.to_dicts()}
        click.echo(json.dumps(content, ensure_ascii=False, indent=2, default=str))
    elif output == "csv":
        emit(*((_counted(found), output, "", CAUSES) if orders is None else (orders, output, "", ORDERS)))
    else:
        _print(answer, found, orders)


def _chosen(answer: Answer, indicator: str | None) -> Bridge:
    if indicator:
        return build_bridge(answer.chain, indicator)
    of_score = build_bridge(answer.chain, SCORE)
    return build_bridge(answer.chain, "resolution") if of_score.refusal else of_score


def _moment(option: str, text: str) -> Moment:
    """`2026-07@2026-08-01`: a period, and the end of the day (or the moment) by which things were known."""
    period_id, has_time, known = text.partition("@")
    if not has_time:
        return Moment(period_id.strip())
    for form in (DAY, MINUTE, SECOND):
        try:
            at = datetime.strptime(known.strip(), form)
        except ValueError:
            continue
        return Moment(period_id.strip(), at + timedelta(days=1, microseconds=-1) if form == DAY else at)
    raise UserError(
        f"{option} 的时间“{known}”无法识别。写法：2026-07@2026-08-01（算到当天结束）或 2026-07@2026-08-01 18:00。"
    )


def _print(answer: Answer, found: Bridge, orders: pl.DataFrame | None) -> None:
    name = f"{answer.unit_name}{bridge_words.figure_name(found.indicator)}"
    unit = bridge_words.unit_of(found.indicator)
    if not found.refusal:
        emit(_signed(_counted(found), "contribution"), "table", f"{name}  变化的原因（{unit}）", CAUSES)
    if not found.units.is_empty():
        named = found.units.join(answer.names, on="unit_id", how="left", maintain_order="left")
        emit(_signed(named, "structure", "performance"), "table", f"结构与表现（{unit}）", UNITS)
    if orders is not None:
        emit(_signed(orders, "contribution"), "table", f"工单（{unit}）", ORDERS)
    console().print(bridge_words.paragraph(answer, found), soft_wrap=True)


def _counted(found: Bridge) -> pl.DataFrame:
    return found.causes.rename({"order_count": "orders"})


def _signed(frame: pl.DataFrame, *names: str) -> pl.DataFrame:
    """Contributions as `+1.23`, so that those of a column add up to its sum as shown."""
    shown = [pl.Series(name, map(bridge_words.signed, shown_parts(frame[name].to_list())), pl.String) for name in names]
    return frame.with_columns(shown)
