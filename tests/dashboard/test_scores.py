"""The exact score in Python is the warehouse's, under every shipped rule."""

from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import made_rates
import pytest

from hotline12345.dashboard.scores import exact_score, without
from hotline12345.sql.period_replay import replay_period
from hotline12345.sql.reads import Reader
from hotline12345.sql.rule_layout import INDICATORS
from hotline12345.sql.rules import EXAMPLES, load_rule

RULES = {rule.id: rule for rule in map(load_rule, EXAMPLES.rglob("*.toml"))}
EXAMPLE = RULES["example-10-50-40"]
COUNTS = {"response": (99_000, 100), "resolution": (90_000, 100), "satisfaction": (88_000, 100), "on_time": (0, 0)}


def test_the_vector_of_the_field() -> None:
    """valid 100, contacted 99, solved 90, 满意 70, 基本满意 20 → 90.1 after rounding."""
    assert exact_score(EXAMPLE, COUNTS) == Fraction("0.1") * 99 + Fraction("0.5") * 90 + Fraction("0.4") * 88


def test_what_does_not_apply() -> None:
    response_only = {**COUNTS, "resolution": (0, 0), "satisfaction": (0, 0)}
    assert exact_score(EXAMPLE, response_only) == 99
    assert exact_score(replace(EXAMPLE, renormalise=False), response_only) is None
    assert exact_score(EXAMPLE, dict.fromkeys(COUNTS, (0, 0))) is None


def test_deductions_are_taken_from_a_hundred() -> None:
    rule = RULES["example-deductions"]
    counts = {**COUNTS, "resolution": (80_000, 100), "on_time": (90_000, 100)}
    assert exact_score(rule, counts) == 100 - 10 * Fraction("0.5") - 5 * Fraction("0.2")
    assert exact_score(rule, {**counts, "on_time": (0, 0)}) == 100 - 5 * Fraction("0.2")
    assert exact_score(rule, dict.fromkeys(COUNTS, (0, 0))) is None
    assert exact_score(replace(rule, deductions={"on_time": (1000, 100_000)}), counts) == 0


def test_without_one_order() -> None:
    own = {"response": (1000, 1), "resolution": (0, 1), "satisfaction": (0, 0), "on_time": (0, 0)}
    assert without(COUNTS, own)["resolution"] == (90_000, 99)


@pytest.mark.parametrize("rule_id", [rule_id for rule_id, rule in RULES.items() if rule.period_length == "month"])
def test_it_is_the_score_of_the_warehouse(rule_id: str, made: Path) -> None:
    rule = RULES[rule_id]
    storage, snapshot = made
    label = "2026-02" if rule.period_label == "start" else made_rates.PERIOD
    reader = Reader(storage, snapshot, replay_period(snapshot, label, None, rules=[rule]))
    scores = reader.unit_scores(rule_id, label)
    reader.close()
    assert scores.height
    for row in scores.iter_rows(named=True):
        counts = {name: (round(1000 * row[f"{name}_numerator"]), row[f"{name}_denominator"]) for name in INDICATORS}
        exact = exact_score(rule, counts)
        assert (exact is None) == (row["exact_score"] is None)
        assert exact is None or float(exact) == pytest.approx(row["exact_score"], abs=1e-9)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory):
    times = {"dispatched_at": made_rates.AT, "closed_at": made_rates.AT, "due_at": made_rates.AT}
    rows = [{**order, **times} for order in made_rates.ORDERS]
    rows[0]["closed_at"] = made_rates.LATE
    return made_rates.published(tmp_path_factory.mktemp("scores"), rows)
