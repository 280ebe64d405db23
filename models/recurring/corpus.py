"""The orders as parallel arrays, in an order that depends on their contents only."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from hotline12345.models.recurring.describe import Description
from hotline12345.models.recurring.settings import MiningSettings
from hotline12345.models.recurring.statistics import Statistics
from hotline12345.models.recurring.vectors import problem_vectors

Rows = NDArray[np.int64]


@dataclass(frozen=True)
class Corpus:
    """Orders sorted by the digest of their contents; `vectors` and `places` belong to `descriptions` row by row."""

    descriptions: list[Description]
    places: list[str | None]
    vectors: sparse.csr_array

    def voices(self, rows: Rows) -> set[str]:
        """The distinct people who speak in the rows."""
        return {self.descriptions[row].voice for row in rows.tolist()}

    def people(self, rows: Rows) -> int:
        """How many distinct people speak in the rows."""
        return len(self.voices(rows))

    def where(self, row: int) -> str | None:
        """The place of an order, or its area where no place is known."""
        return self.places[row] or self.descriptions[row].area


def build_corpus(descriptions: list[Description], statistics: Statistics, settings: MiningSettings) -> Corpus:
    """The corpus of some orders under frozen statistics."""
    ordered = sorted(descriptions, key=lambda description: (description.content_key, description.order_id))
    places = [statistics.place(description) for description in ordered]
    return Corpus(ordered, places, problem_vectors(ordered, statistics, settings))
