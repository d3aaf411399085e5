"""Topics that keep their name from run to run: which topic of an earlier run a topic of now is."""

from __future__ import annotations

import numpy as np
from scipy.optimize import linear_sum_assignment

from nlp.topics.rule import Ints
from nlp.topics.thresholds import SAME_TOPIC


def linked(now: Ints, then: Ints, topics_now: int, topics_then: int) -> dict[int, int]:
    """Topic of now -> the earlier topic it is, one to one; what is missing is new.

    `now` and `then` place the same mentions by either run, -1 in none. Likeness is the part of their mentions that
    two topics share (Sørensen–Dice); the pairs are those of greatest likeness together (Kuhn 1955).
    """
    both = (now >= 0) & (then >= 0)
    shared = np.zeros((topics_now, topics_then))
    np.add.at(shared, (now[both], then[both]), 1)
    sizes = np.bincount(now[now >= 0], minlength=topics_now)[:, None] + np.bincount(
        then[then >= 0], minlength=topics_then
    )
    likeness = 2 * shared / np.maximum(sizes, 1)
    pairs = zip(*linear_sum_assignment(-likeness), strict=True)
    return {int(a): int(b) for a, b in pairs if likeness[a, b] >= SAME_TOPIC}
