"""docs/rules.md names every key of a rule file as the layout has it, and its example is a rule that loads."""

import re

import pytest

from hotline12345.sql.rule_layout import ANSWERS, DEDUCTION, KEYS, REQUIRED, Key
from hotline12345.sql.rules import load_rule


@pytest.fixture(scope="module")
def document(root) -> str:
    return (root / "docs" / "rules.md").read_text(encoding="utf-8")


def row(key: Key) -> str:
    """The table row of one key."""
    default = "必填" if key.default is REQUIRED else "不写" if key.default is None else f"`{_written(key.default)}`"
    return f"| `{key.path}` | {key.meaning} | {key.kind.allowed} | {default} |"


def _written(value: object) -> str:
    return f'"{value}"' if isinstance(value, str) else str(value)


def test_the_table_of_keys_is_the_layout(document):
    found = [line for line in document.splitlines() if re.match(r"\| `[\w.]+` \|.*\|.*\|.*\|$", line)]
    assert found == [row(key) for key in KEYS]


def test_answers_and_deductions_are_told(document):
    for words in ANSWERS.values():
        assert "、".join(words) in document
    for kind, meaning in DEDUCTION.values():
        assert f"{meaning}，{kind.allowed}" in document


def test_the_example_is_a_rule(document, tmp_path):
    (text,) = re.findall(r"```toml\n(.*?)```", document, re.DOTALL)
    path = tmp_path / "example.toml"
    path.write_text(text, encoding="utf-8")
    rule = load_rule(path)
    assert (rule.status, rule.minimum_for_rank, rule.repeat_policy) == ("district_notice", 10, "latest_per_case")
