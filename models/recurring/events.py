"""点位事件: one problem in one place, found inside the block of each place."""

import polars as pl

from hotline12345.models.recurring.grouping import Rows, group
from hotline12345.models.recurring.links import Links
from hotline12345.models.recurring.settings import MiningSettings


def find_events(links: Links, settings: MiningSettings) -> list[Rows]:
    """Rows of each event, by place. Cost: per place block at most block_size^2, so linear in the orders."""
    rows_of = (
        pl.DataFrame({"place": pl.Series(links.places, dtype=pl.String)})
        .with_row_index("row")
        .drop_nulls()
        .group_by("place", maintain_order=True)
        .agg(pl.col("row").cast(pl.Int64))
        .sort("place")
    )
    blocks = _of_enough_people(links, [rows.to_numpy() for rows in rows_of["row"]], settings)
    found = group(links.vectors, blocks, settings.event_likeness)
    return _of_enough_people(links, [event for events in found for event in events], settings)


def _of_enough_people(links: Links, blocks: list[Rows], settings: MiningSettings) -> list[Rows]:
    people = links.people_of(blocks)
    return [rows for rows, count in zip(blocks, people.tolist(), strict=True) if count >= settings.min_event_people]
