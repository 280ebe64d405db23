"""The site's issues.toml: how recurring issues are scored and chosen. What is wrong in it is told in Chinese."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hotline12345.sql.reference_tables import ReferenceTableError
from hotline12345.sql.rule_layout import Choice as OneOf
from hotline12345.sql.rule_layout import Key, Number, Whole
from hotline12345.sql.storage import Storage

EXAMPLE = Path(__file__).with_name("seeds") / "issues.toml"
GRAINS = {"共性问题": "一类问题在多处", "点位事件": "一处一事"}
METHODS = {"year": "只用年度清单", "month": "只每月选题", "both": "年度清单和每月选题都用"}
_SCORES = {"frequency": "高频", "breadth": "共性", "difficulty": "难点", "urgency": "紧迫"}
_PARTS = {
    "people": ("frequency", "诉求人数"),
    "months": ("frequency", "持续月数"),
    "concentration": ("frequency", "集中程度"),
    "spread": ("breadth", "涉及单位或点位"),
    "density": ("breadth", "每处人数"),
    "unsettled": ("difficulty", "未解决或再次反映"),
    "recurrence": ("difficulty", "解决后再次反映"),
    "returned": ("difficulty", "退单"),
    "held": ("difficulty", "剔除和挂账"),
    "growth": ("urgency", "增长"),
    "urgent": ("urgency", "紧急敏感"),
    "recency": ("urgency", "最近一次反映"),
}

_HALVED = tuple(name for name in _PARTS if name != "concentration")  # a share has no half


@dataclass(frozen=True)
class Some:
    """One or more of a few values, none twice."""

    allowed: str
    values: frozenset[str | int]

    def accepts(self, value: Any) -> bool:
        """Whether it is a list of such values."""
        is_listed = isinstance(value, list) and all(type(one) in {str, int} for one in value)
        return is_listed and len(set(value)) == len(value) and set(value) <= self.values


_SHARE, _AMOUNT = Number(1), Number(1000)
_YEARS = Some("2000 到 2100 的年份的列表，如 [2020, 2021, 2022]，没有写 []", frozenset(range(2000, 2101)))
KEYS = (
    Key("scoring.prior_orders", Whole(1, 10000), "与一般比较时另计的一般工单数"),
    Key("scoring.persistent_people", Whole(1, 10000), "持续月份的人数门槛"),
    Key("scoring.no_baseline_years", _YEARS, "不作基数的年份"),
    Key("scoring.minimum_event_people", Whole(1, 10000), "点位事件最少人数"),
    Key("scoring.minimum_theme_people", Whole(1, 10000), "共性问题最少人数"),
    Key("scoring.parent_share", _SHARE, "归入共性问题的工单占比"),
    Key("scoring.standout", _AMOUNT, "单独列出所需的人数倍数"),
    Key("scoring.draws", Whole(1, 10000), "权重变动的次数"),
    Key("scoring.concentration", _AMOUNT, "权重变动的集中程度"),
    *(Key(f"scoring.weights.{name}", _SHARE, f"{zh}的权重") for name, zh in _SCORES.items()),
    *(Key(f"scoring.parts.{name}", _SHARE, f"{zh}在{_SCORES[of]}中的权重") for name, (of, zh) in _PARTS.items()),
    *(Key(f"scoring.halves.{name}", _AMOUNT, f"{_PARTS[name][1]}得一半分的数量") for name in _HALVED),
    Key("choice.grains", Some("共性问题、点位事件的列表", frozenset(GRAINS)), "可以选定的问题类型"),
    Key("choice.least_problems", Whole(1, 20), "一个主题最少几个问题"),
    Key("choice.most_problems", Whole(1, 20), "一个主题最多几个问题"),
    Key("choice.shortlist_size", Whole(1, 500), "提交会议的候选数"),
    Key("choice.minimum_people", Whole(1, 10000), "提交会议的最少人数"),
    Key("choice.method", OneOf(METHODS), "选题方式"),
)
SECTIONS = tuple(dict.fromkeys(f"[{key.section}]" for key in KEYS))


@dataclass(frozen=True)
class Choice:
    """How the district chooses; see the comments of seeds/issues.toml."""

    grains: tuple[str, ...]
    least_problems: int
    most_problems: int
    shortlist_size: int
    minimum_people: int
    method: str


@dataclass(frozen=True)
class IssueSettings:
    """A whole issues.toml: `scoring` as the arguments of models.recurring's Scoring, `choice` for the board."""

    scoring: Mapping[str, Any]
    choice: Choice


