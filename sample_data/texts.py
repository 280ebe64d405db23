"""Title, body and result of each order, put together column by column."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from hotline12345.sample_data import people
from hotline12345.sample_data.grammar import Grammar, Ints, Pool
from hotline12345.sample_data.handling import INQUIRY, PRAISE, REPORT, SUGGESTION, Bools, Handling
from hotline12345.sample_data.plan import AGAIN, RELAPSE, SAME_DAY, Plan
from hotline12345.sample_data.world import HOME_KINDS, Problem, Topic, World

_VARIANTS = 60
_SECOND_MATTER, _THIRD_MATTER, _SIDE_REMARK, _SIDE_FIRST = 0.24, 0.05, 0.2, 0.45
_VAGUE_BODY, _VAGUE_TITLE = 0.1, 0.17
_OWN_WANT, _HISTORY, _BRIEF = 0.3, 0.22, 0.14
_ROOM, _NAME, _MOBILE, _LANDLINE, _PLATE, _CITIZEN_ID, _BANK_CARD = 0.09, 0.07, 0.05, 0.012, 0.014, 0.009, 0.007
_KIND_PHRASE = {SUGGESTION: "suggest", REPORT: "report", INQUIRY: "inquiry", PRAISE: "praise"}


@dataclass(frozen=True)
class Texts:
    """Text columns in the order of the plan."""

    title: pl.Series
    body: pl.Series
    result: pl.Series


class Writer:
    """Sentence pools of a seed and how they are joined."""

    def __init__(self, world: World, seed: int) -> None:
        self._world = world
        grammar = Grammar(world.phrases["word"], world.phrases["slip"]["pairs"], seed)
        matters: list[Topic | Problem] = [*world.topics, *world.problems]
        self._say = grammar.pool("say", [m.say for m in matters], _VARIANTS)
        self._want = grammar.pool("want", [(m.want,) for m in matters], 12)
        self._title = grammar.pool("title", [(m.title,) for m in matters], 16)
        phrases: dict[str, Sequence[str]] = world.phrases["phrase"]
        self._frame = frames = grammar.pool("frame", [phrases["at_home"], phrases["at_spot"]], 1)
        self._before, self._after = (frames.sentences.str.split("*").list.get(side) for side in (0, 1))
        self._phrase: dict[str, Pool] = {name: grammar.pool(name, [lines], 12) for name, lines in phrases.items()}

    def write(self, plan: Plan, handling: Handling, rng: np.random.Generator) -> Texts:
        """Texts of all rows of a plan."""
        place = _place_names(plan, self._world, rng)
        return Texts(
            self._titles(plan, place, rng), self._bodies(plan, handling, place, rng), self._results(plan, handling, rng)
        )

    def _matter(self, plan: Plan) -> Ints:
        return np.where(plan.problem >= 0, len(self._world.topics) + plan.problem, plan.topic)

    def _titles(self, plan: Plan, place: pl.Series, rng: np.random.Generator) -> pl.Series:
        rows = len(plan)
        clear = (
            self._phrase["title_open"].draw(0, rows, rng)
            + _sparse(place, rng.random(rows) < 0.45)
            + self._title.draw(self._matter(plan), rows, rng)
            + self._phrase["title_close"].draw(0, rows, rng)
        )
        vague = (rng.random(rows) < _VAGUE_TITLE) & ((plan.problem < 0) | (rng.random(rows) < 0.3))
        return self._phrase["title_vague"].draw(0, rows, rng).zip_with(pl.Series(vague), clear)

    def _bodies(self, plan: Plan, handling: Handling, place: pl.Series, rng: np.random.Generator) -> pl.Series:
        rows = len(plan)
        brief = rng.random(rows) < _BRIEF
        full = ~brief
        side = self._side_remark(rows, rng)
        side_shown = (rng.random(rows) < _SIDE_REMARK) & full
        side_first = side_shown & (rng.random(rows) < _SIDE_FIRST)
        at_home = self._world.place_kind[plan.place] < HOME_KINDS
        frame = self._frame.pick((~at_home).astype(np.int64), rows, rng)
        stop = pl.Series(["。", "，", "；"]).gather(rng.choice(3, rows, p=(0.5, 0.35, 0.15)))
        parts = [
            _sparse(self._openings(plan, handling, rng), full | (rng.random(rows) < 0.4)),
            self._before.gather(frame),
            place,
            _scatter(rows, full & at_home & (rng.random(rows) < _ROOM), lambda n: people.rooms(n, rng)),
            self._after.gather(frame),
            _sparse(side + "，主要是", side_first),
            self._story(plan, rng),
            stop,
            _sparse(self._phrase["effect"].draw(0, rows, rng), full & (rng.random(rows) < 0.6)),
            _sparse(self._phrase["history"].draw(0, rows, rng) + "。", full & (rng.random(rows) < _HISTORY)),
            _sparse(self._phrase["side"].draw(0, rows, rng) + side + "。", side_shown & ~side_first),
            self._wants(plan, rng) + "。",
            _sparse(_personal(plan, self._world, rng), full),
            _sparse(self._phrase["closing"].draw(0, rows, rng), full),
        ]
        return _join(parts)

    def _openings(self, plan: Plan, handling: Handling, rng: np.random.Generator) -> pl.Series:
        rows = len(plan)
        opening = self._phrase["opening"].draw(0, rows, rng)
        for kind, name in _KIND_PHRASE.items():
            opening = self._phrase[name].draw(0, rows, rng).zip_with(pl.Series(handling.kind == kind), opening)
        again = np.isin(plan.link, (AGAIN, SAME_DAY)) & (rng.random(rows) < 0.6)
        opening = self._phrase["again_open"].draw(0, rows, rng).zip_with(pl.Series(again), opening)
        return self._phrase["relapse_open"].draw(0, rows, rng).zip_with(pl.Series(plan.link == RELAPSE), opening)

    def _story(self, plan: Plan, rng: np.random.Generator) -> pl.Series:
        """The matter itself, sometimes two or three of one topic, sometimes nothing that says what it is."""
        rows = len(plan)
        matter = self._matter(plan)
        told = self._say.draw(matter, rows, rng)
        for share, joint in ((_SECOND_MATTER, "，"), (_THIRD_MATTER, "。再有，")):
            told = told + _sparse(joint + self._say.draw(matter, rows, rng), rng.random(rows) < share)
        vague = (rng.random(rows) < _VAGUE_BODY) & (plan.problem < 0)
        return self._phrase["vague"].draw(0, rows, rng).zip_with(pl.Series(vague), told)

    def _side_remark(self, rows: int, rng: np.random.Generator) -> pl.Series:
        return self._say.draw(rng.integers(0, len(self._world.topics), rows), rows, rng)

    def _wants(self, plan: Plan, rng: np.random.Generator) -> pl.Series:
        rows = len(plan)
        own = self._phrase["demand"].draw(0, rows, rng) + self._want.draw(self._matter(plan), rows, rng)
        return own.zip_with(pl.Series(rng.random(rows) < _OWN_WANT), self._phrase["want"].draw(0, rows, rng))

    def _results(self, plan: Plan, handling: Handling, rng: np.random.Generator) -> pl.Series:
        rows = len(plan)
        solved = pl.Series(handling.resolution <= 1)
        text = self._phrase["done"].draw(0, rows, rng).zip_with(solved, self._phrase["open"].draw(0, rows, rng))
        person = people.names(plan.caller, self._world.phrases["person"])
        named = "来电人" + person + "，电话" + people.mobiles(plan.caller) + "。"
        return text + _sparse(named, rng.random(rows) < 0.03)


def _place_names(plan: Plan, world: World, rng: np.random.Generator) -> pl.Series:
    """The point, sometimes with its town or community before it."""
    point = pl.Series([p["place_point"] for p in world.places])
    community = pl.Series([p["community"] for p in world.places])
    town = pl.Series([world.units[int(t)]["unit_name"] for t in world.place_town])
    style = rng.random(len(plan))
    names = pl.concat([point, town + point, town + community.zip_with(community != point, pl.Series([""])) + point])
    shift = np.select([style < 0.62, style < 0.85], [0, 1], 2) * len(world.places)
    return names.gather(plan.place + shift)


def _personal(plan: Plan, world: World, rng: np.random.Generator) -> pl.Series:
    """Names and numbers that callers leave behind; blank for most."""
    rows = len(plan)
    person = people.names(plan.caller, world.phrases["person"])
    parts = [
        _sparse("来电人" + person + "。", rng.random(rows) < _NAME),
        _sparse("联系电话" + people.mobiles(plan.caller) + "。", rng.random(rows) < _MOBILE),
        _scatter(rows, rng.random(rows) < _LANDLINE, lambda n: "座机" + people.landlines(n, rng) + "。"),
        _scatter(rows, rng.random(rows) < _PLATE, lambda n: "车牌号" + people.plates(n, rng) + "。"),
        _scatter(rows, rng.random(rows) < _CITIZEN_ID, lambda n: "身份证号" + people.citizen_ids(n, rng) + "。"),
        _scatter(rows, rng.random(rows) < _BANK_CARD, lambda n: "银行卡号" + people.bank_cards(n, rng) + "。"),
    ]
    return _join(parts)


def _sparse(text: pl.Series, shown: Bools) -> pl.Series:
    return text.zip_with(pl.Series(shown), pl.Series([""]))


def _scatter(rows: int, shown: Bools, make: Callable[[int], pl.Series]) -> pl.Series:
    """Text made only for the rows that show it."""
    values = pl.concat([pl.Series([""]), make(int(shown.sum()))])
    return values.gather(np.where(shown, np.cumsum(shown), 0))


def _join(parts: Sequence[pl.Series]) -> pl.Series:
    return pl.select(pl.concat_str([pl.lit(part) for part in parts])).to_series()
