"""docs/loading.md tells every error code, every accounting word and only commands that exist."""

import re

import pytest

from hotline12345.dashboard.views.imports import ACCOUNTING
from hotline12345.flows.cli.main import COMMANDS
from hotline12345.sql.dictionary import label


@pytest.fixture(scope="module")
def document(root) -> str:
    return (root / "docs" / "loading.md").read_text(encoding="utf-8")


def test_every_error_code_is_told_and_no_other(document, root):
    sources = [path.read_text(encoding="utf-8") for path in (root / "flows").rglob("*.py")]
    raised = {code for text in sources for code in re.findall(r'"(E\d\d)"', text)}
    told = re.findall(r"^\| (E\d\d) \|", document, re.MULTILINE)
    assert len(raised) > 10
    assert told == sorted(raised)


def test_every_accounting_word_is_told(document):
    words = {label(name).removesuffix("行") for name in ACCOUNTING}
    assert len(words) == 7
    assert words == set(re.findall(r"^\| (\S+) \|", document.split("每个数")[1].split("###")[0], re.MULTILINE)[2:])


def test_commands_exist(document):
    named = set(re.findall(r"^hotline (\w+)", document, re.MULTILINE))
    assert {"inspect", "run", "check", "undo", "serve", "watch"} <= named
    assert named <= set(COMMANDS)
