"""Citizens' letters with a known truth, in another grammar than the sample data: the gold for mining recurring issues.

`write_letters(half, count, seed)` makes long colloquial letters with title and body. The place is in the text only,
under several names; a problem is told in quite different words; a place has several problems and much noise; letters
are copied and posted by others; one writer sends 90 letters on 90 matters, another 20 on one. More than 70 % of the
letters are about one-off matters. The two halves, `development` and `held_out`, share no problem, place, subject or
turn of phrase; nobody tunes on the second. A one-off subject comes about seven times in 5,000 letters, each time with
another fault: that is no planted issue, and it counts against whoever reports it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

import polars as pl
from letter_wording import Half, Matter, Place, Problem, Teller, load_half

HALVES = ("development", "held_out")
FIRST, DAYS = datetime(2024, 7, 1), 730
FULL = 5_000  # the count that the sizes below are meant for
OWN_SIZES = (80, 60, 44, 30, 20, 12, 6)  # letters of the problems of one place
SPREAD_SIZES = (90, 70, 60, 50, 40, 40, 30, 30, 24, 20, 16)  # single letters of the problems of many places
# places where a spread problem is an event too
HOT_SIZES = (60, 48, 40, 34, 28, 24, 20, 18, 15, 12, 10, 8, 8, 6, 6, 5, 4, 4)
OTHER_PLACES = 240
SCATTERED, PERSISTENT = 90, 20  # letters of the writer of many matters, and of the writer of one
SCHEMA = {
    **dict.fromkeys(("order_id", "title", "body"), pl.String),
    "reported_at": pl.Datetime("us"),
    "caller": pl.String,
    "closed_at": pl.Datetime("us"),
    "is_resolved": pl.Boolean,
    "is_satisfied": pl.Boolean,
}
TRUTH = ("order_id", "kind", "problem_id", "event_id", "theme_id", "place_id", "writer")


@dataclass(frozen=True)
class Letters:
    """The letters and what is true of them.

    records: grain order_id, what a miner may see, see SCHEMA; caller is null for some, outcomes for many.
    truth: same rows; kind (planted | one-off | scattered | persistent), problem_id, event_id (a problem at one place,
    at least 4 letters), theme_id (a problem of many places), place_id and writer; ids are null where there is none.
    """

    records: pl.DataFrame
    truth: pl.DataFrame


@dataclass
class Draft:
    """A letter before it has a number."""

    at: datetime
    writer: str
    title: str
    body: str
    kind: str
    problem: str | None = None
    event: str | None = None
    theme: str | None = None
    place: Place | None = None


@dataclass
class Plan:
    """Who writes when about what; one `Random` for everything."""

    half: Half
    rng: Random
    scale: float
    people: int = 0
    matters: Iterator[Matter] = field(default_factory=lambda: iter(()))
    others: list[Place] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.teller = Teller(self.half, self.rng)
        self.others = self.half.other_places(OTHER_PLACES, self.rng)
        self.matters = self.half.one_off_matters(self.rng)

    def writer(self) -> str:
        self.people += 1
        return f"w{self.people:05d}"

    def size(self, full: int, least: int = 4) -> int:
        return max(least, round(full * self.scale))

    def moments(self, problem: Problem, count: int) -> list[datetime]:
        """When letters come: in the problem's months, in one burst, more and more, or evenly."""
        rng = self.rng
        if problem.months:
            days = [day for day in range(DAYS) if (FIRST + timedelta(day)).month in problem.months]
            return [self.at(rng.choice(days)) for _ in range(count)]
        shape, centre = rng.choice(("burst", "growing", "even", "even")), rng.uniform(60, DAYS - 60)
        if shape == "burst":
            return [self.at(min(max(rng.gauss(centre, 18), 0), DAYS - 1)) for _ in range(count)]
        return [self.at((DAYS - 1) * rng.random() ** (0.4 if shape == "growing" else 1.0)) for _ in range(count)]

    def at(self, day: float) -> datetime:
        return FIRST + timedelta(days=int(day), seconds=self.rng.randrange(6 * 3600, 24 * 3600))

    def event(self, problem: Problem, place: Place, count: int) -> Iterator[Draft]:
        """Letters of one place and problem: most by different people, some copied by others, some posted twice."""
        event = f"{problem.problem_id}-{place.place_id}"
        theme = problem.problem_id if problem.spread else None
        written: list[tuple[str, str, str]] = []
        insistent = self.writer()
        for number, at in enumerate(sorted(self.moments(problem, count))):
            chance = self.rng.random()
            if number >= 4 and chance < 0.15:
                _, title, body = self.rng.choice(written)
                writer, (title, body) = self.writer(), self.teller.near_copy(title, body)
            elif number >= 4 and chance < 0.2:
                writer, title, body = written[-1]
            else:
                again = number >= 4 and chance < 0.32
                writer = insistent if again else self.writer()
                title, body = self.teller.about_problem(problem, place)
            written.append((writer, title, body))
            yield Draft(at, writer, title, body, "planted", problem.problem_id, event, theme, place)

    def single(self, problem: Problem, places: list[Place], count: int) -> Iterator[Draft]:
        """Letters of a problem of many places, one from each."""
        for place, at in zip(places, self.moments(problem, count), strict=False):
            title, body = self.teller.about_problem(problem, place)
            yield Draft(at, self.writer(), title, body, "planted", problem.problem_id, None, problem.problem_id, place)

    def planted(self) -> Iterator[Draft]:
        """Every planted problem. Some places get several events, never two of one problem."""
        own = [problem for problem in self.half.problems if not problem.spread]
        spread = [problem for problem in self.half.problems if problem.spread]
        self.rng.shuffle(own)
        self.rng.shuffle(spread)
        used: dict[str, set[str]] = {problem.problem_id: set() for problem in self.half.problems}

        def free(problem: Problem, places: list[Place]) -> list[Place]:
            fits = [p for p in places if p.kind in problem.kinds and p.place_id not in used[problem.problem_id]]
            return self.rng.sample(fits, len(fits))

        for problem, size in zip(own, OWN_SIZES, strict=True):
            yield from self.event(problem, free(problem, self.half.places)[0], self.size(size))
        for number, size in enumerate(HOT_SIZES):
            problem = spread[number % len(spread)]
            place = free(problem, self.half.places)[0]
            used[problem.problem_id].add(place.place_id)
            yield from self.event(problem, place, self.size(size))
        for problem, size in zip(spread, SPREAD_SIZES, strict=True):
            places = free(problem, self.half.places + self.others)
            yield from self.single(problem, places, self.size(size, 8))

    def anywhere(self) -> Place | None:
        """Where a one-off letter comes from: no place, a place that planted problems share, or another."""
        chance = self.rng.random()
        if chance < 0.3:
            return None
        return self.rng.choice(self.half.places if chance < 0.55 else self.others)

    def one_off(self) -> Draft:
        place = self.anywhere()
        aside = self.rng.choice(self.rng.choice(self.half.problems).titles) if self.rng.random() < 0.015 else ""
        title, body = self.teller.about_matter(next(self.matters), place, aside)
        return Draft(self.at(self.rng.uniform(0, DAYS - 1)), self.writer(), title, body, "one-off", place=place)

    def scattered(self, count: int) -> Iterator[Draft]:
        """One writer, many matters, always in the same frame of words."""
        writer, home = self.writer(), self.half.places[0]
        habit = self.teller.one("digressions") + self.teller.one("procedures")
        for _ in range(count):
            place = home if self.rng.random() < 0.5 else self.anywhere()
            title, body = self.teller.about_matter(next(self.matters), place)
            at = self.at(self.rng.uniform(0, DAYS - 1))
            yield Draft(at, writer, title, (habit + body)[:600], "scattered", place=place)

    def persistent(self, count: int) -> Iterator[Draft]:
        """One writer, one matter of one place, again and again."""
        writer, matter, place = self.writer(), next(self.matters), self.half.places[1]
        for _ in range(count):
            title, body = self.teller.about_matter(matter, place)
            at = self.at(self.rng.uniform(DAYS / 2, DAYS - 1))
            yield Draft(at, writer, title, body, "persistent", place=place)


