"""The corpus statistics that links depend on besides the two orders: word weights and spellings of places, frozen."""

import hashlib
import json
import math
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from functools import cached_property

from hotline12345.models.recurring.describe import Description
from hotline12345.models.recurring.places import aliases
from hotline12345.models.recurring.settings import MiningSettings

TOPIC_MARK = "topic:"
#: A table of a few orders says little about how common a word is: as if so many other orders without it were added.
_BACKGROUND = 500


@dataclass(frozen=True)
class Statistics:
    """Frozen statistics of a corpus.

    `idf` maps a word (or `topic:` + a topic) to ln((500 + orders) / (1 + orders with it)); words that are absent carry no weight.
    `place_aliases` maps a spelling of a place to the accepted one; `shared_names` are names that places of several
    areas bear. `version` is a digest of all.
    """

    orders: int
    idf: dict[str, float] = field(repr=False)
    place_aliases: dict[str, str] = field(repr=False)
    shared_names: frozenset[str] = field(repr=False)

    @cached_property
    def version(self) -> str:
        """Digest of the contents, 12 hex digits; equal contents have equal versions."""
        aliases = sorted(self.place_aliases.items())
        content = [self.orders, sorted(self.idf.items()), aliases, sorted(self.shared_names)]
        return hashlib.blake2b(json.dumps(content, ensure_ascii=False).encode(), digest_size=6).hexdigest()

    @cached_property
    def columns(self) -> dict[str, int]:
        """Column of each word in the matrices, in the order of the words."""
        return {word: column for column, word in enumerate(sorted(self.idf))}

    def place(self, description: Description) -> str | None:
        """The accepted spelling of the order's place, with its area in front where several areas have that name."""
        if description.place is None:
            return None
        name = self.place_aliases.get(description.place, description.place)
        return description.area + name if description.area and name in self.shared_names else name


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
        word: round(math.log((_BACKGROUND + orders) / (1 + count)), 6)
        for word, count in sorted(counts.items())
        if count >= settings.min_document_count and (count <= most or word.startswith(TOPIC_MARK))
    }
    spellings = aliases(Counter(description.place for description in descriptions if description.place))
    return Statistics(orders, idf, spellings, _shared_names(descriptions, spellings))


def _shared_names(descriptions: list[Description], spellings: dict[str, str]) -> frozenset[str]:
    """Names of which a second area has at least three orders and a fifth of all; fewer are slips in the area's cell."""
    areas: dict[str, Counter[str]] = defaultdict(Counter)
    for description in descriptions:
        if description.place and description.area:
            areas[spellings.get(description.place, description.place)][description.area] += 1
    second = {name: sorted(counts.values())[-2] for name, counts in areas.items() if len(counts) > 1}
    return frozenset(name for name, count in second.items() if count >= max(3, 0.2 * areas[name].total()))
