"""What a text is found by: every pair that stands in it, and the words that jieba sees."""

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline12345.models.search.pairs import Entries, characters, folded, packaged_tokenizer, pairs


@pytest.fixture(scope="module")
def entries() -> Entries:
    return Entries(packaged_tokenizer())


def of(entries: Entries, title: str, other: str = "") -> dict[str, tuple[bool, bool]]:
    """Term → is_word, in_title."""
    row = entries.of(pl.Series([title]), pl.Series([other])).row(0)
    return {term: (word, titled) for term, word, titled in zip(*row, strict=True)}


def test_full_width_case_and_signs_do_not_matter():
    assert folded(pl.Series(["１２号线（ＥＴＣ）坏了！\u200b", None, "。"])).to_list() == ["12号线 ETC 坏了", "", ""]


def test_a_run_of_letters_and_digits_is_one_character():
    assert characters("12号线ETC") == ["12", "号", "线", "ETC"]
    assert pairs("12号线ETC") == ["12号", "号线", "线ETC"]


def test_no_pair_crosses_a_sign(entries):
    assert "暖不" not in of(entries, "供暖，不热")


def test_words_are_marked_and_accidental_pairs_are_not(entries):
    said = of(entries, "提供暖气", "供暖不热")
    assert said["提供"] == (True, True)
    assert said["供暖"] == (True, True)  # a word of the body; the title has the pair only by accident
    assert of(entries, "提供暖气")["供暖"] == (False, True)


def test_a_word_inside_a_longer_word_is_one(entries):
    assert of(entries, "", "停车场满了")["停车"] == (True, False)


def test_the_last_character_of_a_run_can_be_found_too(entries):
    assert "狗" in of(entries, "小区有狗")


def test_nothing_said_has_no_entries(entries):
    assert entries.of(pl.Series([None], dtype=pl.String), pl.Series(["。。"]))["term"].to_list() == [[]]


@given(st.text(alphabet="供暖不热小区电梯坏了 ，12AB", max_size=30))
def test_every_pair_of_the_text_and_nothing_else_is_an_entry(text):
    said = set(of(Entries(packaged_tokenizer()), "", text))
    runs = folded(pl.Series([text]))[0].split()
    expected = {pair for run in runs for pair in pairs(run)} | {characters(run)[-1] for run in runs}
    expected |= {each for run in runs for each in characters(run) if each.isascii()}
    assert said == expected
