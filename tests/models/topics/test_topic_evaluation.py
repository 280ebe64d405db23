"""Quality figures and the split they are measured on."""

import json

import numpy as np
import pytest

from hotline12345.models.topics.evaluate import evaluate, split_by_text
from hotline12345.models.topics.topic_model import TopicModel


class Parrot:
    """Answers what it was told to."""

    def __init__(self, answers):
        self.classes_ = sorted(set(answers))
        self.answers = answers

    def fit(self, documents, labels):
        self.seen = len(documents)

    def predict_proba(self, documents):
        return 0.9 * np.array([[said == name for name in self.classes_] for said in self.answers[: len(documents)]])


def test_figures_are_those_of_the_definition():
    truth, predicted = ["甲", "甲", "乙", "乙"], ["甲", "乙", "乙", "丙"]
    result = evaluate(lambda: Parrot(predicted), [("x",)], ["甲"], [("x",)] * 4, truth)
    assert result.accuracy == 2 / 4
    assert (result.per_class["甲"].precision, result.per_class["甲"].recall) == (1 / 1, 1 / 2)
    assert result.per_class["甲"].f1 == pytest.approx(2 / 3)
    assert (result.per_class["乙"].precision, result.per_class["乙"].support) == (1 / 2, 2)
    assert (result.per_class["丙"].f1, result.per_class["丙"].support) == (0, 0)
    assert result.macro_f1 == pytest.approx((2 / 3 + 1 / 2 + 0) / 3)
    assert (result.train_records, result.test_records) == (1, 4)
    assert result.confusions == [("乙", "丙", 1), ("甲", "乙", 1)]
    assert result.ece == pytest.approx(abs(0.9 - 2 / 4))
    assert (result.sure_share, result.sure_probability) == (0, None)


def test_intervals_hold_what_they_are_of_and_narrow_with_records():
    truth, predicted = ["甲", "乙"] * 50, ["甲", "乙"] * 40 + ["乙", "甲"] * 10
    few, many = (
        evaluate(lambda n=n: Parrot(predicted * n), [("x",)], ["甲"], [("x",)] * 100 * n, truth * n) for n in (1, 16)
    )
    assert few.macro_f1_interval[0] < few.macro_f1 < few.macro_f1_interval[1]
    width = [end - start for start, end in (few.macro_f1_interval, many.macro_f1_interval)]
    assert width[0] / width[1] == pytest.approx(4, rel=0.15)
    assert few.ece_interval[0] < few.ece_interval[1]


def test_it_becomes_json_with_the_keys_of_the_contract(orders):
    documents, labels = orders
    result = evaluate(TopicModel, documents[:120], labels[:120], documents[120:], labels[120:]).to_dict()
    assert set(json.loads(json.dumps(result))) == {
        *("macro_f1", "accuracy", "per_class", "records_per_second", "train_records", "test_records"),
        *("macro_f1_interval", "confusions", "ece", "ece_interval", "sure_share", "sure_probability"),
    }
    assert set(result["per_class"]["供热"]) == {"precision", "recall", "f1", "support"}
    assert result["macro_f1"] > 0.8
    assert result["records_per_second"] > 0


@pytest.mark.parametrize(("documents", "labels"), [([], []), ([("x",)], [])])
def test_a_test_needs_records(documents, labels):
    with pytest.raises(ValueError, match="test documents"):
        evaluate(lambda: Parrot([]), [("x",)], ["甲"], documents, labels)


def texts(positions, documents):
    return {documents[position] for position in positions}


def test_identical_texts_stay_together(orders):
    documents = [*orders[0], *orders[0], *((title, f" {body} ") for title, body in orders[0])]
    train, test = split_by_text(documents, 0.3, seed=1)
    stripped = [(title, body.strip()) for title, body in documents]
    assert sorted([*train, *test]) == list(range(len(documents)))
    assert not texts(train, stripped) & texts(test, stripped)


def test_the_share_is_about_right():
    _, test = split_by_text([(f"诉求{number}",) for number in range(4000)], 0.2, seed=3)
    assert 4000 * 0.17 < len(test) < 4000 * 0.23


def test_row_order_and_later_records_move_nothing(orders):
    documents = orders[0]
    _, test = split_by_text(documents, 0.3, seed=1)
    _, backwards = split_by_text(documents[::-1], 0.3, seed=1)
    _, half = split_by_text(documents[:80], 0.3, seed=1)
    assert texts(test, documents) == texts(backwards, documents[::-1])
    assert half == [position for position in test if position < 80]


def test_the_seed_and_the_ends_count(orders):
    documents = orders[0]
    assert split_by_text(documents, 0.5, seed=1) != split_by_text(documents, 0.5, seed=2)
    assert split_by_text(documents, 0, seed=1)[1] == []
    assert split_by_text(documents, 1, seed=1)[0] == []
    assert split_by_text(["纯文本", "纯文本"], 1, seed=1)[1] == [0, 1]
