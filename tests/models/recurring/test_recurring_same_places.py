"""Ways of writing a place that only the matter, a slip of the pen or a missing suffix gives away."""

import pytest
from planted_issues import LIFT, MIXING_PLANT, described, order, table

from hotline12345.models.recurring import MiningSettings
from hotline12345.models.recurring.gazetteer import Gazetteer
from hotline12345.models.recurring.links import Links, link
from hotline12345.models.recurring.same_places import told_of_one_matter
from hotline12345.models.recurring.short_names import bare_cores, slips
from hotline12345.models.recurring.statistics import Statistics, word_weights

SETTINGS = MiningSettings()
OTHER = (
    ("暖气不热", "供暖室温不达标，换热站没人修"),
    ("暖气冰凉", "供暖不热，换热站水泵坏"),
    ("供暖不热", "室温上不去，换热站不管"),
)


def links(*told: tuple[int, str, tuple[tuple[str, str], ...]]) -> Links:
    """Orders of so many people at a place, as it is spelled, about a matter told in its wordings by turns."""
    rows = [(place, texts[i % len(texts)]) for count, place, texts in told for i in range(count)]
    descriptions = described(table(order(i, text, place, f"p{i}", i) for i, (place, text) in enumerate(rows)))
    plain = Statistics(len(rows), word_weights(descriptions, SETTINGS), Gazetteer({}, {}, frozenset()))
    return link(descriptions, plain, SETTINGS)


@pytest.mark.parametrize(
    ("rare", "frequent"),
    [
        ("荻洲花园", "荻花洲花园"),  # a missing character
        ("恒萃悦府", "恒翠悦府"),  # a wrong one
        ("滨江荻花洲", "荻花洲小区"),  # a rare pair of characters in both
    ],
)
def test_names_that_look_alike_are_one_place_where_the_same_matter_is_told(rare: str, frequent: str) -> None:
    assert told_of_one_matter(links((3, rare, LIFT), (9, frequent, LIFT)), frozenset(), SETTINGS) == {rare: frequent}


@pytest.mark.parametrize(
    "told",
    [
        [(3, "滨江荻花洲", OTHER), (9, "荻花洲小区", LIFT)],  # alike, but another matter
        [(3, "云栖佳苑", LIFT), (9, "荻花洲小区", LIFT)],  # the same matter, but nothing alike
        [(3, "桐安一里", LIFT), (9, "桐安二里", LIFT)],  # numbers tell apart
        [(3, "桐安东区", LIFT), (9, "桐安西区", LIFT)],  # directions, too
        [(1, "恒萃悦府", LIFT), (2, "恒翠悦府", LIFT)],  # too few people for a matter
    ],
)
def test_names_that_stay_two_places(told: list[tuple[int, str, tuple[tuple[str, str], ...]]]) -> None:
    assert told_of_one_matter(links(*told), frozenset(), SETTINGS) == {}


def test_a_name_that_stands_in_cells_is_nobodys_slip() -> None:
    alike = links((3, "恒萃悦府", LIFT), (9, "恒翠悦府", LIFT))
    assert told_of_one_matter(alike, frozenset({"恒萃悦府"}), SETTINGS) == {}


def test_of_several_places_it_is_the_one_whose_matter_is_told() -> None:
    found = told_of_one_matter(
        links((3, "滨江荻花洲", LIFT), (9, "荻花洲小区", MIXING_PLANT), (6, "荻花洲公寓", LIFT)), frozenset(), SETTINGS
    )
    assert found == {"滨江荻花洲": "荻花洲公寓"}


@pytest.mark.parametrize("text", ["桐澜停水", "桐澜旁边停水"])
def test_a_name_without_its_suffix_means_the_place_where_it_says_nothing_else(text: str) -> None:
    assert bare_cores({"桐澜苑": 5}, [text, "桐澜苑停水", "桐澜苑漏水"]) == {"桐澜": "桐澜苑"}


@pytest.mark.parametrize(
    ("known", "texts"),
    [
        ({"幸福小区": 9}, ["幸福的生活", "幸福指数", "幸福小区停水"]),  # it is written alone more often
        ({"白杨苑": 5}, ["白杨镇停水", "白杨停水", "白杨苑停水"]),  # a town's name
        ({"桐澜苑": 2}, ["桐澜停水", "桐澜苑停水"]),  # too few people
        ({"桐澜路": 5}, ["桐澜停水", "桐澜路停水"]),  # a road
        ({"桐澜苑": 5, "桐澜": 3}, ["桐澜停水", "桐澜苑停水"]),  # known itself
        ({}, ["桐澜停水"]),
    ],
)
def test_a_core_that_is_no_name(known: dict[str, int], texts: list[str]) -> None:
    assert bare_cores(known, texts) == {}


@pytest.mark.parametrize("run", ["恒萃悦府", "恒悦府"])
def test_a_run_that_is_a_name_but_for_one_character_is_that_name(run: str) -> None:
    assert slips({run: 2}, {"恒翠悦府": 6}) == {run: "恒翠悦府"}
    assert slips({run: 3}, {"恒翠悦府": 6}) == {}, "a slip is rare"


@pytest.mark.parametrize("run", ["恒翠悦府停水", "桐安西苑", "柳溪家园", "恒府"])
def test_a_run_that_is_no_slip(run: str) -> None:
    assert slips({run: 1}, {"恒翠悦府": 6, "桐安东苑": 6}) == {}
