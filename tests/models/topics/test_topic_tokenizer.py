"""Texts to words: what is kept, what never is, and agreement with the reference segmentation."""

import logging
import pickle
from importlib.resources import files

import jieba
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from hotline12345.models.topics.lexicon import Lexicon
from hotline12345.models.topics.tokenizer import Tokenizer

NO_LEXICON = Tokenizer(Lexicon())
PACKAGED = Tokenizer(Lexicon.packaged())
COPY = pickle.loads(pickle.dumps(PACKAGED))


@pytest.fixture
def reference(tmp_path, monkeypatch):
    """jieba itself, with a cache of its own."""
    monkeypatch.setattr(jieba.default_logger, "level", logging.ERROR)
    tokenizer = jieba.Tokenizer()
    tokenizer.tmp_dir = str(tmp_path)
    return tokenizer


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("教育局", ["教育", "教育局"]),
        ("Ｔ恤和ktv", ["T恤", "KTV"]),
        ("路灯&nbsp;<b>不亮</b>", ["路灯", "亮"]),
        ("暖\u200b气\ufeff费", ["暖气", "暖气费"]),
        ("", []),
    ],
)
def test_words(text, words):
    assert PACKAGED.words(text) == words


@pytest.mark.parametrize(
    "text",
    [
        "12812345678",
        "１２８１２３４５６７８",
        "128****5678",
        "京Q00000",
        "zhangsan_88@example.com",
        "一二八零零五",
        "某某",
        "李婷婷",
        "张福森",
        "王某",
    ],
)
def test_personal_marks_give_no_word(text):
    whole = {word for word in PACKAGED.words(f"联系{text}谢谢") if len(word) > 1}
    assert whole <= {"联系"}


def test_a_name_does_not_come_out_in_pieces():
    assert "婷婷" in NO_LEXICON.words("婷婷")
    assert "婷婷" not in NO_LEXICON.words("李婷婷")


def test_user_words_are_kept_whole_and_in_parts():
    assert "飞线充电" not in NO_LEXICON.words("飞线充电")
    assert {"飞线充电", "充电"} <= set(Tokenizer(Lexicon(words=("飞线充电",))).words("飞线充电"))


def test_every_packaged_user_word_is_one_word():
    assert [word for word in Lexicon.packaged().words if word not in PACKAGED.words(word)] == []


@pytest.mark.parametrize(
    "text",
    [
        "市民反映：暖气不热，请有关部门尽快核实处理并及时反馈。谢谢！",
        "尊敬的区长：您好！暖气不热，恳请相关部门帮助解决此事，万分感谢",
        "来电人表示暖气不热，希望职能部门给予答复。此致敬礼",
    ],
)
def test_boilerplate_goes(text):
    assert PACKAGED.words(text) == PACKAGED.words("暖气不热")


def test_boilerplate_keeps_the_matter():
    words = PACKAGED.words("市民反映请物业公司处理垃圾清运，要求退还停车费")
    assert {"物业公司", "垃圾清运", "停车费"} <= set(words)


def test_segments_are_those_of_jieba(reference, orders):
    own = Tokenizer(Lexicon())
    for text in (field for document in orders[0] for field in document):
        segments = own._jieba.cut(own.normalise(text), False)
        assert segments == reference.lcut(own.normalise(text), HMM=False)


def test_it_survives_pickling():
    assert COPY.words("市民反映飞线充电") == PACKAGED.words("市民反映飞线充电") != NO_LEXICON.words("市民反映飞线充电")


def test_it_writes_and_prints_nothing(tmp_path, monkeypatch, capfd):
    for name in ("TMPDIR", "HOME"):
        monkeypatch.setenv(name, str(tmp_path))
    assert Tokenizer(Lexicon.packaged()).words("供暖")
    assert not list(tmp_path.iterdir())
    assert capfd.readouterr() == ("", "")


def test_memory_stays_flat_on_strings_no_dictionary_knows():
    tokenizer = Tokenizer(Lexicon())
    tokenizer.words("供暖")
    before = len(tokenizer._kept)
    tokenizer.words(" ".join(f"ABC{letter}QX" for letter in "ABCDEFGHIJ"))
    assert len(tokenizer._kept) - before <= 1  # the blank between them


@given(st.text(max_size=300))
@example("\ud800暖气\udfff")
@example("𠮷" * 50)
@example("&#1234567890;&lt;<" + "<b" * 100)
def test_any_text_is_cut(text):
    words = PACKAGED.words(text)
    assert words == COPY.words(text)
    assert not any(character.isdigit() or character.isspace() for word in words for character in word)


def test_the_packaged_lexicon_says_nothing_twice():
    lexicon = Lexicon.read(files("hotline12345.models") / "lexicon")
    for entries in (lexicon.words, lexicon.stop_words, lexicon.boilerplate):
        assert len(set(entries)) == len(entries) > 5
    assert not set(lexicon.words) & set(lexicon.stop_words)


def test_the_hash_follows_the_content():
    assert Lexicon(words=("供暖",)).sha256() == Lexicon(words=("供暖",)).sha256()
    assert Lexicon(words=("供暖",)).sha256() != Lexicon(stop_words=("供暖",)).sha256()


def test_a_user_word_overrules_a_name_of_the_dictionary():
    assert NO_LEXICON.words("井盖") == []
    assert Tokenizer(Lexicon(words=("井盖",))).words("井盖") == ["井盖"]
