"""共性问题: one problem in many places, found inside blocks of orders that share a key word."""

from collections import defaultdict

import numpy as np
import polars as pl
from scipy import sparse

from hotline12345.models.recurring.grouping import Rows, average_link, merge_by_centres, stack_centres
from hotline12345.models.recurring.links import NO_THEME, Links
from hotline12345.models.recurring.settings import MiningSettings


def find_themes(links: Links, settings: MiningSettings) -> sparse.csr_array:
    """Centres of the themes of a corpus, shape (themes, words), those of the largest cores first.

    Cores are clustered in each key word's block (bounded), cores of one theme met in several blocks are merged by their
    centres. Cost: linear in the orders; quadratic in the bounded blocks and in at most `max_theme_cores` cores.
    """
    blocks = _keyword_blocks(links.vectors, settings)
    cores = sorted((core for block in blocks for core in _cores(links, block, settings)), key=_largest_first)
    cores = cores[: settings.max_theme_cores]
    if not cores:
        return links.vectors[:0]
    return stack_centres(links.vectors, merge_by_centres(links.vectors, cores, settings.theme_likeness.merging))


def theme_rows(links: Links, settings: MiningSettings) -> list[tuple[int, Rows]]:
    """Number and rows of each theme of the statistics that is one in these orders, by number."""
    if not len(links):
        return []
    where = [links.where(row) for row in range(len(links))]
    told = pl.DataFrame({"theme": links.themes, "voice": links.voices, "where": pl.Series(where, dtype=pl.String)})
    order = np.argsort(links.themes, kind="stable")
    numbers, starts = np.unique(links.themes[order], return_index=True)
    rows = dict(zip(numbers.tolist(), np.split(order, starts[1:]), strict=True))
    return [(theme, rows[theme]) for theme in standing_themes(told, settings)]


def standing_themes(told: pl.DataFrame, settings: MiningSettings) -> list[int]:
    """The numbers of the themes that are one in these orders, rising. A few group-bys.

    It is one where enough people speak beside those of the largest place, which holds not nearly all of them, and in
    enough places - where places are known for at least half of the people. `told`: a row an order: theme, voice, where
    (place or else area, null where unknown); the last two as texts or as numbers that stand for them.
    """
    speakers = told.filter(pl.col("theme") != NO_THEME).select("theme", "voice", "where").unique()
    placed = speakers.drop_nulls("where")
    places = (
        placed.group_by("theme", "where")
        .agg(people=pl.len())
        .group_by("theme")
        .agg(largest=pl.col("people").max(), places=pl.len())
    )
    counted = (
        _people(speakers)
        .join(places, on="theme", how="left")
        .join(_people(placed).rename({"people": "placed"}), on="theme", how="left")
        .with_columns(pl.col("largest", "places", "placed").fill_null(0))
    )
    is_theme = (
        (pl.col("people") - pl.col("largest") >= settings.min_theme_people)
        & (pl.col("largest") <= settings.max_place_share * pl.col("people"))
        & ((pl.col("places") >= settings.min_theme_places) | (2 * pl.col("placed") < pl.col("people")))
    )
    return counted.filter(is_theme)["theme"].sort().to_list()


def _people(speakers: pl.DataFrame) -> pl.DataFrame:
    """Grain theme: the distinct people."""
    return speakers.group_by("theme").agg(people=pl.col("voice").n_unique())


def _keyword_blocks(vectors: sparse.csr_array, settings: MiningSettings) -> list[Rows]:
    """For each word the orders in which it is among the heaviest, at most `block_size` of them."""
    blocks: dict[int, list[int]] = defaultdict(list)
    for row in range(vectors.shape[0]):
        start, end = vectors.indptr[row], vectors.indptr[row + 1]
        heaviest = np.argsort(-vectors.data[start:end], kind="stable")[: settings.keywords_per_order]
        for column in vectors.indices[start:end][heaviest].tolist():
            block = blocks[column]
            if len(block) < settings.theme_likeness.block_size:
                block.append(row)
    return [np.array(blocks[column], dtype=np.int64) for column in sorted(blocks)]


def _cores(links: Links, block: Rows, settings: MiningSettings) -> list[Rows]:
    if len(block) < settings.min_theme_people or links.people(block) < settings.min_theme_people:
        return []
    clusters = average_link(links.vectors, block, settings.theme_likeness.cohesion)
    return [cluster for cluster in clusters if links.people(cluster) >= settings.min_theme_people]


def _largest_first(core: Rows) -> tuple[int, list[int]]:
    return -len(core), core.tolist()
