"""The names of places that a corpus knows: which spellings are one place, which are not, and where an order is."""

import pytest
from planted_issues import described, order, table, written

from hotline12345.models.recurring import MiningSettings
from hotline12345.models.recurring.describe import Description
from hotline12345.models.recurring.gazetteer import Gazetteer, learn_places

Told = tuple[int, str] | tuple[int, str, str | None, str | None]


def learnt(*groups: Told) -> Gazetteer:
    return learn_places(written(*groups), MiningSettings())


def renamed(gazetteer: Gazetteer, *names: str) -> dict[str, str | None]:
    """What these spellings mean; None where they are not known."""
    return {name: gazetteer.accepted.get(name) for name in names}


@pytest.mark.parametrize(
    ("groups", "found"),
    [
        # a slip of one character
        ([(6, "云栖佳苑电梯停运"), (2, "云栖家苑电梯停运")], {"云栖家苑": "云栖佳苑"}),
        ([(6, "云栖佳苑电梯停运"), (1, "云栖家苑电梯停运")], {"云栖家苑": "云栖佳苑"}),
        # the short form of one long name
        ([(6, "荷叶湾花园停水"), (3, "家住荷叶湾，荷叶湾附近停水")], {"荷叶湾": "荷叶湾花园"}),
        # something in front, behind or beside the same proper name
        (
            [(6, "荻花洲小区停水"), (2, "家住荻花洲，荻花洲附近停水"), (2, "滨河荻花洲小区停水")],
            {"荻花洲": "荻花洲小区", "滨河荻花洲": "荻花洲小区"},
        ),
        # two names that most people write together: the facility stands for the estate beside it
        ([(3, "云栖佳苑门口的青石湾搅拌站噪音"), (3, "青石湾搅拌站噪音")], {"青石湾搅拌站": "云栖佳苑"}),
    ],
)
def test_spellings_of_one_place(groups: list[Told], found: dict[str, str]) -> None:
    assert renamed(learnt(*groups), *found) == found


@pytest.mark.parametrize(
    "groups",
    [
        [(6, "阳光家园停水"), (2, "星光家园停水")],  # neither sound nor look alike
        [(6, "桐园东里停水"), (3, "桐园西里停水")],  # directions
        [(6, "停水", "平安一里", None), (3, "停水", "平安二里", None)],  # numbers
        [(4, "荻花洲路坑洼"), (4, "荻花洲花园停水")],  # a road is no estate
        [(6, "云栖佳苑停水"), (2, "云栖佳苑外的青石湾搅拌站噪音"), (4, "青石湾搅拌站噪音")],  # too few tell both
    ],
)
def test_names_that_stay_apart(groups: list[Told]) -> None:
    gazetteer = learnt(*groups)
    assert len(gazetteer.people) == 2
    assert renamed(gazetteer, *gazetteer.people) == {name: name for name in gazetteer.people}


def test_a_name_that_one_person_writes_is_not_known() -> None:
    one = written((1, "桐安花园停水"))
    many = described(table({**order(i, ("桐安花园停水", ""), None, "p1", i)} for i in range(5)))
    assert learn_places(one, MiningSettings()).people == {}
    assert learn_places(many, MiningSettings()).people == {}
    assert learnt((2, "桐安花园停水")).people == {"桐安花园": 2}


def test_people_of_all_spellings_are_counted_for_the_accepted_name() -> None:
    assert learnt((6, "云栖佳苑电梯停运"), (2, "云栖家苑电梯停运")).people == {"云栖佳苑": 8}


def test_cells_are_never_renamed_by_texts() -> None:
    """All who write of the estate in the cell also write of the other, more frequent one."""
    gazetteer = learnt((4, "青石湾花园噪音", "云栖佳苑", "示例镇"), (6, "青石湾花园停水"))
    assert gazetteer.accepted["云栖佳苑"] == "云栖佳苑"
    both = learnt((4, "停水", "荷叶湾", None), (8, "停水", "荷叶湾花园", None))
    cells = {"荷叶湾": "荷叶湾", "荷叶湾花园": "荷叶湾花园"}
    assert renamed(both, *cells) == cells, "short form and long form both stand in cells"


