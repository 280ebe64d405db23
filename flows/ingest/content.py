"""What the cells of a column look like: shares of a sample, so that a column can be known by its content."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from hotline12345.flows.ingest.aliases import aliases
from hotline12345.flows.ingest.surnames import SINGLE
from hotline12345.flows.ingest.text import clean_text
from hotline12345.flows.ingest.times import parse_times
from hotline12345.flows.ingest.values import EXCLUSIONS, RETENTIONS, SATISFACTIONS

USUAL = 0.6  # share of the cells from which a column counts as being of a kind
_FEW = 0.5  # at most this share of the cells may differ in a column of categories
_LONG = 20  # characters
_FIRST_SHARE = 0.9  # of the rows in which a time has to be the earliest
_FEWEST_ROWS = 5
_ANSWERS = ("是", "否", "√", "×")  # said in many columns, so they tell nothing apart

_text = pl.col("text")
_length = _text.str.len_chars()
_categories = _text.n_unique() <= pl.max_horizontal(pl.lit(10), pl.len() * _FEW)
_bare_number = _text.str.contains("^[0-9.]+$")  # also an Excel date without its format; a count looks the same
_compact_time = _text.str.contains("^(?:19|20)[0-9]{6}(?:[0-9]{6})?$")
_phone = _text.str.replace_all(r"[\s-]", "").str.contains(r"^(?:\+?86|0)?1[0-9]{10}(?:\.0)?$|^0[0-9]{2,3}[0-9]{7,8}$")


def _ending(words: str, longest: int) -> pl.Expr:
    return _text.str.contains(f"(?:{words})$") & (_length <= longest)


def _words(column: str, also: Sequence[str] = ()) -> pl.Expr:
    listed = [word.upper() for word in (*aliases().values.get(column, ()), *also) if word not in _ANSWERS]
    return _text.str.to_uppercase().str.replace("类?工单$|类$", "").is_in(listed)


# name → what a clerk is told of the cells, and which cells of a cleaned column `text` (with `is_time`) are of the kind
_KINDS: Mapping[str, tuple[str, pl.Expr]] = {
    "phone": ("是电话号码", _phone),
    "time": ("是时间", pl.col("is_time") & (_compact_time | ~_bare_number)),
    "answer": ("是“是/否”", _text.str.to_uppercase().is_in([*_ANSWERS, "有", "无", "Y", "N"])),
    "satisfaction": ("是满意度", _text.is_in([word for word in SATISFACTIONS if word not in _ANSWERS])),
    "resolution": ("是解决情况", _text.str.contains("^(?:[已未没]|没有|基本|部分)?解决$|^[已未]?办成$")),
    "long_text": (f"是 {_LONG} 字以上的文字", _length >= _LONG),
    "short_text": ("是短句", _length.is_between(6, 40) & _text.str.contains(r"\p{Han}{4}")),
    "town": ("以街道、镇、乡结尾", _ending("街道|镇|乡|街道办事处|地区办事处|人民政府", 15)),
    "unit": ("像单位名称", _ending("局|委|办|办公室|中心|公司|集团|街道|镇|乡|政府|队|所|处|院|委员会|办事处", 25)),
    "community": ("以社区、村结尾", _ending("社区|村|居委会|村委会|居民委员会", 15)),
    "address": (
        "像地点",
        _text.str.contains("[0-9]号|路|小区|胡同|巷|大街|花园|家园|苑|里$|广场|村|市场") & (_length <= 40),
    ),
    "person": ("像姓名", _text.str.contains(rf"^[{SINGLE}](?:\p{{Han}}{{1,2}}|\p{{Han}}{{0,2}}(?:先生|女士))$")),
    "id": (
        "是不重复的编号",
        _text.str.contains(r"^[A-Za-z]{0,8}[-_]?[0-9][0-9A-Za-z_-]{4,}$")
        & ~_phone
        & ~(pl.col("is_time") & _text.str.contains("-"))
        & _text.is_unique(),
    ),
    "path": (
        "是多级分类",
        _text.str.contains(r"\p{Han}\s*(?:->|→|>|-|/)\s*\p{Han}") & _categories & (_length <= 40),
    ),
    "topic": ("是少数几种分类", _text.str.contains(r"^\p{Han}[\p{Han}、/()（）]{1,14}$") & _categories),
    "limit": ("是时限", _text.str.contains(r"^[0-9]+(?:\.[0-9]+)?\s*个?(?:小时|天|工作日|日|h|d)$")),
    "count": ("是很小的整数", _text.str.contains(r"^[0-9]{1,2}次?$")),
    "channel": ("是受理渠道", _words("channel")),
    "order_type": ("是工单类型", _words("order_type")),
    "source_route": ("是派单来源", _words("source_route")),
    "retention": ("是“保留/剔除”", _words("retention", [*RETENTIONS])),
    "exclusion": ("是“剔除/挂账”", _words("exclusion_tag", [*EXCLUSIONS])),
    "assessment": ("是考核类型", _words("assessment_kind")),
    "seven_five": ("是七有五性", _words("seven_five")),
    "simulated": ("是“模拟数据”", _words("is_simulated")),
    "role": ("是“主办/协办”", _words("handling_role")),
}


@dataclass(frozen=True)
class Content:
    """A column's sample: how many cells hold anything, and the share of each kind among them (0-1)."""

    filled: int
    shares: Mapping[str, float]

    def says(self, kind: str) -> str:
        """How many of the cells are of a kind, in Chinese."""
        return f"{percent(self.shares[kind])}的值{_KINDS[kind][0]}"

    def described(self) -> str:
        """What most of the cells look like in Chinese, without any value."""
        if not self.filled:
            return "空列"
        kind = max(self.shares, key=lambda name: self.shares[name])
        return self.says(kind) if self.shares[kind] >= USUAL else "其他文字或数字"


def percent(share: float) -> str:
    """A share as a whole percentage; only all cells are 100 %."""
    return f"{min(round(share * 100), 100 if share == 1 else 99)} % "


def content_of(cells: pl.Series) -> Content:
    """Look at one column of a sample, as read."""
    texts = clean_text(cells).drop_nulls().alias("text")
    if texts.is_empty():
        return Content(0, {})
    frame = pl.DataFrame([texts, _are_times(texts).alias("is_time")])
    shares = frame.select(kind.mean().alias(name) for name, (_, kind) in _KINDS.items())
    return Content(len(texts), shares.row(0, named=True))


def _are_times(texts: pl.Series) -> pl.Series:
    """Which texts are times; parsed only where most of them begin like one, because parsing is slow."""
    if float(texts.str.contains("^[0-9]{4}").sum()) < USUAL * len(texts):
        return pl.Series([False]).new_from_index(0, len(texts))
    return parse_times(texts).is_not_null()


def earliest(columns: Sequence[pl.Series]) -> int | None:
    """Which of several time columns is never later than the others in nearly every row; None when none is."""
    times = pl.DataFrame([parse_times(clean_text(cells)).alias(str(i)) for i, cells in enumerate(columns)])
    full = times.drop_nulls()
    if len(columns) < 2 or full.height < _FEWEST_ROWS:
        return None
    first = full.select(pl.min_horizontal(pl.all())).to_series()
    shares = [float((full[name] == first).sum()) / full.height for name in full.columns]
    leading = [place for place, share in enumerate(shares) if share >= _FIRST_SHARE]
    return leading[0] if len(leading) == 1 else None
