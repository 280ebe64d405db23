"""`hotline targets`: targets of the config and those that people entered; entering and withdrawing one."""

import re
from datetime import timedelta

import click
import polars as pl

from hotline12345.dashboard import labels, unit_names
from hotline12345.dashboard.target_progress import ENTERED, EXPIRED, configured
from hotline12345.flows.cli.chinese import ChineseCommand, ChineseGroup, UserError
from hotline12345.flows.cli.output import console, emit, format_option
from hotline12345.flows.cli.places import data_dir_option
from hotline12345.flows.clock import now
from hotline12345.flows.ingest.masking import mask_text
from hotline12345.sql.publish import current_snapshot
from hotline12345.sql.reads import Reader
from hotline12345.sql.records.store import opened_records
from hotline12345.sql.records.targets import EnteredTarget, StatedTarget, entered_targets, set_target, withdraw_target
from hotline12345.sql.storage import Storage
from hotline12345.sql.targets import INDICATORS, SCORE

COMMANDS = {
    "list": ("hotline12345.flows.cli.targets:list_targets", "列出配置的和录入的目标。"),
    "set": ("hotline12345.flows.cli.targets:set_one", "录入一个目标。"),
    "withdraw": ("hotline12345.flows.cli.targets:withdraw", "撤回一个录入的目标。"),
}
targets = ChineseGroup("targets", table=COMMANDS, help="目标：列出、录入、撤回。")
LISTED = pl.Schema(
    dict.fromkeys(
        ("target_id", "target_name", "target_indicator", "unit_name", "target_text", "validity", "target_source"),
        pl.String(),
    )
)
NEGATIVE = re.compile(r"-\.?\d")
who_option = click.option(
    "--who", metavar="姓名或岗位", default="分析员", help="谁录入的，会一起记录。", show_default=True
)


@click.command("list", cls=ChineseCommand)
@data_dir_option
@format_option
def list_targets(storage: Storage, output: str) -> None:
    """列出 targets.csv 中的目标和录入的目标，含有效期和来源；已到期的目标只作参照。"""
    reader = Reader(storage, current_snapshot(storage))
    today = now().date()
    names = dict(reader.listed_units().select("unit_id", "unit_name").iter_rows())
    rows = [
        {
            "target_id": target.target_id,
            "target_name": target.title(today),
            "target_indicator": labels.column(target.indicator),
            "unit_name": names.get(target.unit_id or "", target.unit_id) or target.unit_group or "各单位",
            "target_text": _figure(target.indicator, target.value),
            "validity": "".join(
                [
                    f"{labels.day(target.valid_from)}起" if target.valid_from else "",
                    f"至{labels.day(target.valid_to - timedelta(days=1))}" if target.valid_to else "",
                    "，已到期" if target.state(today) == EXPIRED else "",
                ]
            ),
            "target_source": target.source,
        }
        for target in configured(reader.targets())
    ]
    with opened_records(storage) as records:
        rows += [_entered(target, names) for target in entered_targets(records)]
    emit(pl.DataFrame(rows, schema=LISTED), output, "目标", list(LISTED))


def _entered(target: EnteredTarget, names: dict[str, str]) -> dict[str, str]:
    rule = f"规则 {target.rule_id}；" if target.rule_id else ""
    return {
        "target_id": str(target.event_id),
        "target_name": ENTERED,
        "target_indicator": labels.column(target.indicator),
        "unit_name": names.get(target.unit_id, target.unit_id) or "各单位",
        "target_text": _figure(target.indicator, target.value),
        "validity": f"{rule}{target.from_period} 期起" if target.from_period else f"{rule}各期",
        "target_source": f"{target.who} {target.at} 录入",
    }


def _figure(indicator: str, value: float) -> str:
    return labels.score(value) if indicator == SCORE else labels.rate(value)


