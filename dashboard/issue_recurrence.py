"""解决后再次反映率 by unit and by topic: the rows with their rates, and the words that stand beside them. Pure."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, NamedTuple

import polars as pl

from hotline12345.dashboard import labels
from hotline12345.dashboard.rate_intervals import with_rate

SMALL = 20  # resolutions below which one more report moves the rate by over 5 percentage points
FEW = "次数少"
COUNTED = ("resolved_occurrence_count", "recurrence_count", "recurrence_rate")
INTERVAL = ("recurrence_rate_low", "recurrence_rate_high")
HOW = (
    "分母“已解决的次数”：同一问题在同一处，从第一次反映到答复解决并办结为一次。分子“解决后再次反映”：其中办结之后同一处又有人反映的次数。",
    "只数归到某个问题、有点位和时间的工单；答复解决的工单按它的承办单位和一级分类统计，在几个问题里也只算一件。",
    "最近办结的还来不及再次反映，这个率会随时间升高。",
)


class Total(NamedTuple):
    """Everything together: the counts, their rate with its interval, the months of the resolved orders, and what is known until when."""

    resolved_occurrence_count: int
    recurrence_count: int
    recurrence_rate: float | None
    recurrence_rate_low: float | None
    recurrence_rate_high: float | None
    first_month: date | None
    last_month: date | None
    known_until: datetime | None


def rated(counts: pl.DataFrame) -> pl.DataFrame:
    """Rows of recurrence_count of resolved_occurrence_count with recurrence_rate and its interval; null where nothing was resolved."""
    return with_rate(counts, "recurrence_count", "resolved_occurrence_count", "recurrence_rate")


def total(counts: pl.DataFrame) -> Total:
    """The one row of the read `recurrences_in_all`."""
    return Total(*rated(counts).select(Total._fields).row(0))


def is_few(row: Mapping[str, Any]) -> bool:
    """Whether a row's rate rests on so few resolutions that it says little; False where there is no rate."""
    return 0 < int(row["resolved_occurrence_count"]) < SMALL


def said(found: Total) -> str:
    """The rate in all, and what rates do not say."""
    if found.recurrence_rate is None:
        return "还没有答复解决并办结的问题，没有解决后再次反映率。"
    return (
        f"合计：已解决 {found.resolved_occurrence_count:,} 次，其中 {found.recurrence_count:,} 次之后又有人反映，"
        f"解决后再次反映率 {labels.rate(found.recurrence_rate)}"
        f"（95% 区间 {labels.rate(found.recurrence_rate_low)}—{labels.rate(found.recurrence_rate_high)}）。"
        "诉求多的地方，几乎每次办结之后都有人再反映，所以各单位、各类的率不宜直接比高低。"
    )


def notes(found: Total) -> Sequence[str]:
    """Small numbers, period, cut-off and disclaimer."""
    if found.first_month is None or found.last_month is None:
        return [f"{labels.DISCLAIMER}。"]
    return [
        f"没有已解决的，率写“{labels.MISSING}”。已解决不足 {SMALL} 次的，差一次就差 5 个百分点以上，请看区间。",
        f"统计期：{labels.month(found.first_month)}至{labels.month(found.last_month)}创建、后来答复解决的工单；"
        f"再次反映数到 {labels.moment(found.known_until)}。{labels.DISCLAIMER}。",
    ]
