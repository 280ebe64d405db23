"""Ways of writing a known place that are no names of their own: its name without the suffix, and slips of the pen."""

from collections import Counter
from collections.abc import Mapping, Sequence

import polars as pl

from hotline12345.models.recurring.places import core, is_generic, is_secondary, told_apart

_SHORTEST_CORE, _SHORTEST_SLIP = 2, 3
_LEAST_PEOPLE = 3
_SLIP_RATIO = 3
_TOWNS = ("镇", "乡", "街道", "区", "县", "市")


def bare_cores(known: Mapping[str, int], texts: Sequence[str]) -> dict[str, str]:
    """Names without their suffix (桐澜 for 桐澜苑), each with the most frequent name that it is the core of.

    Only cores that stand alone in no more texts than inside a known name: 幸福 says nothing of 幸福小区, 桐澜 does of 桐澜苑.
    What is a town's name as well (白杨 of 白杨镇) is none. Names of fewer than three people, of roads and facilities count
    not. Linear in the characters.
    """
    cores: dict[str, str] = {}
    for name in sorted(known, key=lambda name: (known[name], name)):
        front = core(name)
        if known[name] >= _LEAST_PEOPLE and len(front) >= _SHORTEST_CORE and front != name and not is_secondary(name):
            cores[front] = name
    cores = {front: name for front, name in cores.items() if front not in known and not is_generic(front)}
    if not cores:
        return {}
    towns = {front + kind: front for front in cores for kind in _TOWNS}
    patterns = sorted({*cores, *known, *towns}, key=lambda name: (-len(name), name))
    alone: Counter[str] = Counter()
    inside: Counter[str] = Counter()
    seen: set[str] = set()
    for found in pl.Series(texts, dtype=pl.String).str.extract_many(patterns, leftmost=True).to_list():
        seen.update(found)
        for name in set(found):
            alone[name] += name in cores
            inside[core(name)] += name in known
    are_towns = {towns[name] for name in seen & set(towns)}
    return {
        front: name for front, name in sorted(cores.items()) if alone[front] <= inside[front] and front not in are_towns
    }


def slips(written: Mapping[str, int], known: Mapping[str, int]) -> dict[str, str]:
    """Runs of characters that are a known name but for one wrong or missing character (恒萃悦府 for 恒翠悦府), with that name.

    `written` are runs that stand where places stand, with their people. The name has at least three characters, for a
    missing one four, and three times the people; numbers and directions make another place, and of several names the one
    of most people counts.
    """
    keys: dict[str, str] = {}
    for name in sorted(known, key=lambda name: (known[name], name)):
        if known[name] >= _LEAST_PEOPLE and not is_secondary(name):
            keys |= dict.fromkeys(_keys(name), name)
    found = {}
    for run in sorted(written):
        if len(run) < _SHORTEST_SLIP or any(run[:length] in known for length in range(_SHORTEST_SLIP, len(run) + 1)):
            continue  # a known name with what follows it
        same = (keys[key] for key in [run, *_wildcards(run)] if key in keys)
        names = [name for name in same if known[name] >= _SLIP_RATIO * written[run] and not told_apart(run, name)]
        if names:
            found[run] = max(names, key=lambda name: (known[name], name))
    return found


def _keys(name: str) -> set[str]:
    """The forms by which a slip of the name is recognised."""
    missing = {f"{name[:i]}{name[i + 1 :]}" for i in range(len(name))} if len(name) > _SHORTEST_SLIP else set()
    return missing | set(_wildcards(name))


def _wildcards(name: str) -> list[str]:
    return [f"{name[:i]}?{name[i + 1 :]}" for i in range(len(name))] if len(name) >= _SHORTEST_SLIP else []
