"""What docs/privacy.md shows as masked is masked that way, and what it shows as kept is kept."""

import re
from pathlib import Path

import pytest

from hotline12345.flows.ingest.masking import mask_text

PAGE = (Path(__file__).parents[2] / "docs" / "privacy.md").read_text(encoding="utf-8")


def table(heading: str) -> list[list[str]]:
    """Rows of the first table below a heading, without its header."""
    section = PAGE.split(f"## {heading}\n", 1)[1].split("\n## ", 1)[0]
    rows = [line.strip("|").split("|") for line in section.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in row] for row in rows[2:]]


def examples(cell: str) -> list[str]:
    """Texts in backticks that are written out."""
    return [text for text in re.findall("`([^`]+)`", cell) if "…" not in text]


MASKED = [text for row in table("遮盖什么") for text in examples(row[1])]
KEPT = [text for row in table("不遮盖什么，为什么") for text in [*examples(row[0]), *re.findall("“([^”…]+)”", row[0])]]


@pytest.mark.parametrize("text", MASKED)
def test_the_examples_are_masked(text: str) -> None:
    masked = mask_text(f"电话{text}" if re.match("[0-9一+（(]", text) and "-" not in text[:3] else text)
    assert text not in masked


@pytest.mark.parametrize("text", KEPT)
def test_the_exceptions_are_kept(text: str) -> None:
    assert mask_text(text) == text


def test_the_page_has_examples() -> None:
    assert len(MASKED) > 25
    assert len(KEPT) > 8
