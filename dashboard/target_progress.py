"""How far a unit's figure is from each target: in 百分点, in orders, in words. An expired target is never a failure.

Pure. Targets come from the site's table and from what people entered; both are shown, each with its source.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_CEILING, Decimal
from typing import Any

import polars as pl

from hotline12345.dashboard import labels
from hotline12345.sql.records.targets import EnteredTarget
from hotline12345.sql.rule_layout import STATUSES
from hotline12345.sql.targets import SCORE

IN_FORCE, EXPIRED, NOT_YET = "in_force", "expired", "not_yet"
ENTERED = "录入目标"


@dataclass(frozen=True)
class Target:
    """A target for one indicator.

    Attributes:
        target_id: of the config, or the number of the entry.
        name: as people see it.
        indicator: response_rate, resolution_rate, satisfaction_rate, on_time_rate or score.
        value: 0-1, for the score 0-100.
        unit_id, unit_group: whom it is for; None for every unit.
        valid_from, valid_to: first day, and first day after; None where it is open.
        source: where it comes from, with its status.
    """

    target_id: str
    name: str
    indicator: str
    value: float
    unit_id: str | None
    unit_group: str | None
    valid_from: date | None
    valid_to: date | None
    source: str

    def state(self, day: date) -> str:
        """Whether it is in force on a day, expired, or not yet in force."""
        if self.valid_to and day >= self.valid_to:
            return EXPIRED
        return NOT_YET if self.valid_from and day < self.valid_from else IN_FORCE

    def reaches(self, unit: Mapping[str, Any]) -> bool:
        """Whether it is for a unit (with unit_id and unit_group)."""
        return self.unit_id in (None, unit["unit_id"]) and self.unit_group in (None, unit["unit_group"])

    def title(self, day: date) -> str:
        """Its name; of an expired one with the word that it is."""
        return f"{self.name}（已到期）" if self.state(day) == EXPIRED else self.name


@dataclass(frozen=True)
class Progress:
    """One unit's figure against one target.

    Attributes:
        target: the target.
        state: in_force or expired, on the last day of the period.
        title: the target's name as it is shown.
        figure: the unit's, null without valid callbacks.
        gap: figure minus target, 0-1 or points of the score; null without a figure.
        orders: how many more fully counted orders of today's denominator reach it; 0 when reached, null for the score,
            without a figure and where the denominator does not suffice.
        words: one Chinese sentence.
    """

    target: Target
    state: str
    title: str
    figure: float | None
    gap: float | None
    orders: int | None
    words: str

    @property
    def is_reached(self) -> bool | None:
        """Whether the exact figure is at least the target; null without a figure."""
        return None if self.gap is None else self.gap >= 0


def configured(targets: pl.DataFrame) -> list[Target]:
    """The targets of the site's table (`Reader.targets`)."""
    return [
        Target(
            target_id=row["target_id"],
            name=row["target_name"],
            indicator=row["target_indicator"],
            value=row["target_figure"],
            unit_id=row["unit_id"],
            unit_group=row["unit_group"],
            valid_from=row["valid_from"],
            valid_to=row["valid_to"],
            source=f"{row['target_source']}（{STATUSES[row['target_status']]}）",
        )
        for row in targets.iter_rows(named=True)
    ]


def entered(events: Iterable[EnteredTarget], rule_id: str, period_id: str) -> list[Target]:
    """The entered targets that hold for a rule and period: of each indicator and unit the one that begins last."""
    found: dict[tuple[str, str], EnteredTarget] = {}
    for event in sorted(events, key=lambda each: (each.rule_id != "", each.from_period, each.event_id)):
        if event.rule_id in ("", rule_id) and event.from_period <= period_id:
            found[event.indicator, event.unit_id] = event
    return [
        Target(
            target_id=str(event.event_id),
            name=ENTERED,
            indicator=event.indicator,
            value=event.value,
            unit_id=event.unit_id or None,
            unit_group=None,
            valid_from=None,
            valid_to=None,
            source=f"{event.who} {event.at} 录入",
        )
        for event in sorted(found.values(), key=lambda each: (each.indicator, each.unit_id))
    ]


def progress(unit: Mapping[str, Any], targets: Sequence[Target], period: Mapping[str, Any]) -> list[Progress]:
    """A unit's figures against every target that reaches it and is or was in force, those in force first.

    Args:
        unit: a row of `Reader.unit_scores`.
        targets: of `configured` and `entered`.
        period: a row of `Reader.periods`; targets are judged on its last day.
    """
    day = (period["end_at"] - timedelta(microseconds=1)).date()
    wanted = [target for target in targets if target.reaches(unit) and target.state(day) != NOT_YET]
    return sorted((_progress(unit, target, day) for target in wanted), key=lambda each: each.state == EXPIRED)


def _progress(unit: Mapping[str, Any], target: Target, day: date) -> Progress:
    figure = unit[target.indicator]
    orders = None if figure is None else _orders(unit, target)
    gap = None if figure is None else _gap(unit, target)
    said = _words(target, day, figure, gap, orders)
    return Progress(target, target.state(day), target.title(day), figure, gap, orders, said)


def _gap(unit: Mapping[str, Any], target: Target) -> float:
    """Figure minus target; exact, so that a figure that only prints as the target does not count as reached."""
    if target.indicator == SCORE:
        return float(Decimal(repr(unit[SCORE])) - Decimal(repr(target.value)))
    share = target.indicator.removesuffix("_rate")
    numerator = Decimal(repr(unit[f"{share}_numerator"])) - Decimal(repr(target.value)) * unit[f"{share}_denominator"]
    return float(numerator / unit[f"{share}_denominator"])


def _orders(unit: Mapping[str, Any], target: Target) -> int | None:
    """Orders that must turn from nothing to full, the denominator unchanged."""
    if target.indicator == SCORE:
        return 0 if _gap(unit, target) >= 0 else None
    share = target.indicator.removesuffix("_rate")
    numerator, denominator = Decimal(repr(unit[f"{share}_numerator"])), unit[f"{share}_denominator"]
    missing = (Decimal(repr(target.value)) * denominator - numerator).to_integral_value(ROUND_CEILING)
    return max(0, int(missing)) if missing <= denominator - numerator else None


def _words(target: Target, day: date, figure: float | None, gap: float | None, orders: int | None) -> str:
    name = labels.column(target.indicator)
    is_score = target.indicator == SCORE
    goal = f"{target.title(day)}：{name} {labels.score(target.value) if is_score else labels.rate(target.value)}"
    if figure is None or gap is None:
        return f"{goal}。{labels.NO_VALID}，不作比较。"
    now = f"现为 {labels.score(figure) if is_score else labels.rate(figure)}"
    far = _distance(gap, is_score)
    if target.state(day) == EXPIRED:
        return f"{goal}，仅供参照。{now}，{far}。"
    if gap >= 0:
        return f"{goal}。{now}，已达到（{far}）。"
    more = f"，约合 {orders:,} 件" if orders else ""
    return f"{goal}。{now}，{far}{more}。"


def _distance(gap: float, is_score: bool) -> str:
    """How far above or below, never printed as 0.0 when it is not."""
    size = abs(Decimal(repr(gap))) * (1 if is_score else 100)
    unit = "分" if is_score else "个百分点"
    shown = f"{labels.round_half_up(size, 1)}" if size >= Decimal("0.05") or not size else "不足 0.1"
    return "与目标持平" if not size else f"{'高于' if gap > 0 else '低于'}目标 {shown} {unit}"
