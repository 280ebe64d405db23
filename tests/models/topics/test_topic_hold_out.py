"""The hold-out: frozen, without corrections, and never what an earlier model learnt."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hotline12345.models.topics.evaluate import split_by_text
from hotline12345.models.topics.hold_out import MAXIMUM, SHARE, held_share, hold_out

TEXTS = [(f"反映第{number}号问题", f"家中暖气不热，第{number}号") for number in range(600)]
NONE = [False] * len(TEXTS)


def texts(rows: list[int]) -> set[tuple[str, str]]:
    return {TEXTS[row] for row in rows}


def test_a_fifth_is_held_out_and_nothing_is_lost():
    learn, test = hold_out(TEXTS, NONE, SHARE)
    assert 0.15 < len(test) / len(TEXTS) < 0.25
    assert sorted([*learn, *test]) == list(range(len(TEXTS)))


def test_corrections_are_learnt_instead_of_other_labels_and_never_held_out():
    documents = [*TEXTS, *TEXTS]
    is_corrected = [*NONE, *[True] * len(TEXTS)]  # each text once by the clerk, once corrected
    learn, test = hold_out(documents, is_corrected, SHARE)
    assert all(is_corrected[row] for row in learn)
    assert not any(is_corrected[row] for row in test)
    assert texts([row - len(TEXTS) for row in learn]) | texts(test) == set(TEXTS)


def test_a_correction_changes_no_other_record():
    before = hold_out(TEXTS, NONE, SHARE)
    is_corrected = [number == before[0][0] or number == before[1][0] for number in range(len(TEXTS))]
    learn, test = hold_out(TEXTS, is_corrected, SHARE)
    assert learn == before[0]
    assert test == before[1][1:]


@given(st.permutations(range(40)), st.integers(1, 40))
def test_the_side_of_a_text_depends_on_nothing_else(order, count):
    whole = texts(hold_out(TEXTS, NONE, SHARE)[1])
    some = [TEXTS[row] for row in order[:count]]
    assert {some[row] for row in hold_out(some, [False] * count, SHARE)[1]} == whole & set(some)


def test_at_most_so_many_are_tested_and_the_share_never_grows():
    assert held_share(1_000) == SHARE
    assert held_share(60_000) == pytest.approx(MAXIMUM / 60_000)
    assert held_share(1_000, before=0.05) == 0.05
    assert held_share(0) == SHARE


def test_a_smaller_hold_out_lies_in_the_larger_one():
    sizes = [texts(hold_out(TEXTS, NONE, share)[1]) for share in (0.2, 0.1, 0.05)]
    assert sizes[2] < sizes[1] < sizes[0]


def test_what_calibration_holds_back_is_found_among_what_is_learnt():
    """With one seed for both, a calibration would have nothing to measure on."""
    learn, _ = hold_out(TEXTS, NONE, SHARE)
    _, held = split_by_text([TEXTS[row] for row in learn], 0.2, 12345)
    assert np.isclose(len(held) / len(learn), 0.2, atol=0.05)
