"""Names read well and hold nothing personal."""

import re

import polars as pl
import pytest
from planted_issues import ESTATES, MIXING_PLANT, corpus, repeated

from hotline12345.models.recurring import mine
from hotline12345.models.recurring.texts import clean, content_words, tokens

PERSONAL = re.compile(r"\d{3,}|[*×]|某|先生|女士|[A-Za-z]|号楼|单元")


def test_names_are_place_and_a_phrase_of_the_titles() -> None:
    mined = mine(corpus())
    names = mined.issues.filter(~pl.col("is_covered")).head(4)["name"].to_list()
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
def test_masked_and_personal_marks_never_reach_a_name(mark: str) -> None:
    texts = tuple((mark + title, mark + body) for title, body in MIXING_PLANT)
    for place in (("云栖佳苑",), ESTATES):
        for name in mine(pl.DataFrame(repeated(1, texts, place, 24), infer_schema_length=None)).issues["name"]:
            assert not PERSONAL.search(name)
            assert "搅拌站" in name


def test_names_hold_no_order_number() -> None:
    records = repeated(1, tuple((f"{title}，编号T0001", body) for title, body in MIXING_PLANT), ("云栖佳苑",), 12)
    mined = mine(pl.DataFrame(records, infer_schema_length=None))
    assert not mined.issues["name"].str.contains("T0|编号").any()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("市民来电反映，请相关部门尽快核实处理并回复", []),
        ("138****1234，王某，粤A*****", []),
        ("暖气不热", ["暖气", "不热"]),
        ("&nbsp;电\u200b梯 停运", ["电梯", "停运"]),
    ],
)
def test_only_words_of_content_remain(text: str, words: list[str]) -> None:
    assert content_words(tokens(clean(text))) == words
