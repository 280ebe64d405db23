"""A rule that was published with never changes: another content under its id is refused, with what to do instead."""

from collections.abc import Iterator
from pathlib import Path

import made_rates
import pytest

from hotline12345.flows.refreshing import is_current
from hotline12345.sql.rule_checks import RuleError
from hotline12345.sql.rule_freeze import refuse_changed_rules, used_rules
from hotline12345.sql.rules import EXAMPLES
from hotline12345.sql.storage import Storage
from hotline12345.sql.warehouse import Connection, open_memory, open_warehouse

TEXT = (EXAMPLES / "example-10-50-40.toml").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Storage:
    """A site that published under the packaged default."""
    return made_rates.published(tmp_path_factory.mktemp("site"))[0]


@pytest.fixture(scope="module")
def warehouse(site: Storage) -> Iterator[Connection]:
    """Its warehouse, open for writing."""
    connection = open_warehouse(site)
    yield connection
    connection.close()


def save(site: Storage, text: str) -> None:
    site.rules.mkdir(exist_ok=True)
    (site.rules / "ours.toml").write_text(text, encoding="utf-8")


def test_what_was_published_with_is_known(warehouse: Connection) -> None:
    used = used_rules(warehouse)
    assert {rule_id: rule.first_used_at for rule_id, rule in used.items()} == {
        "example-10-50-40": made_rates.PUBLISHED_AT
    }


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("response = 0.10\nresolution = 0.50", "response = 0.20\nresolution = 0.40", "weights.response（0.1 → 0.2）"),
        ('"基本满意" = 0.9', '"基本满意" = 0.9\n"一般" = 0.5', "answers.satisfaction.一般（未写 → 0.5）"),
        ('"无效"]', '"无效", "建议"]', "scope.excluded_order_types（"),
        ("valid_from = 2019-01-01", "valid_from = 2020-01-01", "valid_from（2019-01-01 → 2020-01-01）"),
        ("[scope]", '[scope]\nclock = "closed"', "scope.clock（created → closed）"),
    ],
)
def test_another_content_under_a_used_id_is_refused(
    site: Storage, warehouse: Connection, old: str, new: str, told: str
) -> None:
    assert old in TEXT
    save(site, TEXT.replace(old, new, 1))
    with pytest.raises(RuleError) as refused:
        is_current(warehouse, site)
    message = str(refused.value)
    assert message.startswith("规则文件 ours.toml：规则“example-10-50-40”已在 2026-04-01 09:00 发布的数据中使用")
    assert told in message
    assert "请恢复原来的内容" in message
    assert "另存为新文件，写新的 id" in message


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("# An example rule", "# Checked in June. An example rule"),
        ("response = 0.10", "response   =   0.1"),
        ('["咨询", "表扬"', '["表扬", "咨询"'),
        ("[scope]", '[scope]\nclock = "created"'),
        ("minimum_valid", "valid_to = 2026-06-19\nminimum_valid"),
        ("example-10-50-40", "ours-2026"),
    ],
    ids=["comment", "spacing", "order", "default written out", "end of validity", "new id"],
)
def test_what_changes_no_figure_passes(site: Storage, warehouse: Connection, old: str, new: str) -> None:
    assert old in TEXT
    save(site, TEXT.replace(old, new, 1))
    refuse_changed_rules(warehouse, site)


def test_a_rule_that_was_never_published_may_change(tmp_path: Path) -> None:
    site = Storage.at(tmp_path, tmp_path / "config")
    site.make()
    save(site, TEXT.replace("0.50", "0.40").replace("0.40\nren", "0.50\nren"))
    refuse_changed_rules(open_memory(), site)
