"""Groups of like rows without chaining: average link on a bounded core, the rest joins the centres."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.cluster.hierarchy import linkage
from scipy.sparse.csgraph import connected_components
from scipy.spatial.distance import squareform

Rows = NDArray[np.int64]
_CHUNK = 20_000
_DECIMALS = 6
_NONE = -1


@dataclass(frozen=True)
class Likeness:
    """How alike rows of one group are: their mean cosine (`cohesion`), two groups' centres that are one (`merging`), and a
    row and the centre of its group (`membership`). At most `block_size` rows are compared with each other."""

    cohesion: float
    merging: float
    membership: float
    block_size: int


def group(vectors: sparse.csr_array, blocks: Sequence[Rows], likeness: Likeness) -> list[list[Rows]]:
    """Groups of like rows inside each block; rows that are near no centre are left out.

    The first `block_size` rows of a block are clustered and clusters with like centres made one; then every row joins its
    nearest centre, so a row that was clustered with others may move once. A block's rows come in the order of their contents,
    hence no row order changes the sample. Blocks are worked on many at a time, which changes nothing in any of them.
    """
    return [groups for batch in _batches(blocks) for groups in _group(vectors, batch, likeness)]


def _batches(blocks: Sequence[Rows]) -> Iterator[list[Rows]]:
    """The blocks in turn, as many together as have about `_CHUNK` rows."""
    batch: list[Rows] = []
    held = 0
    for block in blocks:
        batch.append(block)
        held += len(block)
        if held >= _CHUNK:
            yield batch
            batch, held = [], 0
    if batch:
        yield batch


def _group(vectors: sparse.csr_array, blocks: list[Rows], likeness: Likeness) -> list[list[Rows]]:
    sizes = np.array([len(block) for block in blocks])
    owner = np.repeat(np.arange(len(blocks)), sizes)
    is_compared = np.arange(len(owner)) - np.repeat(np.cumsum(sizes) - sizes, sizes) < likeness.block_size
    apart = _apart(vectors, np.concatenate(blocks), owner)
    groups = _nearest_of(apart @ _matters(apart[is_compared], owner[is_compared], likeness).T, likeness.membership)
    rows = np.concatenate(blocks)
    found: list[list[Rows]] = [[] for _ in blocks]
    for members in _members(groups):
        found[owner[members[0]]].append(rows[members])
    return found


def _matters(vectors: sparse.csr_array, owner: Rows, likeness: Likeness) -> sparse.csr_array:
    """Centres of the clusters of more than one row inside each block, those that are alike made one."""
    clusters = _link(vectors @ vectors.T, owner, likeness.cohesion)
    sizes = np.bincount(clusters)
    clusters = np.where(sizes > 1, np.cumsum(sizes > 1) - 1, _NONE)[clusters]
    block_of = owner[np.unique(clusters, return_index=True)[1]]
    block_of = block_of[1:] if _NONE in clusters else block_of
    centres = _centres(vectors, clusters, len(block_of))
    merged = np.append(_link(centres @ centres.T, block_of, likeness.merging), _NONE)
    return _centres(vectors, merged[clusters], int(merged.max()) + 1)


def _apart(vectors: sparse.csr_array, rows: Rows, owner: Rows) -> sparse.csr_array:
    """The rows, the words of each block in columns of their own, so that no product of rows of two blocks is other than 0."""
    picked = vectors[rows]
    words = np.repeat(owner, np.diff(picked.indptr)) * vectors.shape[1] + picked.indices
    columns, indices = np.unique(words, return_inverse=True)
    return sparse.csr_array((picked.data, indices, picked.indptr), shape=(len(rows), len(columns)))


def _link(cosines: sparse.csr_array, owner: Rows, cohesion: float) -> Rows:
    """Average link inside each block: the cluster of each row, numbered by block, then the largest first, then by first row.

    `owner` is the block of each row, rising. Rows of one cluster have a mean cosine of at least `cohesion`. Exact and
    deterministic: equal distances are decided by the order of the rows.
    """
    ends = np.concatenate([[0], np.flatnonzero(np.diff(owner)) + 1, [len(owner)]])
    joined = [_joined(cosines, start, end, 1.0 - cohesion) for start, end in pairwise(ends.tolist()) if end > start + 1]
    edges = np.concatenate(joined, axis=1) if joined else np.empty((2, 0), dtype=np.int64)
    shape = (len(owner), len(owner))
    _, labels = connected_components(
        sparse.coo_array((np.ones(edges.shape[1]), tuple(edges)), shape=shape), directed=False
    )
    _, first, label, sizes = np.unique(labels, return_index=True, return_inverse=True, return_counts=True)
    number = np.empty(len(first), dtype=np.int64)
    number[np.lexsort((first, -sizes, owner[first]))] = np.arange(len(first))
    return number[label]


def _joined(cosines: sparse.csr_array, start: int, end: int, farthest: float) -> Rows:
    """Pairs of rows that average link joins within a distance in the block of rows from start to end, shape (2, joins)."""
    count, held = end - start, slice(cosines.indptr[start], cosines.indptr[end])
    distance = np.ones((count, count), dtype=cosines.dtype)
    row = np.repeat(np.arange(count), np.diff(cosines.indptr[start : end + 1]))
    distance[row, cosines.indices[held] - start] = np.clip(1.0 - cosines.data[held], 0.0, 1.0).round(_DECIMALS)
    tree = linkage(squareform(distance, checks=False), "average")
    joins = tree[tree[:, 2] <= farthest, :2].astype(np.int64)
    of_join = np.arange(2 * count)  # a row that stands for each cluster of the tree
    for number, (a, _) in enumerate(joins.tolist()):
        of_join[count + number] = of_join[a]
    pairs: Rows = of_join[joins.T] + start
    return pairs


def _members(clusters: Rows) -> list[Rows]:
    """The rows of each cluster that has any, rising, by the clusters' numbers; those of `_NONE` are in none."""
    order = np.argsort(clusters, kind="stable")[np.count_nonzero(clusters == _NONE) :]
    return np.split(order, np.flatnonzero(np.diff(clusters[order])) + 1) if len(order) else []


