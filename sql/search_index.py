"""The search index on disk: immutable Parquet files of which text holds which pair, sorted so that one term is read alone.

A file is written aside, forced to disk, then listed in one transaction; a killed run leaves what was listed before. Small
files are put together as they grow, so that there are never many.
"""

from collections.abc import Iterator
from contextlib import suppress

import polars as pl

from hotline12345.sql.build import parameter, set_parameter
from hotline12345.sql.files import sync
from hotline12345.sql.storage import Storage
from hotline12345.sql.stored_texts import TEXT_COLUMNS
from hotline12345.sql.text_reading import touched_texts
from hotline12345.sql.transactions import transaction
from hotline12345.sql.warehouse import Connection, WarehouseError, open_snapshot

RECIPE = "search_recipe"  # the parameter that says what the entries were made with
FILE_TEXTS = 500_000  # texts of one file at most: what is sorted at a time, and lost at most by a killed run
ENTRIES_A_GROUP = 122_880  # entries that are read for one term at least
LISTED = "landed.search_files"


def use_recipe(connection: Connection, storage: Storage, recipe: str) -> None:
    """What entries are made with now. Another recipe than before, or a lost file: every text is indexed anew."""
    lost = any(not (storage.search / name).exists() for name in listed_files(connection))
    if parameter(connection, RECIPE) == recipe and not lost:
        return
    with transaction(connection):
        for table in (LISTED, "landed.search_texts", "landed.search_words", "run.touched_orders"):
            connection.execute(f"delete from {table}")
        connection.execute("insert into run.touched_orders select distinct order_id from landed.order_versions")
        set_parameter(connection, RECIPE, recipe)


def unindexed_texts(connection: Connection, storage: Storage, rows: int) -> Iterator[pl.DataFrame]:
    """Texts of touched orders that are not in the index, at most `rows` at a time: text_hash, title, body, result_text."""
    return touched_texts(connection, storage, "select text_hash from landed.search_texts", rows, TEXT_COLUMNS)


class FileInMaking:
    """The entries of the next file, gathered chunk by chunk and spilled by the database where they are many."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._begin()

    def _begin(self) -> None:
        self._connection.execute(
            "create or replace temp table search_entries (term text, text_number integer, is_word boolean, in_title boolean)"
        )
        self._connection.execute("create or replace temp table search_numbers (text_hash text, text_number integer)")
        self.texts = 0

    def add(self, hashes: pl.Series, entries: pl.DataFrame) -> None:
        """Number texts and keep their entries, one row a text with the lists term, is_word, in_title."""
        taken = "select max(text_number) as last from (from landed.search_texts union all by name from search_numbers)"
        first = int(self._connection.execute(f"select coalesce(({taken}), 0) + 1").fetchall()[0][0])
        numbers = pl.Series("text_number", range(first, first + hashes.len()), dtype=pl.Int32)
        numbered = pl.DataFrame({"text_hash": hashes, "text_number": numbers})
        told = entries.with_columns(numbers).explode("term", "is_word", "in_title").drop_nulls("term")
        for table, frame in (("search_numbers", numbered), ("search_entries", told)):
            self._connection.register("incoming_entries", frame)
            self._connection.execute(f"insert into {table} by name select * from incoming_entries")
            self._connection.unregister("incoming_entries")
        self.texts += hashes.len()

    def write(self, storage: Storage) -> None:
        """Write the file, list it, and begin the next one."""
        name = _write(self._connection, storage, "select * from search_entries")
        with transaction(self._connection):
            _list(self._connection, storage, name, self.texts)
            self._connection.execute(
                "insert into landed.search_texts select text_hash, text_number from search_numbers"
            )
        self._begin()


def put_together(connection: Connection, storage: Storage) -> None:
    """Put the newest files together while the one before them holds no more than they do: some dozen files at most.

    So a text is rewritten as often as the index doubles, and a day costs what its texts cost.
    """
    sizes = connection.execute(f"select search_file, text_count from {LISTED} order by search_file desc").fetchall()
    joined: list[str] = []
    total = 0
    for name, count in sizes:
        if joined and (count > total or total + count > FILE_TEXTS):
            break
        joined.append(name)
        total += count
    if len(joined) < 2:
        return
    paths = ", ".join(_quoted(storage, name) for name in joined)
    name = _write(connection, storage, f"select * from read_parquet([{paths}])")
    with transaction(connection):
        for table in (LISTED, "landed.search_words"):
            connection.execute(f"delete from {table} where list_contains(?, search_file)", [joined])
        _list(connection, storage, name, total)


def listed_files(connection: Connection) -> list[str]:
    """The files that a warehouse or snapshot lists, the oldest first."""
    rows = connection.execute(f"select search_file from {LISTED} order by search_file").fetchall()
    return [str(name) for (name,) in rows]


def sweep_search(connection: Connection, storage: Storage) -> int:
    """Delete the files that neither the warehouse nor a kept snapshot lists; returns how many."""
    kept = {*listed_files(connection)}
    for path in storage.published.glob("*.duckdb"):
        with suppress(WarehouseError):  # of another version: nobody can open it
            snapshot = open_snapshot(path)
            kept |= {*listed_files(snapshot)}
            snapshot.close()
    orphans = [path for path in storage.search.glob("*") if path.name not in kept]
    for path in orphans:
        path.unlink()
    return len(orphans)


def _write(connection: Connection, storage: Storage, entries: str) -> str:
    """Write entries to a new file; its name, greater than every other."""
    storage.search.mkdir(mode=0o700, parents=True, exist_ok=True)
    names = [*listed_files(connection), *(path.name for path in storage.search.glob("*.parquet"))]
    name = f"{max((int(each.partition('.')[0]) for each in names), default=0) + 1:09d}.parquet"
    aside = storage.search / f"{name}.partial"
    connection.execute(
        f"""
        copy (select term, text_number, is_word, in_title from ({entries}) as entries order by term, text_number)
        to '{_escaped(str(aside))}' (format parquet, compression zstd, row_group_size {ENTRIES_A_GROUP})
        """
    )
    aside.chmod(0o600)
    aside.replace(storage.search / name)
    sync(storage.search / name)
    return name


def _list(connection: Connection, storage: Storage, name: str, texts: int) -> None:
    connection.execute(f"insert into {LISTED} values (?, ?)", [name, texts])
    connection.execute(
        f"""
        insert into landed.search_words
        select ?, term, count(*) from read_parquet({_quoted(storage, name)})
        where is_word and length(term) = 2 group by term
        """,
        [name],
    )


def _quoted(storage: Storage, name: str) -> str:
    return f"'{_escaped(str(storage.search / name))}'"


def _escaped(path: str) -> str:
    return path.replace("'", "''")
