"""The review queue: how likely a label is wrong, and which answer is expected to put most right."""

import numpy as np
import pytest

from hotline12345.models.topics.review import CLERK_RIGHT, Clerk, review_queue, wrong_probability


def wrong(probability: float, runner_up: float, clerk: Clerk, classes: int = 5) -> float:
    found = wrong_probability(np.array([probability]), np.array([runner_up]), np.array([clerk]), classes)
    return float(found[0])


def test_without_a_clerk_the_models_own_doubt_counts():
    assert wrong(0.7, 0.2, Clerk.SILENT) == pytest.approx(0.3)


def test_a_clerk_is_a_second_witness_by_bayes():
    mistake = (1 - CLERK_RIGHT) / 4
    assert wrong(0.7, 0.2, Clerk.AGREES) == pytest.approx(1 - 0.7 * CLERK_RIGHT / (0.7 * CLERK_RIGHT + 0.3 * mistake))
    assert wrong(0.7, 0.2, Clerk.RUNNER_UP) == pytest.approx(
        1 - 0.2 * CLERK_RIGHT / (0.2 * CLERK_RIGHT + 0.8 * mistake)
    )
    rest = 0.1 / 3  # what is left of 1 for the three classes that are neither
    assert wrong(0.7, 0.2, Clerk.ANOTHER) == pytest.approx(
        1 - rest * CLERK_RIGHT / (rest * CLERK_RIGHT + (1 - rest) * mistake)
    )


def test_the_surer_the_model_the_more_a_contradicting_label_is_doubted():
    found = [wrong(sure, (1 - sure) / 2, Clerk.ANOTHER) for sure in (0.5, 0.8, 0.99)]
    assert found == sorted(found)
    assert found[-1] > 0.5 > found[0] > wrong(0.5, 0.25, Clerk.AGREES)


@pytest.mark.parametrize("clerk", list(Clerk))
@pytest.mark.parametrize("classes", [2, 3, 15])
@pytest.mark.parametrize("pair", [(1.0, 0.0), (0.5, 0.5), (0.2, 0.2)])
def test_it_is_always_a_probability(clerk, classes, pair):
    assert 0 <= wrong(*pair, clerk, classes) <= 1


def test_the_likeliest_error_of_the_largest_kind_comes_first_and_then_another_kind():
    kinds = ["甲/乙"] * 4 + ["丙/丁"]
    found = review_queue(np.array([0.5, 0.5, 0.5, 0.5, 0.5]), kinds)
    assert found.order.tolist()[:2] == [0, 4], "the second of one kind teaches less than the first of another"
    assert found.kind_errors[0] == pytest.approx(2.0)
    assert found.gain[0] == pytest.approx(0.5 * np.sqrt(2.0))
    assert found.gain[1] == pytest.approx(0.5 * np.sqrt(0.5))
    assert found.gain.tolist() == sorted(found.gain.tolist(), reverse=True)


def test_the_worth_of_a_kinds_answers_is_the_root_of_their_number():
    found = review_queue(np.full(4, 0.5), ["甲"] * 4)
    assert found.order.tolist() == [0, 1, 2, 3]
    assert found.gain.sum() == pytest.approx(0.5 * np.sqrt(2.0) * np.sqrt(4))


def test_a_sure_order_comes_last_whatever_its_kind():
    found = review_queue(np.array([0.0, 0.4, 0.1]), ["甲", "甲", "乙"])
    assert found.order.tolist() == [1, 2, 0]


def test_no_orders_make_an_empty_queue():
    assert review_queue(np.empty(0), []).order.tolist() == []
    with pytest.raises(ValueError, match="2 probabilities but 1 kinds"):
        review_queue(np.zeros(2), ["甲"])
