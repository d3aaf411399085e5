"""Rates and means of one query: polarity, net sentiment, ratings, promotion, reach and engagement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.models import PROMOTED
from core.tree import Node, Range, Term, both, either
from index.figures import FEW, FEWEST, Counts, Figure, Rate, parts, population
from index.intervals import net as net_interval
from index.intervals import wilson
from index.labelled import NOTHING_LABELLED, Labelled, powered_polarity

GOOD_RATING = 0.75
"""4 of 5 stars, or .75 of any scale."""
EMPTY = "empty"
NO_RATINGS = "no_ratings"
NO_SOURCE_GIVES_IT = "not_given"
ONE_BRAND = "one_brand"
NO_SIDES = "no_sides"


@dataclass(frozen=True, slots=True)
class Polarities:
    """The four rates of one population; their counts add up to n."""

    positive: Rate
    neutral: Rate
    negative: Rate
    unsure: Rate


@dataclass(frozen=True, slots=True)
class NetSentiment:
    """Both forms in use: of those that take a side, (P − N)/(P + N), and of all, (P − N)/n. They differ."""

    of_sides: Figure
    of_all: Figure


@dataclass(frozen=True, slots=True)
class Engagement:
    """Likes + replies + shares, and each alone."""

    together: Figure
    likes: Figure
    replies: Figure
    shares: Figure


@dataclass(frozen=True, slots=True)
class Share:
    """A brand's part of the voices of the brands compared. A mention of two brands counts for each."""

    brand: str
    rate: Rate


def rate(count: int, n: int, query: Node, of: Node) -> Rate:
    """count / n as a Rate."""
    if n == 0:
        return Rate(None, 0, 0, query, of, reason=EMPTY)
    low, high = wilson(count, n)
    return Rate(count / n, count, n, query, of, low, high, FEW if n < FEWEST else "")


def part_rate(index: Counts, query: Node, of: Node) -> Rate:
    """The mentions of `query` / those of `of`, which holds them all."""
    counts = parts(index, of)
    return rate(counts.count(query), counts.count(of), query, of)


def volume(index: Counts, tree: Node, duplicates: bool = False, irrelevant: bool = False) -> Figure:
    """n: relevant mentions, duplicates folded."""
    asked = population(tree, duplicates, irrelevant)
    n = index.count(asked)
    return Figure(float(n), n, asked)


def polarities(index: Counts, tree: Node, promoted: bool = True, labels: Labelled = NOTHING_LABELLED) -> Polarities:
    """Positive, neutral, negative and unsure mentions / n. Enough labels give the prediction-powered intervals."""
    asked = population(tree, promoted=promoted)
    counts = polarity_counts(index, asked)
    n = sum(counts.values())
    found = {p: rate(counts[p], n, both(asked, Term("polarity", p)), asked) for p in counts}
    found = {p: powered_polarity(labels, r, p) for p, r in found.items()}
    return Polarities(found["positive"], found["neutral"], found["negative"], found["unsure"])


def polarity_counts(index: Counts, asked: Node) -> dict[str, int]:
    """Mentions by polarity, each polarity named."""
    counts = {f.key: f.count for f in parts(index, asked).facets(asked, "polarity")}
    return {p: counts.get(p, 0) for p in ("positive", "neutral", "negative", "unsure")}


def net_sentiment(index: Counts, tree: Node, promoted: bool = True) -> NetSentiment:
    """(P − N)/(P + N) with Wilson's interval, and (P − N)/n with the multinomial MOVER interval."""
    asked = population(tree, promoted=promoted)
    counts = polarity_counts(index, asked)
    positive, negative, n = counts["positive"], counts["negative"], sum(counts.values())
    sided = both(asked, either(Term("polarity", "positive"), Term("polarity", "negative")))
    return NetSentiment(_of_sides(positive, negative, sided), net_of_all(positive, negative, n, asked))


def net_of_all(positive: int, negative: int, n: int, asked: Node) -> Figure:
    """(P − N)/n as a Figure."""
    if n == 0:
        return Figure(None, 0, asked, reason=EMPTY)
    low, high = net_interval(positive, negative, n)
    return Figure((positive - negative) / n, n, asked, low, high, FEW if n < FEWEST else "")


def _of_sides(positive: int, negative: int, asked: Node) -> Figure:
    n = positive + negative
    if n == 0:
        return Figure(None, 0, asked, reason=NO_SIDES)
    low, high = wilson(positive, n)
    return Figure((positive - negative) / n, n, asked, 2 * low - 1, 2 * high - 1, FEW if n < FEWEST else "")


def good_reviews(index: Counts, tree: Node) -> Rate:
    """Ratings of at least 4 stars (.75 of another scale) / rated mentions."""
    rated = both(population(tree), Range("rating", None, None))
    good = both(population(tree), Range("rating", GOOD_RATING, None))
    found = part_rate(index, good, rated)
    return found if found.n else Rate(None, 0, 0, good, rated, reason=NO_RATINGS)


def average_rating(index: Counts, tree: Node, scale: tuple[float, float] = (1.0, 5.0)) -> Figure:
    """Mean rating, shown on a scale."""
    asked = both(population(tree), Range("rating", None, None))
    sums = index.sums(asked, ["rating"])
    if not sums.present["rating"]:
        return Figure(None, 0, asked, reason=NO_RATINGS)
    mean = sums.total["rating"] / sums.present["rating"]
    few = FEW if sums.present["rating"] < FEWEST else ""
    return Figure(scale[0] + mean * (scale[1] - scale[0]), sums.present["rating"], asked, reason=few)


def views(index: Counts, tree: Node) -> Figure:
    """Σ views of the mentions that give them; n is how many do."""
    return _sum(index, population(tree), "views")


def followers(index: Counts, tree: Node) -> Figure:
    """Σ followers of the authors, a mention at a time; never added to views."""
    return _sum(index, population(tree), "author_followers")


def engagement(index: Counts, tree: Node) -> Engagement:
    """Σ likes + replies + shares, and each."""
    asked = population(tree)
    return Engagement(*(_sum(index, asked, f) for f in ("engagement", "likes", "replies", "shares")))


def _sum(index: Counts, asked: Node, field: str) -> Figure:
    sums = index.sums(asked, [field])
    if not sums.present[field]:
        return Figure(None, 0, asked, reason=NO_SOURCE_GIVES_IT)
    return Figure(sums.total[field], sums.present[field], asked)


def share_of_voice(index: Counts, tree: Node, brands: Sequence[str]) -> tuple[Share, ...]:
    """Each brand's n / Σ n over the brands compared. With fewer than two brands every rate says nothing."""
    compared = tuple(dict.fromkeys(brands))
    asked = {brand: population(both(tree, Term("brand", brand))) for brand in compared}
    counts = {brand: index.count(asked[brand]) for brand in compared}
    total = sum(counts.values())
    of = population(both(tree, either(*(Term("brand", b) for b in compared)))) if compared else population(tree)
    if len(compared) < 2:
        return tuple(Share(b, Rate(None, counts[b], total, asked[b], of, reason=ONE_BRAND)) for b in compared)
    return tuple(Share(brand, rate(counts[brand], total, asked[brand], of)) for brand in compared)


def promotion_share(index: Counts, tree: Node) -> Rate:
    """Mentions over the promotion threshold / n."""
    asked = population(tree)
    over = both(asked, Range("promotion", PROMOTED, None))
    return part_rate(index, over, asked)
