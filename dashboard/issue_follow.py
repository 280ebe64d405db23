"""What became of an issue after it was chosen: volume, solved rate, recurrence before and after, the season beside it. Pure.

Only whole months are compared. The month that the issue was chosen for belongs to neither side. No cause is claimed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from hotline12345.dashboard import labels
from hotline12345.dashboard.months import Coverage, between, is_season, moved

MOST_MONTHS = 6  # on each side
BEFORE, AFTER, BEFORE_LAST_YEAR, AFTER_LAST_YEAR = "之前", "之后", "去年同期（之前）", "去年同期（之后）"
NO_CAUSE = "这是前后对照：没有排除季节、同期其他工作和反映习惯的变化，不说明变化由这项决定引起。"
COUNTS = ("order_count", "resolution_asked_count", "resolved_count", "recurrence_count")


@dataclass(frozen=True)
class Window:
    """Whole months of one issue.

    Attributes:
        title: BEFORE, AFTER or one of the year before.
        first: the first day of the first month.
        months: how many months.
        order_count, resolution_asked_count, resolved_count, recurrence_count: sums over them; solved of those asked.
    """

    title: str
    first: date
    months: int
    order_count: int
    resolution_asked_count: int
    resolved_count: int
    recurrence_count: int

    @property
    def resolution_rate(self) -> float | None:
        """Solved of those that answered, 0–1; None where nobody did."""
        return self.resolved_count / self.resolution_asked_count if self.resolution_asked_count else None

    @property
    def span(self) -> str:
        """`2026年3月至2026年5月`."""
        last = moved(self.first, self.months - 1)
        return labels.month(self.first) if self.months == 1 else f"{labels.month(self.first)}至{labels.month(last)}"


@dataclass(frozen=True)
class Follow:
    """Before and after the month `chosen_for`; `windows` is empty while no whole month has passed, `said` says so."""

    chosen_for: date
    windows: Mapping[str, Window]
    said: Sequence[str]


def follow(months: pl.DataFrame, chosen_for: date, covered: Coverage) -> Follow:
    """Hold the months after `chosen_for` (first of a month) against as many before it, and both against last year's.

    Args:
        months: grain created_month with `COUNTS`; a month without a row had no order.
        covered: the whole months of the data.
    """
    count = min(MOST_MONTHS, between(chosen_for, covered.last), between(covered.first, chosen_for))
    if count < 1:
        return Follow(chosen_for, {}, [_too_early(chosen_for, covered)])
    firsts = {BEFORE: moved(chosen_for, -count), AFTER: moved(chosen_for, 1)}
    firsts |= {BEFORE_LAST_YEAR: moved(firsts[BEFORE], -12), AFTER_LAST_YEAR: moved(firsts[AFTER], -12)}
    windows = {
        title: _window(months, title, first, count)
        for title, first in firsts.items()
        if covered.has(first, count) and (title in (BEFORE, AFTER) or is_season(first, count))
    }
    return Follow(chosen_for, windows, _said(windows))


def _window(months: pl.DataFrame, title: str, first: date, count: int) -> Window:
    inside = months.filter(pl.col("created_month").is_between(first, moved(first, count - 1)))
    sums = inside.select(pl.col(name).sum() for name in COUNTS).row(0)
    return Window(title, first, count, *(int(value) for value in sums))


def _said(windows: Mapping[str, Window]) -> list[str]:
    before, after = windows[BEFORE], windows[AFTER]
    return [
        f"{after.span}共 {after.order_count:,} 件，之前同样长的 {before.months} 个月（{before.span}）"
        f"{before.order_count:,} 件，{_change(after, before)}。",
        _season(windows),
        f"解决率{_rate(after)}，之前{_rate(before)}，{_apart(after, before)}；近几个月的答复还会增加。",
        f"解决后再次反映 {after.recurrence_count:,} 件，之前 {before.recurrence_count:,} 件。",
        NO_CAUSE,
    ]


def _season(windows: Mapping[str, Window]) -> str:
    before, after = windows.get(BEFORE_LAST_YEAR), windows.get(AFTER_LAST_YEAR)
    if before is None or after is None:
        return "数据没有完整覆盖可作季节参照的去年同期（2020—2022 年不作参照），看不出季节的影响。"
    counts = f"{before.order_count:,} 件和 {after.order_count:,} 件"
    return f"去年同样两段时间为 {counts}，{_change(after, before)}，供判断季节影响时参照。"


def _rate(window: Window) -> str:
    counts = f"{window.resolved_count:,}/{window.resolution_asked_count:,}"
    return f" {labels.rate(window.resolution_rate)}（{counts}）" if window.resolution_asked_count else "没有答复"


def _change(after: Window, before: Window) -> str:
    if not before.order_count:
        return "之前没有，不算变化率" if after.order_count else "前后都没有"
    return f"变化 {labels.change(after.order_count, before.order_count)}"


def _apart(after: Window, before: Window) -> str:
    if after.resolution_rate is None or before.resolution_rate is None:
        return "不能比较"
    return f"相差 {labels.points(after.resolution_rate, before.resolution_rate)}"


def _too_early(chosen_for: date, covered: Coverage) -> str:
    if chosen_for <= covered.first:
        return f"{labels.month(chosen_for)}之前没有完整的月份可以比较。"
    return f"{labels.month(chosen_for)}之后还没有完整的月份：数据完整到{labels.month(covered.last)}，更新后再看。"
