"""Indexed documents of a small world, for looking at the watch as a whole."""

from __future__ import annotations

from datetime import datetime, timedelta

import numpy as np
from alerts_simulator import BRANDS, FIRST, LEAVES

from core.config import Project, parse_project
from core.models import DocumentOpinion, SearchDocument, Side, Span

WORDS = {leaf: leaf.replace("/", "的") for leaf in LEAVES}


def project(sources: tuple[str, ...] = ("商城", "论坛")) -> Project:
    brands = "".join(f'[[brands]]\nname = "{b}"\n' for b in BRANDS)
    listed = "".join(f'[[sources]]\nname = "{s}"\nspider = "feed"\n' for s in sources)
    return parse_project(f'timezone = "Asia/Shanghai"\n{brands}{listed}')


def document(
    id: str,
    at: datetime | None,
    brand: str,
    said: dict[str, Side],
    source: str = "商城",
    author: str = "",
    intents: tuple[str, ...] = (),
    collected_at: datetime | None = None,
    duplicate_of: str = "",
    promotion: float = 0.0,
) -> SearchDocument:
    pieces = [f"{brand}{WORDS[leaf]}{'不行' if side == 'negative' else '还行'}{id}。" for leaf, side in said.items()]
    text = "".join(pieces)
    ends = np.cumsum([len(p) for p in pieces]).tolist()
    opinions = tuple(
        DocumentOpinion(brand, leaf, side, f"{leaf}{side}", leaf, Span(end - len(piece), end))
        for (leaf, side), piece, end in zip(said.items(), pieces, ends, strict=True)
    )
    worst = "negative" if "negative" in said.values() else "positive"
    return SearchDocument(
        id=id, source=source, platform="feed", kind="review", url="", parent_id="", title="", text=text,
        language="zh", author=author or f"作者{id}", author_followers=None, published_at=at,
        published_precision="exact" if at else "none", collected_at=collected_at or at or FIRST, rating=None,
        rating_scale=None, likes=0, replies=0, shares=0, views=None, engagement=0, brands=(brand,), product="",
        region="", images=(), polarity=worst, score=0.0, opinions=opinions, comparisons=(), intents=intents,
        industry="electronics", relevance=1.0, relevance_reason="", duplicate_of=duplicate_of, promotion=promotion,
        promotion_reasons=(), topic="", revision="r",
    )  # fmt: skip


def background(seed: int, days: int = 60, per_day: int = 60) -> list[SearchDocument]:
    """Ordinary talk: two sources, a daily rhythm, one or two opinions each.

    Chance alone makes an incident in about one of six (seeds 1, 4, 5, 8 and 9 among the first ten);
    test_alerts_detection.py holds that rate, so the other tests take seeds without one.
    """
    rng = np.random.default_rng(seed)
    documents = []
    for number in range(rng.poisson(days * per_day)):
        hour = int(np.clip(rng.normal(14, 5), 0, 23))
        at = FIRST + timedelta(days=int(rng.integers(days)), hours=hour, minutes=int(rng.integers(60)))
        leaves = rng.choice(len(LEAVES), rng.integers(1, 3), replace=False)
        said: dict[str, Side] = {LEAVES[n]: "negative" if rng.random() < 0.35 else "positive" for n in leaves}
        brand, source = BRANDS[rng.integers(3)], ("商城", "论坛")[rng.integers(2)]
        documents.append(document(f"b{number}", at, brand, said, source))
    return documents


def burst(
    prefix: str, start: datetime, n: int, brand: str, leaf: str, hours: float = 12, **more: object
) -> list[SearchDocument]:
    """n complaints spread evenly over some hours."""
    return [
        document(f"{prefix}{k}", start + timedelta(hours=hours * k / n), brand, {leaf: "negative"}, **more)  # type: ignore[arg-type]
        for k in range(n)
    ]
