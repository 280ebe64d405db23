"""The hand-written documents point to things that exist and name nothing of the machine they were written on."""

import re
import tomllib
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

TOP = ("CONTRIBUTING.md", "GLOSSARY.md", "CHANGELOG.md")
LINK = re.compile(r"\]\((?!https?:|#)([^)#\s]+)[^)]*\)")
MACHINE = re.compile(r"(?:^|[\s`(\"'=])/(?:work|home|root|tmp|Users|mnt)/|[A-Z]:\\\\")


def broken_links(document: Path) -> list[str]:
    """Relative links of a Markdown file that lead nowhere."""
    links = LINK.findall(document.read_text(encoding="utf-8"))
    return [link for link in links if not (document.parent / link).exists()]


def table_rows(text: str, columns: int) -> list[list[str]]:
    """Cells of every row of the Markdown tables with that many columns, header rows left out."""
    cells = [[cell.strip() for cell in line.strip("|\n ").split("|")] for line in text.splitlines() if line[:1] == "|"]
    heads = {number - 1 for number, row in enumerate(cells) if set(row[0]) <= set("-:")}
    return [
        row
        for number, row in enumerate(cells)
        if len(row) == columns and number not in heads and not set(row[0]) <= set("-:")
    ]


@pytest.fixture(scope="module")
def documents(project_files) -> list[Path]:
    """Every Markdown file of the project."""
    return [path for path in project_files if path.suffix == ".md"]


@pytest.fixture(scope="module")
def decisions(root) -> list[Path]:
    """The decision records, in order."""
    return sorted((root / "docs" / "decisions").glob("*.md"))


def test_the_documents_exist(root):
    assert not [name for name in TOP if not (root / name).is_file()]


def test_links_lead_somewhere(documents):
    assert not {path.name: broken for path in documents if (broken := broken_links(path))}


def test_no_document_names_a_machine(root, project_files):
    texts = [
        path for path in project_files if path.suffix in {".md", ".svg", ".toml", ".txt"} or path.name == "Makefile"
    ]
    assert not [path.name for path in texts if MACHINE.search(path.read_text(encoding="utf-8"))]


def test_decisions_are_numbered_without_a_gap(decisions):
    assert [path.name[:5] for path in decisions] == [f"{number:04}-" for number in range(1, len(decisions) + 1)]
    assert len(decisions) >= 5


def test_decisions_give_context_decision_consequences(decisions):
    for path in decisions:
        text = path.read_text(encoding="utf-8")
        assert text.startswith(f"# {path.name[:4]} "), path.name
        assert re.findall(r"^## (.+)$", text, re.MULTILINE) == ["Context", "Decision", "Consequences"], path.name


def test_every_place_of_the_newcomers_table_exists(root):
    rows = table_rows((root / "CONTRIBUTING.md").read_text(encoding="utf-8"), 3)
    places = [place for row in rows for place in re.findall(r"`([\w./]+)`", row[1])]
    assert len(places) > 10
    assert not [place for place in places if not (root / place).exists()]


def test_every_make_target_named_exists(root, documents):
    targets = set(re.findall(r"^([a-z]+):", (root / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = {
        target
        for path in documents
        for command in re.findall(r"`make ([^`]+)`", path.read_text(encoding="utf-8"))
        for target in re.findall(r"(?:^| )([a-z]+)(?= |$)", re.sub(r'"[^"]*"', "", command))
    }
    assert {"demo", "test", "check"} <= named
    assert not named - targets


def test_glossary_explains_each_term_once(root):
    rows = table_rows((root / "GLOSSARY.md").read_text(encoding="utf-8"), 3)
    terms = [row[0] for row in rows]
    assert len(terms) > 40
    assert sorted(set(terms)) == sorted(terms)
    assert all(len(meaning) > 10 for _, _, meaning in rows)


def test_changelog_knows_the_version(root):
    version = tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))["project"]["version"]
    headings = re.findall(r"^## (\S+)", (root / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert headings[0] == version


def test_the_picture_needs_nothing_from_outside(root):
    picture = (root / "docs" / "architecture.svg").read_text(encoding="utf-8")
    names = {element.tag.rpartition("}")[2] for element in ET.fromstring(picture).iter()}
    assert {"rect", "path", "text"} <= names
    assert not names & {"image", "script", "foreignObject"}
    assert "href" not in picture
    assert "@import" not in picture


def test_a_broken_link_and_a_machine_path_are_found(tmp_path):
    document = tmp_path / "x.md"
    document.write_text("[a](x.md) [b](gone.md#part) [c](#here)", encoding="utf-8")
    assert broken_links(document) == ["gone.md"]
    assert MACHINE.search("see `/home/me/x`")
    assert not MACHINE.search("see docs/home/x and --data-dir")
