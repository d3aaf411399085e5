"""Mentions as points: their vectors beside their words, so that likeness is one product of two rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix

from nlp.topics.thresholds import COMMON, WORD_DIMENSIONS, WORDS

Floats = NDArray[np.float32]
_SEED = 7


def points(vectors: Floats, words: Sequence[Sequence[str]]) -> Floats:
    """[n, width + WORD_DIMENSIONS], rows of unit length where there are words; the product of two rows is likeness.

    Vectors are taken from their mean, without which every two mentions of one business are alike.
    """
    seen = unit(vectors - vectors.mean(0))
    said = unit(projected(words))
    return np.hstack([np.float32((1 - WORDS) ** 0.5) * seen, np.float32(WORDS**0.5) * said])


def unit(rows: Floats) -> Floats:
    """Rows brought to length 1; rows of zeros stay."""
    lengths = np.linalg.norm(rows, axis=1, keepdims=True)
    out: Floats = (rows / np.maximum(lengths, 1e-9)).astype(np.float32)
    return out


def projected(words: Sequence[Sequence[str]]) -> Floats:
    """tf-idf of the words by random projection (Johnson and Lindenstrauss 1984): products are kept up to noise."""
    table, vocabulary = weighted(words)
    if not vocabulary:
        return np.zeros((len(words), WORD_DIMENSIONS), np.float32)
    directions = np.random.default_rng(_SEED).standard_normal((len(vocabulary), WORD_DIMENSIONS), np.float32)
    found: Floats = np.asarray(table @ directions, np.float32)
    return found


def weighted(words: Sequence[Sequence[str]]) -> tuple[csr_matrix, list[str]]:
    """Sublinear tf-idf, rows of unit length, over words that at least two mentions and at most COMMON of them say."""
    said = [Counter(w) for w in words]
    spread = Counter(word for counts in said for word in counts)
    most = max(COMMON * len(words), 2)
    vocabulary = sorted(w for w, n in spread.items() if 2 <= n <= most and any(c.isalnum() for c in w))
    place = {word: k for k, word in enumerate(vocabulary)}
    rare = {w: np.log((1 + len(words)) / (1 + spread[w])) + 1 for w in vocabulary}
    cells = [(row, w, n) for row, counts in enumerate(said) for w, n in counts.items() if w in place]
    rows = [row for row, _, _ in cells]
    weights = np.array([(1 + np.log(n)) * rare[w] for _, w, n in cells], np.float32)
    lengths = np.sqrt(np.bincount(rows, weights**2, len(words))) if cells else np.ones(len(words))
    weights /= lengths[rows].astype(np.float32)
    columns = [place[w] for _, w, _ in cells]
    return csr_matrix((weights, (rows, columns)), (len(words), len(vocabulary)), np.float32), vocabulary
