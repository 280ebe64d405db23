"""The classifier: it learns, says why, is deterministic, and refuses what cannot be learnt."""

import numpy as np
import pytest
from sklearn.base import clone
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_score
from sklearn.utils.validation import NotFittedError

from hotline12345.models.topics.lexicon import Lexicon
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
    model = TopicModel().fit([(body,) for _, body in documents], labels)
    vectorizer = TfidfVectorizer(
        analyzer=lambda document: model.features_.tokenizer.words(document[1]), min_df=2, sublinear_tf=True
    )
    matrix = vectorizer.fit_transform(documents)
    regression = LogisticRegression(C=30, class_weight="balanced", tol=1e-9, max_iter=9000).fit(matrix, labels)
    assert model.features_.words == vectorizer.get_feature_names_out().tolist()
    assert np.allclose(
        model.predict_proba([(body,) for _, body in documents]), regression.predict_proba(matrix), atol=1e-3
    )


def test_same_coefficients_whatever_the_order_of_rows(model, orders):
    again = TopicModel().fit(orders[0][::-1], orders[1][::-1])
    assert again.coef_.tobytes() == model.coef_.tobytes()
    assert again.intercept_.tobytes() == model.intercept_.tobytes()


def test_scoring_does_not_depend_on_the_batch(model, orders, monkeypatch):
    together = model.predict_proba(orders[0])
    monkeypatch.setattr("hotline12345.models.topics.topic_model._BATCH", 7)
    assert (model.predict_proba(orders[0]) == together).all()


def test_explanation_names_the_words_and_adds_up(model):
    document = ("暖气不热", "暖气费照收，物业不管")
    explanation = model.explain(document, k=3)
    assert explanation.label == "供热"
    assert explanation.probability == model.predict_proba([document]).max()
    assert len(explanation.words) == 3
    assert "暖气" in dict(explanation.words)
    weights = [weight for _, weight in explanation.words]
    assert weights == sorted(weights, reverse=True)
    assert min(weights) > 0


def test_contributions_are_the_log_odds_against_the_average_class(model):
    document = ("", "暖气")
    (word, weight), *others = model.explain(document).words
    logits = np.log(model.predict_proba([document])[0]) - np.log(model.predict_proba([("", "")])[0])
    chosen = model.classes_.tolist().index("供热")
    assert (word, others) == ("暖气", [])
    assert weight == pytest.approx(logits[chosen] - logits.mean())


def test_a_text_without_known_words_is_answered_without_reasons(model):
    assert model.explain(("", "")).words == ()
    assert 0 < model.explain(("", "")).probability < 1


def test_two_classes_and_plain_strings(orders):
    documents, labels = orders
    two = [(body, label) for (_, body), label in zip(documents, labels, strict=True) if label in ("供热", "停车")]
    model = TopicModel().fit([body for body, _ in two], [label for _, label in two])
    assert model.coef_.shape[0] == 2
    assert (model.coef_[0] == -model.coef_[1]).all()
    assert model.predict(["暖气不热", "车位"]).tolist() == ["供热", "停车"]
    assert dict(model.explain("暖气不热").words)["暖气"] > 0
    assert dict(model.explain("车位").words)["车位"] > 0


def test_the_title_speaks_twice(model):
    names = model.features_.words
    assert names.count("暖气") == 2
    one, other = model.predict_proba([("停车位", "暖气不热"), ("暖气不热", "停车位")])
    assert one.tolist() != other.tolist()


def test_rare_words_are_not_learnt(orders):
    documents, labels = orders
    planted = [(title, body + ("龙凤阁" if number == 3 else "")) for number, (title, body) in enumerate(documents)]
    lexicon = Lexicon(words=("龙凤阁",))
    assert "龙凤阁" not in TopicModel(lexicon).fit(planted, labels).features_.words
    assert "龙凤阁" in TopicModel(lexicon, min_records=1).fit(planted, labels).features_.words


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
