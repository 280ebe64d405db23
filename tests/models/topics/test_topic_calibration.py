"""Temperature and calibration figures, against values worked out by hand and a known truth."""

import numpy as np
import pytest

from hotline12345.models.topics.calibration import expected_calibration_error, fit_temperature, surest


def test_the_temperature_of_a_simulation_is_found_again():
    generator = np.random.default_rng(1)
    scores = generator.normal(0, 2, (20_000, 4))
    chances = np.exp(scores) / np.exp(scores).sum(axis=1, keepdims=True)
    truth = (chances.cumsum(axis=1) > generator.random((20_000, 1))).argmax(axis=1)
    assert fit_temperature(scores * 3, truth) == pytest.approx(3, rel=0.05)


def test_the_calibration_error_is_that_of_the_definition():
    confidence, is_right = np.array([0.95, 0.95, 0.55, 0.55]), np.array([True, True, True, False])
    assert expected_calibration_error(confidence, is_right) == pytest.approx((2 * 0.05 + 2 * 0.05) / 4)
    assert expected_calibration_error(np.ones(3), np.ones(3, dtype=bool)) == 0


def test_the_surest_answers_are_the_largest_group_that_is_right_often_enough():
    confidence = np.array([0.9, 0.8, 0.7, 0.6])
    assert surest(confidence, np.array([True, True, False, True])).share == 2 / 4
    assert surest(confidence, np.array([True, True, False, True])).probability == 0.8
    assert surest(confidence, np.array([False, True, True, True])).probability is None
    assert surest(np.full(4, 0.9), np.array([True, True, False, True])).share == 0
    nearly = np.array([True] * 19 + [False])
    assert surest(np.linspace(0.9, 0.5, 20), nearly).share == 1
