"""Texts to terms: what may become a feature, what never does."""

import logging

import jieba
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline12345.models.topics.folding import fold
from hotline12345.models.topics.lexicon import Lexicon
from hotline12345.models.topics.terms import Characters, Words, dictionary_words

PACKAGED = dictionary_words(Lexicon.packaged(), 8)
PLAIN = dictionary_words(Lexicon(), 8)


def words(text, finder=PACKAGED):
    return finder(fold(text))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("教育局", {"教", "教育", "教育局", "育", "局"}),
        ("Ｔ恤", {"T恤", "恤"}),
        ("暖\u200b气费", {"暖", "暖气", "暖气费", "气", "费"}),
        ("", set()),
    ],
)
def test_a_word_counts_wherever_it_stands(text, found):
    assert set(words(text)) == found


@pytest.mark.parametrize(
    "text",
    [
        "12812345678",
        "１２８１２３４５６７８",
        "128****5678",
        "京Q00000",
        "abc_88@example.com",
        "一二八零零五",
        "某某",
        "李婷婷",
        "张福森",
        "王某",
    ],
)
def test_personal_marks_give_no_whole_word(text):
    assert fold(text) not in words(f"联系{text}谢谢")
    assert not any(len(word) == len(fold(text).strip()) and len(word) > 2 for word in words(text))


def test_full_mode_of_jieba_finds_the_same_words(monkeypatch, tmp_path, orders):
    """Against jieba itself; it leaves single characters out, and names, numbers and stop words are ours to drop."""
    monkeypatch.setattr(jieba.default_logger, "level", logging.ERROR)
    reference = jieba.Tokenizer()
    reference.tmp_dir = str(tmp_path)
    every = Words(word for word, frequency in _frequencies(reference) if frequency)
    for text in (fold(field) for document in orders[0][:40] for field in document):
        ours = [word for word in every(text) if len(word) > 1]
        theirs = [word for word in reference.cut(text, cut_all=True) if len(word) > 1 and word.strip()]
        assert ours == theirs


def _frequencies(reference):
    reference.initialize()
    return reference.FREQ.items()


def test_user_words_are_found_and_overrule_names():
    assert "飞线充电" not in words("飞线充电", PLAIN)
    assert {"飞线充电", "充电"} <= set(words("飞线充电"))
    assert "井盖" not in words("井盖", PLAIN)
    assert "井盖" in words("井盖")


def test_every_packaged_user_word_is_a_word():
    finder = dictionary_words(Lexicon.packaged(), 99)
    assert [word for word in Lexicon.packaged().words if word not in finder(fold(word))] == []


def test_stop_words_and_long_words_are_left_out():
    assert "反映" not in words("反映") and "反映" in words("反映", PLAIN)
    assert "停车费" not in dictionary_words(Lexicon.packaged(), 2)("停车费")


@given(st.text(alphabet="ab暖气 ", max_size=30), st.integers(1, 4))
def test_characters_are_all_runs_within_letters(text, longest):
    expected = [
        text[start:end]
        for start in range(len(text))
        for end in range(start + 1, min(start + longest, len(text)) + 1)
        if " " not in text[start:end]
    ]
    assert Characters(longest)(text) == expected


@given(st.text(alphabet="甲乙丙", max_size=20), st.sets(st.text(alphabet="甲乙丙", min_size=1, max_size=4), max_size=6))
def test_words_are_all_their_occurrences(text, chosen):
    expected = [
        text[start:end]
        for start in range(len(text))
        for end in range(start + 1, len(text) + 1)
        if text[start:end] in chosen
    ]
    assert Words(chosen)(text) == expected
