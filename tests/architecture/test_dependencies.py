"""Every dependency is pinned with a reason, and constraints.txt holds the exact version of everything installed."""

import re
import tomllib
from importlib.metadata import requires, version
from itertools import chain
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PIN = re.compile(r'^\s*"(?P<requirement>[^"]+)",?\s*(?P<reason>#.*)?$')


def requirement_lines(pyproject: str) -> list[tuple[Requirement, str]]:
    """(requirement, reason) of each line of the dependency lists, reason empty where no comment is beside it."""
    start, end = pyproject.index("\ndependencies = ["), pyproject.index("\n[tool.setuptools]")
    lines = [PIN.match(line) for line in pyproject[start:end].splitlines()]
    return [(Requirement(m["requirement"]), (m["reason"] or "").lstrip("# ")) for m in lines if m]


def closure(name: str, extras: frozenset[str] = frozenset()) -> set[str]:
    """Canonical names of everything that `name[extras]` installs here, itself excluded."""
    seen: set[tuple[str, frozenset[str]]] = set()
    waiting = [(name, extras)]
    while waiting:
        current, wanted = waiting.pop()
        for text in requires(current) or []:
            requirement = Requirement(text)
            marker = requirement.marker
            if marker is None or any(marker.evaluate({"extra": extra}) for extra in ("", *sorted(wanted))):
                entry = (canonicalize_name(requirement.name), frozenset(requirement.extras))
                if entry not in seen:
                    seen.add(entry)
                    waiting.append(entry)
    return {entry for entry, _ in seen}


@pytest.fixture(scope="module")
def pyproject(root: Path) -> str:
    return (root / "pyproject.toml").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def constraints(root: Path) -> dict[str, str]:
    """Canonical name → exact version."""
    lines = (root / "constraints.txt").read_text(encoding="utf-8").splitlines()
    wrong = [line for line in lines if not re.fullmatch(r"#.*|[\w.-]+==[\w.]+", line)]
    assert not wrong, f"only names and exact versions: {wrong}"
    pairs = [line.split("==") for line in lines if not line.startswith("#")]
    return {canonicalize_name(name): exact for name, exact in pairs}


def test_every_requirement_is_read(pyproject):
    project = tomllib.loads(pyproject)["project"]
    listed = [*project["dependencies"], *chain(*project["optional-dependencies"].values())]
    assert [str(requirement) for requirement, _ in requirement_lines(pyproject)] == [
        str(Requirement(text)) for text in listed
    ]


def test_every_pin_has_both_ends_and_a_reason(pyproject):
    for requirement, reason in requirement_lines(pyproject):
        assert {spec.operator for spec in requirement.specifier} == {">=", "<"}, f"pin a range: {requirement}"
        assert len(reason) > 10, f"say beside {requirement.name} why this range"


def test_constraints_lie_inside_the_pins(pyproject, constraints):
    for requirement, _ in requirement_lines(pyproject):
        assert requirement.specifier.contains(constraints[canonicalize_name(requirement.name)]), requirement


def test_constraints_cover_everything_installed(constraints):
    installed = closure("hotline12345", frozenset({"dev"}))
    assert len(installed) > 50
    assert not installed - set(constraints), "add them to constraints.txt"
    assert {name: version(name) for name in installed} == {name: constraints[name] for name in installed}


def test_a_pin_without_a_reason_is_found():
    text = '\ndependencies = [\n  "a>=1,<2",  # the format moves\n  "b>=1",\n]\n\n[tool.setuptools]\n'
    assert [(str(r), why) for r, why in requirement_lines(text)] == [("a<2,>=1", "the format moves"), ("b>=1", "")]
