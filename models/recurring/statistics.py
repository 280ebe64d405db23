"""The corpus statistics that links depend on besides the two orders: word weights and spellings of places, frozen."""

import hashlib
import json
import math
from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property

from hotline12345.models.recurring.describe import Description
from hotline12345.models.recurring.places import aliases, count_places
from hotline12345.models.recurring.settings import MiningSettings

TOPIC_MARK = "topic:"


@dataclass(frozen=True)
class Statistics:
    """Frozen statistics of a corpus.

    `idf` maps a word (or `topic:` + a topic) to ln(orders / orders with it); words that are absent carry no weight.
    `place_aliases` maps a spelling of a place to the accepted one. `version` is a digest of both.
    """

    orders: int
    idf: dict[str, float] = field(repr=False)
    place_aliases: dict[str, str] = field(repr=False)

    @cached_property
    def version(self) -> str:
        """Digest of the contents, 12 hex digits; equal contents have equal versions."""
        content = [self.orders, sorted(self.idf.items()), sorted(self.place_aliases.items())]
        return hashlib.blake2b(json.dumps(content, ensure_ascii=False).encode(), digest_size=6).hexdigest()

    @cached_property
    def columns(self) -> dict[str, int]:
        """Column of each word in the matrices, in the order of the words."""
        return {word: column for column, word in enumerate(sorted(self.idf))}

    def place(self, description: Description) -> str | None:
        """The accepted spelling of the order's place."""
        return None if description.place is None else self.place_aliases.get(description.place, description.place)


def fit_statistics(descriptions: list[Description], settings: MiningSettings) -> Statistics:
    """Statistics of a corpus: one pass over the words, one over the distinct place names."""
    counts: Counter[str] = Counter()
    for description in descriptions:
        counts.update({*description.title_words, *description.body_words})
        if description.topic:
            counts[TOPIC_MARK + description.topic] += 1
    orders = len(descriptions)
    # In a handful of orders every word is frequent: the share only says something from some hundred orders on.
    most = max(settings.max_document_share * orders, 100)
    idf = {
        word: round(math.log((1 + orders) / count) + 0.1, 6)
        for word, count in sorted(counts.items())
        if count >= settings.min_document_count and (count <= most or word.startswith(TOPIC_MARK))
    }
    return Statistics(orders, idf, aliases(count_places(description.place for description in descriptions)))
