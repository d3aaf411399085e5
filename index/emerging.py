"""What people have begun to talk about: this week's count of a term against its own eight weeks before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import fmean, variance

from scipy.stats import nbinom
from statsmodels.stats.multitest import multipletests

from core.tree import Node, Range, both
from index.figures import Counts, parts, population

WEEKS = 8
LEAST_WEEKS = 2
FALSE_DISCOVERIES = 0.01
_ALL_KEYS = 200_000
_WEEK = timedelta(days=7)
Counted = tuple[str, str, int, tuple[int, ...]]
"""Field, key, count this week, and in each week before, oldest first."""


@dataclass(frozen=True, slots=True)
class Emerging:
    """A term whose count this week its own past does not explain. `q` is its p-value after Benjamini–Hochberg."""

    field: str
    key: str
    count: int
    baseline: tuple[int, ...]
    expected: float
    p: float
    q: float


@dataclass(frozen=True, slots=True)
class EmergingTerms:
    """The terms found, largest excess first; `tested` is how many were looked at, `weeks` how long their past is."""

    terms: tuple[Emerging, ...]
    tested: int
    weeks: int
    query: Node
    reason: str = ""


def emerging(
    index: Counts,
    tree: Node,
    end: datetime,
    fields: tuple[str, ...] = ("topic", "phrase"),
    first: datetime | None = None,
    floor: int = 3,
) -> EmergingTerms:
    """Terms and topics of the seven days before `end` against the eight weeks before those, all tested together.

    `first` is when collecting began: weeks before it are no baseline. Fewer than two weeks of baseline say nothing.
    """
    weeks = WEEKS if first is None else max(min(WEEKS, (end - _WEEK - first) // _WEEK), 0)
    now = population(both(tree, Range("date", end - _WEEK, end)))
    if weeks < LEAST_WEEKS:
        return EmergingTerms((), 0, weeks, now, reason="short_baseline")
    whole = population(both(tree, Range("date", end - (weeks + 1) * _WEEK, end)))
    found = [row for field in fields for row in _counts(parts(index, whole), tree, end, field, weeks, floor)]
    terms = [term for term in tested(found) if term.q < FALSE_DISCOVERIES]
    terms.sort(key=lambda term: (term.expected - term.count, term.field, term.key))
    return EmergingTerms(tuple(terms), len(found), weeks, now)


def tested(found: Sequence[Counted]) -> list[Emerging]:
    """Every one of these with its p-value, and q over all of them together, in the order given."""
    if not found:
        return []
    p_values = [surprise(count, baseline) for _, _, count, baseline in found]
    q_values = multipletests(p_values, method="fdr_bh")[1]
    return [
        Emerging(field, key, count, baseline, fmean(baseline), p, float(q))
        for (field, key, count, baseline), p, q in zip(found, p_values, q_values, strict=True)
    ]


def surprise(count: int, baseline: tuple[int, ...]) -> float:
    """P(X ≥ count) where X is negative binomial with the mean and spread of the baseline weeks.

    Half a mention is added to the past, so that what was never said can be tested; the spread is at least that of a
    Poisson count whose mean is known from so many weeks only, as in a gamma–Poisson prediction.
    """
    n = len(baseline)
    mean = (sum(baseline) + 0.5) / n
    spread = max(variance(baseline) if n > 1 else mean, mean) * (1 + 1 / n)
    size = mean**2 / (spread - mean)
    return float(nbinom.sf(count - 1, size, size / (size + mean)))


def _counts(index: Counts, tree: Node, end: datetime, field: str, weeks: int, floor: int) -> list[Counted]:
    past = []
    for week in range(weeks, -1, -1):
        stop = end - week * _WEEK
        asked = population(both(tree, Range("date", stop - _WEEK, stop)))
        past.append({f.key: f.count for f in index.facets(asked, field, _ALL_KEYS)})
    *before, now = past
    return [
        (field, key, count, tuple(week.get(key, 0) for week in before)) for key, count in now.items() if count >= floor
    ]
