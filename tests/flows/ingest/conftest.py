"""How the tests of ingest load rows."""

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from order_files import HEADERS, csv_bytes

from hotline12345.flows.ingest.prepare import FileMapping, Prepared, prepare


@pytest.fixture
def load(tmp_path: Path) -> Callable[..., Prepared]:
    """Prepare rows written as a UTF-8 csv; `load(rows)` puts the usual header above them."""

    def run(rows: Sequence[Sequence[object]], mapping: FileMapping | None = None, header: bool = True) -> Prepared:
        path = tmp_path / "orders.csv"
        path.write_bytes(csv_bytes([HEADERS, *rows] if header else rows))
        prepared = prepare(path, b"key", mapping)
        rows = prepared.rows
        assert rows.rows_read == rows.orders.height + rows.rows_quarantined + rows.rows_not_data
        return prepared

    return run
