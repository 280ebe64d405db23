"""Spellings of one place that only its problem gives away: 荻洲 and 荻花洲小区, where people tell of the same matter."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from itertools import combinations

import numpy as np

from hotline12345.models.recurring.grouping import Rows, group, nearest, stack_centres
from hotline12345.models.recurring.links import Links
from hotline12345.models.recurring.places import core, told_apart
from hotline12345.models.recurring.settings import MiningSettings

_MOST_ROWS = 50
_MOST_SHARING = 12
#: The frequent name has so many times the people of the rarer: where all tell of one matter, that proves little.
_RATIO, _SLIP_RATIO = 2, 3
_SHORTEST_SLIP = 3


def told_of_one_matter(links: Links, fixed: frozenset[str], settings: MiningSettings) -> dict[str, str]:
    """Names of places, each with the more frequent name alike of which the same matter is told.

    Two names are alike when a slip, one or two missing characters, or a rare pair of characters in both joins them and
    no number or direction tells them apart. At least `same_matter_share` of the people who write the rarer must be as near
    as `same_matter` to a matter of the other. `fixed` names stand in cells and are nobody's slip. Cost: linear in the
    names, each compared with the few that are alike; of a name at most fifty orders are looked at.
    """
    rows_of: dict[str, list[int]] = defaultdict(list)
    for row, place in enumerate(links.places):
        if place is not None:
            rows_of[place].append(row)
    rows = {name: np.array(own, dtype=np.int64) for name, own in rows_of.items()}
    counts = dict(zip(rows, links.people_of(list(rows.values())).tolist(), strict=True))
    matters = _matters(
        links, {name: rows[name] for name in rows if counts[name] >= settings.min_event_people}, settings
    )
    found: dict[str, tuple[float, int, str]] = {}
    for rare, frequent, is_slip in _alike(counts):
        centres = matters.get(frequent)
        if rare in fixed or not centres:
            continue
        share = _share(links, rows[rare][:_MOST_ROWS], centres, settings)
        if share >= (settings.slip_matter_share if is_slip else settings.same_matter_share):
            found[rare] = max(found.get(rare, (0.0, 0, "")), (share, counts[frequent], frequent))
    return {rare: frequent for rare, (_, _, frequent) in sorted(found.items())}


def _matters(links: Links, rows: Mapping[str, Rows], settings: MiningSettings) -> dict[str, list[Rows]]:
    """What enough people tell of each name."""
    blocks = [own[: settings.event_likeness.block_size] for own in rows.values()]
    found = zip(rows, group(links.vectors, blocks, settings.event_likeness), strict=True)
    return {
        name: [matter for matter in matters if links.people(matter) >= settings.min_event_people]
        for name, matters in found
    }


def _share(links: Links, rows: Rows, matters: list[Rows], settings: MiningSettings) -> float:
    """The share of the rows' people who tell of one of the matters."""
    cosine = nearest(links.vectors, rows, stack_centres(links.vectors, matters))[1]
    return links.people(rows[cosine >= settings.same_matter]) / links.people(rows)


def _alike(counts: Mapping[str, int]) -> Iterator[tuple[str, str, bool]]:
    """Pairs of names that may be one place, the rarer first, and whether a slip joins them; in the order of the names."""
    keys: dict[str, list[str]] = defaultdict(list)
    for name in sorted(counts):
        for key in _slips(name) | _pairs(name):
            keys[key].append(name)
    pairs: dict[tuple[str, str], bool] = {}
    for key, sharing in keys.items():
        if len(sharing) <= _MOST_SHARING:
            for a, b in combinations(sharing, 2):
                if not told_apart(a, b):
                    pairs[a, b] = pairs.get((a, b), False) or key.startswith("?")
    for (a, b), is_slip in sorted(pairs.items()):
        rare, frequent = (a, b) if (counts[a], b) < (counts[b], a) else (b, a)
        if counts[frequent] >= _RATIO * counts[rare]:
            yield rare, frequent, is_slip and counts[frequent] >= _SLIP_RATIO * counts[rare]


def _slips(name: str) -> set[str]:
    """What a name shares with itself less one character, and with one wrong character, from three characters on."""
    if len(name) < _SHORTEST_SLIP:
        return set()
    return {f"?{name}"} | {f"?{name[:i]}{name[i + 1 :]}" for i in range(len(name))}


def _pairs(name: str) -> set[str]:
    front = core(name) if len(core(name)) > 1 else name
    return {front[i : i + 2] for i in range(len(front) - 1)}