def issue_settings_file(storage: Storage) -> Path:
    """The site's issues.toml, or the example that ships with the package."""
    own = storage.config / "issues.toml"
    return own if own.exists() else EXAMPLE


def load_issue_settings(storage: Storage) -> IssueSettings:
    """The settings in force; ReferenceTableError names the key, what is allowed and what stands there."""
    return issue_settings(issue_settings_file(storage).read_bytes())


def issue_settings(content: bytes) -> IssueSettings:
    """The settings of a file's content; a key that is left out has the value of the example."""
    given = {**_flat(_parsed(EXAMPLE.read_bytes())), **_flat(_parsed(content))}
    for fault in _faults(given):
        raise ReferenceTableError(f"配置文件 issues.toml {fault}。")
    scoring: dict[str, Any] = {"weights": {}, "parts": {}, "halves": {}}
    choice: dict[str, Any] = {}
    for path, value in given.items():
        section, _, name = path.rpartition(".")
        plain = tuple(value) if isinstance(value, list) else value
        target = choice if section == "choice" else scoring if section == "scoring" else scoring[section.split(".")[1]]
        target[name] = plain
    return IssueSettings(scoring, Choice(**choice))


def _parsed(content: bytes) -> dict[str, Any]:
    try:
        return tomllib.loads(content.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise ReferenceTableError("配置文件 issues.toml 不是 UTF-8 编码。请在编辑器中另存为 UTF-8 后重试。") from None
    except tomllib.TOMLDecodeError as error:
        place = re.search(r"at line (\d+)", str(error))
        where = f"第 {place.group(1)} 行" if place else "末尾"
        raise ReferenceTableError(
            f"配置文件 issues.toml {where}写法有误：每行应为“键 = 取值”，文字加英文双引号，列表用英文方括号。"
        ) from None


def _flat(table: Mapping[str, Any], above: str = "") -> dict[str, Any]:
    """The values by their path, such as `scoring.weights.frequency`."""
    found: dict[str, Any] = {}
    for name, value in table.items():
        found |= _flat(value, f"{above}{name}.") if isinstance(value, dict) else {f"{above}{name}": value}
    return found


def _faults(given: Mapping[str, Any]) -> Iterator[str]:
    """What is wrong, the first first."""
    known = {key.path: key for key in KEYS}
    for path, value in given.items():
        if path not in known:
            section = path.rpartition(".")[0]
            beside = [key.path for key in KEYS if key.section == section]
            yield f"有不认识的键“{path}”。可用的{'键' if beside else '节'}：{'、'.join(beside or SECTIONS)}"
        elif not known[path].kind.accepts(value):
            yield f"的“{path}”（{known[path].meaning}）：取值应为：{known[path].kind.allowed}；现在是 {value}"
    sums = {"四个得分的权重（scoring.weights）": [f"scoring.weights.{name}" for name in _SCORES]}
    sums |= {
        f"{zh}各项的权重（scoring.parts）": [f"scoring.parts.{part}" for part, (of, _) in _PARTS.items() if of == name]
        for name, zh in _SCORES.items()
    }
    for said, paths in sums.items():
        total = sum(round(1000 * given[path]) for path in paths)
        if total != 1000:
            yield f"的{said}合计应为 1，现在是 {total / 1000:g}"
    for path in [f"scoring.halves.{name}" for name in _HALVED] + ["scoring.concentration"]:
        if not given[path]:
            yield f"的“{path}”应大于 0"
    if not given["choice.grains"]:
        yield "的“choice.grains”至少要有一种问题类型"
    if given["choice.least_problems"] > given["choice.most_problems"]:
        yield "的“choice.least_problems”不能大于“choice.most_problems”"
