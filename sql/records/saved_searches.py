"""Searches that somebody keeps under a name: append-only, each its owner's own; nobody else reads or withdraws it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from hotline12345.sql.records.store import Connection, moment, writing

_KEPT = """
    select event_id, at, search_name, asked, narrowed from saved_search_events as saved
    where who = ? and action = 'save'
        and not exists (select 1 from saved_search_events where withdrawn_id = saved.event_id)
"""


@dataclass(frozen=True)
class SavedSearch:
    """A kept search: its number, when (as text), its name, the words, and the filters by their names."""

    event_id: int
    at: str
    search_name: str
    asked: str
    narrowed: Mapping[str, str]


def save_search(connection: Connection, who: str, name: str, asked: str, narrowed: Mapping[str, str]) -> int:
    """Keep a search; its number."""
    filters = json.dumps(dict(narrowed), ensure_ascii=False, sort_keys=True)
    with writing(connection):
        row = connection.execute(
            "insert into saved_search_events (at, who, action, search_name, asked, narrowed) "
            "values (?, ?, 'save', ?, ?, ?) returning event_id",
            (moment(), who, name, asked, filters),
        ).fetchone()
    return int(row["event_id"])


def withdraw_search(connection: Connection, who: str, event_id: int) -> bool:
    """Take away one's own search by its number; False when one has none under it (any more)."""
    with writing(connection):
        if connection.execute(f"{_KEPT} and event_id = ?", (who, event_id)).fetchone() is None:
            return False
        connection.execute(
            "insert into saved_search_events (at, who, action, withdrawn_id) values (?, ?, 'withdraw', ?)",
            (moment(), who, event_id),
        )
    return True


def saved_searches(connection: Connection, who: str) -> list[SavedSearch]:
    """What somebody keeps, the newest first."""
    rows = connection.execute(f"{_KEPT} order by event_id desc", (who,))
    return [SavedSearch(**{**dict(row), "narrowed": json.loads(row["narrowed"])}) for row in rows]
