"""Which topic code a label means: every path of names that a code has or had, dated, over all taxonomies."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from hotline12345.sql.dated_names import FIRST_DAY, LAST_DAY
from hotline12345.sql.taxonomy_checks import SEPARATOR

SCHEMA = pl.Schema(
    {"topic_path": pl.String(), "topic_code": pl.String(), "valid_from": pl.Date(), "valid_to": pl.Date()}
)


@dataclass(frozen=True)
class Claim:
    """One code's claim on a path of names from a day to a day (exclusive); the lower rank is asked first."""

    code: str
    start: date
    end: date
    rank: int


def topic_names(topics: pl.DataFrame, taxonomies: pl.DataFrame) -> pl.DataFrame:
    """Every path of names with the code that it means; grain topic_path, valid_from.

    The intervals of one path do not overlap and leave no day out: on a day the taxonomy in force that is listed first
    counts, on a day without one the taxonomy that ended last, before all of them the first to begin.

    Args:
        topics: as landed.topics, checked; `valid_from` and `valid_to` filled. One code may have several rows, one a name.
        taxonomies: as landed.taxonomies, in the order in which they are asked.
    """
    rows = topics.sort("level", "taxonomy_id", "topic_code", "valid_from").to_dicts()
    ranked = {row["taxonomy_id"]: row for row in taxonomies.to_dicts()}
    paths: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    claims: defaultdict[str, set[Claim]] = defaultdict(set)
    for row in rows:
        taxonomy = ranked[row["taxonomy_id"]]
        parents = paths[row["taxonomy_id"], row["parent_code"]] if row["parent_code"] else {""}
        own = {f"{parent}{SEPARATOR}{row['topic_name']}" if parent else row["topic_name"] for parent in parents}
        paths[row["taxonomy_id"], row["topic_code"]] |= own
        start, end = max(row["valid_from"], taxonomy["valid_from"]), min(row["valid_to"], taxonomy["valid_to"])
        for path in own:
            claims[path].add(Claim(row["topic_code"], start, end, taxonomy["taxonomy_rank"]))
    return pl.DataFrame(list(_dated(claims)), schema=SCHEMA, orient="row")


def _dated(claims: Mapping[str, Iterable[Claim]]) -> Iterable[tuple[str, str, date, date]]:
    for path in sorted(claims):
        claimed = sorted(claims[path], key=lambda claim: (claim.rank, claim.start, claim.code))
        if len({claim.code for claim in claimed}) == 1:
            yield path, claimed[0].code, FIRST_DAY, LAST_DAY
            continue
        cuts = sorted({FIRST_DAY, *(claim.start for claim in claimed), *(claim.end for claim in claimed)} - {LAST_DAY})
        meant = [_meant(claimed, day) for day in cuts]
        begins = [number for number in range(len(cuts)) if number == 0 or meant[number] != meant[number - 1]]
        ends = [*(cuts[number] for number in begins[1:]), LAST_DAY]
        yield from ((path, meant[number], cuts[number], end) for number, end in zip(begins, ends, strict=True))


def _meant(claimed: Sequence[Claim], day: date) -> str:
    """The code that a path means on a day; `claimed` is sorted by rank."""
    if valid := [claim for claim in claimed if claim.start <= day < claim.end]:
        return valid[0].code
    if ended := [claim for claim in claimed if claim.end <= day]:
        return max(ended, key=lambda claim: claim.end).code
    return min(claimed, key=lambda claim: claim.start).code
