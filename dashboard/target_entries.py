"""What the page 目标 reads and writes of the records store: targets that people enter, and who entered or withdrew them."""

from hotline12345.dashboard.access import NoAccessError, Viewer
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
    """Enter a target under the viewer's name; its number. NoAccessError for a unit that is not the viewer's."""
    viewer.needs("targets")
    _refuse_others(viewer, target.unit_id)
    with opened_records(Storage.at()) as records:
        return targets.set_target(records, viewer.who, target)


def withdraw(viewer: Viewer, event_id: int) -> bool:
    """Withdraw a target by its number; False when it is not in force any more. NoAccessError for another unit's."""
    viewer.needs("targets")
    for entry in entries(viewer):
        if entry.event_id == event_id:
            _refuse_others(viewer, entry.unit_id)
    with opened_records(Storage.at()) as records:
        return targets.withdraw_target(records, event_id, viewer.who)


def _refuse_others(viewer: Viewer, unit_id: str) -> None:
    if viewer.units is not None and unit_id not in viewer.units:
        raise NoAccessError("只能填写或撤回本单位的目标。")