def write_letters(half: str = "development", count: int = FULL, seed: int = 1) -> Letters:
    """`count` letters of a half over 24 months, in order of time; the same arguments give the same letters."""
    rng = Random(f"{half}-{count}-{seed}")
    plan = Plan(load_half(half), rng, count / FULL)
    drafts = [
        *plan.planted(),
        *plan.scattered(round(SCATTERED * min(1.0, plan.scale))),
        *plan.persistent(round(PERSISTENT * min(1.0, plan.scale))),
    ]
    if len(drafts) > 0.3 * count:
        raise ValueError(f"{count} letters are too few: {len(drafts)} are not one-off")
    drafts += [plan.one_off() for _ in range(count - len(drafts))]
    drafts.sort(key=lambda draft: (draft.at, draft.writer, draft.body))
    prefix = half[0].upper()
    records = [_record(f"{prefix}{number:06d}", draft, rng) for number, draft in enumerate(drafts)]
    truth = [_truth(f"{prefix}{number:06d}", draft) for number, draft in enumerate(drafts)]
    return Letters(
        pl.DataFrame(records, schema=SCHEMA, orient="row"),
        pl.DataFrame(truth, schema=dict.fromkeys(TRUTH, pl.String), orient="row"),
    )


def _record(order_id: str, draft: Draft, rng: Random) -> tuple[object, ...]:
    caller = None if rng.random() < 0.04 else draft.writer
    closed = draft.at + timedelta(days=rng.randint(1, 40)) if rng.random() < 0.7 else None
    asked = closed is not None and rng.random() < 0.8
    resolved = rng.random() < (0.75 if draft.problem is None else 0.5) if asked else None
    satisfied = rng.random() < (0.85 if resolved else 0.2) if asked else None
    return order_id, draft.title, draft.body, draft.at, caller, closed, resolved, satisfied


def _truth(order_id: str, draft: Draft) -> tuple[str | None, ...]:
    place = draft.place.place_id if draft.place else None
    return order_id, draft.kind, draft.problem, draft.event, draft.theme, place, draft.writer
