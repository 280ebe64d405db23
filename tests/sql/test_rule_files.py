"""Rule files: what is wrong is named with file, key and what is allowed; the shipped examples never change."""

import hashlib
from datetime import datetime
from pathlib import Path

import pytest

from hotline12345.sql.rules import EXAMPLES, RuleError, load_rule, load_rules

EXAMPLE = EXAMPLES / "example-10-50-40.toml"
FROZEN = {"example-10-50-40.toml": "e8ac64d47b2c015c7af1015a34f89e0083ae5a8624cea6acbb9f7447d3f7a5a9"}


def test_shipped_rules_are_immutable() -> None:
    hashes = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in EXAMPLES.glob("*.toml")}
    assert hashes == FROZEN, "a rule that was used never changes: write a new file with a new id"


def test_shipped_rules_are_called_examples() -> None:
    assert {rule.status for rule in load_rules(EXAMPLES)} == {"example"}


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("minimum_valid", "minimun_valid", "您是不是要写“minimum_valid”"),
        ('status = "example"', 'status = "final"', "official、district_notice、observed、example"),
        ("response = 0.10", "response = 0.20", "三项合计为 1"),
        ("response = 0.10", "response = -0.10", "三项合计为 1"),
        ("start_day = 19", "start_day = 31", "1 到 28"),
        ('"基本满意" = 0.9', '"基本满意" = 9', "0 到 1 的数"),
        ('method = "mean_of_units"', 'method = "sum"', "mean_of_units、pooled"),
        ("[scope]", "[scop]", "您是不是要写“scope”"),
        ('id = "example', 'id = "', "TOML"),
    ],
)
def test_a_wrong_rule_says_what_is_wrong(old: str, new: str, message: str, tmp_path: Path) -> None:
    text = EXAMPLE.read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "own.toml"
    path.write_text(text.replace(old, new, 1) if message != "TOML" else "id = ", encoding="utf-8")
    with pytest.raises(RuleError, match=message) as error:
        load_rule(path)
    assert "own.toml" in str(error.value)


def test_two_files_with_one_id_are_refused(tmp_path: Path) -> None:
    for name in ("a.toml", "b.toml"):
        (tmp_path / name).write_bytes(EXAMPLE.read_bytes())
    with pytest.raises(RuleError, match="相同的 id"):
        load_rules(tmp_path)


def test_periods_are_named_after_the_month_they_end_in() -> None:
    periods = list(load_rule(EXAMPLE).periods(datetime(2025, 12, 18, 23), datetime(2026, 1, 19)))
    assert [period.period_id for period in periods] == ["2025-12", "2026-01", "2026-02"]
    assert (periods[1].start_at, periods[1].end_at) == (datetime(2025, 12, 19), datetime(2026, 1, 19))


def test_calendar_months_carry_their_own_name(tmp_path: Path) -> None:
    path = tmp_path / "month.toml"
    path.write_text(EXAMPLE.read_text(encoding="utf-8").replace("start_day = 19", "start_day = 1"), encoding="utf-8")
    periods = list(load_rule(path).periods(datetime(2026, 3, 1), datetime(2026, 3, 31, 23)))
    assert [(period.period_id, period.start_at, period.end_at) for period in periods] == [
        ("2026-03", datetime(2026, 3, 1), datetime(2026, 4, 1))
    ]
