"""What happens to an order after it is taken: dispatch, closing, callback, exclusion.

Times are seconds after the midnight that begins FIRST_DAY.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hotline12345.sample_data.grammar import Ints
from hotline12345.sample_data.plan import RELAPSE, SAME_DAY, Plan
from hotline12345.sample_data.world import DAYS, FIRST_DAY, Floats, World

Bools = NDArray[np.bool_]

DAY, HOUR = 86_400, 3_600
CUTOFF = (DAYS - 1) * DAY + 18 * HOUR
NEVER = np.int64(2**40)

TYPES = ("投诉", "求助", "建议", "举报", "咨询", "表扬")
COMPLAINT, PLEA, SUGGESTION, REPORT, INQUIRY, PRAISE = range(6)
CHANNELS = ("电话", "网上12345", "街镇分中心", "微信公众号", "政务新媒体")
LIMITS = ("2小时", "24小时", "48小时", "7天", "15天")
_LIMIT_SECONDS = np.array([2 * HOUR, DAY, 2 * DAY, 7 * DAY, 15 * DAY])
RESOLUTIONS = ("解决", "基本解决", "部分解决", "未解决")
SATISFACTIONS = ("满意", "基本满意", "一般", "不满意", "未评价")
KEPT, EXCLUDED, SUSPENDED = range(3)

_REPORTED_TOPICS = ("T0501", "T0701", "T0903", "T1103", "T1201", "T0102")
_RESPONSE_ONLY_UNIT, _SILENT_UNIT = "E01", "B18"
_SILENT_PERIOD = (np.datetime64("2026-08-19"), np.datetime64("2026-09-18"))  # the newest complete 19th-18th period
_PHONE_CHANNEL_SHARE = (0.9, 0.052, 0.022, 0.016, 0.01)


@dataclass(frozen=True)
class Handling:
    """Arrays with one entry per order; `*_at` in seconds after FIRST_DAY, NEVER where it does not happen."""

    kind: Ints
    channel: Ints
    unit: Ints
    first_unit: Ints
    created_at: Ints
    city_at: Ints
    dispatched_at: Ints
    redispatched_at: Ints
    due_at: Ints
    closed_at: Ints
    callback_at: Ints
    decided_at: Ints
    limit: Ints
    valid: Bools
    contacted: Bools
    resolution: Ints
    satisfaction: Ints
    first_satisfaction: Ints
    retention: Ints
    returns: Ints
    response_only: Bools
    whistled: Bools
    escalated: Bools
    confidential: Bools
    off_volume: Bools


def limit_seconds(limit: Ints) -> Ints:
    """Length of each time limit; calendar hours."""
    return np.asarray(_LIMIT_SECONDS[limit])


def handle(plan: Plan, world: World, rng: np.random.Generator) -> Handling:
    """Draw the life of each order."""
    rows = len(plan)
    first_of_relapse = np.zeros(rows, dtype=np.bool_)
    first_of_relapse[plan.root[plan.link == RELAPSE]] = True
    kind = _kinds(plan, world, rng)
    unit, first_unit = _units(plan, world, rng)
    returned = first_unit != unit
    enterprise = np.array([u["unit_group"] == "国企" for u in world.units])[unit]
    response_only = _response_only(unit, enterprise, world, rng)
    limit = _limits(enterprise, rng)
    limit[first_of_relapse] = LIMITS.index("48小时")
    created = plan.day * DAY + plan.second
    city = created + rng.integers(120, 2 * HOUR, rows)
    dispatched = city + rng.integers(300, 6 * HOUR, rows)
    redispatched = np.where(returned, dispatched + rng.integers(4 * HOUR, 3 * DAY, rows), NEVER)
    start = np.where(returned, redispatched, dispatched)
    due = start + limit_seconds(limit)
    late = (rng.random(rows) < 0.03) & ~first_of_relapse
    closed = start + (limit_seconds(limit) * np.where(late, rng.uniform(1.05, 2.0, rows), rng.beta(4, 2, rows))).astype(
        np.int64
    )
    delay = np.where(rng.random(rows) < 0.05, rng.uniform(14, 40, rows), 1.5 + rng.exponential(2.2, rows))
    callback = closed + (np.where(first_of_relapse, 2.0, delay) * DAY).astype(np.int64)
    answers = _answers(plan, world, unit, first_of_relapse, rng)
    retention = _retention(answers[2], first_of_relapse, rng)
    decided = np.where(retention == KEPT, NEVER, closed + (rng.uniform(4, 28, rows) * DAY).astype(np.int64))
    town_unit = unit < world.towns
    return Handling(
        kind, _channels(plan, rng), unit, first_unit, created, city, dispatched, redispatched, due, closed,
        callback, decided, limit, *answers, retention,
        np.where(returned, np.where(rng.random(rows) < 0.12, 2, 1), 0), response_only,
        town_unit & (rng.random(rows) < 0.03), rng.random(rows) < 0.01,
        (kind == REPORT) & (rng.random(rows) < 0.8) | (rng.random(rows) < 0.006),
        (rng.random(rows) < 0.006) | np.isin(kind, (INQUIRY, PRAISE)) & (rng.random(rows) < 0.12),
    )  # fmt: skip


def _kinds(plan: Plan, world: World, rng: np.random.Generator) -> Ints:
    """Complaints and pleas mostly; reports where something forbidden is going on."""
    u = rng.random(len(plan))
    kind = np.searchsorted(np.cumsum([0.54, 0.34, 0.05, 0.012, 0.04, 0.018]), u).clip(max=PRAISE)
    reportable = np.array([topic.code.startswith(_REPORTED_TOPICS) for topic in world.topics])[plan.topic]
    kind[reportable & (rng.random(len(plan)) < 0.22)] = REPORT
    planted = (plan.problem >= 0) | (plan.link != 0)
    kind[planted & (kind >= SUGGESTION)] = COMPLAINT
    return kind


def _channels(plan: Plan, rng: np.random.Generator) -> Ints:
    channel = rng.choice(len(CHANNELS), len(plan), p=_PHONE_CHANNEL_SHARE)
    twice = plan.link == SAME_DAY
    channel[twice] = np.where(channel[plan.root[twice]] == 0, 1, 0)
    return channel


def _units(plan: Plan, world: World, rng: np.random.Generator) -> tuple[Ints, Ints]:
    """Undertaking unit and the unit first dispatched to, which differs where the order was returned."""
    town = world.place_town[plan.place]
    bureau = np.array([topic.unit for topic in world.topics])[plan.topic]
    share = np.array([topic.town_share for topic in world.topics])[plan.topic]
    to_town = rng.random(len(plan)) < share
    unit, other = np.where(to_town, town, bureau), np.where(to_town, bureau, town)
    return unit, np.where(rng.random(len(plan)) < 0.035, other, unit)


def _response_only(unit: Ints, enterprise: Bools, world: World, rng: np.random.Generator) -> Bools:
    main = np.array([u["unit_id"] == _RESPONSE_ONLY_UNIT for u in world.units])[unit]
    share = np.where(main, 0.88, np.where(enterprise, 0.06, 0.004))
    return rng.random(len(unit)) < share


def _limits(enterprise: Bools, rng: np.random.Generator) -> Ints:
    u = rng.random(len(enterprise))
    ordinary = np.searchsorted(np.cumsum([0.02, 0.13, 0.0, 0.55]), u)
    return np.where(enterprise, np.where(u < 0.2, 1, 2), ordinary)


def _answers(
    plan: Plan, world: World, unit: Ints, solved_first: Bools, rng: np.random.Generator
) -> tuple[Bools, Bools, Ints, Ints, Ints]:
    """Valid callback, contacted, resolution, satisfaction and first satisfaction as finally known."""
    rows = len(plan)
    valid = (rng.random(rows) < 0.77) | solved_first
    dates = np.datetime64(FIRST_DAY) + plan.day
    silent = np.array([u["unit_id"] == _SILENT_UNIT for u in world.units])[unit]
    valid &= ~(silent & (dates >= _SILENT_PERIOD[0]) & (dates <= _SILENT_PERIOD[1]))
    contacted = (rng.random(rows) < 0.991) | solved_first
    solved = (rng.random(rows) < _solved_probability(plan, world, unit)) & contacted | solved_first
    u = rng.random(rows)
    resolution = np.where(solved, np.where(u < 0.9, 0, 1), np.where(u < 0.2, 2, 3))
    resolution[solved_first] = 0
    satisfaction = _choose(solved, (0.81, 0.12, 0.04, 0.02, 0.01), (0.06, 0.12, 0.26, 0.53, 0.03), rng)
    worse = np.minimum(satisfaction + 1, 3)
    first = np.where((rng.random(rows) < 0.06) & (satisfaction < 4), worse, satisfaction)
    return valid, contacted, resolution, satisfaction, first


def _solved_probability(plan: Plan, world: World, unit: Ints) -> Floats:
    """Units differ in skill, topics in difficulty; planted problems are harder than the rest."""
    fixed = np.random.default_rng(12345)  # the district stays the same whatever the seed of its orders
    skill = fixed.normal(0.0, 0.38, len(world.units))
    ease = fixed.normal(0.0, 0.3, len(world.topics))
    logit = 2.5 + skill[unit] + ease[plan.topic] - 1.1 * (plan.problem >= 0)
    return np.asarray(1 / (1 + np.exp(-logit)))


def _choose(yes: Bools, if_yes: tuple[float, ...], if_no: tuple[float, ...], rng: np.random.Generator) -> Ints:
    u = rng.random(len(yes))
    last = len(if_yes) - 1
    return np.where(yes, np.searchsorted(np.cumsum(if_yes), u), np.searchsorted(np.cumsum(if_no), u)).clip(max=last)


def _retention(resolution: Ints, solved_first: Bools, rng: np.random.Generator) -> Ints:
    """Units apply for exclusion mostly where the answer was bad."""
    bad = resolution >= 2
    u = rng.random(len(bad))
    excluded, suspended = np.where(bad, 0.13, 0.018), np.where(bad, 0.05, 0.005)
    state = np.where(u < excluded, EXCLUDED, np.where(u < excluded + suspended, SUSPENDED, KEPT))
    return np.where(solved_first, KEPT, state)