def test_a_slip_in_a_cell_is_still_a_slip() -> None:
    gazetteer = learnt((6, "停水", "云栖佳苑", None), (2, "停水", "云栖家苑", None))
    assert renamed(gazetteer, "云栖家苑", "云栖佳苑") == {"云栖家苑": "云栖佳苑", "云栖佳苑": "云栖佳苑"}


def test_chains_of_names_end_at_one_accepted_name() -> None:
    gazetteer = learnt(
        (6, "荷叶湾花园停水"), (3, "家住荷叶湾，荷叶湾附近停水"), (2, "荷叶弯花园停水"), (2, "荷叶湾花园工地噪音")
    )
    assert set(gazetteer.accepted.values()) == {"荷叶湾花园"}
    assert all(gazetteer.accepted[name] == name for name in gazetteer.accepted.values())


def test_names_that_mean_each_other_end_at_the_more_frequent() -> None:
    gazetteer = Gazetteer(
        {"甲园": "甲园", "乙园": "乙园", "丙园": "丙园"}, {"甲园": 2, "乙园": 5, "丙园": 1}, frozenset()
    )
    joined = gazetteer.joined({"甲园": "乙园", "乙园": "甲园", "丙园": "甲园"})
    assert joined.accepted == {"甲园": "乙园", "乙园": "乙园", "丙园": "乙园"}
    assert joined.people == {"乙园": 8}


@pytest.mark.parametrize(
    ("east", "west", "shared"),
    [(6, 6, True), (30, 3, False), (12, 3, True), (6, 2, False)],  # three orders and a fifth of all make a second place
)
def test_one_name_in_two_towns(east: int, west: int, shared: bool) -> None:
    descriptions = written((east, "停水", "幸福家园", "东示镇"), (west, "停水", "幸福家园", "西示镇"))
    gazetteer = learn_places(descriptions, MiningSettings())
    assert gazetteer.shared == (frozenset({"幸福家园"}) if shared else frozenset())
    places = set(gazetteer.locate(descriptions)[0])
    assert places == ({"东示镇幸福家园", "西示镇幸福家园"} if shared else {"幸福家园"})


KNOWN = Gazetteer(
    {name: name for name in ("桐安花园", "柳溪家园", "荻花洲路", "荻花洲")} | {"桐安": "桐安花园"},
    {"桐安花园": 9, "柳溪家园": 4, "荻花洲路": 20, "荻花洲": 3},
    frozenset(),
)


@pytest.mark.parametrize(
    ("title", "body", "place", "found"),
    [
        ("停水", "桐安花园停水", None, "桐安花园"),
        ("停水", "桐安停水", None, "桐安花园"),  # the accepted name of a known spelling
        ("停水", "桐安花园停水", "柳溪家园", "柳溪家园"),  # the order's own cell goes before its text
        ("柳溪家园停水", "桐安花园", None, "柳溪家园"),  # the title counts three times
        ("停水", "柳溪家园，桐安花园", None, "桐安花园"),  # of equals the one that more people write
        ("停水", "柳溪家园，柳溪家园，桐安花园", None, "柳溪家园"),  # the one named most often
        ("停水", "荻花洲路，桐安花园", None, "桐安花园"),  # a road counts half as much as an estate
        ("停水", "荻花洲路，荻花洲路，荻花洲路，桐安花园", None, "荻花洲路"),
        ("荻花洲路坑洼", "", None, "荻花洲路"),
        ("停水", "青石湾公寓停水", None, "青石湾公寓"),  # unknown to the gazetteer, told by its suffix
        ("停水", "没有水", None, None),
    ],
)
def test_where_an_order_is(title: str, body: str, place: str | None, found: str | None) -> None:
    places, named = KNOWN.locate(one(title, body, place))
    assert places == [found]
    assert len(named) == 1


def one(title: str, body: str, place: str | None) -> list[Description]:
    return described(table([order(1, (title, body), place, "p1", 1)]))


def test_the_known_names_in_a_text_are_told_the_longest_at_each_position() -> None:
    assert KNOWN.locate(one("桐安花园停水", "桐安，荻花洲路坑洼", None))[1] == [["桐安花园", "桐安", "荻花洲路"]]


def test_nothing_known_finds_nothing() -> None:
    empty = Gazetteer({}, {}, frozenset())
    assert empty.locate([]) == ([], [])
    assert empty.locate(one("停水", "", None)) == ([None], [[]])
    assert learn_places([], MiningSettings()) == empty