class NegativeValueCommand(ChineseCommand):
    """A command whose last argument is a number: `-1` is that number and no option."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Put a number with a minus sign behind `--`, where nothing is an option; an option's own value stays."""
        takes_value = [before.startswith("--") and "=" not in before for before in ["", *args[:-1]]]
        numbers = [arg for arg, taken in zip(args, takes_value, strict=True) if NEGATIVE.match(arg) and not taken]
        others = [arg for arg, taken in zip(args, takes_value, strict=True) if taken or not NEGATIVE.match(arg)]
        return super().parse_args(ctx, [*others, "--", *numbers] if numbers else args)


@click.command("set", cls=NegativeValueCommand)
@click.argument("indicator", metavar="指标", type=click.Choice(INDICATORS))
@click.argument("value", metavar="目标值")
@click.option("--unit", "unit_name", metavar="单位", help="只对一个单位（单位编号、简称或别名）；不写则对各单位。")
@click.option("--rule", "rule_id", metavar="规则编号", help="只对一个规则；不写则对各规则。")
@click.option("--from-period", metavar="周期", default="", help="从这一期起，如 2026-08；不写则对各期。")
@who_option
@data_dir_option
def set_one(
    indicator: str,
    value: str,
    unit_name: str | None,
    rule_id: str | None,
    from_period: str,
    who: str,
    storage: Storage,
) -> None:
    """录入一个目标，如 hotline targets set resolution_rate 92%；同一指标、单位、规则、起始周期以最后录入的为准。

    指标：response_rate 响应率、resolution_rate 解决率、satisfaction_rate 满意率、on_time_rate 按期办理率、score 综合成绩。
    """
    reader = Reader(storage, current_snapshot(storage))
    unit_id = _unit_id(reader, unit_name) if unit_name else ""
    rules = reader.rules()["rule_id"].to_list()
    if rule_id and rule_id not in rules:
        raise UserError(f"没有规则“{rule_id}”。现有规则：{'、'.join(rules)}。")
    if not re.fullmatch(r"(\d{4}(-(0[1-9]|1[0-2]))?)?", from_period):
        raise UserError("周期的写法如 2026-08，自然年写作 2026。")
    number = _value(indicator, value)
    with opened_records(storage) as records:
        stated = StatedTarget(indicator, number, unit_id, rule_id or "", from_period)
        target_id = set_target(records, mask_text(who), stated)
    console().print(f"已录入第 {target_id} 号目标：{labels.column(indicator)} {_figure(indicator, number)}。")


def _unit_id(reader: Reader, name: str) -> str:
    units = reader.listed_units()
    unit_id = unit_names.unit_id_of(reader, units, name)
    if unit_id is None:
        near = unit_names.near_names(name, units["unit_name"])
        raise UserError(f"单位清单中没有“{mask_text(name)}”。{near}已登记的单位见 hotline units list。")
    return unit_id


def _value(indicator: str, text: str) -> float:
    """85% and 0.85 are the same rate; a bare number above 1 is no rate, and the score is 0-100."""
    allowed = "综合成绩写 0 到 100，如 90.5。" if indicator == SCORE else "比率写作 85% 或 0.85，在 0 到 100% 之间。"
    try:
        number = float(text.rstrip("%％"))
    except ValueError:
        raise UserError(f"目标值无法识别。{allowed}") from None
    is_percent = text.endswith(("%", "％"))
    if indicator == SCORE:
        number = number if not is_percent else -1.0
    elif is_percent:
        number /= 100
    if not 0 <= number <= (100 if indicator == SCORE else 1):
        raise UserError(f"目标值超出范围。{allowed}")
    return number


@click.command("withdraw", cls=ChineseCommand)
@click.argument("target_id", metavar="编号", type=int)
@who_option
@data_dir_option
def withdraw(target_id: int, who: str, storage: Storage) -> None:
    """撤回一个录入的目标；撤回也是一条记录，不删除。targets.csv 中的目标请改文件。"""
    with opened_records(storage) as records:
        if not withdraw_target(records, target_id, mask_text(who)):
            raise UserError(f"没有第 {target_id} 号录入的目标，或已撤回。见 hotline targets list。")
    console().print(f"已撤回第 {target_id} 号目标。")
