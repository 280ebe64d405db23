"""Every definition, run on its own orders."""

from datetime import datetime
from pathlib import Path

import made_warehouse
import pytest
from definitions import SPECIFICATIONS
from specification import Figures, Specification

from hotline12345.sql.publish import publish
from hotline12345.sql.reads import Reader
from hotline12345.sql.rules import load_rules
from hotline12345.sql.same_age import fill_same_age
from hotline12345.sql.storage import Storage
from hotline12345.sql.warehouse import Connection


@pytest.mark.parametrize("specification", SPECIFICATIONS, ids=lambda specification: specification.id)
def test_definition_holds(specification: Specification, tmp_path: Path) -> None:
    storage = Storage.at(tmp_path)
    storage.make()
    storage.rules.mkdir(exist_ok=True)
    for name, text in specification.config.items():
        (storage.config / name).write_text(text, encoding="utf-8")
    first, *later = specification.batches
    connection = made_warehouse.make(
        tmp_path, first.orders(), specification.units, specification.rule, known_at=first.known_at
    )
    for batch in later:
        made_warehouse.land(connection, storage, batch.orders(), batch.known_at)
        made_warehouse.rebuild(connection, storage)
    found = _measured(specification, connection, storage)
    connection.close()
    for name, figures in specification.expected.items():
        assert {key: found[name][key] for key in figures} == pytest.approx(dict(figures), nan_ok=False)


def _measured(specification: Specification, connection: Connection, storage: Storage) -> Figures:
    if not specification.measure:
        return made_warehouse.scores(connection, specification.period)
    fill_same_age(connection, load_rules(storage.rules))
    reader = Reader(storage, publish(connection, storage, datetime(2030, 1, 3)))
    figures = specification.measure(reader)
    reader.close()
    return figures


def test_definitions_have_ids_of_their_own() -> None:
    ids = [specification.id for specification in SPECIFICATIONS]
    assert len(set(ids)) == len(ids)
