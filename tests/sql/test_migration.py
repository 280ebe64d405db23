"""A warehouse of an earlier version is brought up to date in place after a copy; one of a later version is refused."""

from datetime import datetime
from pathlib import Path

import duckdb
import made_warehouse
import pytest

from hotline12345.sql.migrating import STEPS, VERSION
from hotline12345.sql.storage import Storage
from hotline12345.sql.undo import UndoError, undo_batch
from hotline12345.sql.versions import ANSWERS
from hotline12345.sql.warehouse import Connection, WarehouseError, open_snapshot, open_warehouse

OLD = Path(__file__).with_name("warehouse_v1.sql")
AS_STORED = {
    "order_id": "A1",
    "unit_name": "甲镇",
    "created_at": datetime(2026, 3, 1),
    "is_valid_callback": True,
    "is_contacted": True,
    "resolution": "解决",
    "satisfaction": "满意",
    "body": "楼下噪声大",
}


@pytest.fixture
def old(tmp_path: Path) -> Storage:
    """A site whose warehouse version 1 made."""
    storage = Storage.at(tmp_path)
    storage.make()
    with duckdb.connect(str(storage.warehouse)) as connection:
        connection.execute(OLD.read_text(encoding="utf-8"))
    return storage


def columns(connection: Connection, schema: str) -> list[tuple[str, ...]]:
    """Table, column and type of every column of a schema."""
    return connection.execute(
        """
        select table_name, column_name, data_type from information_schema.columns
        where table_schema = ? order by all
        """,
        [schema],
    ).fetchall()


def test_migrated_has_the_tables_of_a_new_one(old: Storage, tmp_path: Path) -> None:
    migrated, new = open_warehouse(old), open_warehouse(Storage.at(tmp_path / "new"))
    for schema in ("landed", "run"):
        assert columns(migrated, schema) == columns(new, schema)


def test_what_was_stored_is_found_again(old: Storage) -> None:
    connection = open_warehouse(old)
    by_source = tuple(name for name in ANSWERS.values() if name.endswith(("_district", "_city", "_unit")))
    again = made_warehouse.land(connection, old, [AS_STORED], datetime(2026, 4, 3), absent=by_source)
    assert (again.rows_unchanged, again.rows_revised) == (1, 0)
    made_warehouse.rebuild(connection, old)
    (order,) = connection.sql("select * from staging.orders").pl().to_dicts()
    assert (order["resolution"], order["version_count"], order["is_derived_id"]) == ("解决", 2, False)
    assert connection.execute("select batch_id, row_number, cells from landed.quarantined_rows").fetchall() == [
        (1, 3, "{}")
    ]


def test_an_old_batch_is_not_undone_before_the_one_that_may_rest_on_it(old: Storage) -> None:
    connection = open_warehouse(old)
    with pytest.raises(UndoError, match="批次 2"):
        undo_batch(connection, 1, datetime(2026, 5, 1), "")


def test_the_file_as_it_was_is_kept(old: Storage) -> None:
    before = old.warehouse.read_bytes()
    open_warehouse(old).close()
    copy = old.warehouse.with_name("warehouse.duckdb.v1")
    with duckdb.connect(str(copy), read_only=True) as connection:
        assert connection.execute("select count(*) from landed.order_versions").fetchall() == [(2,)]
    assert len(before) == copy.stat().st_size and copy.stat().st_mode & 0o777 == 0o600
    open_warehouse(old).close()
    assert sorted(path.name for path in old.data.glob("warehouse.duckdb*")) == ["warehouse.duckdb", copy.name]


def test_a_failed_migration_leaves_the_old_version(
    old: Storage, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    broken = tmp_path / "steps"
    broken.mkdir()
    (broken / "0002.sql").write_text(
        (STEPS / "0002.sql").read_text(encoding="utf-8") + "\nselect * from no_such_table;", encoding="utf-8"
    )
    with monkeypatch.context() as patched, pytest.raises(WarehouseError):
        patched.setattr("hotline12345.sql.migrating.STEPS", broken)
        open_warehouse(old)
    with duckdb.connect(str(old.warehouse), read_only=True) as connection:
        assert "kept_batch_id" not in {row[0] for row in connection.execute("describe landed.sightings").fetchall()}
    assert "kept_batch_id" in {row[0] for row in open_warehouse(old).execute("describe landed.sightings").fetchall()}


def test_a_later_version_is_refused_and_untouched(tmp_path: Path) -> None:
    storage = Storage.at(tmp_path)
    connection = open_warehouse(storage)
    connection.execute("update run.parameters set text_value = ? where parameter_name = 'version'", [str(VERSION + 1)])
    connection.close()
    before = storage.warehouse.read_bytes()
    with pytest.raises(WarehouseError, match=f"版本 {VERSION + 1}.*升级程序"):
        open_warehouse(storage)
    assert storage.warehouse.read_bytes() == before


def test_a_snapshot_of_another_version_says_what_to_do(old: Storage) -> None:
    with pytest.raises(WarehouseError, match="hotline publish"):
        open_snapshot(old.warehouse)
