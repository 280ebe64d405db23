"""What the page 目标 reads and writes of the records store: targets that people enter, and who entered or withdrew them."""

from hotline12345.dashboard.access import Viewer
from hotline12345.sql.records import targets
from hotline12345.sql.records.store import opened_records
from hotline12345.sql.records.targets import EnteredTarget, StatedTarget
from hotline12345.sql.storage import Storage


def entries(viewer: Viewer) -> list[EnteredTarget]:
    """Every target entered and not withdrawn, as far as the viewer's units reach."""
    with opened_records(Storage.at()) as records:
        found = targets.entered_targets(records)
    return [entry for entry in found if viewer.units is None or entry.unit_id in ("", *viewer.units)]


def enter(viewer: Viewer, target: StatedTarget) -> int:
    """Enter a target under the viewer's role; its number."""
    with opened_records(Storage.at()) as records:
        return targets.set_target(records, viewer.role, target)


def withdraw(viewer: Viewer, event_id: int) -> bool:
    """Withdraw a target by its number; False when it is not in force any more."""
    with opened_records(Storage.at()) as records:
        return targets.withdraw_target(records, event_id, viewer.role)
