"""The classifier: it learns, says why, is deterministic, and refuses what cannot be learnt."""

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_score
from sklearn.utils.validation import NotFittedError

from hotline12345.models.topics.folding import fold
from hotline12345.models.topics.lexicon import Lexicon
from hotline12345.models.topics.recipe import Recipe
from hotline12345.models.topics.terms import dictionary_words
from hotline12345.models.topics.topic_model import TooFewExamples, TopicModel


@pytest.fixture(scope="module")
def model(orders):
    return TopicModel().fit(*orders)


def test_it_learns(model):
    documents = [("家里不暖和", "供暖温度太低"), ("老板跑了", "工资没发"), ("车位", "停车困难"), ("入园", "幼儿园")]
    assert model.predict(documents).tolist() == ["供热", "欠薪", "停车", "教育"]


def test_probabilities_are_a_distribution(model, orders):
    probabilities = model.predict_proba(orders[0])
    assert probabilities.shape == (160, 4)
    assert np.allclose(probabilities.sum(axis=1), 1)
    assert (model.classes_[probabilities.argmax(axis=1)] == model.predict(orders[0])).all()


def test_one_block_equals_the_textbook_pipeline(orders):
    """Against scikit-learn put together by hand, on documents of one field."""
    documents, labels = orders
    lexicon = Lexicon()
    model = TopicModel(Recipe(calibration_share=0.0), lexicon).fit([(body,) for _, body in documents], labels)
    vectorizer = TfidfVectorizer(
        analyzer=lambda document: dictionary_words(lexicon, 8)(fold(document[1])), min_df=2, sublinear_tf=True
    )
    matrix = vectorizer.fit_transform(documents)
    regression = LogisticRegression(C=100, class_weight="balanced", tol=1e-9, max_iter=9000).fit(matrix, labels)
    assert model.features_.names == vectorizer.get_feature_names_out().tolist()
    assert model.temperature_ == 1
    assert np.allclose(
        model.predict_proba([(body,) for _, body in documents]), regression.predict_proba(matrix), atol=1e-2
    )
    assert (model.predict([(body,) for _, body in documents]) == regression.predict(matrix)).all()


def test_same_coefficients_whatever_the_order_of_rows(model, orders):
    again = TopicModel().fit(orders[0][::-1], orders[1][::-1])
    assert again.weights_.tobytes() == model.weights_.tobytes()
    assert again.temperature_ == model.temperature_
    assert again.intercept_.tobytes() == model.intercept_.tobytes()


def test_scoring_does_not_depend_on_the_batch(model, orders, monkeypatch):
    together = model.predict_proba(orders[0])
    monkeypatch.setattr("hotline12345.models.topics.topic_model._BATCH", 7)
    assert (model.predict_proba(orders[0]) == together).all()


def test_two_classes_and_plain_strings(orders):
    documents, labels = orders
    two = [(body, label) for (_, body), label in zip(documents, labels, strict=True) if label in ("供热", "停车")]
    model = TopicModel().fit([body for body, _ in two], [label for _, label in two])
    assert model.weights_.shape[1] == 2
    assert (model.weights_[:, 0] == -model.weights_[:, 1]).all()
    assert model.predict(["暖气不热", "车位"]).tolist() == ["供热", "停车"]


def test_the_title_speaks_twice(model):
    names = model.features_.names
    assert names.count("暖气") == 2
    one, other = model.predict_proba([("停车位", "暖气不热"), ("暖气不热", "停车位")])
    assert one.tolist() != other.tolist()


def test_rare_words_are_not_learnt(orders):
    documents, labels = orders
    planted = [(title, body + ("龙凤阁" if number == 3 else "")) for number, (title, body) in enumerate(documents)]
    lexicon = Lexicon(words=("龙凤阁",))
    assert "龙凤阁" not in TopicModel(lexicon=lexicon).fit(planted, labels).features_.names
    assert "龙凤阁" in TopicModel(Recipe(min_records=1), lexicon).fit(planted, labels).features_.names


