"""Names without a telling suffix, learnt from where they stand; offices, persons and common words are no names."""

import pytest
from planted_issues import described, order, table, written

from hotline12345.models.recurring import MiningSettings
from hotline12345.models.recurring.anchors import anchored_names, is_bare


def learnt(*groups: tuple[int, str]) -> dict[str, int]:
    """The names, each with how many people wrote it so."""
    found = anchored_names(written(*groups), MiningSettings())
    return {name: len(people) for name, people in found.names.items()}


@pytest.mark.parametrize("before", ["家住", "位于", "我家在", "本人系", "青石镇", "示例区", "购买了", "路过"])
@pytest.mark.parametrize("behind", ["的业主", "附近", "门口", "一带", "小区", "3期", "开发商"])
def test_a_name_stands_behind_such_words_and_before_such_words(before: str, behind: str) -> None:
    assert learnt((2, f"{before}荻花洲{behind}停水")) == {"荻花洲": 2}


def test_the_two_may_stand_in_different_texts_but_both_must_stand() -> None:
    assert learnt((2, "家住荻花洲，停水"), (1, "荻花洲附近停水")) == {"荻花洲": 2}
    assert learnt((3, "家住荻花洲，停水")) == {}
    assert learnt((3, "荻花洲附近停水")) == {}


def test_two_people_have_to_write_it() -> None:
    text = "家住荻花洲附近，停水"
    assert learnt((1, text)) == {}
    rows = [order(i, (text, ""), None, "p1", i) for i in range(4)]
    assert anchored_names(described(table(rows)), MiningSettings()).names == {}
    assert learnt((2, text)) == {"荻花洲": 2}


def test_a_name_that_is_cut_wrongly_is_known_by_its_suffix() -> None:
    assert "翡翠澜湾花园" in learnt((2, "位于翡翠澜湾花园"))


@pytest.mark.parametrize(
    "word",
    ["住建局", "城管局", "信访办", "采购科", "村委会", "李书记", "王主任", "张局长", "派出所", "街道办事处"],
)
def test_offices_and_posts_are_no_places(word: str) -> None:
    assert not is_bare(word)
    assert learnt((3, f"反映{word}附近停水")) == {}


@pytest.mark.parametrize("word", ["供暖", "电梯", "物业", "小区", "老旧", "居民", "停水", "我们", "门口"])
def test_common_words_are_no_places(word: str) -> None:
    assert not is_bare(word)
    assert learnt((3, f"反映{word}附近停水")) == {}


@pytest.mark.parametrize("name", ["王建国", "李秀英", "陈晓东", "赵铁柱", "张伟", "徐明月", "孙志强"])
def test_persons_are_no_places(name: str) -> None:
    """Two people who complain of one person, in the places where names of places stand."""
    assert not is_bare(name)
    assert learnt((3, f"反映{name}最近打人"), (3, f"本人是{name}，{name}附近停水")) == {}


@pytest.mark.parametrize("name", ["荻花洲", "伊水湾", "杉荫桥", "王府井", "林悦湾", "安垣府", "朴园里"])
def test_places_with_a_surname_in_front_are_still_places(name: str) -> None:
    assert is_bare(name)