def _nearest_of(cosines: sparse.csr_array, least: float) -> Rows:
    """For each row the column of its greatest cosine, the first of equals; `_NONE` where that is less than `least` (> 0)."""
    found = np.full(cosines.shape[0], _NONE, dtype=np.int64)
    told = np.flatnonzero(np.diff(cosines.indptr))
    if len(told):
        data, starts = cosines.data.round(_DECIMALS), cosines.indptr[told]
        greatest = np.maximum.reduceat(data, starts)
        is_greatest = data == np.repeat(greatest, np.diff(cosines.indptr)[told])
        first = np.minimum.reduceat(np.where(is_greatest, cosines.indices, cosines.shape[1]), starts)
        found[told] = np.where(greatest >= least, first, _NONE)
    return found


def average_link(vectors: sparse.csr_array, rows: Rows, cohesion: float) -> list[Rows]:
    """Clusters of the rows whose mean pairwise cosine is at least `cohesion`, largest first, then by first row.

    Average link needs every pair (quadratic in the rows), so callers bound their number.
    """
    block = vectors[rows]
    clusters = _link(block @ block.T, np.zeros(len(rows), dtype=np.int64), cohesion)
    return [rows[cluster] for cluster in _members(clusters)]


def _centres(vectors: sparse.csr_array, clusters: Rows, count: int) -> sparse.csr_array:
    """Unit centres of the clusters, shape (count, words); `clusters` has the number of each row's, or `_NONE`."""
    rows = np.flatnonzero(clusters != _NONE)
    owner = sparse.csr_array((np.ones(len(rows)), (clusters[rows], rows)), shape=(count, len(clusters)))
    total = (owner @ vectors).tocsr()
    norms = np.sqrt(np.asarray(total.multiply(total).sum(axis=1)).ravel())
    scale = np.divide(1.0, norms, out=np.zeros_like(norms), where=norms > 0)
    return sparse.csr_array(sparse.diags_array(scale) @ total)


def stack_centres(vectors: sparse.csr_array, clusters: Sequence[Rows]) -> sparse.csr_array:
    """Unit centres of the clusters, shape (clusters, words); sparse, so many centres cost no more than their words."""
    if not clusters:
        return vectors[:0]
    number = np.repeat(np.arange(len(clusters)), [len(cluster) for cluster in clusters])
    return _centres(vectors[np.concatenate(clusters)], number, len(clusters))


def own_cosines(vectors: sparse.csr_array, clusters: list[Rows]) -> list[NDArray[np.float64]]:
    """For each cluster the cosine of each of its rows to its centre, rounded. One pass over the rows of all."""
    if not clusters:
        return []
    sizes = [len(cluster) for cluster in clusters]
    centres = stack_centres(vectors, clusters)
    found: list[NDArray[np.float64]] = []
    step, rows = 2000, np.concatenate(clusters)
    starts = np.concatenate([[0], np.cumsum(sizes)])
    for first in range(0, len(clusters), step):
        last = min(first + step, len(clusters))
        owner = np.repeat(np.arange(first, last), sizes[first:last])
        products = vectors[rows[starts[first] : starts[last]]].multiply(centres[owner])
        cosines = np.asarray(products.sum(axis=1)).ravel().round(_DECIMALS)
        found += np.split(cosines, np.cumsum(sizes[first:last])[:-1])
    return found


def nearest(vectors: sparse.csr_array, rows: Rows, centres: sparse.csr_array) -> tuple[Rows, NDArray[np.float64]]:
    """For each row the nearest centre and the cosine to it; the first of equals. Linear in the rows."""
    best = np.zeros(len(rows), dtype=np.int64)
    cosine = np.zeros(len(rows))
    if not centres.shape[0]:
        return best, cosine
    step = max(1, _CHUNK * 100 // max(100, centres.shape[0]))
    for start in range(0, len(rows), step):
        product = (vectors[rows[start : start + step]] @ centres.T).toarray()
        best[start : start + step] = product.argmax(axis=1)
        cosine[start : start + step] = product.max(axis=1)
    return best, cosine


def merge_by_centres(vectors: sparse.csr_array, clusters: list[Rows], merging: float) -> list[Rows]:
    """The clusters, those of which the centres are alike made one; each cluster's rows are sorted."""
    numbers = np.arange(len(clusters), dtype=np.int64)
    groups = average_link(stack_centres(vectors, clusters), numbers, merging)
    return [np.unique(np.concatenate([clusters[number] for number in sorted(group.tolist())])) for group in groups]
