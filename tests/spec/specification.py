"""What a definition is: a sentence, a table of orders, and the figures they must give. Tests and documentation read it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from hotline12345.sql.dictionary import columns

COUNT = "件数"
_BOOLEANS = {"是": True, "否": False}


@dataclass(frozen=True)
class Batch:
    """Orders of one file as an ASCII table under Chinese column labels; 件数 repeats a row under new ids."""

    table: str
    known_at: datetime = datetime(2030, 1, 1)

    def cells(self) -> tuple[list[str], list[list[str]]]:
        """Header labels and the cells of each row."""
        header, *rows = ([cell.strip() for cell in line.split("|")] for line in self.table.strip().splitlines())
        return header, rows

    def orders(self) -> list[dict[str, Any]]:
        """The orders as `land` takes them."""
        names = {column.zh: column.name for column in columns().values()}
        header, rows = self.cells()
        orders: list[dict[str, Any]] = []
        for number, row in enumerate(rows, 1):
            cells = dict(zip(header, row, strict=True))
            times = int(cells.pop(COUNT, "1"))
            order = {names[label]: _value(names[label], cell) for label, cell in cells.items()}
            orders += [{"order_id": f"G{number}-{copy}", **order} for copy in range(times)]
        return orders


def _value(name: str, cell: str) -> Any:
    if not cell:
        return None
    if name.endswith("_at"):
        return datetime.fromisoformat(cell)
    return _BOOLEANS[cell] if columns()[name].type == "boolean" else cell


@dataclass(frozen=True)
class Specification:
    """One definition: Chinese title and text, orders, and what each unit's row of mart_unit_scores must hold.

    `expected` has the unit's name, then column names; None means that there is no such figure. Figures are written as
    formulas, so that a reader sees where they come from; `formulas` repeats those worth printing.
    """

    id: str
    title: str
    text: str
    batches: tuple[Batch, ...]
    expected: Mapping[str, Mapping[str, Any]]
    period: str = "2026-03"
    units: tuple[str, ...] = ()
    rule: str = ""
    formulas: Mapping[str, str] = field(default_factory=dict)
