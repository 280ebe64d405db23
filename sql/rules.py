"""Rules as dated data: reading a rule file, checking it, and the periods it cuts time into."""

import difflib
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

EXAMPLES = Path(__file__).with_name("rules")
STATUSES = {"official": "正式", "district_notice": "区级通知", "observed": "观察所得", "example": "示例"}
SUMMARY_METHODS = {"mean_of_units": "各单位算术平均", "pooled": "合并计算"}
_LAYOUT: dict[str, frozenset[str]] = {
    "": frozenset(
        [
            "id",
            "name",
            "status",
            "source",
            "valid_from",
            "valid_to",
            "minimum_valid",
            "period",
            "scope",
            "weights",
            "answers",
            "summary",
        ]
    ),
    "period": frozenset({"start_day"}),
    "scope": frozenset({"excluded_order_types"}),
    "weights": frozenset({"response", "resolution", "satisfaction", "renormalise"}),
    "answers": frozenset({"resolution", "satisfaction"}),
    "summary": frozenset({"method"}),
}


class RuleError(Exception):
    """A rule file is wrong; the Chinese message names file, key, allowed values."""


@dataclass(frozen=True)
class Period:
    """One assessment period: start inclusive, end exclusive (Asia/Shanghai), named after the month it ends in."""

    period_id: str
    start_at: datetime
    end_at: datetime


@dataclass(frozen=True)
class Rule:
    """One rule version. Weights and answer values are thousandths."""

    id: str
    name: str
    status: str
    source: str
    valid_from: date
    valid_to: date | None
    minimum_valid: int
    start_day: int
    excluded_order_types: tuple[str, ...]
    weights: Mapping[str, int]
    renormalise: bool
    answers: Mapping[str, Mapping[str, int]]
    summary_method: str

    def periods(self, first: datetime, last: datetime) -> Iterator[Period]:
        """The periods of this rule from the one that holds `first` to the one that holds `last`."""
        year, month = (first.year, first.month - 1) if first.month > 1 else (first.year - 1, 12)
        while True:
            start = datetime(year, month, self.start_day)
            ends_in = _next_month(year, month) if self.start_day > 1 else (year, month)
            end = datetime(*_next_month(year, month), self.start_day)
            if start > last:
                return
            if end > first and start.date() >= self.valid_from and (not self.valid_to or start.date() < self.valid_to):
                yield Period(f"{ends_in[0]:04d}-{ends_in[1]:02d}", start, end)
            elif start > first and self.valid_to and start.date() >= self.valid_to:
                return
            year, month = _next_month(year, month)

    def describe(self) -> str:
        """The rule in one Chinese sentence, as foot-notes print it."""
        weights = "、".join(
            f"{name}{self.weights[key] / 10:g}%"
            for key, name in (("response", "响应率"), ("resolution", "解决率"), ("satisfaction", "满意率"))
        )
        return f"{self.name}（{STATUSES[self.status]}规则；权重：{weights}；汇总行为{SUMMARY_METHODS[self.summary_method]}）"


def _next_month(year: int, month: int) -> tuple[int, int]:
    return (year + 1, 1) if month == 12 else (year, month + 1)


def load_rules(folder: Path) -> list[Rule]:
    """The site's rules in `folder`, else the packaged examples, sorted by id; RuleError when a file is wrong."""
    paths = sorted(folder.glob("*.toml")) or sorted(EXAMPLES.glob("*.toml"))
    rules = [load_rule(path) for path in paths]
    if len({rule.id for rule in rules}) < len(rules):
        raise RuleError(f"{folder.name}：两个规则文件使用了相同的 id，每个版本须有自己的 id。")
    return sorted(rules, key=lambda rule: rule.id)


def load_rule(path: Path) -> Rule:
    """Read one rule file; RuleError names file, key and what is allowed."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise RuleError(f"规则文件 {path.name} 不是有效的 TOML：{error}") from None
    _check_keys(path, "", data)
    for section in _LAYOUT.keys() - {""}:
        _check_keys(path, section, data[section])
    _check_values(path, data)
    return Rule(
        id=data["id"],
        name=data["name"],
        status=data["status"],
        source=data["source"],
        valid_from=data["valid_from"],
        valid_to=data.get("valid_to"),
        minimum_valid=data["minimum_valid"],
        start_day=data["period"]["start_day"],
        excluded_order_types=tuple(data["scope"]["excluded_order_types"]),
        weights={key: _thousandths(data["weights"][key]) for key in ("response", "resolution", "satisfaction")},
        renormalise=data["weights"]["renormalise"],
        answers={
            indicator: {answer: _thousandths(value) for answer, value in values.items()}
            for indicator, values in data["answers"].items()
        },
        summary_method=data["summary"]["method"],
    )


def _thousandths(value: float) -> int:
    return int(Decimal(str(value)) * 1000)


def _check_keys(path: Path, section: str, data: Mapping[str, Any]) -> None:
    allowed, optional = _LAYOUT[section], {"valid_to"}
    where = f"规则文件 {path.name}" + (f" 的 [{section}]" if section else "")
    for key in sorted(data.keys() - allowed):
        near = difflib.get_close_matches(key, sorted(allowed), n=1)
        hint = f"您是不是要写“{near[0]}”？" if near else ""
        raise RuleError(f"{where}：不认识的键“{key}”。{hint}可用的键：{'、'.join(sorted(allowed))}。")
    if missing := sorted(allowed - data.keys() - optional):
        raise RuleError(f"{where}：缺少 {'、'.join(missing)}。")


def _check_values(path: Path, data: Mapping[str, Any]) -> None:
    def require(holds: bool, key: str, allowed: str) -> None:
        if not holds:
            raise RuleError(f"规则文件 {path.name} 的“{key}”：取值应为{allowed}。")

    require(data["status"] in STATUSES, "status", "、".join(STATUSES))
    require(type(data["valid_from"]) is date, "valid_from", "日期，如 2025-01-01")
    require(data["summary"]["method"] in SUMMARY_METHODS, "summary.method", "、".join(SUMMARY_METHODS))
    start_day = data["period"]["start_day"]
    require(isinstance(start_day, int) and 1 <= start_day <= 28, "period.start_day", " 1 到 28 的整数")
    weights = [data["weights"][key] for key in ("response", "resolution", "satisfaction")]
    numbers = all(isinstance(weight, int | float) and 0 <= weight <= 1 for weight in weights)
    require(numbers and sum(map(_thousandths, weights)) == 1000, "weights", " 0 到 1 的数，三项合计为 1")
    for indicator in ("resolution", "satisfaction"):
        values = data["answers"][indicator].values()
        valid = values and all(isinstance(value, int | float) and 0 <= value <= 1 for value in values)
        require(bool(valid), f"answers.{indicator}", "“答案 = 0 到 1 的数”")
