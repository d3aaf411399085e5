"""The difference of two brands' complaint rates among mentions that are alike: same source, kind and week."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from core.models import KINDS
from core.tree import Node, Not, Range, SameOpinion, Term, both
from index.attributes import about
from index.figures import FEW, FEWEST, Counts, parts
from index.intervals import Stratum, stratified_difference
from index.rates import EMPTY

LEAST_COVERAGE = 0.7
THIN = "coverage"
"""The reason where strata that both brands have hold less than LEAST_COVERAGE of the mentions."""
_EDGES = (0.125, 0.375, 0.625, 0.875)
Key = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Difference:
    """Complaint rate ours − theirs over common strata, with the stratified Newcombe interval (Yan & Su 2010).

    `coverage` is the part of both brands' opinionated mentions that lies in common strata; `ours` and `theirs` are the
    weighted rates; `query` and `other` find each side's opinionated mentions.
    """

    value: float | None
    low: float | None
    high: float | None
    ours: float | None
    theirs: float | None
    n: int
    other_n: int
    strata: int
    coverage: float
    query: Node
    other: Node
    reason: str = ""

    @property
    def ranks(self) -> bool:
        """Whether the interval excludes 0, so that the two may be ranked."""
        return self.reason == "" and self.low is not None and self.high is not None and not self.low <= 0 <= self.high


def like_for_like(
    index: Counts, tree: Node, ours: str, theirs: str, attribute: str, timezone: str, equal_stars: bool = False
) -> Difference:
    """Strata source × kind × week (of `timezone`), weighted by both brands' pooled volume.

    `equal_stars` makes stars a stratum too: a second, named figure, since the complaint itself lowers the stars.
    Mentions without a date lie in no stratum and lower the coverage.
    """
    side, other = (both(about(tree, b), SameOpinion(b, attribute)) for b in (ours, theirs))
    complaints = [both(about(tree, b), SameOpinion(b, attribute, "negative")) for b in (ours, theirs)]
    we_count, they_count = parts(index, side), parts(index, other)
    n, counts = (_by_stratum(we_count, question, timezone, equal_stars) for question in (side, complaints[0]))
    other_n, other_counts = (
        _by_stratum(they_count, question, timezone, equal_stars) for question in (other, complaints[1])
    )
    total, other_total = we_count.count(side), they_count.count(other)
    common = sorted(k for k in n if other_n.get(k))
    pooled = sum(n[k] + other_n[k] for k in common)
    if not pooled:
        return Difference(None, None, None, None, None, total, other_total, 0, 0.0, side, other, EMPTY)
    strata = [Stratum(counts[k], n[k], other_counts[k], other_n[k], (n[k] + other_n[k]) / pooled) for k in common]
    coverage = pooled / (total + other_total)
    low, high = stratified_difference(strata)
    we = sum(s.weight * s.count / s.n for s in strata)
    they = sum(s.weight * s.other_count / s.other_n for s in strata)
    reason = THIN if coverage < LEAST_COVERAGE else FEW if min(total, other_total) < FEWEST else ""
    return Difference(we - they, low, high, we, they, total, other_total, len(strata), coverage, side, other, reason)


def _by_stratum(index: Counts, tree: Node, timezone: str, equal_stars: bool) -> Counter[Key]:
    """Mentions by source, kind, week and, where asked, stars."""
    found: Counter[Key] = Counter()
    for kind in (facet.key for facet in index.facets(tree, "kind", len(KINDS))):
        for stars, condition in _star_bands() if equal_stars else (("", None),):
            asked = both(tree, Term("kind", kind), *((condition,) if condition is not None else ()))
            series = index.series(asked, "week", timezone, split="source")
            for source, row in series.counts.items():
                for start, count in zip(series.starts, row, strict=True):
                    if count:
                        found[source, kind, start.isoformat(), stars] += count
    return found


def _star_bands() -> list[tuple[str, Node]]:
    """Stars 1 to 5 as they round, and no stars."""
    bands: list[tuple[str, Node]] = [("", Not(Range("rating", None, None)))]
    at_least: list[Node] = [Range("rating", edge, None) for edge in _EDGES]
    rated: Node = Range("rating", None, None)
    bands += [
        (str(star), both(low, Not(high)))
        for star, (low, high) in enumerate(zip([rated, *at_least[:3]], at_least, strict=True), 1)
    ]
    return [*bands, ("5", at_least[3])]
