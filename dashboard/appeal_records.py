"""What 剔挂申诉台账 reads and writes of the records store. The Viewer's name stands beside each entry; nothing is cached.

Whose orders these are is decided by the snapshot: see `street_data.ledger`.
"""

from hotline12345.dashboard.access import Viewer
from hotline12345.sql.records import appeals
from hotline12345.sql.records.appeals import Appeal, NotedAppeal
from hotline12345.sql.records.store import opened_records
from hotline12345.sql.storage import Storage


def every_appeal() -> list[NotedAppeal]:
    """Every application of the site as it stands, whoever's order it is for."""
    with opened_records(Storage.at()) as records:
        return appeals.appeals(records)


def history(appeal_id: int) -> list[NotedAppeal]:
    """What one application has been, oldest first."""
    with opened_records(Storage.at()) as records:
        return appeals.appeal_history(records, appeal_id)


def save(viewer: Viewer, appeal: Appeal, appeal_id: int | None) -> int:
    """Note an application, or what application `appeal_id` has come to; its number. NoAccessError without the permission."""
    viewer.needs("appeals")
    with opened_records(Storage.at()) as records:
        return appeals.save_appeal(records, viewer.who, appeal, appeal_id)


def undo_last(viewer: Viewer, appeal_id: int) -> bool:
    """Take the newest entry of an application back; False when there is none left. NoAccessError without the permission."""
    viewer.needs("appeals")
    with opened_records(Storage.at()) as records:
        return appeals.undo_last(records, viewer.who, appeal_id)
