"""Problem vectors: what an order is about without where it is."""

import math
from collections import defaultdict
from collections.abc import Sequence

import numpy as np
from scipy import sparse

from hotline12345.models.recurring.describe import Description
from hotline12345.models.recurring.settings import MiningSettings
from hotline12345.models.recurring.statistics import TOPIC_MARK, Statistics


def problem_vectors(
    descriptions: Sequence[Description],
    places: Sequence[str | None],
    named: Sequence[Sequence[str]],
    statistics: Statistics,
    settings: MiningSettings,
) -> sparse.csr_array:
    """Unit rows of TF-IDF weights, shape (orders, words); words of the order's place, area and named places do not count.

    A row depends on its order and on the statistics only. An order without a known word has an empty row.
    """
    columns: list[int] = []
    weights: list[float] = []
    ends = [0]
    for description, place, names in zip(descriptions, places, named, strict=True):
        where = "|".join((place or "", description.place or "", description.area or "", *names))
        heaviest = _weights(description, where, statistics, settings)
        norm = sum(weight * weight for _, weight in heaviest) ** 0.5
        for column, weight in sorted(heaviest):
            columns.append(column)
            weights.append(weight / norm)
        ends.append(len(columns))
    shape = (len(descriptions), len(statistics.columns))
    data = np.array(weights, dtype=np.float32)
    return sparse.csr_array((data, np.array(columns, dtype=np.int32), np.array(ends)), shape=shape)


def _weights(
    description: Description, where: str, statistics: Statistics, settings: MiningSettings
) -> list[tuple[int, float]]:
    counts: dict[str, float] = defaultdict(float)
    for word in description.body_words:
        counts[word] += 1.0
    for word in description.title_words:
        counts[word] += settings.title_weight
    idf, columns = statistics.idf, statistics.columns
    weighted = [
        (columns[word], (1.0 + math.log(count)) * idf[word])
        for word, count in counts.items()
        if word in idf and word not in where
    ]
    if description.topic and (topic := TOPIC_MARK + description.topic) in idf:
        weighted.append((columns[topic], settings.topic_weight * idf[topic]))
    return sorted(weighted, key=lambda pair: (-pair[1], pair[0]))[: settings.vector_size]
