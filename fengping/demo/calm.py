"""The calm world: drafts of everything that would have been posted had nothing happened."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from core.models import Side
from fengping.demo.chance import Weighted, gamma_factor, poisson
from fengping.demo.market import MarketBrand, MarketProduct, market
from fengping.demo.records import Draft, Genre, OpinionTruth
from fengping.demo.rhythm import DAY, LOCAL, moment, of_week
from fengping.demo.words import Attribute, words

SOURCES: dict[str, float] = {"shop": 0.5, "microblog": 0.3, "forum": 0.17, "outlet": 0.03}
"""The sites, and their part of all posts."""
ENGLISH = 0.1
ENGLISH_CAN = 1.9
"""Makes up for the posts that cannot be English: noise, comparisons, attributes without English clauses."""
GROWTH = 0.0015
"""By how much more is posted each day."""
DAY_SHAPE = 30.0
"""Shape of the gamma factor that makes days differ more than chance would."""
GENRES: dict[str, dict[Genre, float]] = {
    "shop": {
        "opinion": 0.645, "neutral": 0.045, "sarcasm": 0.02, "comparison": 0.05, "followup": 0.06,
        "copy": 0.015, "praise": 0.03, "default_review": 0.09, "empty": 0.045,
    },
    "microblog": {
        "opinion": 0.44, "neutral": 0.1, "sarcasm": 0.03, "comparison": 0.05, "repost": 0.05, "copy": 0.01,
        "praise": 0.02, "other_meaning": 0.1, "lottery": 0.08, "advertisement": 0.06, "off_topic": 0.06,
    },
    "forum": {
        "opinion": 0.55, "neutral": 0.19, "sarcasm": 0.02, "comparison": 0.1, "copy": 0.02,
        "other_meaning": 0.02, "advertisement": 0.05, "off_topic": 0.05,
    },
    "outlet": {"opinion": 0.8, "neutral": 0.06, "sarcasm": 0.02, "comparison": 0.04, "default_review": 0.08},
}  # fmt: skip
_SPEAKING = frozenset(("opinion", "followup"))


class Taste:
    """How often each attribute of each brand is complained of: fixed for a seed."""

    def __init__(self, random: Random) -> None:
        self.negative = {(b.name, a.path): random.betavariate(7, 12) for b in market() for a in words().attributes}

    def side(self, brand: str, path: str, before: Side | None, tilt: float, u: float, v: float) -> Side:
        """The side of one more opinion; people who began with a complaint mostly go on so."""
        if before is not None and v < 0.72:
            return before
        return "negative" if u < self.negative[brand, path] * tilt else "positive"


class Calm:
    """Draws drafts day by day."""

    def __init__(self, seed: int, per_day: float) -> None:
        self._random = Random(f"{seed}:calm")
        self._per_day = per_day
        self._taste = Taste(Random(f"{seed}:taste"))
        self._brands = market()
        self._source = Weighted(list(SOURCES), list(SOURCES.values()))
        self._genre = {s: Weighted(list(g), list(g.values())) for s, g in GENRES.items()}
        self._product = [Weighted(range(len(b.products)), [p.share for p in b.products]) for b in self._brands]
        self._attribute = {
            p.slug: Weighted(p.attributes, [a.weight for a in p.attributes]) for b in self._brands for p in b.products
        }
        self._ambiguous = next(i for i, b in enumerate(self._brands) if b.name in words().other_meaning)

    def days(self, start: float, days: int) -> Iterator[list[Draft]]:
        """The drafts of each local day from `start` (seconds, a local midnight), each day in time order."""
        for number in range(days):
            yield self._day(start + number * DAY, 1 + GROWTH * (number - days / 2))

    def _day(self, midnight: float, growth: float) -> list[Draft]:
        random = self._random
        shares = [b.share * gamma_factor(random, DAY_SHAPE) for b in self._brands]
        tilts = [gamma_factor(random, 4 * DAY_SHAPE) for _ in self._brands]
        brands = Weighted(range(len(shares)), shares)
        mean = self._per_day * growth * of_week(midnight) * sum(shares)
        drafts = [self._draft(moment(midnight, random), brands, tilts) for _ in range(poisson(mean, random))]
        drafts.sort(key=lambda d: d.when)
        return drafts

    def _draft(self, when: float, brands: Weighted[int], tilts: list[float]) -> Draft:
        draw = self._random.random
        source = self._source.at(draw())
        genre = self._genre[source].at(draw())
        brand = self._ambiguous if genre == "other_meaning" else brands.at(draw())
        product = self._product[brand].at(draw())
        opinions = self._opinions(genre, self._brands[brand], product, tilts[brand])
        english = draw() < ENGLISH * ENGLISH_CAN and genre in {"opinion", "neutral"}
        if english and not all(words().by_path[o.attribute].english for o in opinions):
            english = False
        return Draft(when, genre, source, brand, product, opinions, english)

    def _opinions(self, genre: Genre, brand: MarketBrand, product: int, tilt: float) -> tuple[OpinionTruth, ...]:
        if genre in _SPEAKING:
            return self._spoken(brand, brand.products[product], tilt)
        if genre == "sarcasm":
            return (OpinionTruth(brand.name, self._sarcastic(brand.products[product]), "negative"),)
        if genre == "comparison":
            return self._compared(brand, brand.products[product])
        return ()

    def _spoken(self, brand: MarketBrand, product: MarketProduct, tilt: float) -> tuple[OpinionTruth, ...]:
        draw, attributes = self._random.random, self._attribute[product.slug]
        u = draw()
        wanted = 1 if u < 0.4 else 2 if u < 0.82 else 3
        found: list[OpinionTruth] = []
        side: Side | None = None
        for _ in range(wanted):
            path = attributes.at(draw()).path
            if any(path == o.attribute for o in found):
                continue
            side = self._taste.side(brand.name, path, side, tilt, draw(), draw())
            found.append(OpinionTruth(brand.name, path, side))
        return tuple(found)

    def _sarcastic(self, product: MarketProduct) -> str:
        possible = [a.path for a in product.attributes if a.path in words().sarcasm]
        return possible[int(self._random.random() * len(possible))]

    def _compared(self, brand: MarketBrand, product: MarketProduct) -> tuple[OpinionTruth, ...]:
        draw = self._random.random
        rivals = [b for b in self._brands if b is not brand]
        rival = rivals[int(draw() * len(rivals))]
        attribute: Attribute = self._attribute[product.slug].at(draw())
        u = draw()
        ours, theirs = _OUTCOMES[0 if u < 0.46 else 1 if u < 0.88 else 2]
        path = attribute.path
        return OpinionTruth(brand.name, path, ours), OpinionTruth(rival.name, path, theirs)


_OUTCOMES: tuple[tuple[Side, Side], ...] = (
    ("positive", "negative"),
    ("negative", "positive"),
    ("neutral", "neutral"),
)


def first_midnight(end: float, days: int) -> float:
    """The local midnight from which `days` days reach to `end`; the last one is cut off there."""
    today = (end + LOCAL) // DAY * DAY - LOCAL
    return today - (days - 1) * DAY
