"""Every definition, run on its own orders."""

from pathlib import Path

import made_warehouse
import pytest
from rate_definitions import SPECIFICATIONS
from specification import Specification

from hotline12345.sql.storage import Storage


@pytest.mark.parametrize("specification", SPECIFICATIONS, ids=lambda specification: specification.id)
def test_definition_holds(specification: Specification, tmp_path: Path) -> None:
    first, *later = specification.batches
    connection = made_warehouse.make(
        tmp_path, first.orders(), specification.units, specification.rule, known_at=first.known_at
    )
    for batch in later:
        made_warehouse.land(connection, Storage.at(tmp_path), batch.orders(), batch.known_at)
        made_warehouse.rebuild(connection, Storage.at(tmp_path))
    found = made_warehouse.scores(connection, specification.period)
    connection.close()
    for unit, figures in specification.expected.items():
        assert {name: found[unit][name] for name in figures} == pytest.approx(dict(figures), nan_ok=False)


def test_definitions_have_ids_of_their_own() -> None:
    ids = [specification.id for specification in SPECIFICATIONS]
    assert len(set(ids)) == len(ids)
