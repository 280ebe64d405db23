"""Groups of like rows without chaining: average link on a bounded core, the rest joins the centres."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.spatial.distance import squareform

Rows = NDArray[np.int64]
Floats = NDArray[np.float64] | NDArray[np.float32]
_CHUNK = 20_000
_DECIMALS = 6


def average_link(vectors: sparse.csr_array, rows: Rows, cohesion: float) -> list[Rows]:
    """Clusters of the rows whose mean pairwise cosine is at least `cohesion`, largest first, then by first row.

    Average link needs every pair (quadratic in the rows), so callers bound their number. Exact and deterministic: equal
    distances are decided by the order of `rows`, which callers take from the contents of the orders.
    """
    block = vectors[rows]
    return [rows[cluster] for cluster in _linked((block @ block.T).toarray(), cohesion)]


def _linked(cosines: Floats, cohesion: float) -> list[Rows]:
    """Average link over a matrix of cosines; the clusters as positions, largest first, then by first position."""
    count = len(cosines)
    if count < 2:
        return [np.arange(count, dtype=np.int64)] if count else []
    distance = np.clip(1.0 - cosines, 0.0, 1.0).round(_DECIMALS)
    np.fill_diagonal(distance, 0.0)
    tree = linkage(squareform(distance, checks=False), "average")
    labels = fcluster(tree, 1.0 - cohesion, "distance")
    order = np.argsort(labels, kind="stable")
    clusters = np.split(order, np.flatnonzero(np.diff(labels[order])) + 1)
    return sorted(clusters, key=lambda cluster: (-len(cluster), int(cluster[0])))


def _centres(block: sparse.csr_array, clusters: list[Rows]) -> sparse.csr_array:
    """Unit centres of some rows, shape (clusters, words)."""
    sizes = [len(cluster) for cluster in clusters]
    ends = np.concatenate([[0], np.cumsum(sizes)])
    ones = np.ones(ends[-1], dtype=block.dtype)
    total = sparse.csr_array((ones, np.concatenate(clusters), ends), shape=(len(clusters), block.shape[0])) @ block
    norms = np.sqrt(np.add.reduceat(total.data**2, total.indptr[:-1])) if total.nnz else np.ones(len(clusters))
    total.data /= np.repeat(norms, np.diff(total.indptr))
    return total


def stack_centres(vectors: sparse.csr_array, clusters: list[Rows]) -> sparse.csr_array:
    """Unit centres of the clusters, shape (clusters, words); sparse, so many centres cost no more than their words."""
    sizes = [len(cluster) for cluster in clusters]
    picked = vectors[np.concatenate(clusters)] if clusters else vectors[:0]
    owner = sparse.csr_array(
        (np.ones(sum(sizes)), (np.repeat(np.arange(len(sizes)), sizes), np.arange(sum(sizes)))),
        shape=(len(sizes), sum(sizes)),
    )
    total = (owner @ picked).tocsr()
    norms = np.sqrt(np.asarray(total.multiply(total).sum(axis=1)).ravel())
    scale = np.divide(1.0, norms, out=np.zeros_like(norms), where=norms > 0)
    return sparse.csr_array(sparse.diags_array(scale) @ total)


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


@dataclass(frozen=True)
class Likeness:
    """How alike rows of one group are: their mean cosine (`cohesion`), two groups' centres that are one (`merging`), and a
    row and the centre of its group (`membership`). At most `block_size` rows are compared with each other."""

    cohesion: float
    merging: float
    membership: float
    block_size: int


def group(vectors: sparse.csr_array, rows: Rows, likeness: Likeness) -> list[Rows]:
    """Groups of like rows; rows that are near no centre are left out.

    The first `block_size` rows are clustered and clusters with like centres made one; then every row joins its nearest
    centre, so a row that was clustered with others may move once. `rows` come in the order of their contents, hence no row
    order changes the sample.
    """
    block = vectors[rows]
    compared = block[: likeness.block_size] if len(rows) > likeness.block_size else block
    found = _linked((compared @ compared.T).toarray(), likeness.cohesion)
    clusters = [cluster for cluster in found if len(cluster) > 1]
    if not clusters:
        return []
    centres = _centres(compared, clusters)
    merged = [
        np.sort(np.concatenate([clusters[number] for number in like]))
        for like in _linked((centres @ centres.T).toarray(), likeness.merging)
    ]
    cosines = (block @ _centres(compared, merged).T).toarray().round(_DECIMALS)
    best = cosines.argmax(axis=1)
    is_near = cosines[np.arange(len(rows)), best] >= likeness.membership
    return [rows[(best == number) & is_near] for number in range(len(merged))]


def merge_by_centres(vectors: sparse.csr_array, clusters: list[Rows], merging: float) -> list[Rows]:
    """The clusters, those of which the centres are alike made one; each cluster's rows are sorted."""
    numbers = np.arange(len(clusters), dtype=np.int64)
    groups = average_link(stack_centres(vectors, clusters), numbers, merging)
    return [np.unique(np.concatenate([clusters[number] for number in sorted(group.tolist())])) for group in groups]
