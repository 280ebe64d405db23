"""Rules of style that no linter knows: sizes, names, imports, printing."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

MODULE_LINES, FUNCTION_LINES, SQL_LINES = 400, 60, 120
AIM = "aim at 300 lines a module and 40 a function"
VAGUE = {"utils", "util", "helpers", "helper", "common", "manager", "managers", "misc"}
FOLDERS = {"flows", "models", "sql", "dashboard", "sample_data"}


def long_functions(source: str) -> Iterator[str]:
    """`name (lines)` of every function longer than the limit."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno:
            lines = node.end_lineno - node.lineno + 1
            if lines > FUNCTION_LINES:
                yield f"{node.name} ({lines})"


def wrong_imports(source: str) -> Iterator[str]:
    """Imports of our folders by their bare or relative name: the same file would become two modules."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and node.level:
            yield f"line {node.lineno}: relative import"
        names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
        names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        yield from (f"line {node.lineno}: {name}" for name in names if name.split(".")[0] in FOLDERS)


def prints(source: str) -> Iterator[int]:
    """Line numbers of calls of `print`."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print":
            yield node.lineno


@pytest.fixture(scope="module")
def sources(root, package_modules) -> dict[Path, str]:
    """Path below the root → source, of the package and its tests."""
    modules = [*package_modules, *sorted((root / "tests").rglob("*.py"))]
    return {path.relative_to(root): path.read_text(encoding="utf-8") for path in modules}


def test_modules_are_short(sources):
    long = {str(path): lines for path, text in sources.items() if (lines := len(text.splitlines())) > MODULE_LINES}
    assert not long, f"over {MODULE_LINES} lines ({AIM}): {long}"


def test_functions_are_short(sources):
    long = {str(path): found for path, text in sources.items() if (found := list(long_functions(text)))}
    assert not long, f"over {FUNCTION_LINES} lines ({AIM}): {long}"


def test_sql_files_are_short(root):
    files = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in (root / "sql").rglob("*.sql")}
    assert files
    assert not {str(path): lines for path, lines in files.items() if lines > SQL_LINES}


def test_names_say_what_is_inside(sources):
    assert not [str(path) for path in sources if {path.stem, *path.parts} & VAGUE]


def test_our_folders_are_imported_as_the_package(sources):
    assert not {str(path): found for path, text in sources.items() if (found := list(wrong_imports(text)))}


def test_only_the_command_prints(sources):
    silent = {path: text for path, text in sources.items() if path.parts[0] != "tests" and path.parts[1] != "cli"}
    assert not {str(path): found for path, text in silent.items() if (found := list(prints(text)))}


def test_no_page_runs_python_inside_polars(sources):
    """Polars' threads would wait for the interpreter while another page holds it and waits for Polars: the server hangs."""
    inside = re.compile(r"\.map_(elements|batches|groups|rows)\(")
    serving = {path: text for path, text in sources.items() if path.parts[0] in {"dashboard", "sql", "models"}}
    assert not [str(path) for path, text in serving.items() if inside.search(text)]


def test_test_modules_have_names_of_their_own(root):
    names = [path.name for path in (root / "tests").rglob("test_*.py")]
    assert sorted(names) == sorted(set(names)), "two test modules of one name cannot be collected together"


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ("import sql.rules", ["line 1: sql.rules"]),
        ("from flows import daily", ["line 1: flows"]),
        ("from . import daily", ["line 1: relative import"]),
        ("from hotline12345.sql import rules\nimport sqlglot", []),
    ],
)
def test_wrong_imports_are_found(source, found):
    assert list(wrong_imports(source)) == found


def test_long_functions_and_prints_are_found():
    body = "    x = 1\n" * FUNCTION_LINES
    assert list(long_functions(f"def long():\n{body}")) == [f"long ({FUNCTION_LINES + 1})"]
    assert not list(long_functions(f"def short():\n{body[: -len('    x = 1' + chr(10))]}"))
    assert list(prints("x = 1\nprint(x)\nlog.print(x)")) == [2]
