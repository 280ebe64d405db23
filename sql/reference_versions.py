"""The rules, units and other config tables as they were: kept as texts, so that figures of then can be made again."""

import json
import tempfile
from datetime import datetime
from pathlib import Path

from hotline12345.sql.reference import land_reference, reference_files
from hotline12345.sql.rules import Rule, load_rules
from hotline12345.sql.storage import Storage
from hotline12345.sql.warehouse import Connection


def keep_reference(connection: Connection, storage: Storage, reference_hash: str, at: datetime) -> None:
    """Keep the config tables under their hash, unless they are kept already. One row for each change of the config."""
    known = connection.execute(
        "select count(*) from landed.reference_versions where reference_hash = ?", [reference_hash]
    ).fetchall()[0][0]
    if known:
        return
    content = {
        name: path.read_bytes().decode("latin-1") for name, path in reference_files(storage).items() if path.exists()
    }
    connection.execute(
        "insert into landed.reference_versions values (?, ?, ?)", [reference_hash, at, json.dumps(content)]
    )


def land_reference_of(connection: Connection, reference_hash: str) -> list[Rule]:
    """Replace the reference tables by what they held under this hash; returns the rules of then."""
    rows = connection.execute(
        "select content from landed.reference_versions where reference_hash = ?", [reference_hash]
    ).fetchall()
    with tempfile.TemporaryDirectory() as folder:
        storage = Storage.at(Path(folder), Path(folder))
        storage.rules.mkdir()
        for name, text in json.loads(rows[0][0]).items():
            (storage.config / name).write_bytes(text.encode("latin-1"))
        land_reference(connection, storage)
        return load_rules(storage.rules)
