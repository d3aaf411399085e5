"""Random draws that a world needs, from one seeded generator; the same on every machine."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Sequence
from itertools import accumulate
from math import exp, sqrt
from random import Random
from typing import Generic, TypeVar

T = TypeVar("T")


class Weighted(Generic[T]):
    """Draws from weighted choices in logarithmic time."""

    def __init__(self, choices: Sequence[T], weights: Sequence[float]) -> None:
        total = sum(weights)
        self.choices = choices
        self.bounds = list(accumulate(w / total for w in weights))[:-1]

    def at(self, u: float) -> T:
        """The choice at u, uniform in [0, 1)."""
        return self.choices[bisect(self.bounds, u)]


def poisson(mean: float, random: Random) -> int:
    """A Poisson count; above 30 by the normal approximation, rounded and never negative."""
    if mean > 30:
        return max(0, round(mean + sqrt(mean) * random.gauss(0, 1)))
    limit, product, count = exp(-mean), random.random(), 0
    while product > limit:
        product *= random.random()
        count += 1
    return count


def gamma_factor(random: Random, shape: float) -> float:
    """A positive factor of mean 1 and variance 1/shape: what makes counts vary more than Poisson's."""
    return random.gammavariate(shape, 1 / shape)
