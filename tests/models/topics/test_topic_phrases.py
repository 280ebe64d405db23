"""Phrases: no weight is lost, overlapping terms are gathered, equal wordings are one, and tipping is minimal."""

from collections.abc import Callable

import pytest
import rjieba
from hypothesis import given
from hypothesis import strategies as st

from hotline12345.models.topics.folding import fold
from hotline12345.models.topics.phrases import Occurrence, Phrase, phrases, places, tipping, without

JIEBA = rjieba.Jieba()


def _cut(text: str) -> list[str]:
    return list(JIEBA.cut(text, False))


def _weights(found: tuple[Phrase, ...]) -> dict[str, float]:
    return {phrase.text: phrase.weight for phrase in found}


def test_overlapping_terms_are_one_phrase_with_their_weights_together() -> None:
    text = "小区停车难"
    terms = [Occurrence(2, 4, 0.6), Occurrence(2, 5, 0.9), Occurrence(4, 5, 0.1)]
    found = phrases([(text, terms)], _cut)
    assert [phrase.text for phrase in found] == ["停车难"]
    assert found[0].weight == pytest.approx(0.6 + 0.9 + 0.1)


def test_neighbours_of_comparable_weight_are_read_as_one_phrase() -> None:
    text = "电梯故障，物业"
    assert _cut(text) == ["电梯", "故障", "，", "物业"]
    joined = phrases([(text, [Occurrence(0, 2, 0.5), Occurrence(2, 4, 0.3), Occurrence(5, 7, 0.3)])], _cut)
    assert _weights(joined) == pytest.approx({"电梯故障": 0.8, "物业": 0.3}), "punctuation keeps 物业 apart"
    apart = phrases([(text, [Occurrence(0, 2, 0.5), Occurrence(2, 4, 0.16)])], _cut)
    assert _weights(apart) == pytest.approx({"电梯": 0.5, "故障": 0.16}), "0.16 is less than a third of 0.5"
    opposed = phrases([(text, [Occurrence(0, 2, 0.5), Occurrence(2, 4, -0.4)])], _cut)
    assert [phrase.text for phrase in opposed] == ["电梯", "故障"], "for first, against last"


def test_a_phrase_stays_short_enough_to_read() -> None:
    text = "电梯故障" * 8
    found = phrases([(text, [Occurrence(start, start + 2, 0.5) for start in range(0, len(text), 2)])], _cut)
    assert max(len(phrase.text) for phrase in found) <= 10
    assert sum(phrase.weight for phrase in found) == pytest.approx(8.0)


def test_the_same_wording_in_several_places_is_one_phrase() -> None:
    title, body = "供暖不热", "ＡＢ楼的供\u200b暖，ab楼"
    terms = [Occurrence(4, 7, 0.4), Occurrence(0, 2, 0.2), Occurrence(8, 10, 0.3)]
    found = phrases([(title, [Occurrence(0, 2, 1.0, 1.5)]), (body, terms[:1] + terms[1:])], _cut)
    assert _weights(found) == pytest.approx({"供暖": 1.4, "ＡＢ": 0.5}), "as first written"
    assert found[0].lead == pytest.approx(1.5)


def test_an_occurrence_outside_its_text_is_refused() -> None:
    for start, end in [(0, 4), (-1, 1), (1, 1), (2, 3)]:
        with pytest.raises(ValueError, match="text of 3 characters"):
            phrases([("停车\u200b", [Occurrence(start, end, 1.0)])], _cut)


_TEXTS = st.text(alphabet=st.one_of(st.sampled_from("小区停车难供暖，。 A1ａ\u200b\n😀"), st.characters()), max_size=40)


@given(st.lists(_TEXTS, min_size=1, max_size=3), st.data())
def test_the_phrases_add_up_to_the_occurrences(texts: list[str], data: st.DataObject) -> None:
    fields = []
    for text in texts:
        ends = st.integers(0, len(text))
        spans = st.tuples(ends, ends).filter(lambda span, text=text: fold(text[span[0] : span[1]]))
        numbers = st.floats(-5, 5)
        occurrence = st.builds(lambda span, w, d: Occurrence(*span, w, d), spans, numbers, numbers)
        fields.append((text, data.draw(st.lists(occurrence, max_size=8)) if fold(text) else []))
    found = phrases(fields, _cut)
    given_terms = [occurrence for _, terms in fields for occurrence in terms]
    assert sum(phrase.weight for phrase in found) == pytest.approx(sum(o.weight for o in given_terms), abs=1e-9)
    assert sum(phrase.lead for phrase in found) == pytest.approx(sum(o.lead for o in given_terms), abs=1e-9)
    assert len({phrase.text for phrase in found}) == len(found)
    assert list(found) == sorted(found, key=lambda phrase: (-phrase.weight, phrase.text))


def _linear(candidates: list[Phrase], margin: float) -> Callable[[tuple[str, ...]], float]:
    leads = {phrase.text: phrase.lead for phrase in candidates}
    return lambda removed: margin - sum(leads[text] for text in removed)


def test_tipping_takes_the_strongest_lead_until_the_runner_up_wins() -> None:
    candidates = [
        Phrase("物业", 0.9, 0.2),
        Phrase("供暖", 0.5, 1.0),
        Phrase("不热", 0.4, 0.7),
        Phrase("停车", 0.1, -0.3),
    ]
    assert tipping(candidates, _linear(candidates, 0.8)) == ("供暖",), "by lead over the runner-up, not by weight"
    assert tipping(candidates, _linear(candidates, 1.5)) == ("供暖", "不热")
    assert tipping(candidates, _linear(candidates, 2.0)) == (), "all that speak for the class are not enough"
    assert tipping(candidates, _linear(candidates, 1.5), most=1) == ()


def test_a_phrase_that_is_not_needed_is_put_back() -> None:
    candidates = [Phrase("供暖", 0.5, 1.0), Phrase("不热", 0.4, 0.7)]
    assert tipping(candidates, lambda removed: -1.0 if "不热" in removed else 1.0) == ("不热",)


def test_without_blanks_each_place_and_places_finds_them() -> None:
    document = ("ＷＩＦＩ坏了", "wifi 供\u200b暖坏了，供暖")
    assert without(document, ["WiFi", "供暖", "123"]) == (" 坏了", "   坏了  "), "folded, as a model reads it"
    assert without(document, []) == ("WIFI坏了", "WIFI 供暖坏了 供暖")
    assert [document[1][start:end] for start, end in places(document[1], "供暖")] == ["供\u200b暖", "供暖"]
    assert places(document[0], "wifi") == [(0, 4)]
    assert places("供暖12", "\u200b") == places("供暖12", "12") == []