@pytest.mark.parametrize(("people", "is_learnt"), [(4, False), (5, True)])
def test_a_word_is_learnt_from_five_different_callers(orders, people, is_learnt):
    """However often each of them writes it; callers that are not known count as one."""
    documents, labels = orders
    planted = [(title, body + ("龙凤阁" if number < 60 else "")) for number, (title, body) in enumerate(documents)]
    callers = [f"k{number % people}" if number < 60 else f"k{number}" for number in range(len(documents))]
    model = TopicModel(lexicon=Lexicon(words=("龙凤阁",))).fit(planted, labels, callers)
    assert ("龙凤阁" in model.features_.names) is is_learnt
    unknown = [None if number % 2 else caller for number, caller in enumerate(callers)]
    assert (
        "龙凤阁"
        not in TopicModel(Recipe(min_callers=7), Lexicon(words=("龙凤阁",)))
        .fit(planted, labels, unknown)
        .features_.names
    )


def test_the_temperature_is_measured_on_texts_held_back(orders):
    """Labels that are wrong at random make a model that is too sure of itself; the temperature takes that back."""
    documents, labels = orders
    noisy = [labels[(number * 7) % 160] if number % 3 == 0 else label for number, label in enumerate(labels)]
    model = TopicModel().fit(documents * 3, noisy * 3)
    assert TopicModel().fit(documents, labels).temperature_ < model.temperature_ or model.temperature_ > 1
    assert TopicModel(Recipe(calibration_share=0.0)).fit(documents, noisy).temperature_ == 1


def test_small_classes_are_left_out_and_named(orders):
    documents, labels = orders
    model = TopicModel().fit([*documents, *[("其他", "别的事情")] * 4], [*labels, *["其他"] * 4])
    assert model.left_out_ == {"其他": 4}
    assert "其他" not in model.classes_
    assert sum(model.class_counts_.values()) == 160


def test_one_class_is_refused_with_its_count(orders):
    with pytest.raises(TooFewExamples, match=r"至少需要 2 个类别.*供热 9 条、停车 4 条") as error:
        TopicModel().fit([("暖气", "不热")] * 13, ["供热"] * 9 + ["停车"] * 4)
    assert error.value.counts == {"供热": 9, "停车": 4}
    assert isinstance(error.value, ValueError)


def test_of_many_classes_the_largest_are_named():
    labels = [f"类{number}" for number in range(300)] + ["类299"] * 2
    with pytest.raises(TooFewExamples, match=r"现有类别：类299 3 条、.*等 300 类。") as error:
        TopicModel().fit([("暖气", "不热")] * len(labels), labels)
    assert len(str(error.value)) < 200


def test_labels_that_are_no_catalogue_are_refused():
    labels = [f"街道{number}" for number in range(301)] * 5
    with pytest.raises(TooFewExamples, match=r"类别有 301 种，.*最多 300 种。请核对分类列"):
        TopicModel().fit([("暖气", "不热")] * len(labels), labels)


def test_no_records_and_no_words_are_refused():
    with pytest.raises(TooFewExamples, match="现有类别：无"):
        TopicModel().fit([], [])
    with pytest.raises(TooFewExamples, match="没有任何词语"):
        TopicModel().fit([("123", "")] * 10, ["甲", "乙"] * 5)


def test_lengths_must_agree(orders):
    with pytest.raises(ValueError, match="160 documents but 3 labels"):
        TopicModel().fit(orders[0], ["供热"] * 3)


def test_it_is_a_scikit_learn_classifier(model, orders):
    fresh = clone(model)
    assert fresh.get_params() == model.get_params()
    with pytest.raises(NotFittedError):
        fresh.predict(orders[0])
    assert cross_val_score(TopicModel(), *orders, cv=3, scoring="f1_macro").mean() > 0.9
    assert model.predict_proba([]).shape == (0, 4)
