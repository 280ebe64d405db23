"""共性问题: one problem in many places, found inside blocks of orders that share a key word."""

from collections import defaultdict

import numpy as np
from scipy import sparse

from hotline12345.models.recurring.corpus import Corpus, Rows
from hotline12345.models.recurring.grouping import average_link, nearest, stack_centres
from hotline12345.models.recurring.settings import MiningSettings


def find_themes(corpus: Corpus, settings: MiningSettings) -> list[Rows]:
    """Rows of each theme.

    Cores are clustered in each key word's block (bounded), cores of one theme met in several blocks are merged by their
    centres, then every order joins the nearest theme. Cost: linear in the orders, times the number of themes.
    """
    blocks = _keyword_blocks(corpus.vectors, settings)
    cores = sorted((core for block in blocks for core in _cores(corpus, block, settings)), key=_largest_first)
    cores = cores[: settings.max_theme_cores]
    if not cores:
        return []
    centres = stack_centres(corpus.vectors, cores)
    merged = _merge(centres, cores, settings)
    everyone = np.arange(corpus.vectors.shape[0], dtype=np.int64)
    best, cosine = nearest(corpus.vectors, everyone, stack_centres(corpus.vectors, merged))
    themes = [everyone[(best == number) & (cosine >= settings.theme_membership)] for number in range(len(merged))]
    return [theme for theme in themes if _is_theme(corpus, theme, settings)]


def _keyword_blocks(vectors: sparse.csr_array, settings: MiningSettings) -> list[Rows]:
    """For each word the orders in which it is among the heaviest, at most `block_size` of them."""
    blocks: dict[int, list[int]] = defaultdict(list)
    for row in range(vectors.shape[0]):
        start, end = vectors.indptr[row], vectors.indptr[row + 1]
        heaviest = np.argsort(-vectors.data[start:end], kind="stable")[: settings.keywords_per_order]
        for column in vectors.indices[start:end][heaviest].tolist():
            block = blocks[column]
            if len(block) < settings.block_size:
                block.append(row)
    return [np.array(blocks[column], dtype=np.int64) for column in sorted(blocks)]


def _cores(corpus: Corpus, block: Rows, settings: MiningSettings) -> list[Rows]:
    if len(block) < settings.min_theme_people or corpus.people(block) < settings.min_theme_people:
        return []
    clusters = average_link(corpus.vectors, block, settings.theme_cohesion)
    return [cluster for cluster in clusters if corpus.people(cluster) >= settings.min_theme_people]


def _merge(centres: sparse.csr_array, cores: list[Rows], settings: MiningSettings) -> list[Rows]:
    numbers = np.arange(len(cores), dtype=np.int64)
    groups = average_link(centres, numbers, settings.theme_merging)
    return [np.unique(np.concatenate([cores[number] for number in sorted(group.tolist())])) for group in groups]


def _is_theme(corpus: Corpus, rows: Rows, settings: MiningSettings) -> bool:
    """Enough people, not mostly in one place, and enough places - where places are known for at least half of them."""
    people = corpus.people(rows)
    voices: dict[str, set[str]] = defaultdict(set)
    for row in rows.tolist():
        where = corpus.where(row)
        if where:
            voices[where].add(corpus.descriptions[row].voice)
    largest = max(map(len, voices.values()), default=0)
    placed = len(set().union(*voices.values()))
    if people < settings.min_theme_people or largest > settings.max_place_share * people:
        return False
    return len(voices) >= settings.min_theme_places or 2 * placed < people


def _largest_first(core: Rows) -> tuple[int, list[int]]:
    return -len(core), core.tolist()
