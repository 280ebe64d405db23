"""What a later or older file changes: confirmed versions, absent columns, rows told twice."""

from datetime import datetime
from pathlib import Path
from typing import Any

import made_warehouse
import pytest

from hotline12345.sql.storage import Storage

CREATED = datetime(2026, 3, 1)
SOLVED: dict[str, Any] = {
    "order_id": "A1",
    "unit_name": "甲镇",
    "created_at": CREATED,
    "is_valid_callback": True,
    "is_contacted": True,
    "resolution": "解决",
    "satisfaction": "满意",
    "body": "楼下噪声大",
}
UNSOLVED = SOLVED | {"resolution": "未解决", "satisfaction": "不满意"}


def current(folder: Path, *batches: tuple[dict[str, Any], int, tuple[str, ...]]) -> dict[str, Any]:
    """The current order after loading files (row, day of April it is known at, absent columns) in this order."""
    storage = Storage.at(folder)
    (row, day, _), *later = batches
    connection = made_warehouse.make(folder, [row], known_at=datetime(2026, 4, day))
    for next_row, next_day, absent in later:
        made_warehouse.land(
            connection,
            storage,
            [next_row],
            datetime(2026, 4, next_day),
            absent=absent,
        )
        made_warehouse.rebuild(connection, storage)
    (found,) = connection.sql("select * from staging.orders").pl().to_dicts()
    connection.close()
    return found


def test_a_confirmed_version_outlives_an_older_export_loaded_late(tmp_path: Path) -> None:
    found = current(tmp_path, (SOLVED, 1, ()), (SOLVED, 3, ()), (UNSOLVED, 2, ()))
    assert (found["resolution"], found["version_count"]) == ("解决", 2)


def test_a_change_that_is_taken_back_counts(tmp_path: Path) -> None:
    found = current(tmp_path, (SOLVED, 1, ()), (UNSOLVED, 2, ()), (SOLVED, 3, ()))
    assert (found["resolution"], found["version_count"]) == ("解决", 3)


def test_a_file_without_callback_columns_leaves_the_callback_as_it_was(tmp_path: Path) -> None:
    absent = ("is_valid_callback", "is_contacted", "resolution", "satisfaction", "title", "body", "result_text")
    bare = {name: value for name, value in SOLVED.items() if name not in absent} | {"unit_name": "乙镇"}
    found = current(tmp_path, (SOLVED, 1, ()), (bare, 2, absent))
    assert [found[name] for name in ("unit_id", "is_valid_callback", "resolution", "satisfaction", "has_callback")] == [
        "x:乙镇",
        True,
        "解决",
        "满意",
        True,
    ]


def test_an_empty_cell_of_a_present_column_is_taken_as_said(tmp_path: Path) -> None:
    found = current(tmp_path, (SOLVED, 1, ()), (SOLVED | {"satisfaction": None}, 2, ()))
    assert found["satisfaction"] is None


def test_a_text_that_a_file_does_not_carry_stays(tmp_path: Path) -> None:
    absent = ("title", "body", "result_text")
    with_text = current(tmp_path / "one", (SOLVED, 1, ()))
    without = current(tmp_path / "two", (SOLVED, 1, ()), (UNSOLVED | {"body": None}, 2, absent))
    assert without["text_hash"] == with_text["text_hash"] and without["resolution"] == "未解决"


@pytest.mark.parametrize(("rows", "fates"), [([SOLVED, SOLVED], (1, 1)), ([SOLVED, UNSOLVED], (1, 1))])
def test_the_last_of_repeated_rows_stands(rows: list[dict[str, Any]], fates: tuple[int, int], tmp_path: Path) -> None:
    storage = Storage.at(tmp_path)
    connection = made_warehouse.make(tmp_path, [{"order_id": "B", "unit_name": "甲镇", "created_at": CREATED}])
    accounting = made_warehouse.land(connection, storage, rows, datetime(2026, 4, 1))
    assert (accounting.rows_new, accounting.rows_repeated) == fates
    made_warehouse.rebuild(connection, storage)
    query = "select resolution from staging.orders where order_id = 'A1'"
    assert connection.execute(query).fetchall() == [(rows[-1]["resolution"],)]
    connection.close()


def test_a_rate_without_its_column_does_not_apply(tmp_path: Path) -> None:
    """是否有效回访 without 是否联系: the response rate is unknown, not 0 %, and its weight goes to the others."""
    storage = Storage.at(tmp_path)
    connection = made_warehouse.make(tmp_path, [SOLVED | {"is_contacted": None}], absent=("is_contacted",))
    found = made_warehouse.scores(connection, "2026-03")["甲镇"]
    assert (found["valid"], found["response_rate"], found["resolution_rate"], found["score"]) == (1, None, 1.0, 100.0)
    made_warehouse.land(connection, storage, [SOLVED | {"is_contacted": False}], datetime(2030, 1, 2))
    made_warehouse.rebuild(connection, storage)
    assert made_warehouse.scores(connection, "2026-03")["甲镇"]["response_rate"] == 0.0
    connection.close()


def test_a_revision_older_than_what_is_known_is_counted_as_late(tmp_path: Path) -> None:
    connection = made_warehouse.make(tmp_path, [SOLVED], known_at=datetime(2026, 4, 3))
    accounting = made_warehouse.land(connection, Storage.at(tmp_path), [UNSOLVED], datetime(2026, 4, 2))
    assert (accounting.rows_revised, accounting.rows_late) == (1, 1)
    connection.close()
