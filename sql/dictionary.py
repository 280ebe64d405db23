"""The data dictionary `columns.toml`: one entry per column name, the only home of Chinese column labels."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

SOURCE = Path(__file__).with_name("columns.toml")


@dataclass(frozen=True)
class Column:
    """One column name: its Chinese label, English name, type, unit and meaning (Chinese)."""

    name: str
    zh: str
    en: str
    type: str
    meaning: str
    unit: str = ""


@cache
def columns() -> Mapping[str, Column]:
    """Every column of the project by name, in the order of the file."""
    entries = tomllib.loads(SOURCE.read_text(encoding="utf-8"))
    return {name: Column(name, **entry) for name, entry in entries.items()}


def label(name: str) -> str:
    """The Chinese label of a column; KeyError when the dictionary does not know the name."""
    return columns()[name].zh
