"""What a definition is: a sentence, a table of orders, and the figures they must give. Tests and documentation read it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from hotline12345.flows.ingest.contracts import ORDER_COLUMNS
from hotline12345.sql.dictionary import columns
from hotline12345.sql.reads import Reader

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
        names = {columns()[name].zh: name for name in ORDER_COLUMNS if name in columns()}
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


Figures = Mapping[str, Mapping[str, Any]]

_BASE = {
    "period": "start_day = 19",
    "scope": "excluded_order_types = []",
    "weights": "response = 0.1\nresolution = 0.5\nsatisfaction = 0.4\nrenormalise = true",
    "answers.resolution": '"解决" = 1.0',
    "answers.satisfaction": '"满意" = 1.0\n"基本满意" = 0.9',
    "summary": 'method = "pooled"',
}


def variant(rule_id: str = "variant", **sections: str) -> str:
    """The text of a rule file: an example rule in which these sections (`answers_resolution` for answers.resolution) differ."""
    head = f'id = "{rule_id}"\nname = "示例规则：{rule_id}"\nstatus = "example"\nsource = "测试"\nvalid_from = 2019-01-01\nminimum_valid = 1'
    changed = {
        name.replace("_", ".", 1) if name.startswith(("answers_", "deductions_")) else name: text
        for name, text in sections.items()
    }
    if "deduction" in changed.get("score", ""):
        changed["weights"] = ""
    return "\n".join([head, *(f"[{name}]\n{text}" for name, text in ({**_BASE, **changed}).items()), ""])


@dataclass(frozen=True)
class Specification:
    """One definition: Chinese title and text, orders, and the figures that must come out.

    `expected` has a name (of a unit, unless `measure` says otherwise), then column names or words; None means that there
    is no such figure. Figures are written as formulas, so that a reader sees where they come from; `formulas` repeats
    those worth printing. Without `measure` the figures are the units' rows of mart_unit_scores in `period`. `config` has
    files of the config folder (name → text), `rule` the text of the one rule file.
    """

    id: str
    title: str
    text: str
    batches: tuple[Batch, ...]
    expected: Figures
    period: str = "2026-03"
    units: tuple[str, ...] = ()
    rule: str = ""
    formulas: Mapping[str, str] = field(default_factory=dict)
    config: Mapping[str, str] = field(default_factory=dict)
    measure: Callable[[Reader], Figures] | None = None
