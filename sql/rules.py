"""Rules as dated data: the rule of one file, and the periods it cuts time into."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from hotline12345.sql.rule_checks import RuleError, rule_values
from hotline12345.sql.rule_layout import CALLBACK_INDICATORS, INDICATORS, STATUSES, SUMMARY_METHODS

EXAMPLES = Path(__file__).with_name("rules")
VARIANTS = "variants"  # the folder beside the rules in force that holds the others


@dataclass(frozen=True)
class Period:
    """One assessment period: start inclusive, end exclusive (Asia/Shanghai); its id is a month or a year."""

    period_id: str
    start_at: datetime
    end_at: datetime


@dataclass(frozen=True)
class Rule:
    """One rule version. Weights, answer values, targets and points of deductions are thousandths.

    Two files with the same meaning give equal rules, whatever their comments and order.
    """

    id: str
    name: str
    status: str
    source: str
    valid_from: date
    valid_to: date | None
    minimum_valid: int
    minimum_for_rank: int
    unit_role: str
    clock: str
    answer_source: str
    answer_round: str
    denominators: Mapping[str, str]
    excluded_order_types: tuple[str, ...]
    assessed_order_types: tuple[str, ...]
    exclusion_kinds: tuple[str, ...]
    response_only_groups: tuple[str, ...]
    exclusions_apply: bool
    suspensions_apply: bool
    repeat_policy: str
    weights: Mapping[str, int]
    renormalise: bool
    answers: Mapping[str, Mapping[str, int]]
    score_method: str
    score_decimals: int
    tie_break: str
    deductions: Mapping[str, tuple[int, int]]
    summary_method: str
    period_length: str
    start_day: int
    start_hour: int
    period_label: str

    def periods(self, first: datetime, last: datetime) -> Iterator[Period]:
        """The periods of this rule from the one that holds `first` to the one that holds `last`.

        A period belongs to the rule when it starts on a day of the rule's validity.
        """
        length = 12 if self.period_length == "year" else 1
        month = 12 * first.year + (0 if self.period_length == "year" else first.month - 2)  # months since year 0
        while (start := self._start(month)) <= last:
            end = self._start(month + length)
            if (
                end > first
                and self.valid_from <= start.date()
                and not (self.valid_to and start.date() >= self.valid_to)
            ):
                yield Period(self._period_id(month), start, end)
            month += length

    def _start(self, month: int) -> datetime:
        return datetime(month // 12, month % 12 + 1, self.start_day, self.start_hour)

    def _period_id(self, month: int) -> str:
        if self.period_length == "year":
            return f"{month // 12:04d}"
        is_calendar_month = (self.start_day, self.start_hour) == (1, 0)
        named = month if is_calendar_month or self.period_label == "start" else month + 1
        return f"{named // 12:04d}-{named % 12 + 1:02d}"

    def describe(self) -> str:
        """The rule in one Chinese sentence, as foot-notes print it."""
        weights = "、".join(
            f"{INDICATORS[indicator]}{weight / 10:g}%" for indicator, weight in self.weights.items() if weight
        )
        parts = f"权重：{weights}" if weights else "扣分制"
        return f"{self.name}（{STATUSES[self.status]}规则；{parts}；汇总行为{SUMMARY_METHODS[self.summary_method]}）"


@dataclass(frozen=True)
class RuleFile:
    """A rule with its file, and whether it is in force: only rules in force are in the ledger."""

    rule: Rule
    path: Path
    is_in_force: bool


def load_rules(folder: Path) -> list[Rule]:
    """The site's rules in `folder`, else the packaged default, sorted by id; RuleError when a file is wrong."""
    return [file.rule for file in _files(rule_paths(folder), True)]


def rule_paths(folder: Path) -> list[Path]:
    """The files of the rules in force: the site's own, else the packaged default."""
    return sorted(folder.glob("*.toml")) or sorted(EXAMPLES.glob("*.toml"))


def catalogue(folder: Path) -> list[RuleFile]:
    """Every rule a site can name: those in force, then the others, each sorted by id.

    The others are the site's in `variants`, then the packaged ones; of two files with one id the first found counts.
    """
    found = {file.rule.id: file for file in _files(rule_paths(folder), True)}
    for more in (folder / VARIANTS, EXAMPLES, EXAMPLES / VARIANTS):
        found = {file.rule.id: file for file in _files(sorted(more.glob("*.toml")), False)} | found
    return sorted(found.values(), key=lambda file: (not file.is_in_force, file.rule.id))


def _files(paths: Sequence[Path], is_in_force: bool) -> list[RuleFile]:
    by_id: dict[str, RuleFile] = {}
    for path in paths:
        file = RuleFile(load_rule(path), path, is_in_force)
        if same := by_id.get(file.rule.id):
            raise RuleError(
                f"规则文件 {same.path.name} 和 {path.name} 使用了相同的 id“{file.rule.id}”，每个版本须有自己的 id。"
            )
        by_id[file.rule.id] = file
    return [by_id[rule_id] for rule_id in sorted(by_id)]


def load_rule(path: Path) -> Rule:
    """Read one rule file; RuleError names file, key and what is allowed."""
    return rule_of(rule_values(path.name, path.read_bytes()))


def rule_of(values: Mapping[str, Any]) -> Rule:
    """The rule that checked values of a file say."""
    return Rule(
        **{
            name: values[name] for name in ("id", "name", "status", "source", "valid_from", "valid_to", "minimum_valid")
        },
        minimum_for_rank=values["score.minimum_for_rank"],
        unit_role=values["scope.unit_role"],
        clock=values["scope.clock"],
        answer_source=values["callback.source"],
        answer_round=values["callback.round"],
        denominators={name: values[f"denominators.{name}"] for name in CALLBACK_INDICATORS},
        excluded_order_types=_items(values["scope.excluded_order_types"]),
        assessed_order_types=_items(values["scope.assessed_order_types"]),
        exclusion_kinds=_items(values["flags.excluded_kinds"]),
        response_only_groups=_items(values["scope.response_only_groups"]),
        exclusions_apply=values["flags.excluded"] == "out",
        suspensions_apply=values["flags.suspended"] == "out",
        repeat_policy=values["repeats.policy"],
        weights={name: _thousandths(values[f"weights.{name}"]) for name in INDICATORS},
        renormalise=values["weights.renormalise"],
        answers={
            indicator: {answer: _thousandths(value) for answer, value in sorted(table.items())}
            for indicator, table in values["answers"].items()
        },
        score_method=values["score.method"],
        score_decimals=values["score.decimals"],
        tie_break=values["score.tie_break"],
        deductions={
            indicator: (_thousandths(table["target"]), _thousandths(table["points"]))
            for indicator, table in sorted(values["deductions"].items())
        },
        summary_method=values["summary.method"],
        period_length=values["period.length"],
        start_day=values["period.start_day"],
        start_hour=values["period.start_hour"],
        period_label=values["period.label"],
    )


def _items(values: Any) -> tuple[str, ...]:
    return tuple(sorted(values))


def _thousandths(value: float) -> int:
    return int(Decimal(str(value)) * 1000)
