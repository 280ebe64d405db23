"""Where a topic code stands today: its levels, with codes that a newer catalogue replaced carried over to their successors."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from itertools import takewhile

import polars as pl

Path = tuple[str, ...]
LEVELS = ("level1_code", "level2_code", "level3_code")
SCHEMA = pl.Schema({name: pl.String() for name in ("topic_code", *LEVELS)})


def successors(crosswalk: pl.DataFrame) -> dict[str, list[str]]:
    """The codes that took the place of a code; a code that also keeps its place is not in it. Sorted."""
    after: defaultdict[str, set[str]] = defaultdict(set)
    for row in crosswalk.to_dicts():
        after[row["from_code"]].add(row["to_code"])
    return {code: sorted(later) for code, later in sorted(after.items()) if code not in later}


def topic_paths(topics: pl.DataFrame, crosswalk: pl.DataFrame) -> pl.DataFrame:
    """Each code with its levels of today; grain topic_code, levels below it null.

    A code with one successor (renamed under a new code, moved, or merged with others) has its successor's path. A split
    one has what the paths of its successors have in common; where that is nothing, it keeps its own place.

    Args:
        topics: as landed.topics, checked: parents one level above their children.
        crosswalk: the rows of landed.topic_crosswalk that apply, without cycles.
    """
    newest = topics.sort("valid_from", "taxonomy_id").unique("topic_code", keep="last")
    parents: dict[str, str | None] = dict(newest.select("topic_code", "parent_code").iter_rows())
    levels: dict[str, int] = dict(newest.select("topic_code", "level").iter_rows())
    known: dict[str, Path] = {}
    after = successors(crosswalk)
    for code in sorted(parents):
        _path(code, parents, levels, after, known)
    rows = [(code, *path, *[None] * (len(LEVELS) - len(path))) for code, path in sorted(known.items())]
    return pl.DataFrame(rows, schema=SCHEMA, orient="row")


def _path(
    code: str,
    parents: Mapping[str, str | None],
    levels: Mapping[str, int],
    after: Mapping[str, Sequence[str]],
    known: dict[str, Path],
) -> Path:
    """The path of one code, kept in `known`. Ends because neither parents nor successors go round in a circle."""
    if code not in known:
        shared = _common([_path(later, parents, levels, after, known) for later in after.get(code, ())])
        parent = parents[code]
        above = _path(parent, parents, levels, after, known) if parent and not shared else ()
        known[code] = shared or ((*above, code) if len(above) == levels[code] - 1 else above)
    return known[code]


def _common(paths: Sequence[Path]) -> Path:
    if not paths:
        return ()
    same = takewhile(lambda codes: len(set(codes)) == 1, zip(*paths, strict=False))
    return tuple(codes[0] for codes in same)
