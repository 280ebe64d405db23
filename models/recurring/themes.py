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
    """Number and rows of each theme of the statistics that is one in these orders. A few group-bys over the orders.

    It is one where enough people speak beside those of the largest place, which holds not nearly all of them, and in
    enough places - where places are known for at least half of the people.
    """
    told = pl.DataFrame(
        {
            "theme": links.themes,
            "row": np.arange(len(links), dtype=np.int64),
            "voice": links.voices,
            "where": pl.Series([links.where(row) for row in range(len(links))], dtype=pl.String),
        }
    ).filter(pl.col("theme") != NO_THEME)
    people = pl.col("voice").n_unique()
    placed = told.drop_nulls("where")
    places = (
        placed.group_by("theme", "where")
        .agg(largest=people)
        .group_by("theme")
        .agg(pl.col("largest").max(), places=pl.len())
    )
    known = placed.group_by("theme").agg(placed=people)
    counted = (
        told.group_by("theme")
        .agg(people=people)
        .join(places, on="theme", how="left")
        .join(known, on="theme", how="left")
    )
    largest, spread = pl.col("largest").fill_null(0), pl.col("places").fill_null(0)
    is_theme = (
        (pl.col("people") - largest >= settings.min_theme_people)
        & (largest <= settings.max_place_share * pl.col("people"))
        & ((spread >= settings.min_theme_places) | (2 * pl.col("placed").fill_null(0) < pl.col("people")))
    )
    themes = told.join(counted.filter(is_theme), on="theme", how="semi").group_by("theme").agg(pl.col("row").sort())
    return [(theme, np.array(rows, dtype=np.int64)) for theme, rows in themes.sort("theme").iter_rows()]


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
