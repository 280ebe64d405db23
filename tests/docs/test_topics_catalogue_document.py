"""What docs/topics.md says of the catalogue's files is what the code reads; its example of a crosswalk works."""

import re
from pathlib import Path

import polars as pl
import pytest
from made_catalogue import BOTH, NEW, OLD, codes, labelled, order, write

from hotline12345.sql.reference import SEEDS
from hotline12345.sql.reference_tables import TOPIC_COLUMNS
from hotline12345.sql.rule_layout import STATUSES
from hotline12345.sql.taxonomies import CROSSWALK_COLUMNS, TAXONOMY_COLUMNS
from hotline12345.sql.taxonomy_checks import RELATIONS


@pytest.fixture(scope="module")
def document(root) -> str:
    return (root / "docs" / "topics.md").read_text(encoding="utf-8")


def test_every_column_and_value_is_told(document: str) -> None:
    for columns in (TOPIC_COLUMNS, TAXONOMY_COLUMNS, CROSSWALK_COLUMNS):
        assert [name for name in columns if f"`{name}`" not in document] == []
    assert [name for name in RELATIONS if f"| `{name}` |" not in document] == []
    assert [name for name, word in STATUSES.items() if f"`{name}` {word}" not in document] == []


def test_the_size_of_the_example_is_told(document: str) -> None:
    levels = pl.read_csv(SEEDS / "topics.csv")["level"].value_counts().sort("level")["count"].to_list()
    assert "{} 个一级、{} 个二级、{} 个三级".format(*levels) in document


def test_the_example_of_a_crosswalk_does_what_the_table_says(document: str, tmp_path: Path) -> None:
    (text,) = re.findall(r"```csv\n(from_taxonomy_id.*?)```", document, re.DOTALL)
    rows = [
        order("same", "2025-01-01", "公共服务", "供暖"),
        order("split", "2025-01-01", "公共服务", "停车"),
        order("merged", "2025-01-01", "公共服务", "快递"),
        order("new", "2026-01-01", "供暖"),
    ]
    found = codes(labelled(write(tmp_path, [*OLD, *NEW], BOTH, text.splitlines()[1:]), rows))
    assert (found["same"], found["split"], found["merged"]) == (
        ("N", None, None),
        ("M", None, None),
        ("M", "M3", None),
    )
