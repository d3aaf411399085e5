"""Which topic a mention is of, by its vector alone: fitted once, then good for every mention that comes later."""

from __future__ import annotations

import io
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from core.errors import InputError
from nlp.topics.likeness import Floats
from nlp.topics.thresholds import OUTLIERS, RIDGE

Ints = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class TopicRule:
    """Ridge regression onto the topics' indicators, which is a nearest centre in whitened space (Hastie et al. 1994).

    middle [width], weights [width, topics], shares [topics]; below `least` a mention is of no topic.
    """

    middle: Floats
    weights: Floats
    shares: Floats
    least: float

    @property
    def topics(self) -> int:
        return len(self.shares)

    def scores(self, vectors: Floats) -> Floats:
        """[n, topics], about 1 where sure."""
        found: Floats = np.asarray((vectors - self.middle) @ self.weights + self.shares, np.float32)
        return found

    def assign(self, vectors: Floats) -> tuple[Ints, Floats]:
        """Topic of each row, -1 where none is sure enough, and the score of its best. A row's answer is its own."""
        if not len(vectors):
            return np.empty(0, np.intp), np.empty(0, np.float32)
        scores = self.scores(vectors)
        best, height = scores.argmax(1), scores.max(1)
        return np.where(height >= self.least, best, -1), height

    def to_bytes(self) -> bytes:
        place = io.BytesIO()
        np.savez(place, middle=self.middle, weights=self.weights, shares=self.shares, least=np.float64(self.least))
        return place.getvalue()

    @classmethod
    def from_bytes(cls, written: bytes) -> TopicRule:
        """Raises InputError for bytes that are none of `to_bytes`."""
        try:
            with np.load(io.BytesIO(written), allow_pickle=False) as packed:
                return cls(packed["middle"], packed["weights"], packed["shares"], float(packed["least"]))
        except (OSError, ValueError, KeyError, EOFError) as error:
            raise InputError(f"the stored rule of a topic run cannot be read ({error}); discover anew.") from error


def fit(vectors: Floats, found: Ints) -> TopicRule:
    """The rule that tells the communities apart; rows of -1 teach it nothing."""
    taught = found >= 0
    topics = int(found.max()) + 1
    middle: Floats = vectors.mean(0)
    rows = (vectors[taught] - middle).astype(np.float64)
    wanted = np.eye(topics)[found[taught]]
    shares = wanted.mean(0)
    inner = rows.T @ rows + RIDGE * np.eye(rows.shape[1])
    weights = np.linalg.solve(inner, rows.T @ (wanted - shares)).astype(np.float32)
    rule = TopicRule(middle, weights, shares.astype(np.float32), -np.inf)
    _, heights = rule.assign(vectors)
    return TopicRule(rule.middle, rule.weights, rule.shares, float(np.quantile(heights, OUTLIERS)))
