"""Topics of a set of mentions: found by a graph, kept as a rule, named by what people wrote."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components

from core.errors import InputError
from nlp.segment import Segmenter
from nlp.topics.communities import communities, fewest
from nlp.topics.likeness import Floats, points
from nlp.topics.names import Name, names
from nlp.topics.rule import Ints, TopicRule, fit
from nlp.topics.thresholds import FEWEST_MENTIONS, MOST_FITTED, ONE_TOPIC


@dataclass(frozen=True, slots=True)
class Placed:
    """Where mentions belong: `topics` [n] (-1 in none), `scores` [n] how surely."""

    topics: Ints
    scores: Floats

    def ranked(self, topic: int) -> list[int]:
        """The places of a topic's mentions, most typical first."""
        members = np.flatnonzero(self.topics == topic)
        return [int(m) for m in members[np.argsort(-self.scores[members], kind="stable")]]

    def sizes(self, topics: int) -> list[int]:
        return [int(n) for n in np.bincount(self.topics[self.topics >= 0], minlength=topics)]


def discover(texts: Sequence[str], vectors: Floats, segmenter: Segmenter, detail: float = 1.0) -> TopicRule:
    """The rule of the topics that the mentions form; how many is found, not given.

    `vectors` [n, width] of unit length; the same mentions in the same order give the same rule. More than
    MOST_FITTED are sampled evenly. Raises InputError below FEWEST_MENTIONS, or where all are alike.
    """
    if len(texts) < FEWEST_MENTIONS:
        raise InputError(
            f"{len(texts)} mentions are too few to find topics in; {FEWEST_MENTIONS} are needed. "
            "Choose a longer period or a wider query."
        )
    step = max(1, -(-len(texts) // MOST_FITTED))
    fitted: Floats = np.asarray(vectors[::step], np.float32)
    found = communities(points(fitted, [segmenter.words(t) for t in texts[::step]]), detail)
    if found.max() < 0:
        raise InputError(f"the {len(texts)} mentions form no topic: each stands alone. Choose a wider query.")
    return _without_small(fitted, _together(fit(fitted, found), found))


def _together(rule: TopicRule, found: Ints) -> Ints:
    """Communities of one direction as one: their mentions mean the same and only repeat different words."""
    alike = csr_matrix(rule.centres @ rule.centres.T >= ONE_TOPIC)
    return np.where(found >= 0, connected_components(alike)[1][found], -1)


def _without_small(vectors: Floats, found: Ints) -> TopicRule:
    """The rule of those communities that it gives enough mentions: some of a graph are none by their vectors."""
    while True:
        rule = fit(vectors, found)
        placed = place(rule, vectors)
        kept = [k for k, n in enumerate(placed.sizes(rule.topics)) if n >= fewest(len(vectors))]
        if len(kept) == rule.topics or not kept:
            return rule
        number = np.full(rule.topics, -1, np.intp)
        number[kept] = np.arange(len(kept))
        found = np.where(found >= 0, number[found], -1)


def place(rule: TopicRule, vectors: Floats) -> Placed:
    """Where mentions belong by a rule, those it was fitted on and those that came later alike."""
    return Placed(*rule.assign(np.asarray(vectors, np.float32)))


def name(texts: Sequence[str], placed: Placed, topics: int, segmenter: Segmenter) -> list[Name]:
    """A name for each topic from the mentions placed in it."""
    return names(texts, placed.topics.tolist(), topics, segmenter)
