"""What the library says of a text and a question."""

import pytest

from hotline12345.dashboard import library_words
from hotline12345.dashboard.library_words import Near, excerpt, marked, near_words, slips, understood, with_near
from hotline12345.models.search.asked import parts
from hotline12345.models.search.pairs import packaged_tokenizer


def asked(text: str):
    return parts(text, packaged_tokenizer())


def test_finds_are_marked_and_everything_is_escaped():
    assert marked("<b>供暖</b>etc 供暖", asked("供暖 ETC")) == (
        "&lt;b&gt;<mark>供暖</mark>&lt;/b&gt;<mark>etc</mark> <mark>供暖</mark>"
    )
    assert marked("供暖", ()) == "供暖"
    assert marked("a.b", asked("“a”")) == "<mark>a</mark>.b"


def test_an_excerpt_begins_a_little_before_the_find():
    text = "甲" * 60 + "供暖不热" + "乙" * 200
    said = excerpt(("没有写到。", text), asked("供暖"))
    assert said.startswith("…" + "甲" * library_words.BEFORE + "<mark>供暖</mark>")
    assert said.endswith("乙…")
    assert excerpt(("很短", None), asked("供暖")) == "很短"
    assert excerpt((None, " "), asked("供暖")) == ""


def test_a_near_question_changes_one_part():
    question = asked("供嗳 和平里小区 狗")
    assert [part.text for part in with_near(question, None)] == [part.text for part in question]
    assert understood(with_near(question, Near(0, "供暖"))[:1]) == "“供暖”"
    last = len(question) - 1
    assert question[last].text == "狗"
    assert with_near(question, Near(last)) == question[:last]
    assert with_near(question, Near(99)) == question  # of words that were asked before


def test_slips_are_for_parts_that_leave_something():
    assert slips(asked("供暖")) == []
    assert slips(asked("狗")) == []
    assert slips(asked("供暖 狗")) == [Near(1)]
    assert slips(asked("“星河湾”")) == [Near(0)]


def test_a_slip_marks_what_differs():
    question = with_near(asked("“星河湾”"), Near(0))
    assert marked("新河湾，星辰湾", question) == "<mark>新河湾</mark>，<mark>星辰湾</mark>"


@pytest.mark.parametrize(
    ("near", "said"), [(Near(0, "供暖"), "“供嗳”换成“供暖”"), (Near(1), "“星河湾”只差一个字"), (Near(2), "不要“狗”")]
)
def test_what_a_near_question_changes_is_said(near, said):
    assert near_words(asked("“供嗳” “星河湾” 狗"), near) == said
