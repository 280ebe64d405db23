"""What the page 我的街镇 says: whose page it is, callers without their keys, what changed since the day before. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import polars as pl

from hotline12345.dashboard import labels

WINDOWS = {"最近 30 天": 30, "最近 90 天": 90, "最近 12 个月": 365}
MOST_TOPICS = 3


@dataclass(frozen=True)
class Changes:
    """What changed since an earlier day's publication.

    Attributes:
        since: when that was published.
        orders: `Reader.changed_since`.
        lost: ids of those whose answers are new and that now lose points.
        before: the unit's score and rank as published then; None where the table did not show it.
    """

    since: datetime
    orders: pl.DataFrame
    lost: frozenset[str]
    before: Mapping[str, Any] | None

    def of(self, name: str) -> pl.DataFrame:
        """The orders behind one of `CHANGES`."""
        if name == NEWLY_LOST:
            return self.orders.filter(pl.col("order_id").is_in(sorted(self.lost)))
        return self.orders.filter(_FLAGS[name])

    @property
    def counts(self) -> dict[str, int]:
        """How many there are of each."""
        return {name: self.of(name).height for name in CHANGES}


NEW, CLOSED, NEWLY_LOST = "新到工单", "新办结", "新失分"
CHANGES = (NEW, CLOSED, NEWLY_LOST)
_FLAGS = {NEW: pl.col("is_new"), CLOSED: pl.col("is_newly_closed")}


def page_title(group: str | None, is_trade: bool) -> str:
    """What the page calls itself for a unit of this group, or for a trade."""
    if is_trade:
        return "我的行业"
    return "我的街镇" if group in (None, "街镇") else "我的单位"


def caller_name(place: int) -> str:
    """`诉求人 A` … `诉求人 Z`, `诉求人 AA`: a name for one reading of one list, never the same person elsewhere."""
    letters = ""
    place += 1
    while place:
        place, letter = divmod(place - 1, 26)
        letters = chr(ord("A") + letter) + letters
    return f"诉求人 {letters}"


def topics(names: Sequence[str]) -> str:
    """`供暖、漏水 等 5 类`."""
    shown = "、".join(names[:MOST_TOPICS])
    return f"{shown} 等 {len(names)} 类" if len(names) > MOST_TOPICS else shown


def title(order: Mapping[str, Any]) -> str:
    """The masked title of an order, or why there is none to show."""
    if order["title"]:
        return str(order["title"])
    return labels.CONFIDENTIAL if order["is_need_to_know"] else "（无标题）"


def place_of(order: Mapping[str, Any]) -> str:
    """The community of an order, else its town."""
    return str(order["community"] or order["place_town"])


def score_words(now: Mapping[str, Any], before: Mapping[str, Any] | None, decimals: int) -> list[str]:
    """How score and rank stand to those published then; empty where there is nothing to compare."""
    if before is None or before["score"] is None or now["score"] is None:
        return []
    moved = labels.score_change(now["score"], before["score"])
    said = [f"综合成绩 {labels.score(before['score'], decimals)} → {labels.score(now['score'], decimals)}（{moved}）"]
    if before["score_rank"] and now["score_rank"]:
        same = before["score_rank"] == now["score_rank"]
        said.append(
            f"位次仍为第 {now['score_rank']}" if same else f"位次 第 {before['score_rank']} → 第 {now['score_rank']}"
        )
    rates = [
        f"{labels.column(f'{stem}_rate')} {labels.points(now[f'{stem}_rate'], _rate(before, stem))}"
        for stem in ("response", "resolution", "satisfaction")
        if now[f"{stem}_rate"] is not None and _rate(before, stem) is not None
    ]
    return [*said, *rates]


def _rate(row: Mapping[str, Any], stem: str) -> float | None:
    """A kept score's rate, from the counts that were kept."""
    numerator, denominator = row[f"{stem}_numerator"], row[f"{stem}_denominator"]
    return numerator / denominator if denominator and numerator is not None else None
