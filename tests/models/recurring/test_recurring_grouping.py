"""Groups against scipy's own flat clusters, and blocks together against each alone."""

import numpy as np
import pytest
from scipy import sparse
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial.distance import squareform

from hotline12345.models.recurring.grouping import Likeness, average_link, group

WORDS = 12
LIKENESS = Likeness(cohesion=0.3, merging=0.6, membership=0.4, block_size=25)


def unit_rows(seed: int, rows: int) -> sparse.csr_array:
    """Rows of three of few words and few weights, so that many distances are equal; every tenth row is empty."""
    random = np.random.default_rng(seed)
    dense = np.zeros((rows, WORDS), dtype=np.float32)
    for row in range(rows):
        if row % 10:
            dense[row, random.choice(WORDS, 3, replace=False)] = random.choice([1.0, 2.0], 3)
    norms = np.linalg.norm(dense, axis=1, keepdims=True)
    return sparse.csr_array(np.divide(dense, norms, out=dense, where=norms > 0))


@pytest.mark.parametrize("seed", range(20))
@pytest.mark.parametrize("cohesion", [0.1, 0.3, 0.7, 1.0])
def test_average_link_gives_the_flat_clusters_of_scipy(seed, cohesion):
    vectors = unit_rows(seed, 40)
    cosines = (vectors @ vectors.T).toarray()
    distance = np.clip(1.0 - cosines, 0.0, 1.0).round(6)
    labels = fcluster(linkage(squareform(distance, checks=False), "average"), 1.0 - cohesion, "distance")
    expected = sorted(
        (np.flatnonzero(labels == label).tolist() for label in set(labels)), key=lambda rows: (-len(rows), rows[0])
    )
    assert [rows.tolist() for rows in average_link(vectors, np.arange(40), cohesion)] == expected


@pytest.mark.parametrize("seed", range(20))
def test_blocks_together_are_grouped_as_each_alone(seed):
    vectors = unit_rows(seed, 120)
    mixed = np.random.default_rng(seed).permutation(120)
    blocks = [np.sort(block) for block in np.split(mixed, [0, 1, 3, 30, 90])]
    together = [[rows.tolist() for rows in groups] for groups in group(vectors, blocks, LIKENESS)]
    assert together == [[rows.tolist() for rows in group(vectors, [block], LIKENESS)[0]] for block in blocks]
    assert any(together)
    for block, groups in zip(blocks, together, strict=True):
        assert {row for rows in groups for row in rows} <= set(block.tolist())


def test_rows_without_words_or_likeness_are_in_no_group():
    assert group(unit_rows(0, 11), [np.array([0, 10]), np.array([], dtype=np.int64)], LIKENESS) == [[], []]
    assert group(unit_rows(0, 11), [], LIKENESS) == []
    assert average_link(unit_rows(0, 11), np.array([], dtype=np.int64), 0.5) == []
