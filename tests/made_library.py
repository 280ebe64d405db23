"""Orders with texts, indexed and built, for the tests of the library."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
from made_warehouse import UNIT_HEADER, land

from hotline12345.flows.search_indexing import index_texts, notice_recipe
from hotline12345.models.search.pairs import Entries, packaged_tokenizer
from hotline12345.sql import build
from hotline12345.sql.publish import Snapshot, publish
from hotline12345.sql.reference import land_reference
from hotline12345.sql.search_index import FileInMaking, put_together
from hotline12345.sql.storage import Storage
from hotline12345.sql.warehouse import Connection, open_warehouse

UNITS = ("U1,东河街道,街镇,,门城,90000,2024,2020-01-01,", "U2,西岭镇,街镇,,浅山,30000,2024,2020-01-01,")
FIRST = datetime(2026, 1, 5, 9)
PUBLISHED_AT = datetime(2030, 1, 3)


def order(number: int, title: str, body: str = "", **more: Any) -> dict[str, Any]:
    """An order of 东河街道, one a day; what is not said is empty."""
    told = {"order_id": f"A{number:03d}", "created_at": FIRST + timedelta(days=number), "order_type": "投诉"}
    return told | {"unit_name": "东河街道", "place_town": "东河街道", "title": title, "body": body} | more


def storage_at(folder: Path) -> Storage:
    """An empty data folder with two units."""
    storage = Storage.at(folder, folder / "config")
    storage.make()
    (storage.config / "units.csv").write_text("\n".join([UNIT_HEADER, *UNITS]) + "\n", encoding="utf-8")
    return storage


def take_in(connection: Connection, storage: Storage, rows: Sequence[dict[str, Any]], known_at: datetime) -> int:
    """Land rows and build as the refresh does, without topics and issues; returns how many texts were indexed."""
    land(connection, storage, rows, known_at)
    return build_up(connection, storage)


def build_up(connection: Connection, storage: Storage) -> int:
    """What the refresh does after landing; returns how many texts were indexed."""
    reference = land_reference(connection, storage)
    notice_recipe(connection, storage)
    build.begin(connection, reference)
    before, topics, issues = build.stages()
    build.run_files(connection, before)
    indexed = index_texts(connection, storage)
    build.run_files(connection, (*topics, *issues))
    build.finish(connection)
    return indexed


def bare(storage: Storage) -> Connection:
    """A warehouse with nothing but the tables that the library's reads need, empty."""
    connection = open_warehouse(storage)
    connection.execute(
        """
        create table intermediate.searchable_orders (
            order_id text, text_number integer, text_hash text, created_at timestamp, created_month date, unit_id text,
            place_id text, place_town text, community text, topic_code text, topic_level2_code text, outcome text
        )
        """
    )
    connection.execute("create table staging.units as select 'U1' as unit_id, '东河街道' as unit_name")
    connection.execute("create table intermediate.topics (topic_code text, topic_name text)")
    return connection


def index_bare(connection: Connection, storage: Storage, bodies: Mapping[str, str]) -> None:
    """Index texts by their hashes and make an order of the same name of each."""
    making = FileInMaking(connection)
    said = pl.Series(list(bodies.values()), dtype=pl.String)
    making.add(pl.Series(list(bodies)), Entries(packaged_tokenizer()).of(pl.Series([""] * len(bodies)), said))
    making.write(storage)
    put_together(connection, storage)
    connection.execute("delete from intermediate.searchable_orders")
    connection.execute(
        """
        insert into intermediate.searchable_orders by name
        select text_hash as order_id, text_number, 'U1' as unit_id, date '2026-01-01' as created_month
        from landed.search_texts
        """
    )


def published(storage: Storage, rows: Sequence[dict[str, Any]]) -> Snapshot:
    """One published snapshot of these orders."""
    connection = open_warehouse(storage)
    take_in(connection, storage, rows, datetime(2030, 1, 1))
    snapshot = publish(connection, storage, PUBLISHED_AT)
    connection.close()
    return snapshot
