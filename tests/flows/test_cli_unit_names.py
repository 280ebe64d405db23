"""`--unit` of every command takes a unit's alias, and a name that is nobody's is answered with near ones."""

import made_rates
import pytest
from called import Hotline

from hotline12345.sql.storage import Storage

RULE = "example-10-50-40"
COMMANDS = {
    "bridge": ("rates", "bridge", "--from", "2026-03", "--to", "2026-03"),
    "what-if": ("rates", "what-if", "--rule", RULE, "--period", "2026-03", "--exclude", "A1"),
    "replay": ("rules", "replay", "--rule", "observed-full-count", "--period", "2026-03"),
    "targets": ("targets", "set", "resolution_rate", "90%"),
}


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Storage:
    return made_rates.published(tmp_path_factory.mktemp("named"))[0]


@pytest.mark.parametrize("name", COMMANDS)
def test_an_alias_names_the_unit(hotline: Hotline, published: Storage, name: str) -> None:
    done = hotline(*COMMANDS[name], "--unit", "甲街", "--data-dir", published.data)
    assert done.code == 0, done.printed
    if name == "targets":
        assert "甲街道" in hotline("targets", "list", "--data-dir", published.data).out
    else:
        assert "甲街道" in done.out


@pytest.mark.parametrize("name", COMMANDS)
def test_an_unknown_name_is_answered_with_near_ones(hotline: Hotline, published: Storage, name: str) -> None:
    done = hotline(*COMMANDS[name], "--unit", "甲街办", "--data-dir", published.data)
    assert done.code == 2 and "您是不是要写“甲街道”？" in done.err, done.printed


def test_the_units_of_a_bridge_are_listed_in_order(hotline: Hotline, published: Storage) -> None:
    refused = hotline(*COMMANDS["bridge"], "--unit", "丁", "--data-dir", published.data)
    assert "单位：乙镇、供热公司、甲街道。也可写单位组：国企、街镇。" in refused.err
