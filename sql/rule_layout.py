"""What may stand in a rule file: every key with its kind of value, default and Chinese meaning. Data, no reading."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Protocol

STATUSES = {"official": "正式", "district_notice": "区级通知", "observed": "观察所得", "example": "示例"}
PERIOD_LENGTHS = {"month": "按月", "year": "按自然年"}
PERIOD_LABELS = {"end": "以结束的月份命名", "start": "以开始的月份命名"}
UNIT_ROLES = {"undertaker": "承办单位", "place": "被反映街乡镇", "trade": "归属行业部门"}
CLOCKS = {"created": "创建时间", "dispatched": "派单时间", "closed": "办结时间"}
SOURCES = {"callback": "导出表的回访结果", "district": "区级回访", "city": "市级回访", "unit": "承办单位自评"}
ROUNDS = {"latest": "最新一次", "first": "首次", "final": "最终"}
BASES = {"valid": "有效回访", "assessed": "有效回访加未联系上的", "answered": "答了这一项的有效回访"}
IN_OR_OUT = {"out": "不计入", "in": "计入"}
REPEATS = {"each": "每件都计", "first_per_case": "同一案件只计最早一件", "latest_per_case": "同一案件只计最晚一件"}
METHODS = {"weighted": "加权", "deduction": "扣分"}
TIE_BREAKS = {"received": "受理量大者在前", "valid": "有效回访多者在前", "shared": "并列"}
SUMMARY_METHODS = {"mean_of_units": "各单位算术平均", "pooled": "合并计算"}

INDICATORS = {"response": "响应率", "resolution": "解决率", "satisfaction": "满意率", "on_time": "按期办结率"}
CALLBACK_INDICATORS = ("response", "resolution", "satisfaction")
ANSWERS = {
    "resolution": ("解决", "基本解决", "部分解决", "未解决"),
    "satisfaction": (
        *("满意", "基本满意", "一般", "不满意", "未评价", "无法回访", "无人接听"),
        *("5星", "4星", "3星", "2星", "1星", "0星"),
    ),
}
# What loading turns into another word, so that a rule has to name that one.
READ_AS = {
    "办成": "解决",
    "已办成": "解决",
    "已解决": "解决",
    "未办成": "未解决",
    "非常满意": "满意",
    "很满意": "满意",
    "较满意": "基本满意",
    "比较满意": "基本满意",
    "非常不满意": "不满意",
}
REQUIRED = object()


class Kind(Protocol):
    """A kind of value: what it accepts, and the same in Chinese."""

    @property
    def allowed(self) -> str:
        """The allowed values, for a message and the documents."""

    def accepts(self, value: Any) -> bool:
        """Whether a value read from TOML is one of them."""


@dataclass(frozen=True)
class Choice:
    """One of a few words; each has a Chinese name."""

    names: Mapping[str, str]

    @property
    def allowed(self) -> str:
        """`month（按月）、year（按自然年）`."""
        return "、".join(f"{word}（{name}）" for word, name in self.names.items())

    def accepts(self, value: Any) -> bool:
        """Whether it is one of the words."""
        return isinstance(value, str) and value in self.names


@dataclass(frozen=True)
class Whole:
    """A whole number from `low` to `high`, both included."""

    low: int
    high: int

    @property
    def allowed(self) -> str:
        """`1 到 28 的整数`."""
        return f"{self.low} 到 {self.high} 的整数"

    def accepts(self, value: Any) -> bool:
        """Whether it is a whole number within the bounds; true and false are none."""
        return type(value) is int and self.low <= value <= self.high


@dataclass(frozen=True)
class Number:
    """A number from 0 to `high` with at most three decimals: it is kept as whole thousandths."""

    high: int

    @property
    def allowed(self) -> str:
        """`0 到 1 的数（最多三位小数）`."""
        return f"0 到 {self.high} 的数（最多三位小数）"

    def accepts(self, value: Any) -> bool:
        """Whether it is a number within the bounds that thousandths hold exactly."""
        return type(value) in {int, float} and 0 <= value <= self.high and not Decimal(str(value)) * 1000 % 1


@dataclass(frozen=True)
class Text:
    """A text that is not blank."""

    allowed: str = "不空的文字"

    def accepts(self, value: Any) -> bool:
        """Whether it is a text with something in it."""
        return isinstance(value, str) and bool(value.strip())


@dataclass(frozen=True)
class Id:
    """An id that can stand in a file name, a command and an address."""

    allowed: str = "字母、数字、汉字、“-”“_”“.”组成的编号，不超过 60 个字"

    def accepts(self, value: Any) -> bool:
        """Whether it is such a text."""
        return isinstance(value, str) and re.fullmatch(r"[\w.-]{1,60}", value) is not None


@dataclass(frozen=True)
class Texts:
    """A list of texts, none of them blank or twice; it may be empty."""

    allowed: str = '文字的列表，不空、不重复，如 ["咨询", "表扬"]，没有写 []'

    def accepts(self, value: Any) -> bool:
        """Whether it is such a list."""
        return isinstance(value, list) and all(map(Text().accepts, value)) and len(set(value)) == len(value)


@dataclass(frozen=True)
class Day:
    """A date without a time."""

    allowed: str = "日期，不加引号，如 2025-01-01"

    def accepts(self, value: Any) -> bool:
        """Whether it is a date (a moment is none)."""
        return type(value) is date


@dataclass(frozen=True)
class Flag:
    """true or false."""

    allowed: str = "true 或 false（小写，不加引号）"

    def accepts(self, value: Any) -> bool:
        """Whether it is a boolean."""
        return isinstance(value, bool)


@dataclass(frozen=True)
class Key:
    """One key: `section.key`, or a bare key at the top of the file."""

    path: str
    kind: Kind
    meaning: str
    default: Any = REQUIRED

    @property
    def section(self) -> str:
        """The table it stands in; empty at the top."""
        return self.path.rpartition(".")[0]

    @property
    def name(self) -> str:
        """The key itself."""
        return self.path.rpartition(".")[2]


KEYS = (
    Key("id", Id(), "规则编号，每个版本一个，用过后不再改"),
    Key("name", Text(), "规则名称，页面和文件上显示"),
    Key("status", Choice(STATUSES), "规则的地位；official 须有可查的文件"),
    Key("source", Text(), "出处：文件名称、文号，或如何得知"),
    Key("valid_from", Day(), "从这一天起开始的周期适用"),
    Key("valid_to", Day(), "从这一天起开始的周期不再适用；不写为一直有效", None),
    Key("minimum_valid", Whole(0, 1_000_000), "页面默认打开至少有这么多有效回访的最新一期"),
    Key("period.length", Choice(PERIOD_LENGTHS), "周期长短", "month"),
    Key("period.start_day", Whole(1, 28), "每期从几日开始"),
    Key("period.start_hour", Whole(0, 23), "从几点开始", 0),
    Key("period.label", Choice(PERIOD_LABELS), "跨月的周期以哪个月命名；自然月总用本月", "end"),
    Key("scope.excluded_order_types", Texts(), "不考核的工单类型"),
    Key("scope.assessed_order_types", Texts(), "只考核这些工单类型；空为其余全部", []),
    Key("scope.unit_role", Choice(UNIT_ROLES), "按哪个角色的单位计分", "undertaker"),
    Key("scope.clock", Choice(CLOCKS), "按哪个时间归入周期", "created"),
    Key("scope.response_only_groups", Texts(), "只评价响应率的单位类别（units.csv 的 unit_group）", []),
    Key("callback.source", Choice(SOURCES), "以谁的回访结果计分", "callback"),
    Key("callback.round", Choice(ROUNDS), "以哪一次的答复计分", "latest"),
    Key("denominators.response", Choice(BASES), "响应率的分母", "valid"),
    Key("denominators.resolution", Choice(BASES), "解决率的分母", "valid"),
    Key("denominators.satisfaction", Choice(BASES), "满意率的分母", "valid"),
    Key("flags.excluded", Choice(IN_OR_OUT), "剔除的工单是否计入三率", "out"),
    Key("flags.excluded_kinds", Texts(), "只有这些剔除挂账类型的剔除不计入；空为全部剔除", []),
    Key("flags.suspended", Choice(IN_OR_OUT), "挂账的工单是否计入三率", "out"),
    Key("repeats.policy", Choice(REPEATS), "同一期同一单位的重复工单（案件编号相同）怎样计", "each"),
    Key("weights.response", Number(1), "响应率在综合成绩中的权重"),
    Key("weights.resolution", Number(1), "解决率的权重"),
    Key("weights.satisfaction", Number(1), "满意率的权重"),
    Key("weights.on_time", Number(1), "按期办结率的权重", 0),
    Key("weights.renormalise", Flag(), "某项不适用时，其权重是否按比例分给其余各项"),
    Key("score.method", Choice(METHODS), "综合成绩的算法", "weighted"),
    Key("score.decimals", Whole(0, 2), "综合成绩保留几位小数；先四舍五入再排名", 1),
    Key("score.tie_break", Choice(TIE_BREAKS), "同分时的先后", "received"),
    Key("score.minimum_for_rank", Whole(1, 1_000_000), "有效回访少于此数的单位有分数、不排名", 1),
    Key("summary.method", Choice(SUMMARY_METHODS), "汇总行的算法"),
)
DEDUCTION = {
    "target": (Number(1), "目标值，如 0.85"),
    "points": (Number(100), "低于目标每个百分点扣几分"),
}
TABLES = ("answers", "deductions")  # sections of sections, read apart from KEYS
SECTIONS = tuple(dict.fromkeys([key.section for key in KEYS if key.section] + list(TABLES)))
