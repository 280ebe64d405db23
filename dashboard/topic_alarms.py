"""When the health of the topic model calls for somebody: thresholds as data, reasons that a person understands. Pure."""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from hotline12345.dashboard import labels

SURE, UNSEEN, MIX = "把握下降", "生词增多", "类别构成变化"
REVIEW, DISAGREE = "待复核增多", "与人工不一致增多"
WHOLE = "全部类别"


@dataclass(frozen=True)
class Thresholds:
    """When to raise an alarm; all are proposals, chosen so that ordinary months of the example data raise none.

    A month is judged from `min_orders` orders on, a single category from `min_topic_orders`. Compared is with the mean of
    at most `months_before` earlier months, of which there must be two. `sure_drop` how much lower (0–1) the mean
    probability of a category may be; a drop also has to exceed `noise` standard errors. `unseen_factor` and `unseen_rise`
    how many times, and how much, more unseen characters than on the hold-out. `mix_shift` the population stability index
    against the training orders (0.1 to 0.25 is usual for seasons). `review_rise`, `disagree_rise` by how much the share of
    unsure orders, or of those that the clerk calls otherwise, may grow.
    """

    min_orders: int = 200
    min_topic_orders: int = 30
    months_before: int = 6
    sure_drop: float = 0.08
    noise: float = 3.0
    unseen_factor: float = 1.1
    unseen_rise: float = 0.03
    mix_shift: float = 0.25
    review_rise: float = 0.10
    disagree_rise: float = 0.10


@dataclass(frozen=True)
class Alarm:
    """One alarm: of which kind, about which category (or all), in which month, and why in words."""

    kind: str
    topic_name: str
    month: date
    reason: str


def monthly(health: pl.DataFrame) -> pl.DataFrame:
    """All categories together, month by month; grain created_month. `health` as `Reader.topic_health` gives it."""
    return with_shares(health.group_by("created_month").agg(_SUMS).sort("created_month"))


def with_shares(counts: pl.DataFrame) -> pl.DataFrame:
    """The sums with mean_probability, unseen_share, unsure_share and disagreement_share; null where there is no basis."""

    def part(over: str, under: str) -> pl.Expr:
        return pl.when(pl.col(under) > 0).then(pl.col(over) / pl.col(under))

    return counts.with_columns(
        part("probability_sum", "order_count").alias("mean_probability"),
        part("unseen_sum", "unseen_known_count").alias("unseen_share"),
        part("unsure_count", "order_count").alias("unsure_share"),
        part("disagreement_count", "labelled_count").alias("disagreement_share"),
    )


def alarms(health: pl.DataFrame, manifest: Mapping[str, Any], limits: Thresholds | None = None) -> list[Alarm]:
    """The alarms of the newest judgeable month, the gravest kinds first; none where no month has enough orders.

    `health` as `Reader.topic_health` gives it; `manifest` of the model in force (class_mix, unseen_share), may be empty.
    """
    chosen = limits or Thresholds()
    months = monthly(health).filter(pl.col("order_count") >= chosen.min_orders)
    if months.is_empty():
        return []
    month: date = months["created_month"][-1]
    now = months.row(-1, named=True)
    before = _mean_before(months.head(-1), chosen)
    found = [_mix(health, month, manifest.get("class_mix") or {}, chosen), _unseen(now, manifest, chosen)]
    found += [rule(now, before, chosen) for rule in (_review, _disagree)]
    return [alarm for alarm in [*found, *_sure(health, month, chosen)] if alarm is not None]


def stability_index(expected: Mapping[str, float], counts: Mapping[str, int]) -> float:
    """The population stability index of counts against expected shares (0–1), 0 where they agree.

    sum of (now − then) × ln(now ÷ then); every class of either is given half an order, so that none is 0.
    """
    names = sorted(expected.keys() | counts.keys())
    total = sum(counts.values()) + len(names) / 2
    now = {name: (counts.get(name, 0) + 0.5) / total for name in names}
    floor = 0.5 / total
    scale = sum(max(expected.get(name, 0.0), floor) for name in names)
    then = {name: max(expected.get(name, 0.0), floor) / scale for name in names}
    return sum((now[name] - then[name]) * math.log(now[name] / then[name]) for name in names)


