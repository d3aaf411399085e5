"""Measures of one attribute of one brand. Only opinions whose target is the brand count; "" takes opinions on any."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from core.tree import SEPARATOR, And, Node, Not, SameOpinion, Term, both
from index.document import joined
from index.figures import FEW, FEWEST, Counts, Figure, Rate, parts, population
from index.intervals import difference
from index.labelled import NOTHING_LABELLED, Labelled, powered_complaints
from index.rates import EMPTY, net_of_all, part_rate, polarity_counts, rate

_ALL_KEYS = 100_000
FEW_COMPARISONS = 10


@dataclass(frozen=True, slots=True)
class AttributeRow:
    """One attribute of a brand, as a row of the complaints table."""

    attribute: str
    attention: Rate
    complaints: Rate
    positive: int
    neutral: int


@dataclass(frozen=True, slots=True)
class HeadToHead:
    """Comparisons of two brands in one sentence; a mention counts once for each attribute it compares."""

    won: int
    lost: int
    ties: int
    rate: Rate


def about(tree: Node, brand: str) -> Node:
    """The counted mentions of a query about a brand; "" is any brand."""
    return population(both(tree, Term("brand", brand)) if brand else tree)


def attention(index: Counts, tree: Node, brand: str, attribute: str) -> Rate:
    """Mentions with any opinion on the attribute of the brand / n."""
    of = about(tree, brand)
    query = both(of, SameOpinion(brand, attribute))
    return part_rate(index, query, of)


def complaint_rate(index: Counts, tree: Node, brand: str, attribute: str, labels: Labelled = NOTHING_LABELLED) -> Rate:
    """Mentions with a negative opinion on the attribute / mentions with any opinion on it."""
    asked = about(tree, brand)
    of = both(asked, SameOpinion(brand, attribute))
    query = both(asked, SameOpinion(brand, attribute, "negative"))
    found = part_rate(index, query, of)
    n = index.count(asked) if labels.mentions else 0
    return powered_complaints(labels, asked, brand, n, {attribute: found})[attribute]


def complaints(index: Counts, tree: Node, brand: str, labels: Labelled = NOTHING_LABELLED) -> tuple[AttributeRow, ...]:
    """Attention and complaint rate of every attribute of a brand, most complaints first. Two questions in all."""
    of = about(tree, brand)
    counts = parts(index, of)
    n = counts.count(of)
    judged = _by_parts(counts, of, "judged", joined(brand, ""))
    sided = _by_parts(counts, of, "opinion", joined(brand, ""))
    # A rival's attribute is a figure of its own, and too few opinions on it are none.
    shown = judged if counts is index else _by_parts(index, of, "judged", joined(brand, ""))
    rows = [_row(of, n, brand, k[0], count, sided) for k, count in judged.items() if k[0] and shown.get(k) == count]
    rates = powered_complaints(labels, of, brand, n, {row.attribute: row.complaints for row in rows})
    rows = [replace(row, complaints=rates[row.attribute]) for row in rows]
    return tuple(sorted(rows, key=lambda row: (-row.complaints.count, -row.complaints.n, row.attribute)))


def _row(of: Node, n: int, brand: str, attribute: str, judged: int, sided: dict[tuple[str, ...], int]) -> AttributeRow:
    opinionated = both(of, SameOpinion(brand, attribute))
    negative = both(of, SameOpinion(brand, attribute, "negative"))
    return AttributeRow(
        attribute,
        rate(judged, n, opinionated, of),
        rate(sided.get((attribute, "negative"), 0), judged, negative, opinionated),
        sided.get((attribute, "positive"), 0),
        sided.get((attribute, "neutral"), 0),
    )


def _by_parts(index: Counts, tree: Node, field: str, prefix: str) -> dict[tuple[str, ...], int]:
    """Facet counts by the parts after the prefix."""
    found = index.facets(tree, field, _ALL_KEYS, prefix)
    return {tuple(f.key[len(prefix) :].split(SEPARATOR)): f.count for f in found}


def impact(index: Counts, tree: Node, brand: str, attribute: str) -> Figure:
    """(P − N)/n without the mentions that carry the attribute negatively, less that of all: points it costs.

    `query` finds those mentions. Their own polarity is not asked, so a figure below 0 is possible: it says that they
    were positive on the whole.
    """
    of = about(tree, brand)
    carrying = both(of, SameOpinion(brand, attribute, "negative"))
    counts = parts(index, of)
    everyone, rest = polarity_counts(counts, of), polarity_counts(counts, And((of, Not(carrying))))
    n, left = sum(everyone.values()), sum(rest.values())
    if not left:
        return Figure(None, n, carrying, reason=EMPTY)
    without = (rest["positive"] - rest["negative"]) / left
    value = without - (everyone["positive"] - everyone["negative"]) / n
    return Figure(value, n, carrying, reason=FEW if n < FEWEST else "")


def opportunity(index: Counts, tree: Node, ours: str, theirs: str, attribute: str) -> Figure:
    """Our attention × (their complaint rate − ours): above 0 they do worse where our customers look.

    The interval is that of the difference (Newcombe), scaled by the attention.
    """
    seen = attention(index, tree, ours, attribute)
    we, they = complaint_rate(index, tree, ours, attribute), complaint_rate(index, tree, theirs, attribute)
    if seen.value is None or we.value is None or they.value is None:
        return Figure(None, we.n + they.n, we.of, reason=EMPTY)
    low, high = difference(they.count, they.n, we.count, we.n)
    few = FEW if min(we.n, they.n) < FEWEST else ""
    value = seen.value * (they.value - we.value)
    return Figure(value, we.n + they.n, we.of, seen.value * low, seen.value * high, few)


def head_to_head(index: Counts, tree: Node, ours: str, theirs: str) -> HeadToHead:
    """Comparisons won / (won + lost), ties apart."""
    asked = population(tree)
    won = sum(_by_parts(index, asked, "comparison", joined(ours, theirs, "")).values())
    lost = sum(_by_parts(index, asked, "comparison", joined(theirs, ours, "")).values())
    ties = sum(_by_parts(index, asked, "tie", joined(*sorted((ours, theirs)), "")).values())
    query = both(asked, Term("brand", ours), Term("brand", theirs))
    found = rate(won, won + lost, query, query)
    reason = found.reason if not won + lost else "" if won + lost >= FEW_COMPARISONS else FEW
    return HeadToHead(won, lost, ties, Rate(found.value, won, won + lost, query, query, found.low, found.high, reason))


def net_of(index: Counts, tree: Node, brands: Sequence[str]) -> tuple[tuple[str, Figure], ...]:
    """(P − N)/n of each brand."""
    found = []
    for brand in brands:
        counts = polarity_counts(index, about(tree, brand))
        total = sum(counts.values())
        found.append((brand, net_of_all(counts["positive"], counts["negative"], total, about(tree, brand))))
    return tuple(found)
