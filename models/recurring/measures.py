"""What is counted for an issue, and the score its rank comes from."""

import math
from dataclasses import dataclass
from datetime import datetime

from hotline12345.models.recurring.describe import Description
from hotline12345.models.recurring.settings import MiningSettings


@dataclass(frozen=True)
class Measures:
    """Counts of one issue; `occurrences` holds each order's occurrence, from 1, null without a time or a place."""

    people: int
    orders: int
    months: int
    units: int
    places: int
    placed_people: int
    first_at: datetime | None
    last_at: datetime | None
    recurrences: int
    occurrences: list[int | None]
    outcomes: int
    unresolved: int
    unsettled: int

    def columns(self) -> dict[str, int | float | datetime | None]:
        """The counts under the names of the issues frame."""
        return {
            "people": self.people,
            "orders": self.orders,
            "months": self.months,
            "units": self.units,
            "places": self.places,
            "first_at": self.first_at,
            "last_at": self.last_at,
            "recurrences_after_resolution": self.recurrences,
            "unresolved_share": self.unresolved / self.outcomes if self.outcomes else None,
            "unsettled_share": self.unsettled / self.outcomes if self.outcomes else None,
        }


def measure(members: list[Description], places: list[str | None]) -> Measures:
    """Counts over an issue's orders; `places` are their accepted place names.

    `people` are distinct callers; an order without a caller is a voice of its own unless its text repeats another's.
    `months` are calendar months with an order. `places` are distinct places, or areas where no place is known.
    `outcomes` are the orders whose outcome is known; `unresolved` those of them not resolved, `unsettled` also those
    after whose resolution the same person reported the same again.
    """
    times = sorted(member.reported_at for member in members if member.reported_at)
    known = [member for member in members if member.is_resolved is not None]
    located = [
        (where, member.voice) for member, place in zip(members, places, strict=True) if (where := place or member.area)
    ]
    unsettled = _unsettled(members, places)
    occurrences, recurrences = _occurrences(members, places)
    return Measures(
        people=len({member.voice for member in members}),
        orders=len(members),
        months=len({(time.year, time.month) for time in times}),
        units=len({member.unit for member in members if member.unit}),
        places=len({where for where, _ in located}),
        placed_people=len({voice for _, voice in located}),
        first_at=times[0] if times else None,
        last_at=times[-1] if times else None,
        recurrences=recurrences,
        occurrences=occurrences,
        outcomes=len(known),
        unresolved=sum(member.is_resolved is False for member in known),
        unsettled=unsettled,
    )


def _occurrences(members: list[Description], places: list[str | None]) -> tuple[list[int | None], int]:
    """Occurrence of each order and the number of recurrences, place by place.

    Reports before a resolution belong to one occurrence; the first report after one of the occurrence's orders was
    closed as resolved opens the next one. Orders without a place form no sequence in a theme of several places.
    """
    numbers: list[int | None] = [None] * len(members)
    recurrences = 0
    for place in sorted({place for place in places if place is not None}):
        own = [i for i, where in enumerate(places) if where == place and members[i].reported_at]
        number, closed = 1, None
        for i in sorted(own, key=lambda i: (members[i].reported_at, members[i].order_id)):
            reported_at, closed_at = members[i].reported_at, members[i].closed_at if members[i].is_resolved else None
            if closed is not None and reported_at is not None and reported_at > closed:
                number, closed, recurrences = number + 1, None, recurrences + 1
            numbers[i] = number
            if closed_at is not None and (closed is None or closed_at < closed):
                closed = closed_at
    return numbers, recurrences


def _unsettled(members: list[Description], places: list[str | None]) -> int:
    last: dict[tuple[str, str | None], datetime] = {}
    for member, place in zip(members, places, strict=True):
        if member.reported_at is not None:
            key = member.voice, place
            last[key] = max(member.reported_at, last.get(key, member.reported_at))
    unsettled = 0
    for member, place in zip(members, places, strict=True):
        again = last.get((member.voice, place))
        returned = again is not None and member.closed_at is not None and again > member.closed_at
        unsettled += member.is_resolved is False or (member.is_resolved is True and returned)
    return unsettled


def score_parts(
    measures: Measures, is_event: bool, usual: float | None, settings: MiningSettings
) -> dict[str, float | None]:
    """The parts of the score, each 0-100, null where unknown; `usual` is the unsettled share of all issues' orders."""
    breadth = max(measures.units, measures.places)
    density = measures.placed_people / measures.places - 1 if measures.places else None
    return {
        "people_score": _saturating(measures.people, settings.people_half),
        "months_score": _saturating(measures.months or None, settings.months_half),
        "breadth_score": None if is_event else _saturating(breadth or None, settings.breadth_half),
        "density_score": None if is_event else _saturating(density, settings.density_half),
        "difficulty_score": _saturating(_excess(measures, usual), settings.difficulty_half),
    }


def total_score(parts: dict[str, float | None], settings: MiningSettings) -> float:
    """Weighted mean of the known parts, 0-100, rounded to two decimals so that ties are ties."""
    weights = {
        "people_score": settings.people_weight,
        "months_score": settings.months_weight,
        "breadth_score": settings.breadth_weight,
        "density_score": settings.density_weight,
        "difficulty_score": settings.difficulty_weight,
    }
    known = {name: part for name, part in parts.items() if part is not None}
    return round(sum(part * weights[name] for name, part in known.items()) / sum(weights[name] for name in known), 2)


def _excess(measures: Measures, usual: float | None) -> float | None:
    """Standard deviations (binomial) by which the unsettled orders exceed what is usual for so many; at least 0."""
    if usual is None or not 0 < usual < 1 or not measures.outcomes:
        return None
    expected = measures.outcomes * usual
    return max(0.0, (measures.unsettled - expected) / math.sqrt(expected * (1 - usual)))


def _saturating(amount: float | None, half: float) -> float | None:
    return None if amount is None else round(100.0 * amount / (amount + half), 2)
