"""Scores kept at each publication, and earlier periods at the same age, as known then."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import made_warehouse
import polars as pl
import pytest
from made_warehouse import UNIT_HEADER

from hotline12345.sql import build
from hotline12345.sql.kept_scores import keep_scores
from hotline12345.sql.period_replay import replay_period
from hotline12345.sql.publish import Snapshot, publish
from hotline12345.sql.reads import Reader
from hotline12345.sql.reference import land_reference
from hotline12345.sql.reference_versions import keep_reference
from hotline12345.sql.rules import Period, Rule, load_rules
from hotline12345.sql.same_age import earlier_periods, fill_same_age, is_baseline
from hotline12345.sql.storage import Storage
from hotline12345.sql.warehouse import Connection

RULE = "example-10-50-40"
UNITS = "\n".join([UNIT_HEADER, "U1,甲镇,街镇,,,,,,", "U2,乙镇,街镇,,,,,,"])
FEBRUARY, MARCH, APRIL = "2026-02", "2026-03", "2026-04"


def order(order_id: str, created_at: datetime, unit: str = "甲镇", solved: bool | None = True) -> dict[str, Any]:
    """An order with a valid callback, or with none yet (`solved` None)."""
    answers: Mapping[str, Any] = {
        "is_valid_callback": True,
        "is_contacted": True,
        "resolution": "解决" if solved else "未解决",
        "satisfaction": "满意" if solved else "不满意",
    }
    said = dict.fromkeys(answers) if solved is None else answers
    return {"order_id": order_id, "unit_name": unit, "created_at": created_at, "is_simulated": False, **said}


class Site:
    """A site that loads one export a day and publishes it an hour later."""

    def __init__(self, folder: Path) -> None:
        self.storage = Storage.at(folder)
        self.storage.make()
        (self.storage.config / "units.csv").write_text(UNITS, encoding="utf-8")
        self.connection: Connection = made_warehouse.open_warehouse(self.storage)

    def load(self, rows: list[dict[str, Any]], known_at: datetime) -> None:
        made_warehouse.land(self.connection, self.storage, rows, known_at, loaded_at=known_at + timedelta(hours=1))

    def publish(self, at: datetime) -> tuple[Snapshot, Reader]:
        """What the flow does."""
        made_warehouse.rebuild(self.connection, self.storage)
        reference_hash = land_reference(self.connection, self.storage)
        build.set_parameter(self.connection, build.REFERENCE, reference_hash)
        fill_same_age(self.connection, load_rules(self.storage.rules))
        keep_reference(self.connection, self.storage, reference_hash, at)
        snapshot = publish(self.connection, self.storage, at)
        return snapshot, Reader(self.storage, snapshot)

    def day(self, rows: list[dict[str, Any]], known_at: datetime) -> tuple[Snapshot, Reader]:
        """Load one export and publish it an hour after it was loaded."""
        self.load(rows, known_at)
        return self.publish(known_at + timedelta(hours=2))


@pytest.fixture
def site(tmp_path: Path) -> Site:
    return Site(tmp_path)


def kept(reader: Reader, period_id: str = MARCH) -> pl.DataFrame:
    return reader.published_history(RULE, period_id, "U1")


def test_a_row_is_kept_only_where_something_differs(site: Site) -> None:
    day = datetime(2026, 3, 10, 12)
    site.day([order("A", datetime(2026, 3, 1)), order("B", datetime(2026, 3, 2), "乙镇")], day)
    site.day([order("C", datetime(2026, 3, 9), "乙镇", solved=False)], day + timedelta(days=1))
    _, reader = site.day([order("D", datetime(2026, 3, 10), solved=False)], day + timedelta(days=2))
    assert kept(reader)["valid"].to_list() == [1, 2]
    assert kept(reader)["score"].to_list() == [100.0, 55.0]
    assert kept(reader)["published_at"].to_list() == [day + timedelta(days=n, hours=2) for n in (0, 2)]
    other = reader.published_history(RULE, MARCH, "U2")
    assert other["score_rank"].to_list() == [1, 2, 1], "a rank that others moved is news too"
    then = reader.published_scores(RULE, MARCH, day + timedelta(days=1, hours=5))
    assert dict(then.select("unit_id", "score").iter_rows()) == {"U1": 100.0, "U2": 55.0}
    assert reader.published_scores(RULE, MARCH, day).is_empty()


def test_a_kept_row_is_what_the_replay_of_that_day_gives(site: Site) -> None:
    day = datetime(2026, 3, 10, 12)
    for number in range(4):
        rows = [order(f"A{number}", datetime(2026, 3, 1 + number), solved=number % 2 == 0)]
        snapshot, reader = site.day(rows, day + timedelta(days=number))
    for row in kept(reader).iter_rows(named=True):
        replayed = replay_period(snapshot, MARCH, row["published_at"])
        (figures,) = replayed.execute(
            "select valid, exact_score, score, score_rank from marts.mart_unit_scores where unit_id = 'U1'"
        ).fetchall()
        assert figures == tuple(row[name] for name in ("valid", "exact_score", "score", "score_rank"))


def test_the_state_that_a_period_had_is_kept(site: Site) -> None:
    site.day([order("A", datetime(2026, 3, 1))], datetime(2026, 3, 10))
    _, reader = site.day([order("B", datetime(2026, 3, 19, 5))], datetime(2026, 3, 20))
    assert kept(reader)["period_state"].to_list() == ["期内", "待回访"]
    assert kept(reader)["cutoff_at"].to_list() == [datetime(2026, 3, 10), datetime(2026, 3, 20)]


def test_a_killed_run_keeps_nothing_twice(site: Site) -> None:
    _, reader = site.day([order("A", datetime(2026, 3, 1))], datetime(2026, 3, 10))
    reader.close()
    site.load([order("B", datetime(2026, 3, 2), solved=False)], datetime(2026, 3, 11))
    made_warehouse.rebuild(site.connection, site.storage)
    keep_scores(site.connection, "killed", datetime(2026, 3, 11, 2))  # and then the machine went down
    _, reader = site.publish(datetime(2026, 3, 11, 3))
    assert kept(reader)["published_at"].to_list() == [datetime(2026, 3, 10, 2), datetime(2026, 3, 11, 3)]


def test_a_unit_that_left_the_table_is_not_shown_as_of_later(site: Site) -> None:
    day = datetime(2026, 3, 10, 12)
    site.day([order("A", datetime(2026, 3, 1), "新设办")], day)
    _, reader = site.day([order("A", datetime(2026, 3, 1), "甲镇")], day + timedelta(days=1))
    times = (day + timedelta(hours=3), day + timedelta(days=2))
    shown = [reader.published_scores(RULE, MARCH, at)["unit_id"].to_list() for at in times]
    assert shown == [["U1", "U2", "x:新设办"], ["U1", "U2"]]


def by_unit(reader: Reader, period_id: str, comparison: str = "previous") -> dict[str, dict[str, Any]]:
    frame = reader.compared_scores(RULE, period_id).filter(pl.col("comparison") == comparison)
    return {row["unit_id"]: row for row in frame.iter_rows(named=True)}


def test_an_unfinished_period_is_compared_with_the_same_day_as_known_then(site: Site) -> None:
    """On day 3 of March's period, one of two callbacks was solved; later ones change March but not what was known."""
    start, before = datetime(2026, 3, 19), datetime(2026, 2, 19)
    site.day([order("A", before), order("B", before, solved=False)], before + timedelta(days=2, hours=12))
    site.day([order("C", before), order("B", before, solved=True)], before + timedelta(days=3, hours=12))
    _, reader = site.day([order("E", start)], start + timedelta(days=2, hours=12, minutes=-20))
    told = by_unit(reader, APRIL)["U1"]
    assert told["compared_period_id"] == MARCH
    assert told["compared_as_of"].date() == (before + timedelta(days=2)).date(), "the same day of its life"
    assert (told["resolution_numerator"], told["resolution_denominator"], told["resolution_rate"]) == (1.0, 2, 0.5)
    _, reader = site.day([order("F", start)], start + timedelta(days=3, hours=13))
    assert by_unit(reader, APRIL)["U1"]["resolution_rate"] == 1.0
    assert by_unit(reader, APRIL)["U1"]["score_rank"] == 1