_SUMS = [
    pl.col(name).sum()
    for name in (
        *("order_count", "probability_sum", "unseen_known_count", "unseen_sum"),
        *("unsure_count", "labelled_count", "disagreement_count", "corrected_count"),
    )
]


def _mean_before(months: pl.DataFrame, limits: Thresholds) -> dict[str, Any] | None:
    """The earlier months added up, as one row; None where there are fewer than two."""
    if months.height < 2:
        return None
    return with_shares(months.tail(limits.months_before).select(_SUMS)).row(0, named=True)


def _mix(health: pl.DataFrame, month: date, expected: Mapping[str, float], limits: Thresholds) -> Alarm | None:
    own = health.filter(pl.col("created_month") == month)
    counts = dict(own.select("model_topic_code", "order_count").iter_rows())
    if not expected or stability_index(expected, counts) <= limits.mix_shift:
        return None
    names, total = dict(health.select("model_topic_code", "topic_name").iter_rows()), sum(counts.values())
    moved = {name: counts.get(name, 0) / total - expected.get(name, 0.0) for name in expected.keys() | counts.keys()}
    largest = sorted(moved, key=lambda name: (-abs(moved[name]), name))[:3]
    told = "、".join(
        f"{names.get(name, name)} {labels.rate(expected.get(name, 0.0))} → {labels.rate(counts.get(name, 0) / total)}"
        for name in largest
    )
    reason = f"与训练时相比，各类占比变动较大：{told}。只是季节变化不必处理；持续几个月，请复核一些工单后重新训练。"
    return Alarm(MIX, WHOLE, month, reason)


def _unseen(now: Mapping[str, Any], manifest: Mapping[str, Any], limits: Thresholds) -> Alarm | None:
    usual, share = manifest.get("unseen_share"), now["unseen_share"]
    if usual is None or share is None or share < usual + limits.unseen_rise or share < usual * limits.unseen_factor:
        return None
    reason = (
        f"文本中训练时没有见过的字词占 {labels.rate(share)}，训练时为 {labels.rate(usual)}。"
        "可能有新的事情或新的写法；请看下面的新类别建议，并复核一些工单后重新训练。"
    )
    return Alarm(UNSEEN, WHOLE, now["created_month"], reason)


def _risen(kind: str, name: str, told: str) -> Callable[..., Alarm | None]:
    """A rule for a share that may not grow by more than its limit against the months before."""

    def rule(now: Mapping[str, Any], before: Mapping[str, Any] | None, limits: Thresholds) -> Alarm | None:
        rise = limits.review_rise if kind == REVIEW else limits.disagree_rise
        if before is None or now[name] is None or before[name] is None or now[name] < before[name] + rise:
            return None
        reason = told.format(now=labels.rate(now[name]), before=labels.rate(before[name]))
        return Alarm(kind, WHOLE, now["created_month"], reason)

    return rule


_review = _risen(
    REVIEW,
    "unsure_share",
    "模型把握不够的工单占 {now}，前几个月为 {before}。请先复核这些工单，再重新训练。",
)
_disagree = _risen(
    DISAGREE,
    "disagreement_share",
    "模型与人工标注不同的占 {now}，前几个月为 {before}。可能是标注口径变了，也可能是模型旧了；请在分类复核中对照几件。",
)


def _sure(health: pl.DataFrame, month: date, limits: Thresholds) -> list[Alarm]:
    """Categories whose mean probability fell, those that fell most first."""
    found = []
    for (name,), own in health.group_by("topic_name", maintain_order=True):
        months = with_shares(own.filter(pl.col("order_count") >= limits.min_topic_orders).sort("created_month"))
        before = _mean_before(months.filter(pl.col("created_month") < month), limits)
        current = months.filter(pl.col("created_month") == month)
        if before is None or current.is_empty():
            continue
        now, usual = current["mean_probability"][0], before["mean_probability"]
        error = math.sqrt(usual * (1 - usual) / current["order_count"][0])
        if usual - now > max(limits.sure_drop, limits.noise * error):
            reason = (
                f"平均把握从前几个月的 {labels.rate(usual)} 降到 {labels.rate(now)}"
                f"（{current['order_count'][0]:,} 件）。请在分类复核中看这一类的工单，确认或改正后重新训练。"
            )
            found.append((now - usual, Alarm(SURE, str(name), month, reason)))
    return [alarm for _, alarm in sorted(found, key=lambda pair: (pair[0], pair[1].topic_name))]
