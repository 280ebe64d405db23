"""`hotline rules`: the rules there are, each in words, two compared, and a past period counted under another one."""

import difflib
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

import click
import polars as pl
from rich.table import Table

from hotline12345.dashboard import labels, rule_moves, rule_words, unit_names
from hotline12345.flows.cli.chinese import ChineseCommand, ChineseGroup, UserError
from hotline12345.flows.cli.output import console, emit, format_option
from hotline12345.flows.cli.places import data_dir_option
from hotline12345.sql.period_replay import replay_period
from hotline12345.sql.publish import NothingPublishedError, current_snapshot
from hotline12345.sql.reads import Reader
from hotline12345.sql.rule_freeze import UsedRule, changes_since
from hotline12345.sql.rule_layout import INDICATORS, STATUSES
from hotline12345.sql.rules import Rule, RuleFile, catalogue
from hotline12345.sql.storage import Storage

COMMANDS = {
    "list": ("hotline12345.flows.cli.rules:list_rules", "列出全部规则：已启用的和备用的。"),
    "show": ("hotline12345.flows.cli.rules:show", "用中文逐条说明一个规则。"),
    "diff": ("hotline12345.flows.cli.rules:diff", "说明两个规则有哪些不同。"),
    "replay": ("hotline12345.flows.cli.rules:replay", "用另一个规则重算一期，列出变动的单位和工单。"),
}
rules = ChineseGroup("rules", table=COMMANDS, help="考核规则：列出、说明、比较、换规则重算。")
LISTED = [
    *("rule_id", "rule_name", "rule_status", "valid_from", "valid_to", "is_in_force", "first_used_at"),
    "rule_file_state",
]
UNCHANGED, CHANGED, DELETED = "与发布时相同", "内容已被改动", "文件已删除"
SCORES = [
    *("unit_name", "unit_group", "rule_id", "received", "valid"),
    *(f"{rate}_{part}" for rate in INDICATORS for part in ("numerator", "denominator", "rate")),
    *("score", "score_rank", "moved_count"),
]
ORDERS = ["order_id", "created_at", "rule_move", "rule_clause"]
PERIOD = re.compile(r"\d{4}(-(0[1-9]|1[0-2]))?")


def known_rules(storage: Storage, reader: Reader | None = None) -> dict[str, Rule]:
    """Every rule that can be named, by id: those of the config folder and the package, and those of the publication."""
    found = {file.rule.id: file.rule for file in catalogue(storage.rules)}
    return found | {rule.id: rule for rule in (reader.published_rules() if reader else [])}


def choose_rule(known: Mapping[str, Rule], rule_id: str) -> Rule:
    """The rule of this id; UserError names the rules there are."""
    if rule_id in known:
        return known[rule_id]
    near = difflib.get_close_matches(rule_id, list(known), n=1)
    hint = f"您是不是要写“{near[0]}”？" if near else ""
    raise UserError(f"没有规则“{rule_id}”。{hint}现有规则：{'、'.join(known)}。说明见 hotline rules list。")


@click.command("list", cls=ChineseCommand)
@data_dir_option
@format_option
def list_rules(storage: Storage, output: str) -> None:
    """列出全部规则：编号、名称、地位、有效期、是否启用、首次用于发布的时间。

    启用的规则在配置目录的 rules 中，每天计算；备用的在 rules/variants 中，可以说明、比较、重算，不参与日常计算。
    """
    reader = _published(storage)
    used = reader.used_rules() if reader else {}
    files = {file.rule.id: file for file in catalogue(storage.rules)}
    rows = [_listed(file.rule, file, used.get(rule_id)) for rule_id, file in files.items()]
    rows += [_listed(used[rule_id].rule, None, used[rule_id]) for rule_id in sorted(used.keys() - files.keys())]
    types: dict[str, pl.DataType] = {
        "valid_to": pl.Date(),
        "first_used_at": pl.Datetime("us"),
        "rule_file_state": pl.String(),
    }
    frame = pl.DataFrame(rows, schema_overrides=types)
    notes = [f"启用备用规则：把文件复制到 {storage.rules}，再运行 hotline publish。已用于发布的规则不能再改。"]
    if frame["rule_file_state"].is_in([CHANGED]).any():
        notes.append(f"{CHANGED}的规则与发布时不同，启用时发布会被拒绝；改动的键见 hotline rules show 规则编号。")
    emit(frame, output, "考核规则", LISTED, notes)


