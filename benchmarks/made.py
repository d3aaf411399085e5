"""Documents without readings behind them: what an index of a size needs, made as fast as it can be filled.

Texts are random words; words, brands, products and attributes are as unevenly frequent as people's are.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from itertools import accumulate

from core.models import DocumentComparison, DocumentOpinion, SearchDocument, Span

POLARITIES = ("positive", "neutral", "negative")
SYLLABLES = tuple(
    "的一是不了在人有我他这中大来上个国到说们为子和你地出道也时年得就那要下以生会自着去之过家学对可她里后小么心多天而能好都然没日于起还发成"
    "事只作当想看文无开手十用主行方又如前所本见经头面公同三已老从动两长知民样现分将外但身些与高意进把法此实回二理美点月明其种声全工己话儿者"
)


@dataclass(frozen=True, slots=True)
class World:
    """What the documents are about, and when: evenly over `days` from `start`."""

    brands: tuple[str, ...]
    attributes: tuple[str, ...]
    sources: tuple[str, ...]
    start: datetime
    days: int
    industry: str = "electronics"

    @property
    def end(self) -> datetime:
        return self.start + timedelta(days=self.days)


NOWHERE = World(
    brands=tuple(f"brand{n}" for n in range(8)),
    attributes=tuple(f"a{n}/s{m}" for n in range(15) for m in range(4)),
    sources=tuple(f"source{n}" for n in range(6)),
    start=datetime(2026, 8, 1, tzinfo=UTC),
    days=90,
)


def vocabulary(rnd: random.Random, size: int = 20_000) -> list[str]:
    """Words of one to three characters, with some Latin ones and numbers among them."""
    words = ["".join(rnd.choices(SYLLABLES, k=rnd.choice((1, 2, 2, 2, 3)))) for _ in range(size)]
    return words + [f"x{n}pro" for n in range(size // 40)] + [str(n) for n in range(size // 100)]


def made(n: int, seed: int, world: World = NOWHERE) -> Iterator[SearchDocument]:
    """Documents of about 20 to 60 characters."""
    rnd = random.Random(seed)
    words = vocabulary(random.Random(1))
    word_weights = tuple(accumulate(1 / (place + 5) for place in range(len(words))))
    brand_weights = tuple(accumulate(1 / (place + 1) for place in range(len(world.brands))))
    for number in range(n):
        brand = rnd.choices(world.brands, cum_weights=brand_weights)[0]
        text = "".join(rnd.choices(words, cum_weights=word_weights, k=rnd.randint(10, 28)))
        yield one(rnd, f"{seed}:{number}", brand, text, world)


def one(rnd: random.Random, name: str, brand: str, text: str, world: World) -> SearchDocument:
    likes = int(rnd.paretovariate(1.1)) - 1
    return SearchDocument(
        id=sha256(name.encode()).hexdigest()[:32], source=rnd.choice(world.sources), platform="reviews", kind="review",
        url="http://shop.example/item/1", parent_id="", title="", text=text, language="zh",
        author=f"{rnd.randrange(200_000):032x}", author_followers=None,
        published_at=world.start + timedelta(seconds=rnd.randrange(world.days * 86400)), published_precision="exact",
        collected_at=world.end, rating=rnd.choice((0.0, 0.25, 0.5, 0.75, 1.0, None)),
        rating_scale=(1.0, 5.0), likes=likes, replies=0, shares=0, views=None, engagement=likes, brands=(brand,),
        product=f"{brand} p{rnd.randrange(10)}", region="", images=(),
        polarity=rnd.choice(POLARITIES), score=0.0,  # type: ignore[arg-type]
        opinions=_opinions(rnd, brand, text, world.attributes), comparisons=_comparisons(rnd, brand, text, world),
        intents=(), industry=world.industry, relevance=rnd.choice((1.0, 1.0, 1.0, 0.9, 0.2)), relevance_reason="",
        duplicate_of="x" if rnd.random() < 0.1 else "", promotion=0.0, promotion_reasons=(), topic="", revision="r",
    )  # fmt: skip


def _opinions(rnd: random.Random, brand: str, text: str, attributes: Sequence[str]) -> tuple[DocumentOpinion, ...]:
    return tuple(
        DocumentOpinion(
            brand, rnd.choice(attributes), rnd.choice(POLARITIES),  # type: ignore[arg-type]
            f"短语{min(int(rnd.paretovariate(0.7)), 40_000)}", "", Span(0, len(text)),
        )
        for _ in range(rnd.choice((0, 1, 1, 2, 3)))
    )  # fmt: skip


def _comparisons(rnd: random.Random, brand: str, text: str, world: World) -> tuple[DocumentComparison, ...]:
    """One document in thirty holds its brand against another."""
    if rnd.random() > 1 / 30:
        return ()
    other = rnd.choice([b for b in world.brands if b != brand])
    winner, loser = rnd.sample((brand, other), 2)
    return (DocumentComparison(winner, loser, rnd.choice(world.attributes), "better", Span(0, len(text))),)
