"""点位事件: one problem in one place, found inside the block of each place."""

import numpy as np

from hotline12345.models.recurring.grouping import Rows, group
from hotline12345.models.recurring.links import Links
from hotline12345.models.recurring.settings import MiningSettings


def find_events(links: Links, settings: MiningSettings) -> list[Rows]:
    """Rows of each event, by place. Cost: per place block at most block_size^2, so linear in the orders."""
    blocks: dict[str, list[int]] = {}
    for row, place in enumerate(links.places):
        if place is not None:
            blocks.setdefault(place, []).append(row)
    events: list[Rows] = []
    for place in sorted(blocks):
        rows = np.array(blocks[place], dtype=np.int64)
        if not _has_people(links, rows, settings):
            continue
        found = group(links.vectors, rows, settings.event_likeness)
        events += [event for event in found if _has_people(links, event, settings)]
    return events


def _has_people(links: Links, rows: Rows, settings: MiningSettings) -> bool:
    return len(rows) >= settings.min_event_people and links.people(rows) >= settings.min_event_people