def _listed(rule: Rule, file: RuleFile | None, used: UsedRule | None) -> dict[str, Any]:
    """A row of the list; a used rule without a file is told as it was published with."""
    state = DELETED if file is None else CHANGED if used and changes_since(used, file.path) else UNCHANGED
    return {
        "rule_id": rule.id,
        "rule_name": rule.name,
        "rule_status": STATUSES[rule.status],
        "valid_from": rule.valid_from,
        "valid_to": rule.valid_to,
        "is_in_force": file is not None and file.is_in_force,
        "first_used_at": used.first_used_at if used else None,
        "rule_file_state": state if used else None,
    }


@click.command("show", cls=ChineseCommand)
@click.argument("rule_id", metavar="规则编号")
@data_dir_option
def show(rule_id: str, storage: Storage) -> None:
    """用中文逐条说明一个规则，备用的也可以。"""
    reader = _published(storage)
    used = reader.used_rules() if reader else {}
    rule = choose_rule({each: found.rule for each, found in used.items()} | known_rules(storage), rule_id)
    file = next((file for file in catalogue(storage.rules) if file.rule.id == rule_id), None)
    target = console()
    target.print(f"{rule.name}（{rule.id}）", style="bold")
    for clause in rule_words.clauses(rule):
        target.print(clause.sentence)
    notes = [*_notes_on_file(file, used.get(rule_id)), *(_notes_on_units(rule, reader) if reader else [])]
    for note in notes:
        target.print(note, style="dim")


@click.command("diff", cls=ChineseCommand)
@click.argument("before_id", metavar="规则编号")
@click.argument("after_id", metavar="另一规则编号")
@data_dir_option
def diff(before_id: str, after_id: str, storage: Storage) -> None:
    """逐条说明从前一个规则换到后一个规则，哪些地方不同、对数字有什么影响。"""
    known = known_rules(storage)
    before, after = choose_rule(known, before_id), choose_rule(known, after_id)
    target = console()
    target.print(f"原规则：{before.name}（{before.id}）\n新规则：{after.name}（{after.id}）", style="bold")
    for line in rule_words.differences(before, after) or ["两个规则的算法相同，没有一条不同。"]:
        target.print(line)


@click.command("replay", cls=ChineseCommand)
@data_dir_option
@click.option("--rule", "rule_id", metavar="规则编号", required=True, help="用哪个规则重算，备用的也可以。")
@click.option("--period", "period_id", metavar="周期", required=True, help="重算哪一期，如 2026-08。")
@click.option("--against", "before_id", metavar="规则编号", help="与哪个规则比；不写则与最新工单所属的规则比。")
@click.option("--unit", "unit_name", metavar="单位", help="列出一个单位（简称或别名）变动的工单和原因。")
@format_option
def replay(
    storage: Storage, rule_id: str, period_id: str, before_id: str | None, unit_name: str | None, output: str
) -> None:
    """用另一个规则重算过去的一期：各单位三率、得分、位次的新旧对照，以及哪些工单因为哪一条而变动。

    只是测算：不改变已发布的数据，也不启用该规则。
    """
    snapshot = current_snapshot(storage)
    reader = Reader(storage, snapshot)
    known = known_rules(storage, reader)
    after = choose_rule(known, rule_id)
    before = choose_rule(known, before_id or str(reader.rules()["rule_id"][0]))
    if before.id == after.id:
        raise UserError(f"新旧规则都是“{rule_id}”，没有可比的。请用 --against 指定另一个规则。")
    for rule in (before, after):
        require_period(rule, period_id)
    replayed = Reader(storage, snapshot, replay_period(snapshot, period_id, None, rules=(before, after)))
    moved = rule_moves.explained(replayed.moved_orders(before.id, after.id, period_id), before, after)
    old, new = (replayed.unit_scores(rule.id, period_id) for rule in (before, after))
    both = rule_moves.side_by_side(old, new, moved)
    if both.is_empty():
        raise UserError(f"{labels.period_name(period_id)}没有工单，没有可以重算的。各期见 hotline rates。")
    if unit_name:
        shown_name = _shown_name(reader, both, unit_name)
        _print_orders(moved, both, shown_name, period_id, output, (before, after))
    elif output == "table":
        _print_units(both, period_id, (before, after))
        _print_notes([*rule_moves.summary(moved, both, before, after), *rule_words.differences(before, after)])
    else:
        told = pl.concat([old, new]).join(both.select("unit_id", "moved_count"), on="unit_id", how="left")
        emit(told.sort("unit_group", "unit_id", "rule_id"), output, "", SCORES)


