"""Which topic a mention is of, by its vector alone: fitted once, then good for every mention that comes later."""

from __future__ import annotations

import io
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from core.errors import InputError
from nlp.topics.likeness import Floats, unit
from nlp.topics.thresholds import OUTLIERS, RIDGE

Ints = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class TopicRule:
    """Ridge regression onto the topics' indicators, which is a nearest centre in whitened space (Hastie et al. 1994).

    middle [width], weights [width, topics], shares [topics], centres [topics, width] of unit length. How sure a
    mention's topic is: its score there, about 1 in the middle of it, and the cosine to its centre; below `least` it
    is of no topic.
    """

    middle: Floats
    weights: Floats
    shares: Floats
    centres: Floats
    least: float

    @property
    def topics(self) -> int:
        return len(self.shares)

    def assign(self, vectors: Floats) -> tuple[Ints, Floats]:
        """Topic of each row, -1 where it is not sure enough, and how sure. A row's answer is its own."""
        best, certainty = self.best(vectors)
        return np.where(certainty >= self.least, best, -1), certainty

    def best(self, vectors: Floats) -> tuple[Ints, Floats]:
        """The likeliest topic of each row, however unsure, and how sure."""
        if not len(vectors):
            return np.empty(0, np.intp), np.empty(0, np.float32)
        away: Floats = vectors - self.middle
        scores = away @ self.weights + self.shares
        best = scores.argmax(1)
        certainty = scores.max(1) + (unit(away) * self.centres[best]).sum(1)
        return best, np.asarray(certainty, np.float32)

    def to_bytes(self) -> bytes:
        place = io.BytesIO()
        np.savez(
            place,
            middle=self.middle,
            weights=self.weights,
            shares=self.shares,
            centres=self.centres,
            least=np.float64(self.least),
        )
        return place.getvalue()

    @classmethod
    def from_bytes(cls, written: bytes) -> TopicRule:
        """Raises InputError for bytes that are none of `to_bytes`."""
        try:
            with np.load(io.BytesIO(written), allow_pickle=False) as packed:
                arrays = (packed["middle"], packed["weights"], packed["shares"], packed["centres"])
                return cls(*arrays, float(packed["least"]))
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
    centres = unit((wanted.T @ rows).astype(np.float32))
    rule = TopicRule(middle, weights, shares.astype(np.float32), centres, -np.inf)
    _, certainty = rule.best(vectors)
    return replace(rule, least=float(np.quantile(certainty, OUTLIERS)))