def test_nothing_known_of_that_age_is_no_comparison(site: Site) -> None:
    """March was loaded as history after it ended: on day 3 of its life nothing was known of it."""
    site.load([order("A", datetime(2026, 3, 1))], datetime(2026, 3, 21))
    _, reader = site.day([order("B", datetime(2026, 3, 20))], datetime(2026, 3, 22))
    assert by_unit(reader, APRIL) == {}
    _, reader = site.day([order("C", datetime(2026, 3, 20))], datetime(2026, 4, 25))
    assert by_unit(reader, APRIL)["U1"]["valid"] == 1, "at day 37 it was known"


def test_final_periods_compare_with_final_figures(site: Site) -> None:
    freezes = ["rule_id,period_id,frozen_at,kind,source"]
    freezes += [f"{RULE},{period_id},2026-05-01 12:00:00,通报印发,测试" for period_id in (FEBRUARY, MARCH)]
    (site.storage.config / "freezes.csv").write_text("\n".join(freezes) + "\n", encoding="utf-8")
    rows = [
        order("A", datetime(2026, 2, 1)),
        order("B", datetime(2026, 3, 1), solved=False),
        order("C", datetime(2026, 4, 1)),
    ]
    _, reader = site.day(rows, datetime(2026, 5, 2))
    final = by_unit(reader, MARCH)["U1"]
    assert (final["compared_period_id"], final["compared_as_of"], final["score"]) == (FEBRUARY, None, 100.0)
    assert by_unit(reader, FEBRUARY) == {}
    states = dict(reader.periods(RULE).select("period_id", "period_state").iter_rows())
    assert states == {FEBRUARY: "终", MARCH: "终", APRIL: "待回访"}


@pytest.fixture
def rule(site: Site) -> Rule:
    return next(rule for rule in load_rules(site.storage.rules) if rule.id == RULE)


def test_the_year_before_unless_it_was_an_epidemic_year(rule: Rule) -> None:
    rule = replace(rule, valid_from=datetime(2010, 1, 1).date())
    found = dict(earlier_periods(rule, Period("2026-03", datetime(2026, 2, 19), datetime(2026, 3, 19))))
    assert {name: period.period_id for name, period in found.items()} == {"previous": "2026-02", "year_ago": "2025-03"}
    found = dict(earlier_periods(rule, Period("2023-03", datetime(2023, 2, 19), datetime(2023, 3, 19))))
    assert {name: period.period_id for name, period in found.items()} == {"previous": "2023-02"}


@pytest.mark.parametrize(
    ("start_at", "end_at", "holds"),
    [
        (datetime(2019, 12, 1), datetime(2020, 1, 1), True),
        (datetime(2019, 12, 19), datetime(2020, 1, 19), False),
        (datetime(2021, 5, 19), datetime(2021, 6, 19), False),
        (datetime(2022, 12, 19), datetime(2023, 1, 19), False),
        (datetime(2023, 1, 1), datetime(2023, 2, 1), True),
        (datetime(2019, 1, 1), datetime(2024, 1, 1), False),
    ],
)
def test_no_day_of_an_epidemic_year_is_a_baseline(start_at: datetime, end_at: datetime, holds: bool) -> None:
    assert is_baseline(start_at, end_at) == holds
