"""The compiled scorer against scikit-learn: the same scores, so the same decisions, on every text there can be."""

import sys

import numba
import numpy as np
import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from hotline12345.models.topics import kernel, scorer
from hotline12345.models.topics.recipe import Block, Recipe
from hotline12345.models.topics.topic_model import TopicModel

RECIPES = {
    "shipped": Recipe(),
    "characters": Recipe(
        blocks=(
            Block(terms="characters", longest=2),
            Block(terms="characters", fields="title", weight=0.5, longest=2),
        )
    ),
    "words and characters": Recipe(
        blocks=(Block(), Block(terms="characters", longest=2), Block(fields="title", weight=0.7))
    ),
}
TOLERANCE = 1e-9


@pytest.fixture(scope="module", params=list(RECIPES))
def model(request, orders):
    return TopicModel(RECIPES[request.param]).fit(*orders)


def scikit_learn(model, documents):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(scorer, "can_compile", lambda: False)
        return model.score_columns(scorer.columns_of(documents))


def compiled(model, documents):
    return model.score_columns(scorer.columns_of(documents))


def assert_same(model, documents):
    ours, theirs = compiled(model, documents), scikit_learn(model, documents)
    assert np.abs(ours.scores - theirs.scores).max() < TOLERANCE
    assert np.abs(ours.unseen_share - theirs.unseen_share).max() < TOLERANCE
    sure = np.diff(np.sort(theirs.scores, axis=1)[:, -2:], axis=1)[:, 0] > TOLERANCE
    assert (ours.scores.argmax(axis=1) == theirs.scores.argmax(axis=1))[sure].all()


def test_every_record_is_decided_alike(model, orders):
    assert_same(model, orders[0])
    theirs = scikit_learn(model, orders[0]).scores.argmax(axis=1)
    assert (model.predict(orders[0]) == model.classes_[theirs]).all()


TEXTS = st.one_of(
    st.text(max_size=80),
    st.text(alphabet="暖气不热停车费学校拖欠工资𠮷㐀😀\u200bＡa1 ，\n", max_size=120),
    st.lists(st.sampled_from(["暖气", "停车位", "学校", "工资", "\ufeff", "，", "𪚥"]), max_size=200).map("".join),
)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(TEXTS, TEXTS), min_size=1, max_size=12))
@example([("", "")])
@example([("\ud800暖气\udfff", "停车\x00位")])
@example([("暖" * 5000, "气" * 70_000)])
@example([("\U0010ffff", "\U00040000\U0003ffff\U000e0100")])
def test_any_text_is_decided_alike(model, documents):
    assert_same(model, documents)


def test_a_term_that_stands_thousands_of_times(model):
    assert_same(model, [("停车", "停车" * 3000), ("暖气不热", "暖气 " * 1025)])


def test_many_texts_are_scored_by_several_threads_alike(model, orders):
    documents = orders[0] * 20
    scores = compiled(model, documents).scores
    assert (scores == np.tile(compiled(model, orders[0]).scores, (20, 1))).all()


def test_one_field_is_no_title(orders):
    bodies = [(body,) for _, body in orders[0]]
    assert_same(TopicModel().fit(bodies, orders[1]), bodies)


def test_slices_of_columns_and_no_text_at_all(model, orders):
    columns = scorer.columns_of(orders[0])
    whole = model.score_columns(columns).scores
    assert (model.score_columns([column[7:19] for column in columns]).scores == whole[7:19]).all()
    none = [pl.Series([], dtype=pl.String)] * 2
    assert model.score_columns(none).scores.shape == (0, 4)
    assert model.score_columns([pl.Series([None], dtype=pl.String)] * 2).unseen_share.tolist() == [0.0]


def test_without_numba_scikit_learn_answers(model, orders, monkeypatch):
    expected = model.predict(orders[0]).tolist()
    monkeypatch.setattr(scorer, "can_compile", lambda: False)
    monkeypatch.setitem(__import__("sys").modules, "hotline12345.models.topics.kernel", None)
    assert model.predict(orders[0]).tolist() == expected


def test_a_numba_that_does_not_run_counts_as_none(model, orders, monkeypatch):
    expected = model.predict(orders[0]).tolist()
    scorer.can_compile.cache_clear()
    monkeypatch.setitem(sys.modules, "hotline12345.models.topics.kernel", None)
    assert model.predict(orders[0]).tolist() == expected
    assert not scorer.can_compile()
    scorer.can_compile.cache_clear()


@pytest.mark.parametrize("content", [b"", b"\0" * 500])
def test_a_damaged_cache_of_machine_code_is_compiled_anew(tmp_path, monkeypatch, content):
    monkeypatch.setattr(numba.config, "CACHE_DIR", str(tmp_path))
    found = np.zeros(1)
    kernel._cached(double)(found, 2.0)
    (index,) = tmp_path.rglob("*.nbi")
    index.write_bytes(content)
    kernel._cached(double)(found, 3.0)
    assert found[0] == 6


def double(found, number):
    """Something small to compile."""
    found[0] = 2 * number
