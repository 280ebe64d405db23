"""Short readable names: a phrase people really wrote in their titles, behind the place for an event."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from hotline12345.models.recurring.places import is_admin
from hotline12345.models.recurring.texts import Token

_LONGEST_NAME = 10
_LONGEST_SPAN = 5
_NEVER = frozenset({"x", "eng", "nr", "nrt", "nrfg", "ns", "m", "mq", "t", "uj"})
_NEGATIONS = frozenset({"不", "没", "没有", "无", "未", "乱"})
_SECOND_WORD_SHARE = 0.15
UNNAMED = "同类诉求"

#: (voice, words) of some of a group's orders.
Headlines = Sequence[tuple[str, Sequence[Token]]]


def issue_name(place: str | None, problem: str) -> str:
    """Place and problem, or the problem alone."""
    return f"{place} {problem}" if place else problem


def problem_phrase(headlines: Headlines, place: str | None, idf: Mapping[str, float]) -> str:
    """The phrase of 2-10 characters that names a group's problem.

    `headlines` are (voice, words) of orders of the group, `idf` the words' weights. Of the spans at least two people wrote,
    the one whose people x weight is highest: a longer span gathers weight as long as people write it. Ties go to the
    longer, then to the first in code order. A single word gets a second one that goes with it (电梯 + 故障). Where no two
    people share a span it is the word that tells most, else `同类诉求`.
    """
    voices: dict[str, set[str]] = defaultdict(set)
    value: dict[str, float] = {}
    single: set[str] = set()
    for voice, words in headlines:
        for span in _spans(words, place):
            text = "".join(token.word for token in span)
            voices[text].add(voice)
            value[text] = sum(idf.get(token.word, 0.0) for token in span if token.is_content)
            if len(span) == 1:
                single.add(text)
    shared = {text: len(people) * value[text] for text, people in voices.items() if len(people) > 1 and value[text] > 0}
    if shared:
        best = min(shared, key=lambda text: (-round(shared[text], 9), -len(text), text))
        return _with_second_word(best, headlines, place, idf) if best in single else best
    return max(sorted(text for text in single if value[text] > 0), key=lambda text: value[text], default=UNNAMED)


def _spans(words: Sequence[Token], place: str | None) -> list[tuple[Token, ...]]:
    """Runs of up to five neighbouring words that could name a problem.

    A run crosses no punctuation, number, person, place name or masked string; it begins and ends with content.
    """
    usable = [_is_usable(words, i, place) for i in range(len(words))]
    spans: list[tuple[Token, ...]] = []
    for start, first in enumerate(words):
        if not (first.is_content or first.word in _NEGATIONS):
            continue
        for end in range(start + 1, min(start + _LONGEST_SPAN, len(words)) + 1):
            span = tuple(words[start:end])
            length = sum(len(token.word) for token in span)
            if not usable[end - 1] or length > _LONGEST_NAME:
                break
            if length >= 2 and span[-1].is_content and _ends_well(span):
                spans.append(span)
    return spans


def _ends_well(span: Sequence[Token]) -> bool:
    """A verb of one character wants something behind it (暖气片摸), unless a negation stands in front (水管不通)."""
    last = span[-1]
    return len(last.word) > 1 or not last.tag.startswith("v") or (len(span) > 1 and span[-2].word in _NEGATIONS)


def _is_usable(words: Sequence[Token], position: int, place: str | None) -> bool:
    token = words[position]
    if place and token.word in place:
        return False
    if token.word.isdigit() and len(token.word) <= 3:
        return position + 1 < len(words) and words[position + 1].word in {"路", "号线"}
    return token.tag not in _NEVER and not is_admin(token.word)


def _with_second_word(head: str, headlines: Headlines, place: str | None, idf: Mapping[str, float]) -> str:
    """The word and the one that most people use beside it, in the order most of them use."""
    voices: dict[str, set[str]] = defaultdict(set)
    behind: dict[str, int] = defaultdict(int)
    heads: set[str] = set()
    for voice, words in headlines:
        seen = [token.word for i, token in enumerate(words) if token.is_content and _is_usable(words, i, place)]
        if head not in seen:
            continue
        heads.add(voice)
        for word in dict.fromkeys(seen):
            if len(word) > 1 and word not in head and head not in word and len(head) + len(word) <= _LONGEST_NAME:
                voices[word].add(voice)
                behind[word] += 1 if seen.index(word) > seen.index(head) else -1
    enough = max(2.0, _SECOND_WORD_SHARE * len(heads))
    second = [word for word, people in voices.items() if len(people) >= enough and idf.get(word, 0.0) > 0]
    if not second:
        return head
    best = min(second, key=lambda word: (-round(len(voices[word]) * idf[word], 9), word))
    return head + best if behind[best] >= 0 else best + head
