"""Why net sentiment changed: each attribute's part of the change, adding up to it exactly."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from core.tree import SEPARATOR, Node
from index.figures import FEW, FEWEST, Counts, Figure, population
from index.figures import parts as parts_of
from index.rates import EMPTY, net_of_all, polarity_counts

_ALL_KEYS = 100_000
_SIGN = {"positive": 1, "negative": -1}


@dataclass(frozen=True, slots=True)
class Bar:
    """What one attribute adds to (P − N)/n from one period to the other; "" is mentions without any attribute."""

    attribute: str
    before: float
    after: float
    change: float


@dataclass(frozen=True, slots=True)
class Waterfall:
    """(P − N)/n of two periods, and the bars between. `exact` is the sum of the bars as a fraction, = the change."""

    before: Figure
    after: Figure
    bars: tuple[Bar, ...]
    exact: Fraction
    reason: str = ""


def waterfall(index: Counts, before: Node, after: Node) -> Waterfall:
    """The change of (P − N)/n from the mentions of one query to those of another, by attribute, largest first.

    A mention's weight is split evenly over the attributes of its opinions.
    """
    old, new = population(before), population(after)
    (first, left), (second, right) = _parts(index, old), _parts(index, new)
    if first.value is None or second.value is None:
        return Waterfall(first, second, (), Fraction(0), EMPTY)
    bars = []
    for attribute in {*left, *right}:
        low, high = left.get(attribute, Fraction(0)), right.get(attribute, Fraction(0))
        bars.append(Bar(attribute, float(low), float(high), float(high - low)))
    bars.sort(key=lambda bar: (-abs(bar.change), bar.attribute))
    exact = sum(right.values(), Fraction(0)) - sum(left.values(), Fraction(0))
    return Waterfall(first, second, tuple(bars), exact, FEW if min(first.n, second.n) < FEWEST else "")


def _parts(index: Counts, asked: Node) -> tuple[Figure, dict[str, Fraction]]:
    """(P − N)/n, and what each attribute adds to it."""
    counts = polarity_counts(index, asked)
    n = sum(counts.values())
    figure = net_of_all(counts["positive"], counts["negative"], n, asked)
    parts: dict[str, Fraction] = {}
    for facet in parts_of(index, asked).facets(asked, "carried", _ALL_KEYS):
        attribute, split, polarity = facet.key.split(SEPARATOR)
        weight = Fraction(_SIGN[polarity] * facet.count, int(split) * n)
        parts[attribute] = parts.get(attribute, Fraction(0)) + weight
    return figure, parts
