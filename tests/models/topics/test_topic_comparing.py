"""Champion and challenger: what is worse is refused and named, what is equal passes, chance is not taken for change."""

import json

import numpy as np
import pytest
from sklearn.metrics import f1_score

from hotline12345.models.topics.comparing import Comparison, compare

CLASSES = ("供热", "停车", "教育", "欠薪", "噪声", "物业")


def records(count: int, seed: int, weights: tuple[float, ...] = (0.3, 0.2, 0.2, 0.15, 0.1, 0.05)) -> list[str]:
    return np.random.default_rng(seed).choice(CLASSES, count, p=weights).tolist()


def answers(truth: list[str], right: float, seed: int, **only: float) -> list[str]:
    """Right with this probability, in the classes of `only` with theirs; else any class."""
    generator = np.random.default_rng(seed)
    return [label if generator.random() < only.get(label, right) else str(generator.choice(CLASSES)) for label in truth]


def codes(found: Comparison) -> list[str]:
    return [change.code for change in found.worse]


def test_figures_are_those_of_scikit_learn():
    truth = records(800, 1)
    champion, challenger = answers(truth, 0.8, 2), answers(truth, 0.9, 3)
    found = compare(truth, champion, challenger)
    before, after = (f1_score(truth, said, average=None, labels=sorted(CLASSES)) for said in (champion, challenger))
    assert [change.champion_f1 for change in found.classes] == pytest.approx(before.tolist())
    assert [change.challenger_f1 for change in found.classes] == pytest.approx(after.tolist())
    assert found.difference == pytest.approx(after.mean() - before.mean())
    assert sum(change.support for change in found.classes) == found.records == 800


def test_an_interval_agrees_with_resampling_record_by_record():
    truth = records(400, 4)
    champion, challenger = answers(truth, 0.8, 5), answers(truth, 0.85, 6)
    found = compare(truth, champion, challenger)
    generator, differences = np.random.default_rng(7), []
    columns = np.array([truth, champion, challenger])
    for _ in range(600):
        drawn = columns[:, generator.integers(0, 400, 400)]
        scores = [f1_score(drawn[0], drawn[row], average="macro", labels=sorted(CLASSES)) for row in (1, 2)]
        differences.append(scores[1] - scores[0])
    assert found.interval == pytest.approx(tuple(np.quantile(differences, [0.025, 0.975])), abs=0.012)


def test_the_same_answers_pass_with_no_difference():
    truth = records(300, 8)
    said = answers(truth, 0.7, 9)
    found = compare(truth, said, said)
    assert (found.difference, found.interval, found.worse, found.is_not_worse) == (0, (0, 0), (), True)


def test_a_better_challenger_passes_and_a_worse_one_does_not():
    truth = records(1000, 10)
    good, bad = answers(truth, 0.92, 11), answers(truth, 0.8, 12)
    assert compare(truth, bad, good).interval[0] > 0
    assert compare(truth, bad, good).is_not_worse
    assert compare(truth, good, bad).interval[1] < 0
    assert not compare(truth, good, bad).is_not_worse


def test_one_ruined_class_is_enough_and_is_named():
    truth = records(2000, 13)
    champion = answers(truth, 0.9, 14)
    challenger = answers(truth, 0.97, 15, 欠薪=0.6)
    found = compare(truth, champion, challenger)
    assert found.interval[1] > 0, "the others outweigh it"
    assert codes(found) == ["欠薪"]
    assert found.worse[0].difference < -0.1
    assert not found.is_not_worse


def test_a_class_of_few_records_is_not_judged_alone():
    truth = [*records(1500, 16, (0.4, 0.2, 0.2, 0.1, 0.1, 0)), *["物业"] * 29]
    challenger = [label if label != "物业" else "停车" for label in truth]
    found = compare(truth, truth, challenger)
    assert next(change for change in found.classes if change.code == "物业").challenger_f1 == 0
    assert "物业" not in codes(found)
    assert "物业" in codes(compare([*truth, "物业"], [*truth, "物业"], [*challenger, "停车"]))


def test_a_small_sure_loss_is_not_worth_a_refusal():
    truth = ["供热"] * 2000 + ["停车"] * 2000
    challenger = ["停车"] * 20 + truth[20:]
    found = compare(truth, truth, challenger)
    heating = found.classes[0]
    assert heating.interval[1] < 0
    assert heating.difference > -0.02
    assert not heating.is_worse


def test_equal_models_are_rarely_refused_and_a_ruined_class_rarely_passes():
    refused, missed = 0, 0
    for seed in range(25):
        truth = records(700, seed)
        champion = answers(truth, 0.88, 1000 + seed)
        refused += not compare(truth, champion, answers(truth, 0.88, 2000 + seed)).is_not_worse
        missed += compare(truth, champion, answers(truth, 0.88, 3000 + seed, 停车=0.5)).is_not_worse
    assert refused <= 25 * 0.16, refused
    assert missed <= 25 * 0.08, missed


def test_an_answer_that_no_record_is_of_counts_as_wrong():
    truth = ["供热", "停车"] * 50
    found = compare(truth, truth, ["旧类" if row % 10 == 0 else label for row, label in enumerate(truth)])
    assert [change.code for change in found.classes] == ["供热", "停车"]
    assert [change.challenger_f1 for change in found.classes] == pytest.approx([2 * 40 / (40 + 50), 1])


def test_the_result_is_the_same_each_time_and_fits_into_json():
    truth = records(200, 20)
    champion, challenger = answers(truth, 0.8, 21), answers(truth, 0.8, 22)
    first = compare(truth, champion, challenger)
    order = np.random.default_rng(3).permutation(200).tolist()
    again = compare([truth[i] for i in order], [champion[i] for i in order], [challenger[i] for i in order])
    assert again == first
    said = json.loads(json.dumps(first.to_dict(), allow_nan=False))
    assert said["is_not_worse"] is first.is_not_worse
    assert said["classes"][0]["support"] == first.classes[0].support


@pytest.mark.parametrize(("truth", "champion", "challenger"), [([], [], []), (["a"], ["a"], []), (["a"], [], ["a"])])
def test_lengths_must_agree(truth, champion, challenger):
    with pytest.raises(ValueError, match="records but"):
        compare(truth, champion, challenger)
