"""What somebody asks for, as terms of the index."""

import pytest

from hotline12345.models.search.asked import MOST, one_word, parts, with_slip
from hotline12345.models.search.pairs import packaged_tokenizer


def asked(text: str):
    return parts(text, packaged_tokenizer())


def ways(text: str) -> dict[str, tuple]:
    return {part.text: part.ways for part in asked(text)}


@pytest.mark.parametrize("text", ["", "  ，。！ ", "的"])
def test_without_a_letter_nothing_is_asked(text):
    assert asked(text) == ()


def test_a_sentence_is_cut_into_words():
    assert list(ways("小区供暖不热")) == ["小区", "供暖", "不热"]
    assert ways("供暖")["供暖"] == ((("供暖", "word"),),)


def test_particles_part_like_signs():
    assert list(ways("楼下的油烟")) == ["楼下", "油烟"]


def test_what_jieba_does_not_know_is_looked_for_as_it_stands():
    assert ways("不热")["不热"] == ((("不热", "pair"),),)
    assert ways("暖气费")["暖气费"] == ((("暖气", "pair"), ("气费", "pair")),)


def test_quotation_marks_keep_a_text_whole():
    for text in ("“提供暖气”", '"提供暖气"', "「提供暖气」"):
        assert ways(text) == {"提供暖气": ((("提供", "pair"), ("供暖", "pair"), ("暖气", "pair")),)}


def test_a_single_character_is_looked_for_too():
    assert ways("狗") == {"狗": ((("狗", "beginning"),),)}
    assert ways("ＥＴＣ") == {"ETC": ((("ETC", "pair"),),)}


def test_each_part_counts_once_and_only_so_many():
    assert list(ways("供暖 供暖")) == ["供暖"]
    assert len(asked(" ".join(f"{number}号" for number in range(30)))) == MOST


def test_a_slip_leaves_the_pairs_it_does_not_touch():
    (part,) = asked("“和平里小区”")
    slipped = with_slip(part)
    assert slipped is not None
    assert slipped.ways[0] == part.ways[0]
    assert slipped.ways[1] == (("平里", "pair"), ("里小", "pair"), ("小区", "pair"))
    assert slipped.ways[3] == (("和平", "pair"), ("小区", "pair"))
    assert len(slipped.ways) == 1 + 5


def test_a_slip_in_a_pair_is_another_word_and_in_one_character_nothing():
    assert with_slip(asked("供暖")[0]) == asked("供暖")[0]
    assert with_slip(asked("狗")[0]) is None
    assert one_word("供热") == asked("供热")[0]
