"""Fitting the frozen statistics to a corpus: names of places, weights of words, then centres of themes."""

from collections.abc import Sequence
from dataclasses import replace

from scipy import sparse

from hotline12345.models.recurring.describe import Description
from hotline12345.models.recurring.gazetteer import learn_places
from hotline12345.models.recurring.links import link
from hotline12345.models.recurring.same_places import told_of_one_matter
from hotline12345.models.recurring.settings import MiningSettings
from hotline12345.models.recurring.statistics import Statistics, word_weights
from hotline12345.models.recurring.themes import find_themes


def fit_statistics(descriptions: Sequence[Description], settings: MiningSettings) -> Statistics:
    """Statistics of a corpus; the rows' order changes nothing. Above `sample_size` orders those of the lowest digests."""
    ordered = sorted(descriptions, key=lambda description: (description.digest, description.order_id))
    sample = ordered[: settings.sample_size]
    plain = Statistics(len(sample), word_weights(sample, settings), learn_places(sample, settings))
    cells = frozenset(description.place for description in sample if description.place)
    same = told_of_one_matter(link(sample, plain, settings), cells, settings)
    placed = replace(plain, gazetteer=plain.gazetteer.joined(same))
    centres = find_themes(link(sample, placed, settings), settings)
    return replace(placed, themes=_maps(centres, placed.words, settings.theme_size))


def _maps(centres: sparse.csr_array, words: list[str], most: int) -> tuple[dict[str, float], ...]:
    """Each centre as a map of its heaviest words to weights of unit length, rounded so that the text form loses nothing."""
    found = []
    for start, end in zip(centres.indptr[:-1], centres.indptr[1:], strict=True):
        weighted = zip(centres.data[start:end].tolist(), centres.indices[start:end].tolist(), strict=True)
        heaviest = sorted(weighted, key=lambda pair: (-pair[0], pair[1]))[:most]
        norm = sum(weight * weight for weight, _ in heaviest) ** 0.5
        found.append({words[column]: round(weight / norm, 6) for weight, column in heaviest})
    return tuple(found)
