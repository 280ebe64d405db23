"""What the page 民生诉求库 says: what was understood, what is near it, and where a text says it. Pure."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from hotline12345.models.search.asked import Part, Ways, one_word, with_slip

BEFORE, SHOWN = 24, 130  # characters before the first find, and of a text at most


@dataclass(frozen=True)
class Near:
    """A question with one part another way: another word in its place, or (None) with one character another one."""

    place: int
    word: str | None = None


def ways(parts: Sequence[Part]) -> tuple[Ways, ...]:
    """The parts as the reads take them."""
    return tuple(part.ways for part in parts)


def others(parts: Sequence[Part], place: int) -> tuple[Part, ...]:
    """The parts without one of them."""
    return (*parts[:place], *parts[place + 1 :])


def with_near(parts: Sequence[Part], near: Near | None) -> tuple[Part, ...]:
    """The parts of the near question; of a single character only the others are left."""
    if near is None or near.place >= len(parts):
        return tuple(parts)
    part = one_word(near.word) if near.word else with_slip(parts[near.place])
    return (*parts[: near.place], *([part] if part else []), *parts[near.place + 1 :])


def slips(parts: Sequence[Part]) -> list[Near]:
    """The near questions with a character another one in a part that has more than two, or without a single character."""
    found = []
    for place, part in enumerate(parts):
        slipped = with_slip(part)
        if slipped != part and (slipped or len(parts) > 1):
            found.append(Near(place))
    return found


def understood(parts: Sequence[Part]) -> str:
    """What is looked for: `供暖、不热`."""
    return "、".join(f"“{part.text}”" for part in parts)


def near_words(parts: Sequence[Part], near: Near) -> str:
    """What a near question changes."""
    text = parts[near.place].text
    if near.word:
        return f"“{text}”换成“{near.word}”"
    return f"“{text}”只差一个字" if len(text) > 1 else f"不要“{text}”"


def marked(text: str, parts: Sequence[Part]) -> str:
    """A text as markup with every find marked; escaped."""
    pattern = _pattern(parts)
    found, position = [], 0
    for match in pattern.finditer(text):
        found += [escape(text[position : match.start()]), f"<mark>{escape(match[0])}</mark>"]
        position = match.end()
    return "".join([*found, escape(text[position:])])


def excerpt(texts: Sequence[str | None], parts: Sequence[Part]) -> str:
    """The text with a find (else the first one) from a little before it on, as markup."""
    filled = [" ".join(text.split()) for text in texts if text and text.strip()]
    if not filled:
        return ""
    pattern = _pattern(parts)
    text = next((text for text in filled if pattern.search(text)), filled[0])
    match = pattern.search(text)
    begin = max(0, match.start() - BEFORE) if match else 0
    end = begin + SHOWN
    return f"{'…' if begin else ''}{marked(text[begin:end], parts)}{'…' if end < len(text) else ''}"


def _pattern(parts: Sequence[Part]) -> re.Pattern[str]:
    """Finds the parts, the longest first; where a character may differ, any one stands in its place."""
    texts = []
    for part in parts:
        letters = [re.escape(letter) for letter in part.text]
        texts.append("".join(letters))
        if len(part.ways) > 1:
            texts += ["".join([*letters[:slip], ".", *letters[slip + 1 :]]) for slip in range(len(letters))]
    return re.compile("|".join(sorted(texts, key=len, reverse=True)) or r"[^\s\S]", re.IGNORECASE)
