"""Groups of mentions that are more alike to each other than chance: communities of the graph of nearest neighbours."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from nlp.topics.likeness import Floats
from nlp.topics.thresholds import (
    FEWEST_NEIGHBOURS,
    MENTIONS_A_NEIGHBOUR,
    NEIGHBOURS,
    SMALLEST,
    SMALLEST_MENTIONS,
)

Ints = NDArray[np.intp]
_BLOCK = 1000
_LEAST_LIKENESS = 1e-6


def communities(points: Floats, detail: float = 1.0) -> Ints:
    """A number for each row, largest community first; -1 in a community too small to be a topic.

    How many there are is the graph's own: those of greatest modularity (Leiden, Traag et al. 2019) at resolution
    `detail`; 2 finds about twice as many.
    """
    # Loading the library takes most of a second, which no other path should wait for.
    from sknetwork.clustering import Leiden  # type: ignore[import-untyped]

    found: Ints = np.asarray(Leiden(resolution=detail, random_state=0).fit_predict(graph(points)), np.intp)
    sizes = np.bincount(found)
    kept = np.flatnonzero(sizes >= fewest(len(points)))
    order = kept[np.argsort(-sizes[kept], kind="stable")]
    number = np.full(len(sizes), -1, np.intp)
    number[order] = np.arange(len(order))
    return number[found]


def fewest(mentions: int) -> float:
    """The least size of a topic among so many mentions."""
    return max(SMALLEST_MENTIONS, SMALLEST * mentions)


def graph(points: Floats) -> csr_matrix:
    """Each row joined to its nearest ones, by their likeness; symmetric."""
    n = len(points)
    k = min(NEIGHBOURS, max(FEWEST_NEIGHBOURS, n // MENTIONS_A_NEIGHBOUR), n - 1)
    near, likeness = neighbours(points, k)
    edges = csr_matrix((np.maximum(likeness, _LEAST_LIKENESS).ravel(), (np.repeat(np.arange(n), k), near.ravel())))
    return csr_matrix(edges + edges.T)


def neighbours(points: Floats, k: int) -> tuple[Ints, Floats]:
    """The k nearest other rows of each row, in no order, and their likeness: [n, k] each. Exact, block by block."""
    n = len(points)
    near, likeness = np.empty((n, k), np.intp), np.empty((n, k), np.float32)
    for start in range(0, n, _BLOCK):
        stop = min(start + _BLOCK, n)
        block = points[start:stop] @ points.T
        block[np.arange(stop - start), np.arange(start, stop)] = -np.inf
        best = np.argpartition(block, n - k, axis=1)[:, n - k :]
        near[start:stop], likeness[start:stop] = best, np.take_along_axis(block, best, 1)
    return near, likeness
