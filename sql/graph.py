"""The SQL files as a graph: what each makes, what it reads, in which order they run."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import sqlglot
from sqlglot import exp

FOLDER = Path(__file__).parent
TABLE_SCHEMAS = ("run", "landed")
LAYERS = ("staging", "intermediate", "marts")
_HEADER = re.compile(r"^-- (?P<key>grain|partition|filled by|why): (?P<value>.+)$")


class SqlFileError(Exception):
    """A SQL file breaks a convention of the project; the message names file and rule."""


@dataclass(frozen=True)
class SqlFile:
    """One SQL file. `name` is schema.table; `partition` is the column a run rewrites by, None for a whole rebuild."""

    name: str
    title: str
    grain: tuple[str, ...]
    partition: str | None
    filled_by: str | None
    why: str
    text: str
    reads: frozenset[str]

    @property
    def schema(self) -> str:
        return self.name.split(".")[0]

    @property
    def comment(self) -> str:
        """The table's comment in the database: title, grain and reason of the header."""
        return f"{self.title}; grain: {', '.join(self.grain)}. {self.why}"


def read_sql_file(path: Path) -> SqlFile:
    """Parse one file's header and the tables it reads; SqlFileError when the header lacks a part."""
    text = path.read_text(encoding="utf-8")
    lines = text.splitlines()
    entries = {m["key"]: m["value"] for m in map(_HEADER.match, lines) if m}
    if not lines or not lines[0].startswith("-- ") or not {"grain", "why"} <= entries.keys():
        raise SqlFileError(f"{path.name}: the header needs a title line, `-- grain:` and `-- why:`")
    name = f"{path.parent.name}.{path.stem}"
    return SqlFile(
        name=name,
        title=lines[0].removeprefix("-- ").strip(),
        grain=tuple(part.strip() for part in entries["grain"].split(",")),
        partition=entries.get("partition"),
        filled_by=entries.get("filled by"),
        why=entries["why"],
        text=text,
        reads=frozenset(_tables(text)) - {name},
    )


def _tables(text: str) -> Iterable[str]:
    for statement in sqlglot.parse(text, read="duckdb"):
        if isinstance(statement, exp.Expr):
            yield from (f"{table.db}.{table.name}" for table in statement.find_all(exp.Table) if table.db)


@cache
def load_folder(folder: str) -> tuple[SqlFile, ...]:
    """Every SQL file of one sub-folder, sorted by name."""
    return tuple(read_sql_file(path) for path in sorted((FOLDER / folder).glob("*.sql")))


@cache
def build_order() -> tuple[SqlFile, ...]:
    """The files of staging, intermediate and marts in run order; SqlFileError on an unknown table or an upward read."""
    files = {file.name: file for layer in LAYERS for file in load_folder(layer)}
    known = files.keys() | {file.name for schema in TABLE_SCHEMAS for file in load_folder(schema)}
    for file in files.values():
        if missing := sorted(file.reads - known):
            raise SqlFileError(f"{file.name} reads unknown tables: {', '.join(missing)}")
        _check_layer(file)
    # The names are sorted first: TopologicalSorter keeps insertion order among equals, so the order is fixed.
    sorter = TopologicalSorter({name: sorted(files[name].reads & files.keys()) for name in sorted(files)})
    return tuple(files[name] for name in sorter.static_order())


def _check_layer(file: SqlFile) -> None:
    rank = LAYERS.index(file.schema)
    allowed = {*TABLE_SCHEMAS, *LAYERS[max(0, rank - 1) : rank + 1]}
    if wrong := sorted(table for table in file.reads if table.split(".")[0] not in allowed):
        raise SqlFileError(f"{file.name} may not read {', '.join(wrong)}: a layer reads only itself and the one before")


@cache
def downstream(step: str) -> frozenset[str]:
    """The built tables that read what a Python step fills (`-- filled by:`), directly or through others."""
    found = {file.name for file in load_folder("landed") if file.filled_by == step}
    filled = frozenset(found)
    for file in build_order():
        if file.reads & found:
            found.add(file.name)
    return frozenset(found - filled)


@cache
def upstream(names: frozenset[str]) -> frozenset[str]:
    """The tables, landed ones too, that these built tables are made of, directly or through others; with themselves."""
    found = set(names)
    for file in reversed(build_order()):
        if file.name in found:
            found |= file.reads
    return frozenset(found)
