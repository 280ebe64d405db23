"""Characters to letters: what counts, what separates, what is not there."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline12345.models.topics.folding import HIGHEST, fold, positions


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Ｔ恤和ktv", "T恤和KTV"),
        ("暖\u200b气\ufeff费", "暖气费"),
        ("１，3.5 米", "      米"),
        ("㎡①😀\n某", "    某"),
        ("𠮷㐀", "𠮷㐀"),
        ("\U000e0100", " "),
        ("\ud800", " "),
        ("", ""),
    ],
)
def test_folding(text, folded):
    assert fold(text) == folded


@given(st.text(max_size=50), st.text(max_size=50))
def test_every_character_is_folded_alone(first, second):
    assert fold(first + second) == fold(first) + fold(second)
    assert len(positions(first)) == len(fold(first))
    assert all(fold(first[place]) for place in positions(first))


def test_folding_again_changes_nothing():
    once = fold("".join(map(chr, [*range(0xD800), *range(0xE000, HIGHEST)])))
    assert fold(once) == once
    assert "暖" in once and not any(letter.isdigit() and letter.isascii() for letter in once)
