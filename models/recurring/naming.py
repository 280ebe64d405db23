"""Short readable names: a phrase people really wrote in their titles, behind the place for an event."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from hotline12345.models.recurring.places import is_admin
from hotline12345.models.recurring.texts import Token, is_content

_PHRASE_LENGTH = (2, 10)
_PHRASE_TOKENS = 5
_NO_START = frozenset("c d p u uj ul ug ud uv uz y k f m q r e o".split())
_NO_END = frozenset("c p u uj ul ug ud uv uz r m q d f y e o".split())
_NEVER = frozenset({"x", "eng", "nr", "nrt", "nrfg", "ns", "m", "mq", "t"})
UNNAMED = "同类诉求"


def phrases(words: Sequence[Token], place: str | None) -> list[tuple[Token, ...]]:
    """Spans of up to five neighbouring words, 2-10 characters, that could name a problem.

    A span crosses no punctuation, number, person, place name or masked string and neither begins nor ends with a particle.
    """
    usable = [
        token.tag not in _NEVER and not is_admin(token.word) and not (place and token.word in place) for token in words
    ]
    spans: list[tuple[Token, ...]] = []
    for start, first in enumerate(words):
        if first.tag in _NO_START and first.word not in {"不", "没", "无"}:
            continue
        for end in range(start + 1, min(start + _PHRASE_TOKENS, len(words)) + 1):
            if not usable[end - 1]:
                break
            span = tuple(words[start:end])
            length = sum(len(token.word) for token in span)
            if length > _PHRASE_LENGTH[1]:
                break
            if length >= _PHRASE_LENGTH[0] and span[-1].tag not in _NO_END and any(map(is_content, span)):
                spans.append(span)
    return spans


def problem_phrase(headlines: Sequence[tuple[str, Sequence[Token]]], place: str | None, weights: Mapping[str, float]) -> str:
    """The phrase that names a group's problem.

    `headlines` are (voice, words) of the group's orders, `weights` the words' weights in the group's centre. Of the spans
    used by most people, the one whose people x weight is highest: a longer span gathers weight as long as people write
    it. Ties go to the longer, then to the first in code order. `同类诉求` where no two people share a phrase.
    """
    voices: dict[str, set[str]] = defaultdict(set)
    value: dict[str, float] = {}
    for voice, words in headlines:
        for span in phrases(words, place):
            text = "".join(token.word for token in span)
            voices[text].add(voice)
            value[text] = sum(weights.get(token.word, 0.0) for token in span if is_content(token))
    shared = {text: len(people) * value[text] for text, people in voices.items() if len(people) > 1 and value[text] > 0}
    if shared:
        return min(shared, key=lambda text: (-round(shared[text], 9), -len(text), text))
    heaviest = sorted(weights, key=lambda word: (-weights[word], word))
    return next((word for word in heaviest if ":" not in word), UNNAMED)


def issue_name(place: str | None, problem: str) -> str:
    """Place and problem, or the problem alone."""
    return f"{place} {problem}" if place else problem
