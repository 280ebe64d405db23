"""The district on one page in words: how old the data are, how far the rates are from their targets, volume beside quality. Pure."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import polars as pl

from hotline12345.dashboard import labels
from hotline12345.dashboard.quadrants import QUADRANTS, quadrants
from hotline12345.dashboard.target_progress import EXPIRED, Target, progress

DISTRICT = "合计"
OLD_DAYS = 2  # data older than this are said to be old
_SUMMED = ("order_count", "volume_count", "repeated_count", "called_count", "unreached_count")
_RATE = ("resolution_numerator", "resolution_denominator")
Frames = tuple[pl.DataFrame, pl.DataFrame]  # now, before


def freshness(facts: Mapping[str, Any], now: datetime) -> str:
    """Until when the data go, how long ago that is, and how many rows wait for correction; `now` as the facts, Asia/Shanghai."""
    days = max((now - facts["cutoff_at"]).days, 0)
    age = f"{days} 天前" if days else "今天"
    said = f"数据截至 {labels.moment(facts['cutoff_at'])}（{age}{'，请留意' if days > OLD_DAYS else ''}）"
    waiting = facts["quarantined"]
    return f"{said}，另有 {waiting:,} 行待更正未计入" if waiting else said


def goal(indicator: str, summary: Mapping[str, Any], units: pl.DataFrame, wanted: Sequence[Target]) -> str:
    """A group's figure against the first target for the whole group, and how many of its units reach theirs.

    Args:
        indicator: response_rate, resolution_rate, satisfaction_rate or score.
        summary: the group's row of mart_group_summary, with the period's `start_at` and `end_at`.
        units: the rows of its units.
        wanted: of `configured` and `entered`; those in force come before expired ones, entered before configured.
    """
    for is_expired in (False, True):
        for target in wanted:
            if (
                target.indicator != indicator
                or target.unit_id
                or target.unit_group not in (None, summary["unit_group"])
            ):
                continue
            found = [
                one
                for row in units.iter_rows(named=True)
                for one in progress(row, [target], summary)
                if (one.state == EXPIRED) == is_expired and one.is_reached is not None
            ]
            if found:
                return _goal(
                    target, found[0].title, summary[indicator], sum(bool(one.is_reached) for one in found), found
                )
    return "未设目标"


def _goal(target: Target, title: str, figure: float | None, reached: int, found: Sequence[Any]) -> str:
    is_score = target.indicator == "score"
    shown = f"{labels.score(target.value)} 分" if is_score else labels.rate(target.value)
    if found[0].state == EXPIRED:
        return f"{title} {shown}，仅供参照"
    far = labels.score_change(figure, target.value) if is_score else labels.points(figure, target.value)
    return f"目标 {shown}，相差 {far}；{len(found)} 个单位中 {reached} 个达到"


def whole(units: pl.DataFrame, channels: Frames) -> dict[str, Any]:
    """All units as one, a row as `quadrants.quadrants` has it: counts added up, shares and rates of the sums.

    Args:
        units: rows of `quadrants`.
        channels: of the same two windows (`Reader.unit_channels`).
    """
    one = (pl.lit("").alias("unit_id"), pl.lit(DISTRICT).alias("unit_name"), pl.lit("").alias("unit_group"))
    sides = []
    for ending in ("", "_before"):
        counts = units.select(pl.col(f"{name}{ending}").sum().alias(name) for name in _SUMMED).with_columns(one)
        comparable = units.filter(
            pl.col("resolution_rate").is_not_null() & pl.col("resolution_rate_before").is_not_null()
        )
        rates = comparable.select(pl.col(f"{name}{ending}").sum().alias(name) for name in _RATE)
        rated = pl.when(pl.col(_RATE[1]) > 0).then(pl.col(_RATE[0]) / pl.col(_RATE[1]))
        sides.append((counts, rates.with_columns(*one, resolution_rate=rated)))
    pooled = [
        frame.group_by("channel_group").agg(pl.col("order_count").sum()).with_columns(one).sort("channel_group")
        for frame in channels
    ]
    (now, rate), (before, rate_before) = sides
    found = quadrants((now, before), (pooled[0], pooled[1]), (rate, rate_before))
    return found.row(0, named=True)


def beside(row: Mapping[str, Any]) -> str:
    """What may hide behind a falling volume, always shown: repeats, unreached callers, change of channels; a row of `whole`."""
    told = [
        f"{title} {labels.rate(row[f'{name}_share'])}（{labels.count(row[f'{name}_count'])}/{labels.count(row[of])}，"
        f"{labels.points(row[f'{name}_share'], row[f'{name}_share_before'])}）"
        for name, of, title in (("repeated", "order_count", "重复反映"), ("unreached", "called_count", "回访未接通"))
    ]
    return "；".join([*told, f"换了渠道组的工单 {labels.rate(row['channel_shift'])}"])


def by_quadrant(units: pl.DataFrame) -> pl.DataFrame:
    """How many units stand in each quadrant and which; grain quadrant in the order of QUADRANTS, then what is not comparable."""
    rows = []
    listed = units.sort("volume_count", "unit_id", descending=[True, False])
    for name in (*QUADRANTS.values(), *sorted(set(units["quadrant"]) - set(QUADRANTS.values()))):
        names = listed.filter(pl.col("quadrant") == name)["unit_name"].to_list()
        rows.append({"quadrant": name, "unit_count": len(names), "unit_names": "、".join(names) or labels.MISSING})
    return pl.DataFrame(rows)


def main_parts(now: pl.DataFrame, before: pl.DataFrame | None, whole: str, part: str) -> dict[str, str]:
    """In which part a whole's volume moved most in its own direction, by `whole`: `东河街道 +12 件`; without a comparison
    where most of it is. Grain of both frames topic_code, place_id (`Reader.topic_places`); `part` names the parts."""
    sides = [
        frame.group_by(whole, part).agg(pl.col("order_count").sum()) for frame in (now, before) if frame is not None
    ]
    if before is None:
        moved = sides[0].rename({"order_count": "moved"})
    else:
        joined = sides[0].join(sides[1], on=[whole, part], how="full", coalesce=True).fill_null(0)
        moved = joined.with_columns(moved=pl.col("order_count") - pl.col("order_count_right"))
    same = moved.filter(pl.col("moved") * pl.col("moved").sum().over(whole) > 0)
    ordered = same.sort(whole, pl.col("moved").abs(), part, descending=[False, True, False])
    sign = "+" if before is not None else ""
    rows = ordered.group_by(whole, maintain_order=True).first().select(whole, part, "moved").rows()
    return {key: f"{name} {count:{sign},} 件" for key, name, count in rows}


def place_moves(now: pl.DataFrame, before: pl.DataFrame, limit: int) -> pl.DataFrame:
    """Places whose volume moved most, the largest change first; grain place_id: place_town, now, before, reason (a topic)."""
    sides = [frame.group_by("place_id", "place_town").agg(pl.col("order_count").sum()) for frame in (now, before)]
    joined = (
        sides[0]
        .join(sides[1], on=["place_id", "place_town"], how="full", coalesce=True)
        .with_columns(now=pl.col("order_count").fill_null(0), before=pl.col("order_count_right").fill_null(0))
    )
    reasons = main_parts(now, before, "place_id", "topic_name")
    moved = joined.sort((pl.col("now") - pl.col("before")).abs(), "place_id", descending=[True, False]).head(limit)
    reason = pl.col("place_id").replace_strict(reasons, default=labels.MISSING, return_dtype=pl.String)
    return moved.select("place_id", "place_town", "now", "before", reason=reason)
