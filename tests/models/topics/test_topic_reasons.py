"""Why a text got its topic: phrases that add up, a runner-up, what would tip it, and texts like it."""

import numpy as np
import pytest

from hotline12345.models.topics import scorer
from hotline12345.models.topics.explaining import explain, similarity
from hotline12345.models.topics.lexicon import Lexicon
from hotline12345.models.topics.phrases import without
from hotline12345.models.topics.scorer import columns_of
from hotline12345.models.topics.tokenizer import Tokenizer
from hotline12345.models.topics.topic_model import TopicModel

TOKENIZER = Tokenizer(Lexicon.packaged())
MIXED = ("暖气不热", "暖气费照收，停车位也没有")


@pytest.fixture(scope="module")
def model(orders):
    return TopicModel().fit(*orders)


def test_it_names_the_class_and_the_phrases_for_it(model):
    why = explain(model, TOKENIZER, MIXED)
    probabilities = model.predict_proba([MIXED])[0]
    assert why.label == "供热" == model.predict([MIXED])[0]
    assert why.probability == probabilities.max()
    assert why.runner_up_probability == np.sort(probabilities)[-2]
    assert "暖气" in why.phrases[0].text
    weights = [phrase.weight for phrase in why.phrases]
    assert weights == sorted(weights, reverse=True) and min(weights) > 0
    assert all(phrase.weight < 0 for phrase in why.against)


@pytest.mark.parametrize("document", [MIXED, ("", "暖气暖气，暖气！"), ("停车", ""), ("Ｔ恤\u200b暖\u200b气", "，，")])
def test_phrases_add_up_to_the_log_odds_against_an_average_class(model, document):
    why = explain(model, TOKENIZER, document, k=1000)
    added = sum(phrase.weight for phrase in (*why.phrases, *why.against))
    column = model.classes_.tolist().index(why.label)
    expected = (model.scores([document])[0, column] - model.intercept_[column]) / model.temperature_
    assert added == pytest.approx(expected, abs=1e-6)


def test_without_the_tipping_phrases_the_runner_up_wins(model):
    why = explain(model, TOKENIZER, MIXED)
    assert why.tipping
    assert model.predict([without(MIXED, why.tipping)])[0] == why.runner_up
    for kept in why.tipping:
        assert model.predict([without(MIXED, [word for word in why.tipping if word != kept])])[0] == why.label


def test_a_text_without_known_words_has_no_reasons(model):
    why = explain(model, TOKENIZER, ("", "１２３"))
    assert (why.phrases, why.against, why.tipping) == ((), (), ())
    assert 0 < why.runner_up_probability <= why.probability < 1


def test_boilerplate_is_no_reason(model):
    why = explain(model, TOKENIZER, ("市民来电反映：", "您好！暖气不热，请有关部门尽快核实处理"), k=100)
    assert {phrase.text for phrase in (*why.phrases, *why.against)} <= {"暖气", "暖气不热", "不热", "热", "不"}


def test_a_text_is_most_like_itself(model, orders):
    documents = orders[0]
    likeness = similarity(model, documents[3], columns_of(documents))
    assert likeness[3] == pytest.approx(1)
    assert (
        likeness.argmax() in [row for row, other in enumerate(documents) if other == documents[3]]
        or likeness.max() >= 1 - 1e-9
    )
    assert ((likeness >= 0) & (likeness <= 1)).all()
    assert similarity(model, ("", ""), columns_of(documents)).tolist() == [0.0] * len(documents)


def test_likeness_is_the_same_without_numba(model, orders, monkeypatch):
    expected = similarity(model, orders[0][3], columns_of(orders[0]))
    monkeypatch.setattr(scorer, "can_compile", lambda: False)
    assert np.allclose(similarity(model, orders[0][3], columns_of(orders[0])), expected, atol=1e-6)
