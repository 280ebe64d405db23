"""The names of places that a corpus knows, learnt from it and then frozen: which spellings mean which place."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

import polars as pl

from hotline12345.models.recurring.anchors import anchored_names, is_bare
from hotline12345.models.recurring.describe import Description
from hotline12345.models.recurring.places import aliases, core, is_distinct, is_secondary
from hotline12345.models.recurring.settings import MiningSettings
from hotline12345.models.recurring.short_names import bare_cores, slips
from hotline12345.models.recurring.texts import BREAK

_PROPER_LENGTH = 3
#: Places that are named beside the matter: what was heard of, passed, or moved from. They count where no other is named.
_IN_PASSING = r"(?:听说|路过|比如|不像|好比|上班在|住在[^，。]{0,3}的同学|从)[^，。！？；：]{2,14}"
_TITLE = 3
_POINT = 2


@dataclass(frozen=True)
class Gazetteer:
    """`accepted` maps each known spelling of a place to the accepted one, `people` that to how many people wrote it;
    `shared` are names that several areas bear."""

    accepted: dict[str, str]
    people: dict[str, int]
    shared: frozenset[str]

    def locate(self, descriptions: Sequence[Description]) -> tuple[list[str | None], list[list[str]]]:
        """The place of each order, and the known names in its text. Linear in the characters.

        An order's cell says where it is. Else it is the place that its text names most often, the title counting
        `_TITLE` times and roads, areas and facilities a `_POINT`th; of equals the one that more people write. What is named in
        passing counts where nothing else is named. The area stands in front where several areas have a place of that name.
        """
        titles = self._find(pl.Series([description.title for description in descriptions], dtype=pl.String))
        texts = pl.Series([description.body for description in descriptions], dtype=pl.String)
        bodies, here = self._find(texts), self._find(texts.str.replace_all(_IN_PASSING, BREAK))
        told = zip(descriptions, titles, here, bodies, strict=True)
        places = [
            self._place(description, title, own or ([] if title else every)) for description, title, own, every in told
        ]
        return places, [title + body for title, body in zip(titles, bodies, strict=True)]

    def joined(self, same: Mapping[str, str]) -> "Gazetteer":
        """The gazetteer that also takes each name of `same` for the other."""
        accepted = _resolve(self.accepted | dict(same), self.people)
        people: Counter[str] = Counter()
        for name, count in self.people.items():
            people[accepted[name]] += count
        return Gazetteer(accepted, dict(people), self.shared)

    def _place(self, description: Description, title: Sequence[str], body: Sequence[str]) -> str | None:
        if description.place:
            name = self.accepted.get(description.place, description.place)
            return description.area + name if description.area and name in self.shared else name
        unknown = [name for name in (*description.points, *description.others) if name not in self.accepted]
        votes: Counter[str] = Counter()
        for names, weight in ((title, _TITLE), (body, 1), (unknown, 1)):
            for name in names:
                votes[self.accepted.get(name, name)] += weight * (1 if is_secondary(name) else _POINT)
        return min(votes, key=lambda name: (-votes[name], -self.people.get(name, 0), name), default=None)

    def _find(self, texts: pl.Series) -> list[list[str]]:
        """The known names in each text, in text order, the longest at each position."""
        if not self.accepted or texts.is_empty():
            return [[] for _ in texts]
        longest_first = sorted(self.accepted, key=lambda name: (-len(name), name))
        found: list[list[str]] = texts.str.extract_many(longest_first, leftmost=True).to_list()
        return found


def learn_places(descriptions: Sequence[Description], settings: MiningSettings) -> Gazetteer:
    """The gazetteer of a corpus: names in cells and before suffixes, and names that stand where only places stand."""
    voices: dict[str, set[str]] = defaultdict(set)
    for description in descriptions:
        for name in {description.place, *description.points, *description.others} - {None}:
            voices[str(name)].add(description.voice)
    anchored = anchored_names(descriptions, settings)
    for name, who in anchored.names.items():
        voices[name] |= who
    counts = {name: len(who) for name, who in voices.items()}
    known = {name: count for name, count in counts.items() if count >= settings.min_name_people}
    cells = frozenset(description.place for description in descriptions if description.place)
    accepted = _resolve(_same_places(descriptions, counts, known, cells, settings), known)
    people: Counter[str] = Counter()
    for name, count in known.items():
        people[accepted[name]] += count
    also = slips({run: len(who) for run, who in anchored.behind.items()}, known)
    also |= bare_cores(known, [description.text for description in descriptions if not description.place])
    accepted |= {written: accepted[name] for written, name in also.items() if written not in accepted}
    return Gazetteer(accepted, dict(people), _shared_names(descriptions, accepted))


def _same_places(
    descriptions: Sequence[Description],
    counts: dict[str, int],
    known: dict[str, int],
    cells: frozenset[str],
    settings: MiningSettings,
) -> dict[str, str]:
    """Spellings that mean another name: short forms, parts, names always told together, slips of one character.

    A name that stands in cells is the place's own: only a slip of one character makes it another.
    """
    found = _told_together(descriptions, known, settings)
    found |= _short_forms(known)
    found |= _parts(counts, known)
    found |= _about_one_core(counts, known)
    same = {name: other for name, other in found.items() if name not in cells}
    same |= {other: name for name, other in found.items() if name in cells and other not in cells}
    return same | aliases(counts)


def _about_one_core(counts: dict[str, int], known: dict[str, int]) -> dict[str, str]:
    """Names around a proper name of at least three characters (老荻花洲, 荻花洲小区, 荻花洲搅拌站) are the place of that name."""
    cores: dict[str, str] = {}
    for name in sorted(known, key=lambda name: (known[name], name)):
        front = core(name)
        if len(front) >= _PROPER_LENGTH and is_bare(front) and not is_secondary(name):
            cores[front] = name
    found = {}
    for name in counts:
        parts = (name[i:j] for i in range(len(name)) for j in range(len(name), i + _PROPER_LENGTH - 1, -1))
        inside = next((part for part in parts if part in cores and cores[part] != name), None)
        if (
            inside
            and not is_distinct(name.replace(inside, "", 1))
            and (not is_secondary(name) or is_secondary(cores[inside]))
        ):
            found[name] = cores[inside]
    return found


def _parts(counts: dict[str, int], known: dict[str, int]) -> dict[str, str]:
    """A name that begins with a known name is a part of it (桐园花园工地 of 桐园花园); what stands at a road is not."""
    found = {}
    for name in counts:
        for length in range(len(name) - 1, 2, -1):
            whole = name[:length]
            if whole in known and core(whole) != whole and (not is_secondary(whole) or is_secondary(name)):
                found[name] = whole
                break
    return found


def _short_forms(known: dict[str, int]) -> dict[str, str]:
    """A name that begins or ends exactly one other known name is that place (桐园 for 桐园新村)."""
    longer: dict[str, set[str]] = defaultdict(set)
    for name in known:
        for length in range(2, len(name)):
            for part in {name[:length], name[-length:]}:
                if part in known:
                    longer[part].add(name)
    pairs = {short: next(iter(names)) for short, names in longer.items() if len(names) == 1 and len(short) >= 3}
    pairs |= {short: f"{short}小区" for short in known if f"{short}小区" in known}
    found = {}
    for short, long in sorted(pairs.items()):
        if not is_distinct(long.replace(short, "", 1)):
            rare, frequent = (short, long) if known[long] > known[short] else (long, short)
            found[rare] = frequent
    return found


def _told_together(
    descriptions: Sequence[Description], known: dict[str, int], settings: MiningSettings
) -> dict[str, str]:
    """The rarer of two names of which most people who write it write the other, too."""
    both: dict[tuple[str, str], set[str]] = defaultdict(set)
    first: Counter[str] = Counter()
    for description in descriptions:
        first.update([description.place] if description.place else description.points[:1])
        names = sorted(
            {name for name in (description.place, *description.points, *description.others) if name in known}
        )
        for pair in combinations(names[:6], 2):
            both[pair].add(description.voice)
    found: dict[str, tuple[int, str]] = {}
    for pair, people in sorted(both.items()):
        rare, frequent = sorted(pair, key=lambda name: (not is_secondary(name), first[name], known[name], name))
        if len(people) >= settings.min_together and len(people) >= settings.together_share * known[rare]:
            found[rare] = max(found.get(rare, (0, "")), (len(people), frequent))
    return {rare: frequent for rare, (_, frequent) in found.items()}


def _resolve(same: dict[str, str], known: dict[str, int]) -> dict[str, str]:
    """Every known or equated spelling with the last name of its chain; a chain that closes ends at its frequentest name."""
    accepted = {}
    for name in sorted({*same, *known}):
        path = [name]
        while path[-1] in same and same[path[-1]] not in path:
            path.append(same[path[-1]])
        closed = same.get(path[-1])
        loop = path[path.index(closed) :] if closed else [path[-1]]
        accepted[name] = min(loop, key=lambda each: (-known.get(each, 0), each))
    return accepted


def _shared_names(descriptions: Sequence[Description], accepted: dict[str, str]) -> frozenset[str]:
    """Names of which a second area has at least three orders and a quarter of the first's; fewer are slips in the area's cell."""
    areas: dict[str, Counter[str]] = defaultdict(Counter)
    for description in descriptions:
        if description.place and description.area:
            areas[accepted.get(description.place, description.place)][description.area] += 1
    counts = {name: sorted(of.values(), reverse=True)[:2] for name, of in areas.items() if len(of) > 1}
    return frozenset(name for name, (first, second) in counts.items() if second >= max(3, first / 4))
