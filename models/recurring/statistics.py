"""What links depend on besides the two orders: word weights, names of places, centres of themes. Frozen and versioned."""

import hashlib
import json
import math
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from scipy import sparse

from hotline12345.models.recurring.describe import Description
from hotline12345.models.recurring.gazetteer import Gazetteer
from hotline12345.models.recurring.settings import MiningSettings

TOPIC_MARK = "topic:"
#: A table of a few orders says little about how common a word is: as if so many other orders without it were added.
_BACKGROUND = 500


@dataclass(frozen=True)
class Statistics:
    """Frozen statistics of a corpus.

    `idf` maps a word (or `topic:` + a topic) to ln((500 + orders) / (1 + orders with it)); words that are absent carry no
    weight. `themes` are the centres of the 共性问题, each a map of words to weights of unit length.
    """

    orders: int
    idf: Mapping[str, float] = field(repr=False)
    gazetteer: Gazetteer = field(repr=False)
    themes: tuple[Mapping[str, float], ...] = field(repr=False, default=())

    @cached_property
    def version(self) -> str:
        """Digest of the contents, 12 hex digits; equal contents have equal versions."""
        return hashlib.blake2b(self.to_json().encode(), digest_size=6).hexdigest()

    @cached_property
    def columns(self) -> dict[str, int]:
        """Column of each word in the matrices, in the order of the words."""
        return {word: column for column, word in enumerate(sorted(self.idf))}

    @cached_property
    def words(self) -> list[str]:
        """The word of each column."""
        return list(self.columns)

    @cached_property
    def theme_centres(self) -> sparse.csr_array:
        """The themes' centres, shape (themes, words)."""
        rows = [
            (i, self.columns[word], weight) for i, theme in enumerate(self.themes) for word, weight in theme.items()
        ]
        owner, column, weight = (np.array(part) for part in zip(*rows, strict=True)) if rows else ([], [], [])
        return sparse.csr_array((weight, (owner, column)), shape=(len(self.themes), len(self.columns)))

    def to_json(self) -> str:
        """The contents as text, the same for equal contents; `from_json` reads it."""
        content = {
            "orders": self.orders,
            "idf": dict(sorted(self.idf.items())),
            "accepted_places": dict(sorted(self.gazetteer.accepted.items())),
            "place_people": dict(sorted(self.gazetteer.people.items())),
            "shared_names": sorted(self.gazetteer.shared),
            "themes": [dict(sorted(theme.items())) for theme in self.themes],
        }
        return json.dumps(content, ensure_ascii=False, separators=(",", ":"))

    @staticmethod
    def from_json(text: str) -> "Statistics":
        """Statistics that `to_json` wrote. KeyError or ValueError where the text is nothing like it."""
        content: dict[str, Any] = json.loads(text)
        gazetteer = Gazetteer(content["accepted_places"], content["place_people"], frozenset(content["shared_names"]))
        return Statistics(content["orders"], content["idf"], gazetteer, tuple(content["themes"]))


def word_weights(descriptions: Sequence[Description], settings: MiningSettings) -> dict[str, float]:
    """The idf of each word that enough people write; a word of nearly all orders weighs next to nothing. One pass over the words.

    What fewer people write can join nobody else's order, and no person's name comes into the statistics.
    """
    counts: Counter[str] = Counter()
    people: dict[str, set[str]] = defaultdict(set)
    for description in descriptions:
        words = {*description.title_words, *description.body_words}
        if description.topic:
            words.add(TOPIC_MARK + description.topic)
        counts.update(words)
        for word in words:
            if len(people[word]) < settings.min_word_people:
                people[word].add(description.voice)
    orders = len(descriptions)
    return {
        word: round(math.log((_BACKGROUND + orders) / (1 + count)), 6)
        for word, count in sorted(counts.items())
        if len(people[word]) >= settings.min_word_people
    }
