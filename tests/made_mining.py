"""A warehouse that mines: the planted orders as a file brings them, and the steps of a run up to the stored issues."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
from made_warehouse import land

from hotline12345.flows import issue_edits, issue_mining
from hotline12345.sql import build, issue_orders
from hotline12345.sql.graph import SqlFile, build_order, upstream
from hotline12345.sql.reference import land_reference
from hotline12345.sql.storage import Storage
from hotline12345.sql.warehouse import Connection, open_warehouse

FIRST_KNOWN = datetime(2030, 1, 1)
STORED = ("recurring_issues", "recurring_issue_orders", "former_issue_orders", "issue_history")
FACTS = (*STORED, "order_problems", "mined_orders", "issue_statistics")


def as_landed(record: Mapping[str, Any]) -> dict[str, Any]:
    """A record of the planted corpus as an order of a file; what it says beyond the corpus stands."""
    more = {
        name: record[name] for name in ("order_type", "is_confidential", "resolution", "closed_at") if name in record
    }
    return {
        "order_id": record["order_id"],
        "title": record["title"],
        "body": record["body"],
        "created_at": record["reported_at"],
        "caller_key": record["caller"],
        "place_point": record["place"],
        "place_town": record["area"],
        "unit_name": "示例镇",
        "order_type": "投诉",
        **more,
    }


@dataclass(frozen=True)
class Site:
    """A warehouse and what is asked of it."""

    connection: Connection
    storage: Storage

    def load(self, records: Iterable[Mapping[str, Any]]) -> None:
        """Land the records as one batch, known a day after the one before."""
        batches = self.connection.execute("select count(*) from landed.batches").fetchall()[0][0]
        land(self.connection, self.storage, [as_landed(each) for each in records], FIRST_KNOWN + timedelta(batches))

    def mine(self) -> None:
        """What a run does up to the stored issues, without topics, scores, marts and a snapshot."""
        issue_edits.land_edits(self.connection, self.storage)
        build.begin(self.connection, land_reference(self.connection, self.storage))
        build.run_files(self.connection, _needed())
        issue_mining.mine_orders(self.connection, self.storage)
        build.finish(self.connection)

    def loaded(self, records: Iterable[Mapping[str, Any]]) -> "Site":
        """Load and mine."""
        self.load(records)
        self.mine()
        return self

    def rows(self, *tables: str) -> dict[str, list[tuple[Any, ...]]]:
        """Everything in these landed tables, in order."""
        return {
            name: self.connection.execute(f"select * from landed.{name} order by all").fetchall() for name in tables
        }

    def issues(self) -> pl.DataFrame:
        """The issues that have orders: id, grain, name, place, and the orders of each."""
        return self.connection.sql(
            """
            select issue_id, issue_grain, issue_name, place, problem, list(order_id order by order_id) as order_ids
            from landed.recurring_issues inner join landed.recurring_issue_orders using (issue_id)
            group by all order by issue_id
            """
        ).pl()

    def statistics(self) -> dict[str, Any]:
        """The statistics in force."""
        row = issue_orders.statistics(self.connection)
        assert row is not None
        return row

    def freeze(self, other: "Site") -> None:
        """Put the statistics of another site in force."""
        issue_orders.land_statistics(self.connection, other.statistics())


def _needed() -> list[SqlFile]:
    """The SQL files that mining reads, and those that they read."""
    wanted = {"intermediate.issue_facts", "intermediate.classified_orders"}
    wanted |= upstream(frozenset(wanted))
    return [file for file in build_order() if file.name in wanted]


def site_at(folder: Path) -> Site:
    """An empty warehouse in a folder."""
    storage = Storage.at(folder)
    storage.make()
    return Site(open_warehouse(storage), storage)


def members(site: Site) -> set[tuple[str, str | None, tuple[str, ...]]]:
    """Grain, place and orders of each issue, whatever its id."""
    found = site.issues().select("issue_grain", "place", "order_ids")
    return {(grain, place, tuple(ids)) for grain, place, ids in found.iter_rows()}


def counted(site: Site) -> list[tuple[Any, ...]]:
    """Grain, order, similarity and occurrence of each member, whatever the ids of the issues."""
    rows = site.connection.execute(
        """
        select issue_grain, order_id, round(similarity, 6), occurrence
        from landed.recurring_issue_orders inner join landed.recurring_issues using (issue_id) order by all
        """
    )
    return rows.fetchall()
