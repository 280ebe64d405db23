"""freezes.csv: a period is written as its rule's periods are, else row, column and the right way are told."""

from pathlib import Path

import pytest

from hotline12345.sql.reference import land_reference
from hotline12345.sql.reference_tables import ReferenceTableError
from hotline12345.sql.rules import EXAMPLES
from hotline12345.sql.storage import Storage
from hotline12345.sql.warehouse import open_warehouse

YEARLY, MONTHLY = "example-place-year", "example-stars"


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (
            f"{YEARLY},2026-01",
            f"第 2 行，列 period_id：规则“{YEARLY}”按自然年考核，周期“2026-01”的写法应如 2026。",
        ),
        (f"{MONTHLY},2026", f"规则“{MONTHLY}”按月考核，周期“2026”的写法应如 2026-07。"),
        (f"{MONTHLY},2026-13", "周期“2026-13”的写法应如 2026-07。"),
        ("none,2026", f"没有规则“none”。现有规则：{YEARLY}、{MONTHLY}。"),
        (f"{YEARLY},2026\n{MONTHLY},2026-01", ""),
    ],
)
def test_a_period_fits_its_rule(tmp_path: Path, row: str, message: str) -> None:
    storage = Storage.at(tmp_path, tmp_path / "config")
    storage.make()
    storage.rules.mkdir(parents=True)
    for rule_id in (YEARLY, MONTHLY):
        (storage.rules / f"{rule_id}.toml").write_bytes((EXAMPLES / "variants" / f"{rule_id}.toml").read_bytes())
    (storage.config / "units.csv").write_text("unit_id,unit_name,unit_group\nU1,甲镇,街镇\n", encoding="utf-8")
    rows = [f"{line},2026-03-05 18:00,回访截止,测试" for line in row.splitlines()]
    text = "\n".join(["rule_id,period_id,frozen_at,kind,source", *rows])
    (storage.config / "freezes.csv").write_text(text, encoding="utf-8")
    connection = open_warehouse(storage)
    try:
        if not message:
            assert land_reference(connection, storage)
            return
        with pytest.raises(ReferenceTableError) as refused:
            land_reference(connection, storage)
        assert message in str(refused.value)
    finally:
        connection.close()
