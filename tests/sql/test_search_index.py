"""The index on disk: each text once, the same however it arrives, and never a file that a reader needs and misses."""

from datetime import datetime, timedelta

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made_library import bare, build_up, index_bare, order, storage_at, take_in

from hotline12345.models.search.asked import parts
from hotline12345.models.search.pairs import packaged_tokenizer
from hotline12345.sql import search_index
from hotline12345.sql.publish import KEPT, Snapshot, publish
from hotline12345.sql.reads import Reader
from hotline12345.sql.search_reads import Narrowed
from hotline12345.sql.warehouse import open_warehouse

KNOWN = datetime(2030, 1, 1)


@pytest.fixture
def storage(tmp_path):
    return storage_at(tmp_path / "data")


@pytest.fixture
def connection(storage):
    connection = bare(storage)
    yield connection
    connection.close()


def bodies(*numbers: int) -> dict[str, str]:
    return {f"h{number:02d}": f"供暖问题，第{number}号" for number in numbers}


def entries(connection, storage) -> set[tuple[str, str, bool, bool]]:
    """Everything that the listed files say, with texts by their hash."""
    paths = [storage.search / name for name in search_index.listed_files(connection)]
    numbers = connection.sql("select * from landed.search_texts").pl()
    told = pl.concat([pl.read_parquet(path) for path in paths]).join(numbers, on="text_number", how="left")
    return {*told.select("text_hash", "term", "is_word", "in_title").iter_rows()}


def sizes(connection) -> list[int]:
    rows = connection.sql(f"select text_count from {search_index.LISTED}").fetchall()
    return sorted(count for (count,) in rows)


def on_disk(storage) -> set[str]:
    return {path.name for path in storage.search.iterdir()}


def found(reader: Reader, text: str) -> set[str]:
    ways = [part.ways for part in parts(text, packaged_tokenizer())]
    return {*reader.search_orders(ways, Narrowed(), 0, 100)["order_id"]}


def test_day_by_day_says_what_all_at_once_says_in_few_files(connection, storage, tmp_path):
    for number in range(1, 18):
        index_bare(connection, storage, bodies(number))
    whole = storage_at(tmp_path / "whole")
    other = bare(whole)
    index_bare(other, whole, bodies(*range(1, 18)))
    assert entries(connection, storage) == entries(other, whole)
    counted = "select term, sum(text_count) from landed.search_words group by term order by term"
    assert connection.sql(counted).fetchall() == other.sql(counted).fetchall()
    assert sizes(connection) == [1, 16]
    other.close()


def test_full_files_are_left_alone(connection, storage, monkeypatch):
    monkeypatch.setattr(search_index, "FILE_TEXTS", 2)
    for number in range(1, 6):
        index_bare(connection, storage, bodies(number))
    assert sizes(connection) == [1, 2, 2]


def test_a_killed_run_leaves_what_was_listed_and_its_file_is_swept(connection, storage, monkeypatch):
    index_bare(connection, storage, bodies(1))
    before = entries(connection, storage)
    with monkeypatch.context() as patch:
        patch.setattr(search_index, "_list", _killed)
        with pytest.raises(KeyboardInterrupt):
            index_bare(connection, storage, bodies(2))
    assert entries(connection, storage) == before
    assert on_disk(storage) == {"000000001.parquet", "000000002.parquet"}
    assert search_index.sweep_search(connection, storage) == 1
    assert on_disk(storage) == {*search_index.listed_files(connection)}
    index_bare(connection, storage, bodies(2))
    assert {hashed for hashed, *_ in entries(connection, storage)} == {"h01", "h02"}


def _killed(*_: object) -> None:
    raise KeyboardInterrupt


def test_files_are_their_owners_only(connection, storage):
    index_bare(connection, storage, bodies(1))
    assert {path.stat().st_mode & 0o777 for path in storage.search.iterdir()} == {0o600}
    assert storage.search.stat().st_mode & 0o777 == 0o700


def test_another_recipe_and_a_lost_file_forget_the_index(connection, storage):
    search_index.use_recipe(connection, storage, "this")
    index_bare(connection, storage, bodies(1))
    search_index.use_recipe(connection, storage, "this")
    assert sizes(connection) == [1]
    search_index.use_recipe(connection, storage, "another")
    assert sizes(connection) == []
    index_bare(connection, storage, bodies(1))
    for path in storage.search.iterdir():
        path.unlink()
    search_index.use_recipe(connection, storage, "another")
    assert sizes(connection) == []
    assert connection.sql("select count(*) from landed.search_texts").fetchall() == [(0,)]


TEXTS = st.lists(st.text(alphabet="供暖热小区电梯坏 ，", min_size=1, max_size=12), min_size=1, max_size=6)


@settings(max_examples=15, deadline=None)
@given(texts=TEXTS, quoted=st.sampled_from(["供暖", "小区电梯", "坏", "暖热"]))
def test_what_is_quoted_is_found_where_it_stands_and_nowhere_else(tmp_path_factory, texts, quoted):
    storage = storage_at(tmp_path_factory.mktemp("drawn"))
    connection = bare(storage)
    told = {f"h{number}": text for number, text in enumerate(texts)}
    index_bare(connection, storage, told)
    said = found(Reader(storage, Snapshot("drawn", storage.warehouse), connection), f"“{quoted}”")
    connection.close()
    pairs = [quoted[place : place + 2] for place in range(len(quoted) - 1)] or [quoted]
    assert said == {name for name, text in told.items() if all(pair in text for pair in pairs)}


def test_the_refresh_indexes_each_text_once_and_kept_snapshots_keep_their_files(storage):
    connection = open_warehouse(storage)
    indexed = []
    for number in range(1, KEPT + 2):
        word = "漏水" if number == 2 else "供暖"
        rows = [order(0, f"{word}问题"), order(number, f"第{number}号")]
        indexed.append(take_in(connection, storage, rows, KNOWN + timedelta(number)))
        publish(connection, storage, KNOWN + timedelta(number))
    assert indexed == [2, 2, 1, 1]  # of order 0 the text of the first day comes back on the third: nothing new
    assert build_up(connection, storage) == 0
    paths = sorted(storage.published.glob("*.duckdb"))
    readers = [Reader(storage, Snapshot(path.stem, path)) for path in paths]
    assert [len(found(reader, "漏水")) for reader in readers] == [1, 0, 0]
    assert [len(found(reader, "供暖")) for reader in readers] == [0, 1, 1]
    for reader in readers:
        reader.close()
    listed = {*search_index.listed_files(connection)}
    assert listed < on_disk(storage)  # those that only an older snapshot lists
    for path in paths:
        path.unlink()
    search_index.sweep_search(connection, storage)
    assert on_disk(storage) == listed
    connection.close()
