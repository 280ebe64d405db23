"""Who calls about what, where and when: the numbers behind each order, before any text."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from hotline12345.sample_data.grammar import Ints
from hotline12345.sample_data.world import BASE_ORDERS, DAYS, HOME_KINDS, KINDS, Floats, World

CUTOFF_SECOND = 18 * 3600  # the last day ends at 18:00
_CHUNK_ORDERS = 100_000
_HOURS = np.array(
    [6, 4, 2, 2, 2, 4, 12, 30, 62, 88, 86, 66, 44, 52, 74, 76, 70, 58, 46, 42, 40, 34, 22, 12], dtype=np.float64
)
_HEAVY_ORDERS = (74, 44, 38, 33, 29, 26, 24, 22)  # of callers who write very often, in a sample of 30,000
_REPEAT_SHARE, _SAME_DAY_SHARE = 0.07, 0.006
_RELAPSE_DAYS = 25  # a problem comes back after 解决 no sooner than this
_CALLERS_PER_ORDER = 0.85

ANEW, AGAIN, SAME_DAY, RELAPSE = range(4)


@dataclass
class Plan:
    """Arrays with one entry per order, in order of time.

    `second` counts from 00:00 of `day`; `sequence` from 1 within a day; `problem` is -1 for everyday orders;
    `root` is the row of the first order of the same case; `link` says how a row follows its root.
    """

    day: Ints
    second: Ints
    sequence: Ints
    problem: Ints
    topic: Ints
    place: Ints
    caller: Ints
    root: Ints
    link: Ints

    def __len__(self) -> int:
        return len(self.day)


class Planner:
    """Spreads a number of orders over the 24 months and hands them out in chunks of whole days."""

    def __init__(self, world: World, orders: int, seed: int) -> None:
        self._world = world
        self._orders = orders
        self._seed = seed
        self._homes = _home_places(world)
        self._pool_sizes = np.maximum(3, orders * _CALLERS_PER_ORDER * self._homes[1]).astype(np.int64)
        self._pool_starts = len(_HEAVY_ORDERS) + np.cumsum(self._pool_sizes) - self._pool_sizes
        self._town_cdf = {rural: _town_cdf(world, rural) for rural in (False, True)}
        self._place_lists = _place_lists(world)

    def chunks(self) -> Iterator[tuple[int, Plan]]:
        """Chunk number and plan; a chunk is closed at the first midnight after 100,000 orders."""
        counts = self._daily_counts(np.random.default_rng([self._seed, 0]))
        totals = counts.sum(axis=1)
        number = np.cumsum(totals) // _CHUNK_ORDERS
        for chunk, label in enumerate(np.unique(number)):
            days = np.flatnonzero(number == label)
            if totals[days].sum():
                yield chunk, self._plan(days, counts[days], np.random.default_rng([self._seed, 1, chunk]))

    def _daily_counts(self, rng: np.random.Generator) -> Ints:
        """(days, 1 + problems): everyday orders and those of each planted problem."""
        scale = self._orders / BASE_ORDERS
        counts = np.zeros((DAYS, 1 + len(self._world.problems)), dtype=np.int64)
        for i, problem in enumerate(self._world.problems, 1):
            weight = np.zeros(DAYS)
            for first, last in problem.windows:
                weight[first : last + 1] = 1.0
            counts[:, i] = rng.multinomial(round(problem.orders * scale), weight / weight.sum())
        volume = self._world.topic_days.sum(axis=1) * rng.normal(1.0, 0.06, DAYS)
        counts[:, 0] = rng.multinomial(self._orders - counts.sum(), volume / volume.sum())
        return counts

    def _plan(self, days: Ints, counts: Ints, rng: np.random.Generator) -> Plan:
        columns = counts.shape[1]
        day = np.repeat(np.repeat(days, columns), counts.ravel())
        problem = np.repeat(np.tile(np.arange(columns), len(days)) - 1, counts.ravel())
        second = _seconds(day, rng)
        order = np.lexsort((second, day))
        day, second, problem = day[order], second[order], problem[order]
        topic = self._topics(day, problem, rng)
        place = self._places(topic, problem, rng)
        rows = len(day)
        plan = Plan(
            day, second, np.arange(rows) - np.searchsorted(day, day) + 1, problem, topic, place,
            self._callers(place, problem, rng), np.arange(rows), np.zeros(rows, dtype=np.int64),
        )  # fmt: skip
        _mark_heavy_callers(plan, self._orders, self._homes[0], rng)
        _link_repeats(plan, rng)
        _link_relapses(plan, self._world, rng)
        return plan

    def _topics(self, day: Ints, problem: Ints, rng: np.random.Generator) -> Ints:
        weights = self._world.topic_days[day[0] : day[-1] + 1]
        cdf = np.cumsum(weights, axis=1)
        cdf = cdf / cdf[:, -1:] + np.arange(len(cdf))[:, None]
        found = np.searchsorted(cdf.ravel(), rng.random(len(day)) + (day - day[0]), side="right")
        topic = np.minimum(found - (day - day[0]) * cdf.shape[1], cdf.shape[1] - 1)
        of_problem = np.array([p.topic for p in self._world.problems])
        return np.where(problem >= 0, of_problem[problem], topic)

    def _places(self, topic: Ints, problem: Ints, rng: np.random.Generator) -> Ints:
        world = self._world
        rural = np.array([t.rural for t in world.topics])[topic]
        kind = np.array([t.kind for t in world.topics])[topic]
        u = rng.random(len(topic))
        town = np.where(rural, np.searchsorted(self._town_cdf[True], u), np.searchsorted(self._town_cdf[False], u))
        flat, starts, sizes = self._place_lists
        key = town * len(KINDS) + kind
        place: Ints = flat[starts[key] + (sizes[key] * rng.random(len(topic)) ** 1.3).astype(np.int64)]
        for i, planted in enumerate(world.problems):
            rows = np.flatnonzero(problem == i)
            place[rows] = rng.choice(np.array(planted.places), len(rows))
        return place

    def _callers(self, place: Ints, problem: Ints, rng: np.random.Generator) -> Ints:
        """Callers live at the place, or at a home of its town; some call far more often than others."""
        homes, _ = self._homes
        by_home = np.zeros(len(self._world.places), dtype=np.int64)
        by_home[homes] = np.arange(len(homes))
        town_of_home = self._world.place_town[homes]
        town = self._world.place_town[place]
        first = np.searchsorted(town_of_home, town)
        homes_in_town = np.searchsorted(town_of_home, town, side="right") - first
        elsewhere = first + (rng.random(len(place)) * homes_in_town).astype(np.int64)
        home = np.where(np.isin(place, homes), by_home[place], elsewhere)
        skew = np.where(problem >= 0, 1.0, 1.6)
        number = (self._pool_sizes[home] * rng.random(len(place)) ** skew).astype(np.int64)
        return np.asarray(self._pool_starts[home] + number)


def _seconds(day: Ints, rng: np.random.Generator) -> Ints:
    hour = rng.choice(24, len(day), p=_HOURS / _HOURS.sum())
    second = hour * 3600 + rng.integers(0, 3600, len(day))
    return np.where(day == DAYS - 1, second * CUTOFF_SECOND // 86_400, second)


def _home_places(world: World) -> tuple[Ints, Floats]:
    """Places where callers live, ordered by town, and the share of the district's orders of each."""
    homes = np.flatnonzero(world.place_kind < HOME_KINDS)
    town = world.place_town[homes]
    return homes, world.town_weight[town] / np.bincount(town)[town]


