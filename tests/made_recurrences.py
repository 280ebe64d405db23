"""What was resolved and reported again on the board of `made_board`, counted order by order: an oracle for the marts."""

from collections import Counter
from dataclasses import dataclass

import duckdb
from made_board import orders

from hotline12345.sql.publish import current_snapshot
from hotline12345.sql.storage import Storage


@dataclass(frozen=True)
class Recurrences:
    """How many orders ended an occurrence by their resolution, and after how many of them somebody reported again."""

    resolved: int
    again: int


def recurrences_of_board(board: Storage) -> tuple[dict[str, Recurrences], dict[str, Recurrences], Recurrences]:
    """By unit name, by topic name, and in all."""
    with duckdb.connect(str(current_snapshot(board).path), read_only=True) as snapshot:
        landed = snapshot.execute("select order_id, recurred_order_id from landed.issue_resolutions").fetchall()
    resolved = {order_id for order_id, _ in landed}
    again = {order_id for order_id, after in landed if after is not None}
    units = {row["order_id"]: row["unit_name"] for row in orders().iter_rows(named=True)}
    topics = {row["order_id"]: row["topic_level1"] for row in orders().iter_rows(named=True)}
    return _by(units, resolved, again), _by(topics, resolved, again), Recurrences(len(resolved), len(again))


def _by(names: dict[str, str], resolved: set[str], again: set[str]) -> dict[str, Recurrences]:
    of, part = (Counter(names[order_id] for order_id in found) for found in (resolved, again))
    return {name: Recurrences(count, part[name]) for name, count in of.items()}
