"""How well masking did against known truth: recall of each kind, and the share of other tokens it touched."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import SequenceMatcher

import rjieba
from made_corpus import Message, Span

from hotline12345.flows.ingest.surnames import DOUBLE

NUMBERS = ("mobile", "landline", "local", "id_card", "old_id_card", "bank_card", "plate", "mail", "chat", "room")
LEFT_OVER = 4  # characters of a number that must be gone at least; a short one has fewer


@dataclass
class Quality:
    """Counts over all messages."""

    found: Counter[str] = field(default_factory=Counter)
    planted: Counter[str] = field(default_factory=Counter)
    tokens: int = 0
    touched: int = 0
    missed: list[tuple[int, Span]] = field(default_factory=list)  # where: which message, which span

    def recall(self, *kinds: str) -> float:
        """Share of the planted data of these kinds that were masked."""
        return sum(self.found[kind] for kind in kinds) / sum(self.planted[kind] for kind in kinds)

    @property
    def touched_share(self) -> float:
        """Share of the tokens outside all personal data that were changed."""
        return self.touched / self.tokens


def measure(messages: Iterable[Message], masked: Iterable[str]) -> Quality:
    """Compare the messages with what masking made of them."""
    quality = Quality()
    for number, (message, after) in enumerate(zip(messages, masked, strict=True)):
        changed = _changed(message.text, after)
        for span in message.spans:
            quality.planted[span.kind] += 1
            if _is_masked(message.text, span, changed):
                quality.found[span.kind] += 1
            else:
                quality.missed.append((number, span))
        marked = {place for span in message.spans for place in range(span.start, span.end)}
        start = 0
        for token in rjieba.cut(message.text):
            places = set(range(start, start + len(token)))
            start += len(token)
            if any(character.isalnum() for character in token) and not places & marked:
                quality.tokens += 1
                quality.touched += bool(places & changed)
    return quality


def _changed(before: str, after: str) -> set[int]:
    """Places of the original characters that are gone."""
    if before == after:
        return set()
    steps = SequenceMatcher(None, before, after, autojunk=False).get_opcodes()
    return {place for tag, start, end, *_ in steps if tag in ("replace", "delete") for place in range(start, end)}


def _is_masked(text: str, span: Span, changed: set[int]) -> bool:
    """Of a name every character of the given name is gone, of a number at least four characters."""
    if span.kind == "name":
        surname = 2 if text[span.start : span.start + 2] in DOUBLE else 1
        return set(range(span.start + surname, span.end)) <= changed
    return len(changed & set(range(span.start, span.end))) >= min(LEFT_OVER, span.end - span.start - 2)
