"""The SQL files themselves: headers, grains, run order, layers, and the Spark dialect."""

from pathlib import Path

import pytest
import sqlglot

from hotline12345.sql import graph
from hotline12345.sql.dictionary import columns
from hotline12345.sql.graph import SqlFile, SqlFileError, build_order, downstream, load_folder
from hotline12345.sql.publish import WRITER_ONLY, current_snapshot
from hotline12345.sql.reads import Reader
from hotline12345.sql.storage import Storage
from hotline12345.sql.warehouse import Connection, open_memory, open_snapshot

BUILT = build_order()
PUBLISHED = [file for file in (*load_folder("landed"), *BUILT) if file.name not in WRITER_ONLY]


@pytest.fixture(scope="module")
def snapshot(demo_storage: Storage) -> Connection:
    connection = open_snapshot(current_snapshot(demo_storage).path)
    yield connection
    connection.close()


@pytest.mark.parametrize("file", PUBLISHED, ids=lambda file: file.name)
def test_grain_is_unique_and_not_null(file: SqlFile, snapshot: Connection) -> None:
    grain = ", ".join(file.grain)
    rows = snapshot.execute(f"select {grain}, count(*) from {file.name} group by all having count(*) > 1").fetchall()
    assert rows == []
    empty = " or ".join(f"{name} is null" for name in file.grain)
    assert snapshot.execute(f"select count(*) from {file.name} where {empty}").fetchall() == [(0,)]


def test_tables_carry_their_header_as_comment(snapshot: Connection) -> None:
    found = dict(snapshot.execute("select schema_name || '.' || table_name, comment from duckdb_tables()").fetchall())
    assert {file.name: file.comment for file in BUILT}.items() <= found.items()


def test_every_column_is_in_the_dictionary(snapshot: Connection) -> None:
    schemas = "('landed', 'staging', 'intermediate', 'marts')"
    query = f"select distinct column_name from information_schema.columns where table_schema in {schemas}"
    assert sorted(name for (name,) in snapshot.execute(query).fetchall() if name not in columns()) == []


@pytest.mark.parametrize(
    "file", [file for file in BUILT if file.schema in ("intermediate", "marts")], ids=lambda file: file.name
)
def test_intermediate_and_marts_transpile_to_spark(file: SqlFile) -> None:
    (spark,) = sqlglot.transpile(
        file.text, read="duckdb", write="spark", comments=False, unsupported_level=sqlglot.ErrorLevel.RAISE
    )
    assert spark.startswith(("WITH", "SELECT"))


def test_each_file_runs_after_what_it_reads() -> None:
    seen: set[str] = set()
    built = {file.name for file in BUILT}
    for file in BUILT:
        assert file.reads & built <= seen, file.name
        seen.add(file.name)


def test_the_graph_stops_where_python_fills_a_table() -> None:
    assert "intermediate.classified_orders" in downstream("topics")
    assert "intermediate.rate_ledger" not in downstream("topics")
    assert "marts.mart_issues" in downstream("issues") and "marts.mart_issues" not in downstream("topics")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("select 1", "needs a title line"),
        ("-- 标题 Title\n-- grain: a\nselect 1", "needs a title line"),
    ],
)
def test_a_file_without_its_header_is_refused(text: str, message: str, tmp_path: Path) -> None:
    path = tmp_path / "wrong.sql"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SqlFileError, match=message):
        graph.read_sql_file(path)


def test_reading_past_the_layer_before_is_refused(tmp_path: Path) -> None:
    folder = tmp_path / "marts"
    folder.mkdir()
    path = folder / "wrong.sql"
    path.write_text("-- 标题 Title\n-- grain: a\n-- why: test\nselect a from staging.orders", encoding="utf-8")
    with pytest.raises(SqlFileError, match=r"marts\.wrong may not read staging\.orders"):
        graph._check_layer(graph.read_sql_file(path))


def test_every_file_runs_unchanged_on_an_empty_warehouse() -> None:
    connection = open_memory()
    for file in BUILT:
        connection.execute(f"create table {file.name} as {file.text}")
        assert connection.execute(f"select count(*) from {file.name}").fetchall() == [(0,)]


def test_readers_close(demo_storage: Storage) -> None:
    reader = Reader(demo_storage, current_snapshot(demo_storage))
    assert reader.overview()["orders"] > 0
    reader.close()
