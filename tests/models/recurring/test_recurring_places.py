"""Names of places: one spelling, read from texts, one-character slips joined, neighbours kept apart."""

import pytest

from hotline12345.models.recurring.places import aliases, mentioned_place, normalise_place
from hotline12345.models.recurring.texts import clean, tokens


@pytest.mark.parametrize(
    ("cell", "area", "name"),
    [
        ("云栖佳苑", None, "云栖佳苑"),
        ("云栖佳苑小区", None, "云栖佳苑"),
        ("幸福小区", None, "幸福小区"),
        ("示例区望河镇云栖佳苑", None, "云栖佳苑"),
        ("望河云栖佳苑", "望河", "云栖佳苑"),
        ("云栖佳苑（北区）", None, "云栖佳苑"),
        ("云栖佳苑3号楼2单元501室", None, "云栖佳苑"),
        ("云栖佳苑 北门", None, "云栖佳苑"),
        ("\uff21座大厦", None, "A座大厦"),
        ("新城市花园", None, "新城市花园"),
        ("开发区小区", None, "开发区小区"),
        ("不详", None, None),
        ("", None, None),
        (None, None, None),
    ],
)
def test_one_spelling(cell: str | None, area: str | None, name: str | None) -> None:
    assert normalise_place(cell, area) == name


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("请清理望河县青石湾小区门前的废品", "青石湾小区"),
        ("关于槐荫街旁边云栖花园停水的问题", "云栖花园"),
        ("我们小区的电梯坏了", None),
        ("老旧小区改造什么时候开始", None),
        ("该村道路破损", None),
        ("希望有关部门关注学校", None),
        ("走投无路", None),
    ],
)
def test_the_most_specific_mention(text: str, name: str | None) -> None:
    assert mentioned_place(tokens(clean(text))) == name


@pytest.mark.parametrize(
    ("counts", "found"),
    [
        ({"云栖佳苑": 10, "云栖家苑": 2}, {"云栖家苑": "云栖佳苑"}),
        ({"高粱桥村": 6, "高梁桥村": 3}, {"高梁桥村": "高粱桥村"}),
        ({"阳光家园": 10, "星光家园": 2}, {}),  # another estate
        ({"滨江花园": 10, "滨河花园": 2}, {}),
        ({"平安一里": 10, "平安二里": 2}, {}),  # numbers and directions tell places apart
        ({"锦川东里": 10, "锦川西里": 2}, {}),
        ({"云栖佳苑": 3, "云栖家苑": 2}, {}),  # nobody knows which is right
        ({"望河青石格林家园": 8, "望河青石格森家园": 1}, {"望河青石格森家园": "望河青石格林家园"}),
    ],
)
def test_variants_of_one_character(counts: dict[str, int], found: dict[str, str]) -> None:
    assert aliases(counts) == found
