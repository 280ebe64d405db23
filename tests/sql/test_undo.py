"""Undoing a batch: earlier versions come back, later files that rest on it come first, nothing is deleted."""

from datetime import datetime
from pathlib import Path
from typing import Any

import made_warehouse
import pytest

from hotline12345.sql.storage import Storage
from hotline12345.sql.undo import UndoError, undo_batch
from hotline12345.sql.warehouse import Connection

UNDONE_AT = datetime(2030, 6, 1)
FIRST: dict[str, Any] = {
    "order_id": "A1",
    "unit_name": "甲镇",
    "created_at": datetime(2026, 3, 1),
    "is_valid_callback": True,
    "is_contacted": True,
    "resolution": "未解决",
    "satisfaction": "不满意",
}
REVISED = FIRST | {"resolution": "解决", "satisfaction": "满意"}
OTHER = FIRST | {"order_id": "B1"}
ABSENT = ("is_valid_callback", "is_contacted", "resolution", "satisfaction")
BARE = {name: value for name, value in FIRST.items() if name not in ABSENT} | {"community": "东里社区"}


def site(folder: Path, *batches: tuple[list[dict[str, Any]], tuple[str, ...]]) -> tuple[Connection, Storage]:
    """A warehouse with these batches, known on consecutive days of April."""
    storage = Storage.at(folder)
    (rows, absent), *later = batches
    connection = made_warehouse.make(folder, rows, known_at=datetime(2026, 4, 1), absent=absent)
    for day, (next_rows, next_absent) in enumerate(later, 2):
        made_warehouse.land(connection, storage, next_rows, datetime(2026, 4, day), absent=next_absent)
        made_warehouse.rebuild(connection, storage)
    return connection, storage


def undo(connection: Connection, storage: Storage, batch_id: int) -> int:
    """Undo a batch and build what it touched."""
    concerned = undo_batch(connection, batch_id, UNDONE_AT, "")
    made_warehouse.rebuild(connection, storage)
    return concerned


def current(connection: Connection) -> dict[str, str]:
    """Resolution of each order in force."""
    return dict(connection.execute("select order_id, resolution from staging.orders order by order_id").fetchall())


def test_the_version_before_comes_back(tmp_path: Path) -> None:
    connection, storage = site(tmp_path, ([FIRST], ()), ([REVISED, OTHER], ()))
    assert undo(connection, storage, 2) == 2
    assert current(connection) == {"A1": "未解决"}
    assert connection.execute("select count(*) from landed.order_versions").fetchall() == [(3,)]


def test_an_order_that_a_later_file_confirmed_stays(tmp_path: Path) -> None:
    connection, storage = site(tmp_path, ([FIRST], ()), ([FIRST], ()))
    undo(connection, storage, 1)
    assert current(connection) == {"A1": "未解决"}
    undo(connection, storage, 2)
    assert current(connection) == {}


def test_a_batch_whose_values_were_kept_has_to_wait(tmp_path: Path) -> None:
    connection, storage = site(tmp_path, ([FIRST], ()), ([BARE], ABSENT))
    with pytest.raises(UndoError, match="请先依次撤销批次 2"):
        undo_batch(connection, 1, UNDONE_AT, "")
    undo(connection, storage, 2)
    undo(connection, storage, 1)
    assert current(connection) == {}


def test_an_undone_file_can_be_loaded_again(tmp_path: Path) -> None:
    connection, storage = site(tmp_path, ([FIRST], ()), ([REVISED], ()))
    undo(connection, storage, 2)
    again = made_warehouse.land(connection, storage, [REVISED], datetime(2026, 4, 3))
    made_warehouse.rebuild(connection, storage)
    assert again.rows_revised == 1 and current(connection) == {"A1": "解决"}


@pytest.mark.parametrize("times", [0, 1])
def test_what_cannot_be_undone_is_said(tmp_path: Path, times: int) -> None:
    connection, storage = site(tmp_path, ([FIRST], ()))
    if times:
        undo(connection, storage, 1)
    with pytest.raises(UndoError, match="撤销过" if times else "没有批次 7"):
        undo_batch(connection, 1 if times else 7, UNDONE_AT, "")
