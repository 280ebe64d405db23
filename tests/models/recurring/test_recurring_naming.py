"""Names read well and hold nothing personal."""

import re

import polars as pl
import pytest
from planted_issues import ESTATES, MIXING_PLANT, order, repeated, table

from hotline12345.models.recurring import Mined, mine
from hotline12345.models.recurring.describe import headlines
from hotline12345.models.recurring.mine import conform
from hotline12345.models.recurring.naming import UNNAMED, issue_name, problem_phrase
from hotline12345.models.recurring.texts import tokens

PERSONAL = re.compile(r"\d{3,}|[*×]|某|先生|女士|[A-Za-z]|号楼|单元")


def test_names_are_place_and_a_phrase_of_the_titles(mined: Mined) -> None:
    names = mined.issues.filter(~pl.col("is_covered")).head(4)["issue_name"].to_list()
    assert sorted(name for name in names if " " in name) == [
        name for name in sorted(names) if name.startswith(("云栖佳苑 ", "锦川家园 "))
    ]
    for problem in mined.issues["problem"]:
        assert 2 <= len(problem) <= 10


@pytest.mark.parametrize(
    "mark",
    [
        "王某反映，电话138****1234，",
        "王**先生来电，身份证110***********123X，",
        "李女士3号楼2单元501室，",
        "张某某13800138000，",
    ],
)
@pytest.mark.parametrize("places", [("云栖佳苑",), ESTATES])
def test_masked_and_personal_marks_never_reach_a_name(mark: str, places: tuple[str, ...]) -> None:
    texts = tuple((mark + title, mark + body) for title, body in MIXING_PLANT)
    names = mine(table(repeated(1, texts, places, 24))).issues["issue_name"].to_list()
    assert names
    for name in names:
        assert not PERSONAL.search(name)
        assert "搅拌站" in name


def test_names_hold_no_order_number() -> None:
    texts = tuple((f"{title}，编号T0001", body) for title, body in MIXING_PLANT)
    names = mine(table(repeated(1, texts, ("云栖佳苑",), 12))).issues["issue_name"]
    assert names.len()
    assert not names.str.contains("T0|编号").any()


def named(*titles: tuple[str, str], place: str | None = None, idf: dict[str, float] | None = None) -> str:
    """The problem of titles by these people; every word of them weighs 1 unless said."""
    words = [(voice, tokens(title)) for voice, title in titles]
    weights = {token.word: 1.0 for _, row in words for token in row if token.is_content}
    return problem_phrase(words, place, weights if idf is None else idf)


def test_a_longer_phrase_wins_as_long_as_people_share_it() -> None:
    assert named(("a", "电梯频繁故障"), ("b", "电梯频繁故障"), ("c", "电梯故障")) == "电梯频繁故障"
    assert named(("a", "电梯频繁故障"), ("a", "电梯频繁故障"), ("b", "电梯坏了"), ("c", "电梯")) == "电梯"


def test_a_single_word_gets_the_one_that_goes_with_it() -> None:
    assert named(("a", "电梯老是有故障"), ("b", "故障的电梯"), ("c", "电梯又出故障")) == "电梯故障"


def test_the_place_is_no_part_of_the_problem() -> None:
    assert named(("a", "桐园电梯停运"), ("b", "桐园电梯停运"), place="桐园") == "电梯停运"


def test_without_a_shared_phrase_the_word_that_tells_most_names_it() -> None:
    assert named(("a", "电梯"), ("b", "漏水"), idf={"电梯": 2.0, "漏水": 3.0}) == "漏水"
    assert named(("a", "你好"), ("b", "谢谢")) == UNNAMED
    assert named() == UNNAMED


def test_a_name_is_place_and_problem() -> None:
    assert (issue_name("桐园", "电梯停运"), issue_name(None, "电梯停运")) == ("桐园 电梯停运", "电梯停运")


def headline(**texts: str | None) -> list[str]:
    """The words of one order's headline."""
    found = headlines(conform(table([{**order(1, ("", ""), None, "p1", 1), **texts}])))
    voice, words = found["T0001"]
    assert voice == "caller:p1"
    return [token.word for token in words]


def test_a_headline_is_the_title_without_place_area_and_persons() -> None:
    said = headline(title="示例镇云栖佳苑电梯停运", body="暖气不热", place="云栖佳苑", area="示例镇")
    assert [word for word in said if word != "。"] == ["电梯", "停运"]
    assert "王" not in "".join(headline(title="王某某电话13800138000电梯停运", body=""))


def test_without_a_title_a_headline_is_the_beginning_of_the_body() -> None:
    said = headline(title="", body="电梯停运。" + "暖气不热，" * 40 + "漏水")
    assert said[:2] == ["电梯", "停运"]
    assert len(said) == 25
    assert "漏水" not in said


def test_the_words_of_a_headline_name_the_same_person_by_caller_or_by_text() -> None:
    rows = [order(i, ("电梯停运", body), None, None, i) for i, body in enumerate(("坏了", "坏了", "又坏了"))]
    voices = [voice for voice, _ in headlines(conform(table(rows))).values()]
    assert voices[0] == voices[1] != voices[2]
