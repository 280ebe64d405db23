"""Texts cleaned before they are cut: no persons, numbers or marks, words whole, sentences apart."""

import polars as pl
import pytest

from hotline12345.models.recurring.texts import clean, content_words, tokens


def cleaned(text: str | None) -> str:
    return clean(pl.Series([text], dtype=pl.String)).item()


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("电话138****1234，电梯停运", "电话。，电梯停运"),
        ("身份证110***********123X", "身份证。"),
        ("车牌粤A*****，停车", "车牌粤。，停车"),
        ("编号202405011 电梯", "编号。 电梯"),
        ("电话12900001111", "电话。"),
        ("王**反映电梯", "。反映电梯"),
        ("王某某先生反映电梯", "。反映电梯"),
        ("，李女士说电梯", "，。说电梯"),
        ("他姓张，电梯停运", "他。，电梯停运"),
        ("住3号楼2单元501室，电梯停运", "住。。。，电梯停运"),
        ("A12栋电梯", "。电梯"),
    ],
)
def test_persons_numbers_and_rooms_leave_a_break(text: str, left: str) -> None:
    assert cleaned(text) == left


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("伊水·滨江停水", "伊水滨江停水"),
        ("伊·水·滨·江停水", "伊水滨江停水"),
        ("电 梯\u3000停\n运", "电梯停运"),
        ("电\u200b梯\ufeff停\u00ad运", "电梯停运"),
        ("&nbsp;电梯&lt;停运&gt;&amp;", " 电梯<停运>&"),
        ("ＫＴＶ噪音", "KTV噪音"),
        ("电梯?停运,怎么:办", "电梯？停运，怎么：办"),
        ("宽3.5米", "宽3.5米"),
    ],
)
def test_words_stay_whole_whatever_is_typed_between(text: str, left: str) -> None:
    assert cleaned(text) == left


def test_courtesy_is_removed_before_cutting_and_nothing_else() -> None:
    assert cleaned("请相关部门电梯停运") == "。电梯停运"
    assert cleaned("电梯停运") == "电梯停运"


def test_no_text_is_an_empty_one_and_rows_keep_their_places() -> None:
    assert cleaned(None) == ""
    assert clean(pl.Series([], dtype=pl.String)).to_list() == []
    assert clean(pl.Series(["&amp;电梯", None, "停水"])).to_list() == ["&电梯", "", "停水"]


@pytest.mark.parametrize("text", ["王某反映138****1234伊水·滨江停水", "住3号楼2单元501室，&nbsp;电 梯停运"])
def test_cleaning_twice_changes_nothing(text: str) -> None:
    assert cleaned(cleaned(text)) == cleaned(text)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("市民来电反映，请相关部门尽快核实处理并回复", []),
        ("138****1234，王某，粤A*****", []),
        ("暖气不热", ["暖气", "不热"]),
        ("&nbsp;电\u200b梯 停运", ["电梯", "停运"]),
        ("我们小区的业主在2024年3月说", []),
        ("王建国说漏水", ["漏水"]),
    ],
)
def test_only_words_of_content_remain(text: str, words: list[str]) -> None:
    assert content_words(tokens(cleaned(text))) == words


def test_a_word_met_again_is_the_same_word() -> None:
    assert tokens("电梯停运")[0] is tokens("电梯漏水")[0]
