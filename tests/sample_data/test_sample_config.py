"""The tables that describe the invented district."""

import csv
from datetime import date

import pytest

from hotline12345.sample_data.paths import CONFIG
from hotline12345.sql.reference import SEEDS
from hotline12345.sql.taxonomy_checks import CATALOGUE


def table(name: str) -> list[dict[str, str]]:
    """Rows of one of the tables."""
    with (CONFIG / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_units() -> None:
    units = table("units.csv")
    assert list(units[0]) == [
        "unit_id", "unit_name", "unit_group", "aliases", "terrain", "population", "population_year", "valid_from",
        "valid_to",
    ]  # fmt: skip
    towns = [unit for unit in units if unit["unit_group"] == "街镇"]
    assert len(towns) == 13
    assert sum(unit["unit_name"].endswith("街道") for unit in towns) == 4
    assert sum(unit["terrain"] == "深山" for unit in towns) == 4
    assert all(int(unit["population"]) > 1_000 for unit in towns)
    assert all(f"示例区{unit['unit_name']}" in unit["aliases"].split("|") for unit in towns)
    assert {unit["unit_group"] for unit in units} == {"街镇", "区直部门", "国企"}


def test_unit_names_and_aliases_are_unambiguous() -> None:
    names = [name for unit in table("units.csv") for name in (unit["unit_name"], *unit["aliases"].split("|"))]
    assert len(names) == len(set(names))


@pytest.mark.parametrize(("level", "number"), [("1", 15), ("2", 100), ("3", 293)])
def test_topics(level: str, number: int) -> None:
    topics = table("topics.csv")
    codes = {topic["topic_code"] for topic in topics}
    here = [topic for topic in topics if topic["level"] == level]
    assert len(codes) == len(topics)
    assert len(here) == number
    assert all(len(topic["topic_code"]) == 1 + 2 * int(level) for topic in here)
    assert all(topic["parent_code"] == topic["topic_code"][:-2] or level == "1" for topic in here)
    assert all(topic["parent_code"] in codes or level == "1" for topic in here)


def test_some_topic_names_hold_separators() -> None:
    leaves = [topic for topic in table("topics.csv") if topic["level"] == "3"]
    assert any("、" in topic["topic_name"] for topic in leaves)
    assert any("/" in topic["topic_name"] for topic in leaves)
    assert all(topic["seven_five_primary"] for topic in leaves)


def test_freezes_come_after_their_period_and_stop_before_the_open_ones() -> None:
    freezes = table("freezes.csv")
    assert list(freezes[0]) == ["rule_id", "period_id", "frozen_at", "kind", "source"]
    periods = [freeze["period_id"] for freeze in freezes]
    assert periods[0] == "2024-10"
    assert periods[-1] == "2026-08"
    assert len(periods) == len(set(periods)) == 23
    for freeze in freezes:
        ended = date.fromisoformat(f"{freeze['period_id']}-18")
        assert 10 < (date.fromisoformat(freeze["frozen_at"][:10]) - ended).days < 25


def test_places_belong_to_towns_and_are_unique() -> None:
    towns = {unit["unit_id"] for unit in table("units.csv") if unit["unit_group"] == "街镇"}
    places = table("places.csv")
    assert {place["unit_id"] for place in places} == towns
    assert len({place["place_point"] for place in places}) == len(places)


@pytest.mark.parametrize("name", CATALOGUE)
def test_the_catalogue_is_the_example_that_a_new_site_gets(name: str) -> None:
    assert (CONFIG / name).read_bytes() == (SEEDS / name).read_bytes()