def require_period(rule: Rule, period_id: str) -> None:
    """UserError when a rule has no period of this id, with the way its periods are written."""
    example = "2026" if rule.period_length == "year" else "2026-08"
    if not PERIOD.fullmatch(period_id):
        raise UserError(f"周期“{period_id}”的写法应如 {example}。")
    year = int(period_id[:4])
    near = rule.periods(datetime(year, 1, 1), datetime(year, 12, 31, 23))
    if period_id not in {period.period_id for period in near}:
        raise UserError(
            f"规则“{rule.id}”没有 {period_id} 期。{rule_words.clause(rule, 'period').text}；"
            f"适用于{rule_words.clause(rule, 'validity').text}，写法如 {example}。"
        )


def _published(storage: Storage) -> Reader | None:
    """The newest publication; None while there is none."""
    try:
        return Reader(storage, current_snapshot(storage))
    except NothingPublishedError:
        return None


def _notes_on_file(file: RuleFile | None, used: UsedRule | None) -> Iterator[str]:
    """Whether a rule is in force, where its file is, and how that stands to what was published with it."""
    if file:
        yield f"{'已启用' if file.is_in_force else '未启用（备用）'}；文件：{file.path}"
    if used is None:
        return
    yield f"{labels.moment(used.first_used_at)} 起用于发布，内容不能再改；要改请另存为新的编号。"
    if file is None:
        yield f"注意：{DELETED}，以上是发布时的内容。已发布的数字不变；要再用，请恢复原来的文件。"
    elif changes := changes_since(used, file.path):
        refused = "发布会被拒绝" if file.is_in_force else "启用时发布会被拒绝"
        yield (
            f"注意：{CHANGED}，与发布时不同；{refused}。改动的键：{'、'.join(changes)}。"
            "请恢复原来的内容，或另存为新文件、写新的 id。"
        )


def _notes_on_units(rule: Rule, reader: Reader) -> Iterator[str]:
    """That a rule names groups of units that nobody is in."""
    groups = reader.listed_units()["unit_group"].unique().sort().to_list()
    for group in rule.response_only_groups:
        if group not in groups:
            ordinal = rule_words.clause(rule, "response_only").ordinal
            yield f"注意：单位清单中没有“{group}”这一类别，{ordinal}对它不起作用。现有类别：{'、'.join(groups)}。"


def _print_units(both: pl.DataFrame, period_id: str, pair: tuple[Rule, Rule]) -> None:
    """A row a unit, every cell `old → new`."""
    title = f"{labels.period_name(period_id)}：{pair[0].id} → {pair[1].id}"
    rates = [
        f"{rate}_rate"
        for rate in INDICATORS
        if both.select(f"before_{rate}_rate", f"after_{rate}_rate").count().sum_horizontal()[0]
    ]
    names = ["valid", *rates, "score", "score_rank"]
    for (group,), part in labels.in_group_order(both).group_by("unit_group", maintain_order=True):
        table = Table(title=f"{group}　{title}", title_justify="left", title_style="bold")
        for name in ("unit_name", *names, "moved_count"):
            table.add_column(labels.column(name), justify="left" if name == "unit_name" else "right")
        for row in part.iter_rows(named=True):
            cells = [_change(row, name, pair) for name in names]
            table.add_row(row["unit_name"], *cells, labels.count(row["moved_count"]))
        console().print(table)


def _change(row: Mapping[str, Any], name: str, pair: tuple[Rule, Rule]) -> str:
    old, new = (
        labels.score(row[f"{side}_score"], rule.score_decimals)
        if name == "score"
        else labels.shown(name, row[f"{side}_{name}"])
        for side, rule in zip(("before", "after"), pair, strict=True)
    )
    return old if old == new else f"{old} → {new}"


def _shown_name(reader: Reader, both: pl.DataFrame, name: str) -> str:
    """The name in the table of the unit that a name or alias stands for; UserError says which are near."""
    unit_id = unit_names.unit_id_of(reader, both, name)
    if unit_id is None:
        near = unit_names.near_names(name, both["unit_name"])
        raise UserError(f"这一期没有单位“{name}”。{near}单位名称见不带 --unit 时的第一列。")
    return str(both.filter(pl.col("unit_id") == unit_id)["unit_name"][0])


def _print_orders(
    moved: pl.DataFrame, both: pl.DataFrame, unit_name: str, period_id: str, output: str, pair: tuple[Rule, Rule]
) -> None:
    own = moved.filter((pl.col("before_unit_name") == unit_name) | (pl.col("after_unit_name") == unit_name))
    if output == "table":
        _print_units(both.filter(pl.col("unit_name") == unit_name), period_id, pair)
    emit(own, output, f"{unit_name}：变动的工单 {own.height:,} 件", ORDERS)
    if output == "table":
        _print_notes([])


def _print_notes(lines: list[str]) -> None:
    for line in [*lines, f"{labels.DISCLAIMER}。重算只供比较，不改变已发布的数据。"]:
        console().print(line, style="dim")
