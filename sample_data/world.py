"""The invented 示例区: its units, places, topics, seasons and recurring problems, as arrays indexed by number."""

import csv
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from hotline12345.sample_data.grammar import Ints, read_toml
from hotline12345.sample_data.paths import CONFIG

Floats = NDArray[np.float64]

FIRST_DAY = date(2024, 10, 1)
LAST_DAY = date(2026, 9, 30)
DAYS = (LAST_DAY - FIRST_DAY).days + 1
BASE_ORDERS = 30_000  # the size for which grammar_problems.toml states its numbers
KINDS = ("小区", "村", "道路", "商业", "学校", "医院", "景区", "单位")
HOME_KINDS = 2  # callers live at places of the first two kinds
_MOUNTAIN_SHARE = 1 / 600  # of the district's orders, per 1,000 inhabitants of a mountain town


@dataclass(frozen=True)
class Topic:
    """A level-3 topic with its path and how it behaves."""

    code: str
    path: tuple[str, str, str]
    seven_five: str
    unit: int
    town_share: float
    kind: int
    rural: bool
    say: tuple[str, ...]
    want: str
    title: str
    weight: float
    season: str


@dataclass(frozen=True)
class Problem:
    """A planted recurring problem."""

    problem_id: str
    name: str
    grain: str
    topic: int
    places: tuple[int, ...]
    windows: tuple[tuple[int, int], ...]
    orders: int
    relapse: float
    say: tuple[str, ...]
    want: str
    title: str


@dataclass(frozen=True)
class World:
    """Everything that does not depend on the number of orders. Towns are units 0 … 12."""

    units: tuple[dict[str, str], ...]
    towns: int
    places: tuple[dict[str, str], ...]
    place_town: Ints
    place_kind: Ints
    town_weight: Floats
    topics: tuple[Topic, ...]
    problems: tuple[Problem, ...]
    topic_days: Floats  # (days, topics): expected share of a topic on a day, not normalised
    phrases: dict[str, Any]


def _table(name: str) -> list[dict[str, str]]:
    with (CONFIG / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _day(text: str) -> int:
    return (date.fromisoformat(text) - FIRST_DAY).days


def _read_topics(unit_number: dict[str, int]) -> tuple[Topic, ...]:
    rows = {row["topic_code"]: row for row in _table("topics.csv")}
    topics = []
    for code, spec in read_toml("grammar_topics.toml").items():
        entry: dict[str, Any] = spec
        names = (rows[code[:3]]["topic_name"], rows[code[:5]]["topic_name"], rows[code]["topic_name"])
        topics.append(
            Topic(
                code, names, rows[code]["seven_five_primary"], unit_number[entry["unit"]], entry["town"],
                KINDS.index(entry.get("at", "小区")), entry.get("rural", False), tuple(entry["say"]),
                entry["want"], entry["title"], entry.get("weight", 1.0), entry.get("season", ""),
            )
        )  # fmt: skip
    return tuple(topics)


def _read_problems(
    topics: tuple[Topic, ...], units: list[dict[str, str]], places: list[dict[str, str]]
) -> tuple[Problem, ...]:
    topic_number = {topic.code: i for i, topic in enumerate(topics)}
    unit_id = [unit["unit_id"] for unit in units]
    problems = []
    for problem_id, spec in read_toml("grammar_problems.toml").items():
        entry: dict[str, Any] = spec
        towns = entry.get("towns", unit_id)
        chosen = [
            i for i, place in enumerate(places)
            if place["place_point"] in entry["points"]
            or (not entry["points"] and place["kind"] == entry["at"] and place["unit_id"] in towns)
        ]  # fmt: skip
        windows = tuple((_day(first), _day(last)) for first, last in entry["windows"])
        problems.append(
            Problem(
                problem_id, entry["name"], entry["grain"], topic_number[entry["topic"]], tuple(chosen), windows,
                entry["orders"], entry["relapse"], tuple(entry["say"]), entry["want"], entry["title"],
            )
        )  # fmt: skip
    return tuple(problems)


def _topic_days(topics: tuple[Topic, ...], seasons: dict[str, Any]) -> Floats:
    dates = np.datetime64(FIRST_DAY) + np.arange(DAYS)
    month_day = np.array([f"{d:%m-%d}" for d in dates.tolist()])
    weekend = np.is_busday(dates, weekmask="1111100")
    factor = {"": np.ones(DAYS)}
    for name, window in seasons.items():
        after, before = month_day >= window["from"], month_day <= window["to"]
        inside = after & before if window["from"] <= window["to"] else after | before
        factor[name] = np.where(inside, window["inside"], window["outside"])
    weights = np.stack([topic.weight * len(topic.say) * factor[topic.season] for topic in topics], axis=1)
    return np.asarray(weights * np.where(weekend, 1.0, 0.74)[:, None], dtype=np.float64)


def _town_weight(towns: list[dict[str, str]]) -> Floats:
    people = np.array([float(town["population"]) for town in towns])
    mountain = np.array([town["terrain"] == "深山" for town in towns])
    share = np.where(mountain, people / 1000 * _MOUNTAIN_SHARE, 0.0)
    return np.where(mountain, share, people / people[~mountain].sum() * (1 - share.sum()))


@cache
def load_world() -> World:
    """Read the tables of the district once."""
    units = _table("units.csv")
    places = _table("places.csv")
    unit_number = {unit["unit_id"]: i for i, unit in enumerate(units)}
    topics = _read_topics(unit_number)
    phrases = read_toml("grammar_frames.toml")
    towns = [unit for unit in units if unit["unit_group"] == "街镇"]
    return World(
        units=tuple(units),
        towns=len(towns),
        places=tuple(places),
        place_town=np.array([unit_number[p["unit_id"]] for p in places], dtype=np.int64),
        place_kind=np.array([KINDS.index(p["kind"]) for p in places], dtype=np.int64),
        town_weight=_town_weight(towns),
        topics=topics,
        problems=_read_problems(topics, units, places),
        topic_days=_topic_days(topics, phrases["season"]),
        phrases=phrases,
    )
