"""The reads of the pages that are not about one period's rates. Each takes a Viewer first and filters in its query."""

from typing import Any

import polars as pl

from hotline12345.dashboard.access import Viewer
from hotline12345.dashboard.snapshots import cached, order_reader, reader
from hotline12345.sql.publish import Snapshot
from hotline12345.sql.rules import Rule, catalogue
from hotline12345.sql.storage import Storage


@cached
def overview(viewer: Viewer, snapshot: Snapshot) -> dict[str, Any]:
    """Facts of the whole snapshot."""
    return reader(viewer, snapshot).overview()


@cached
def rules(viewer: Viewer, snapshot: Snapshot) -> pl.DataFrame:
    """Every rule; grain rule_id."""
    return reader(viewer, snapshot).rules()


@cached
def published_rules(viewer: Viewer, snapshot: Snapshot) -> dict[str, Rule]:
    """The rules of the snapshot by id, as `rule_words` puts them into words."""
    return {rule.id: rule for rule in reader(viewer, snapshot).published_rules()}


@cached
def every_rule(viewer: Viewer, snapshot: Snapshot) -> dict[str, Rule]:
    """Every rule that can be read about by id: those of the snapshot first, then those not in force."""
    published = {rule.id: rule for rule in reader(viewer, snapshot).published_rules()}
    return published | {
        file.rule.id: file.rule for file in catalogue(Storage.at().rules) if file.rule.id not in published
    }


@cached
def periods(viewer: Viewer, snapshot: Snapshot, rule_id: str) -> pl.DataFrame:
    """Periods with orders, newest first; grain period_id."""
    return reader(viewer, snapshot).periods(rule_id)


@cached
def order(viewer: Viewer, snapshot: Snapshot, order_id: str) -> pl.DataFrame:
    """One order with its masked texts; one row or none."""
    return order_reader(viewer, snapshot).order(order_id)


@cached
def order_ledger(viewer: Viewer, snapshot: Snapshot, order_id: str) -> pl.DataFrame:
    """How one order counts under each rule; grain rule_id."""
    return order_reader(viewer, snapshot).order_ledger(order_id)


@cached
def order_versions(viewer: Viewer, snapshot: Snapshot, order_id: str) -> pl.DataFrame:
    """What was known of an order, batch by batch; grain batch_id."""
    return order_reader(viewer, snapshot).order_versions(order_id)


@cached
def case_orders(viewer: Viewer, snapshot: Snapshot, order_id: str) -> pl.DataFrame:
    """The other orders of the same case; grain order_id."""
    return order_reader(viewer, snapshot).case_orders(order_id)


@cached
def days(viewer: Viewer, snapshot: Snapshot) -> pl.DataFrame:
    """Orders of each day and place; aggregates only."""
    return reader(viewer, snapshot).days()


@cached
def batches(viewer: Viewer, snapshot: Snapshot) -> pl.DataFrame:
    """Loaded files and what became of their rows, newest first; grain batch_id."""
    return reader(viewer, snapshot).batches()


@cached
def quarantine_reasons(viewer: Viewer, snapshot: Snapshot, batch_id: int) -> pl.DataFrame:
    """Why rows of one file were kept aside; grain column_name, rule."""
    return reader(viewer, snapshot).quarantine_reasons(batch_id)


@cached
def quarantine(viewer: Viewer, snapshot: Snapshot, batch_id: int) -> pl.DataFrame:
    """Rows kept aside from one file, masked; grain row_number, column_name, rule."""
    return reader(viewer, snapshot).quarantine(batch_id)


@cached
def quarantined_rows(viewer: Viewer, snapshot: Snapshot, batch_id: int) -> pl.DataFrame:
    """Rows of one file that still have to be corrected, masked, as `quarantine_workbook` takes them; grain row_number."""
    return reader(viewer, snapshot).quarantined_rows(batch_id)


@cached
def name_proposals(viewer: Viewer, snapshot: Snapshot) -> pl.DataFrame:
    """Names of units and places that the dated list does not settle; grain name_role, found_name, name_issue."""
    return reader(viewer, snapshot).name_proposals()


@cached
def channel_counts(viewer: Viewer, snapshot: Snapshot) -> pl.DataFrame:
    """Orders of the newest 12 months by channel and sub-centre; aggregates only."""
    return reader(viewer, snapshot).channel_counts()


@cached
def unlisted_units(viewer: Viewer, snapshot: Snapshot) -> pl.DataFrame:
    """Units that the site's list does not know; grain unit_id."""
    return reader(viewer, snapshot).unlisted_units()


@cached
def unit_names(viewer: Viewer, snapshot: Snapshot) -> dict[str, str]:
    """The name of each unit of the site's list by its id, in its order."""
    return dict(reader(viewer, snapshot).listed_units().select("unit_id", "unit_name").iter_rows())