def _town_cdf(world: World, rural: bool) -> Floats:
    street = np.array([unit["unit_name"].endswith("街道") for unit in world.units[: world.towns]])
    weight = np.where(street & rural, 0.0, world.town_weight)
    cdf: Floats = np.cumsum(weight) / weight.sum()
    cdf[-1] = 1.0
    return cdf


def _place_lists(world: World) -> tuple[Ints, Ints, Ints]:
    """Places of each (town, kind) one after another, with start and size; homes where a kind is missing."""
    lists = []
    for town in range(world.towns):
        for kind in range(len(KINDS)):
            here = np.flatnonzero((world.place_town == town) & (world.place_kind == kind))
            homes = np.flatnonzero((world.place_town == town) & (world.place_kind < HOME_KINDS))
            lists.append(here if kind and len(here) else homes)
    sizes = np.array([len(part) for part in lists])
    return np.concatenate(lists), np.cumsum(sizes) - sizes, sizes


def _mark_heavy_callers(plan: Plan, orders: int, homes: Ints, rng: np.random.Generator) -> None:
    """Give everyday orders to a few callers who write about everything; at most one order per topic and caller."""
    share = len(plan) / BASE_ORDERS
    everyday = rng.permutation(np.flatnonzero(plan.problem < 0))
    for caller, number in enumerate(_HEAVY_ORDERS):
        _, one_per_topic = np.unique(plan.topic[everyday], return_index=True)
        rows = everyday[rng.permutation(one_per_topic)[: round(number * share)]]
        plan.caller[rows] = caller
        at_home = rows[rng.random(len(rows)) < 0.6]
        plan.place[at_home] = homes[caller * 11 % len(homes)]
        everyday = everyday[~np.isin(everyday, rows)]


def _link_repeats(plan: Plan, rng: np.random.Generator) -> None:
    """Some everyday orders repeat an earlier one: the same caller, matter and place, days later or the same day."""
    rows = np.arange(len(plan))
    per_day = len(plan) / (plan.day[-1] - plan.day[0] + 1)
    u = rng.random(len(plan))
    link = np.where(u < _SAME_DAY_SHARE, SAME_DAY, np.where(u < _SAME_DAY_SHARE + _REPEAT_SHARE, AGAIN, ANEW))
    back = np.where(link == SAME_DAY, rng.integers(1, 6, len(plan)), 1 + rng.exponential(14 * per_day, len(plan)))
    parent = rows - back.astype(np.int64)
    inside = parent >= 0
    parent = np.where(inside, parent, 0)
    heavy = plan.caller < len(_HEAVY_ORDERS)
    free = (plan.problem < 0) & ~heavy
    good = (link != ANEW) & inside & free & free[parent] & (link[parent] == ANEW)
    good &= (link == AGAIN) | (plan.day[parent] == plan.day)
    for column in (plan.topic, plan.place, plan.caller, plan.root):
        column[good] = column[parent[good]]
    plan.link[good] = link[good]


def _link_relapses(plan: Plan, world: World, rng: np.random.Generator) -> None:
    """Some orders of a planted problem come from a caller whose earlier order was answered 解决."""
    for i, problem in enumerate(world.problems):
        rows = np.flatnonzero(plan.problem == i)
        earlier = np.searchsorted(plan.day[rows], plan.day[rows] - _RELAPSE_DAYS)
        picked = (earlier * rng.random(len(rows))).astype(np.int64)
        again = (rng.random(len(rows)) < problem.relapse) & (earlier > 0)
        again &= ~again[picked]
        child, parent = rows[again], rows[picked[again]]
        for column in (plan.place, plan.caller, plan.root):
            column[child] = column[parent]
        plan.link[child] = RELAPSE
