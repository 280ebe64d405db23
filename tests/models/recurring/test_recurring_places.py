"""Names of places: one spelling, read from texts, one-character slips joined, neighbours kept apart."""

import polars as pl
import pytest

from hotline12345.models.recurring.places import (
    SECONDARY,
    aliases,
    is_distinct,
    is_secondary,
    mentions,
    normalise_place,
)
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
        ("云栖佳苑一期", None, "云栖佳苑"),
        ("云栖佳苑三区", None, "云栖佳苑"),
        ("云栖佳苑周边", None, "云栖佳苑"),
        ("火炬路云栖佳苑", None, "云栖佳苑"),
        ("火炬路18号云栖佳苑", None, "云栖佳苑"),
        ("火炬路", None, "火炬路"),
        ("\uff21座大厦", None, "A座大厦"),
        ("新城市花园", None, "新城市花园"),
        ("开发区小区", None, "开发区小区"),
        ("云栖佳苑3号楼王某139****5678", None, "云栖佳苑"),
        ("王某某 139****5678", None, None),
        ("王**女士云栖佳苑", None, "云栖佳苑"),
        ("13900000001", None, None),
        ("未填写", None, None),
        ("地址不详", None, None),
        ("小区", None, None),
        ("我们小区", None, None),
        ("某某小区", None, None),
        ("望河镇某小区", None, None),
        ("N/A", None, None),
        ("null", None, None),
        ("不详", None, None),
        ("暂无", None, None),
        ("", None, None),
        (None, None, None),
    ],
)
def test_one_spelling(cell: str | None, area: str | None, name: str | None) -> None:
    assert normalise_place(cell, area) == name


@pytest.mark.parametrize("name", ["云栖佳苑", "桐园新村", "柳溪东里", "青石湾小区", "火炬路", "A座大厦", "荻花洲"])
def test_an_accepted_spelling_is_its_own(name: str) -> None:
    assert normalise_place(name) == name


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("请清理望河县青石湾小区门前的废品", ["青石湾小区"]),
        ("关于槐荫街旁边云栖花园停水的问题", ["槐荫街", "云栖花园"]),
        ("云栖花园停车场的灯坏了", ["云栖花园"]),
        ("云栖花园与柳溪家园之间的路灯不亮", ["云栖花园", "柳溪家园"]),
        ("我们小区的电梯坏了", []),
        ("老旧小区改造什么时候开始", []),
        ("该村道路破损", []),
        ("希望有关部门关注学校", []),
        ("走投无路", []),
    ],
)
def test_places_named_in_a_text(text: str, names: list[str]) -> None:
    words = tokens(clean(pl.Series([text])).item())
    found = mentions(words)
    assert list(dict.fromkeys(mention.name for mention in found)) == names
    for mention in found:
        written = "".join(word.word for word in words[mention.start : mention.end])
        assert mention.name in written or written in mention.name


def test_roads_tell_least_where_a_problem_is() -> None:
    ranks = {mention.name: mention.rank for mention in mentions(tokens("槐荫街旁边云栖花园停水"))}
    assert ranks == {"槐荫街": SECONDARY, "云栖花园": 1}
    assert is_secondary("槐荫街")
    assert not is_secondary("云栖花园")


@pytest.mark.parametrize(
    ("rest", "apart"), [("一期", True), ("东西", True), ("3区", True), ("家佳", False), ("", False), ("小区", False)]
)
def test_numbers_and_directions_tell_places_apart(rest: str, apart: bool) -> None:
    assert is_distinct(rest) is apart


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
