"""docs/topics.md tells every command of `hotline topics`; what it names exists, and its commands run."""

import re
import sys
from pathlib import Path

import click
import made_tree
import pytest
from made_snapshot import publish_orders, storage_at

from hotline12345.dashboard import labels
from hotline12345.flows.cli.chinese import run
from hotline12345.flows.cli.errors import translate
from hotline12345.flows.cli.main import cli
from hotline12345.flows.cli.topics import COMMANDS, topics
from hotline12345.models.topics.urgent import KINDS
from hotline12345.sql.storage import Storage
from hotline12345.sql.taxonomies import CROSSWALK_COLUMNS
from hotline12345.sql.taxonomy_checks import RELATIONS

WRITERS = {
    "train",
    "rollback",
    "--confirm",
    "--set",
    "--withdraw",
    "--import",
    "--find-problems",
}  # they have tests of their own


@pytest.fixture(scope="module")
def document(root: Path) -> str:
    return (root / "docs" / "topics.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Storage:
    """A published folder with a model, and a table to classify."""
    storage = storage_at(tmp_path_factory.mktemp("documented"))
    publish_orders(storage)
    made_tree.store(storage)
    return storage


def named(document: str) -> list[list[str]]:
    """The words of every `hotline topics …` that the document names, after these two."""
    return [words.split() for words in re.findall(r"hotline topics ([^`\n]+)", document)]


def test_every_command_is_told_and_none_besides(document):
    told = {words[0] for words in named(document)}
    assert told <= set(COMMANDS)
    assert set(COMMANDS) - told <= {"evaluate"}, "for those who build models; in docs/cli.md"


def test_every_option_named_exists(document):
    for command, *rest in named(document):
        known = topics.get_command(click.Context(topics), command)
        options = {name for param in known.params for name in param.opts}
        assert {word for word in rest if word.startswith("--")} <= options, command
    review = topics.get_command(click.Context(topics), "review")
    assert {"--export", "--import"} <= {name for param in review.params for name in param.opts}


def test_the_commands_run(document, site, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "信件.csv").write_text("编号,标题,内容\n1,暖气不热,家中暖气不热\n", encoding="utf-8")
    lines = sorted({tuple(words) for words in named(document) if not {word.split("=")[0] for word in words} & WRITERS})
    assert len(lines) >= 9
    for line in lines:
        words = ["D0040" if word == "工单编号" else word for word in line]
        monkeypatch.setattr(sys, "argv", ["hotline", "topics", *words, "--data-dir", str(site.data)])
        capsys.readouterr()
        code = run(cli(), translate)
        printed = capsys.readouterr()
        assert code == 0, f"{line}: {printed.err}"
        assert printed.out or (tmp_path / "结果.csv").exists(), line
    assert "暖气" not in (tmp_path / "结果.csv").read_text(encoding="utf-8-sig"), "the answers, not the texts"


def test_the_crosswalk_example_has_the_columns_of_the_file(document):
    (example,) = re.findall(r"```csv\n(from_.*?)```", document, re.DOTALL)
    rows = [line.split(",") for line in example.splitlines()]
    assert rows[0] == list(CROSSWALK_COLUMNS)
    assert {row[4] for row in rows[1:]} == set(RELATIONS)


def test_its_words_are_those_of_the_pages(document):
    who = document[: document.index("## 模型怎样判断")]
    first = re.findall(r"^\| \d \| (\S+) \|", who, re.MULTILINE)
    assert first == list(labels.SOURCES), "who gives the topic, in the order in which it counts"
    for kind in KINDS:
        assert kind in document
    for page in ("诉求分类", "分类复核", "模型", "每月一题"):
        assert f"“{page}”" in document
