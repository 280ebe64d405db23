"""Planted label errors are found by confident learning, and like texts with different labels by their shingles."""

from collections import Counter

import numpy as np
import pytest

from hotline12345.models.topics import label_problems
from hotline12345.models.topics.label_problems import conflicting_groups, doubtful_labels, out_of_fold

WORDS = {"供暖": "暖气不热温度低", "停车": "车位紧张乱停车", "噪声": "夜间施工噪声大"}


def planted(count: int = 60) -> tuple[list[str], list[str], set[int]]:
    """Texts of three classes with every twentieth label wrong; texts, labels, positions of the wrong ones."""
    names = list(WORDS)
    random = np.random.default_rng(7)
    texts, labels, wrong = [], [], set()
    for number in range(count):
        name = names[number % 3]
        letters = list(WORDS[name])
        texts.append(name + "".join(random.permutation(letters)) + chr(0x4E00 + number))
        if number % 20 == 19:
            wrong.add(number)
            name = names[(number + 1) % 3]
        labels.append(name)
    return texts, labels, wrong


class LetterCounts:
    """A classifier that any test can check by hand: the share of a class's letters in the text."""

    def fit(self, rows, y):
        self.classes_ = sorted(set(y))
        self.seen_ = list(rows)
        letters = {name: Counter("".join(x for x, said in zip(rows, y, strict=True) if said == name)) for name in y}
        self.common_ = {name: {letter for letter, n in letters[name].most_common(9)} for name in self.classes_}
        return self

    def predict_proba(self, rows):
        scores = np.array([[1 + 4 * sum(c in self.common_[n] for c in x) for n in self.classes_] for x in rows], float)
        return scores / scores.sum(axis=1, keepdims=True)


def test_planted_errors_are_found_and_nothing_else():
    texts, labels, wrong = planted()
    classes, probabilities = out_of_fold(LetterCounts, texts, texts, labels)
    found = doubtful_labels(probabilities, np.array([classes.index(label) for label in labels]))
    assert set(found.example.tolist()) == wrong
    for example, suggested in zip(found.example.tolist(), found.suggested.tolist(), strict=True):
        assert classes[suggested] == texts[example][:2]
    assert (found.suggested_probability > found.label_probability).all()


def test_no_model_judges_a_text_that_it_has_seen():
    texts, labels, _ = planted(30)
    texts[1] = f" {texts[0]} 123，"
    models = []

    class Kept(LetterCounts):
        def predict_proba(self, rows):
            models.append((set(self.seen_), set(rows)))
            return super().predict_proba(rows)

    _, probabilities = out_of_fold(Kept, texts, texts, labels)
    assert len(models) == label_problems.FOLDS
    assert all(not learnt & judged for learnt, judged in models)
    assert set().union(*(judged for _, judged in models)) == set(texts)
    together = {texts[0], texts[1]}
    assert all(together <= judged or not together & judged for _, judged in models), "signs and digits aside, one text"
    assert probabilities.sum(axis=1) == pytest.approx(np.ones(30))


def test_the_threshold_is_the_mean_of_the_class_as_published():
    """A worked example: thresholds .7 and .8, so the third row's .75 for class 0 makes it an off-diagonal case."""
    probabilities = np.array([[0.65, 0.35], [0.9, 0.1], [0.75, 0.25], [0.55, 0.45], [0.2, 0.8], [0.05, 0.95]])
    labels = np.array([0, 0, 1, 0, 1, 1])
    assert probabilities[labels == 0, 0].mean() == pytest.approx(0.7)
    found = doubtful_labels(probabilities, labels)
    assert (found.example.tolist(), found.suggested.tolist()) == ([2], [0])
    assert found.label_probability.tolist() == [0.25]
    assert found.suggested_probability.tolist() == [0.75]


def test_the_most_doubtful_comes_first():
    probabilities = np.array([[0.9, 0.1], [0.9, 0.1], [0.95, 0.05], [0.4, 0.6], [0.1, 0.9]])
    found = doubtful_labels(probabilities, np.array([0, 1, 1, 1, 1]))
    assert found.example.tolist() == [2, 1]


def test_same_and_near_same_texts_with_different_labels_are_grouped():
    text = "市民反映和平里小区三号楼电梯经常停运老人上下楼不便请物业尽快维修"
    texts = [
        text,
        f"{text[:10]} ，12 {text[10:]}！",
        text.replace("尽快维修", "尽快修复"),
        "路灯不亮",
        "路灯不亮。",
        "路灯常亮浪费用电请有关单位查看处理",
        text,
    ]
    labels = ["住房", "住房", "公共服务", "城乡建设", "城乡建设", "公共服务", "住房"]
    assert conflicting_groups(texts, labels) == [[0, 1, 2, 6]]


def test_many_copies_of_one_text_are_one_group():
    copies = [
        f"请求解决东河街道第{chr(0x4E00 + n)}社区门前道路积水出行困难的问题，老人和孩子上下学不便，望尽快答复"
        for n in range(70)
    ]
    labels = ["城乡建设"] * 69 + ["水务"]
    assert conflicting_groups(copies, labels) == [list(range(70))]


def test_texts_that_only_share_a_formula_are_not_grouped():
    tails = ("供暖不热温度只有十五度", "广场舞噪声扰民严重影响休息", "污水外溢气味难闻无人清理")
    texts = [f"市民来电反映希望有关部门尽快处理{tail}" for tail in tails]
    assert conflicting_groups(texts, ["甲", "乙", "丙"]) == []
    assert conflicting_groups(["", "  ", "12"], ["甲", "乙", "丙"]) == [], "texts without a letter are alike in nothing"
    assert conflicting_groups([], []) == []
