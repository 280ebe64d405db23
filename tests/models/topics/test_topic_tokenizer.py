"""Segments are those of the reference segmentation and lose nothing; boilerplate and the lexicon."""

import logging
import pickle
from importlib.resources import files

import jieba
import polars as pl
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from hotline12345.models.topics.boilerplate import Boilerplate
from hotline12345.models.topics.folding import fold
from hotline12345.models.topics.lexicon import Lexicon
from hotline12345.models.topics.tokenizer import Tokenizer

PACKAGED = Tokenizer(Lexicon.packaged())
BOILERPLATE = Boilerplate(Lexicon.packaged())


def test_segments_are_those_of_jieba(monkeypatch, tmp_path, orders):
    monkeypatch.setattr(jieba.default_logger, "level", logging.ERROR)
    reference = jieba.Tokenizer()
    reference.tmp_dir = str(tmp_path)
    own = Tokenizer(Lexicon())
    for text in (fold(field) for document in orders[0] for field in document):
        assert own.segments(text) == reference.lcut(text, HMM=False)


@given(st.text(max_size=200))
@example("𠮷" * 50)
@example("\ud800暖气\udfff")
def test_segments_put_together_are_the_text(text):
    assert "".join(PACKAGED.segments(fold(text))) == fold(text)


def test_it_survives_pickling():
    copy = pickle.loads(pickle.dumps(PACKAGED))
    assert copy.segments("飞线充电") == PACKAGED.segments("飞线充电") == ["飞线充电"]


def test_it_writes_and_prints_nothing(tmp_path, monkeypatch, capfd):
    for name in ("TMPDIR", "HOME"):
        monkeypatch.setenv(name, str(tmp_path))
    assert Tokenizer(Lexicon.packaged()).segments("供暖")
    assert not list(tmp_path.iterdir())
    assert capfd.readouterr() == ("", "")


@pytest.mark.parametrize(
    "text",
    [
        "市民反映：暖气不热，请有关部门尽快核实处理并及时反馈。谢谢！",
        "尊敬的区长：您好！暖气不热，恳请相关部门帮助解决此事，万分感谢",
        "来电人表示暖气不热，希望职能部门给予答复。此致敬礼",
    ],
)
def test_boilerplate_goes(text):
    (cleaned,) = BOILERPLATE.out_of([pl.Series([text])])
    assert fold(cleaned[0]).split() == ["暖气不热"] or fold(cleaned[0]).split() == ["暖气不热", "此事"]
    assert len(BOILERPLATE.blanked(text)) == len(text)


@pytest.mark.parametrize("caller", ["谢某女士", "谢某某", "谢某先生"])
def test_a_masked_name_goes_with_its_surname(caller):
    """A surname left by masking must not speak for a topic."""
    (cleaned,) = BOILERPLATE.out_of([pl.Series([f"暖气不热，{caller}，漏水"])])
    assert fold(cleaned[0]).split() == ["暖气不热", "漏水"]


def test_boilerplate_keeps_the_matter():
    (cleaned,) = BOILERPLATE.out_of([pl.Series(["市民反映请物业公司处理垃圾清运，要求退还停车费", None])])
    assert "请物业公司处理垃圾清运，要求退还停车费" in cleaned[0]
    assert cleaned[1] == ""


@given(st.text(alphabet="市民反映来电人恳请核实处理并及时您好，！:： 尊敬的暖气A\n", max_size=60))
def test_both_engines_take_out_the_same(text):
    (cleaned,) = BOILERPLATE.out_of([pl.Series([text], dtype=pl.String)])
    assert fold(cleaned[0]).split() == fold(BOILERPLATE.blanked(text)).split()


def test_the_packaged_lexicon_says_nothing_twice():
    lexicon = Lexicon.read(files("hotline12345.models") / "lexicon")
    for entries in (lexicon.words, lexicon.stop_words, lexicon.boilerplate):
        assert len(set(entries)) == len(entries) > 5
    assert not set(lexicon.words) & set(lexicon.stop_words)


def test_the_hash_follows_the_content():
    assert Lexicon(words=("供暖",)).sha256() == Lexicon(words=("供暖",)).sha256()
    assert Lexicon(words=("供暖",)).sha256() != Lexicon(stop_words=("供暖",)).sha256()
