"""The invented market: three brands and what they sell."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from fengping.demo.words import Attribute, read, words


@dataclass(frozen=True, slots=True)
class MarketProduct:
    """Something sold; `attributes` can be judged of it."""

    name: str
    slug: str
    category: str
    share: float
    aliases: tuple[str, ...]
    attributes: tuple[Attribute, ...]


@dataclass(frozen=True, slots=True)
class MarketBrand:
    """A brand; `share` is its part of all mentions."""

    name: str
    slug: str
    own: bool
    share: float
    aliases: tuple[str, ...]
    excludes: tuple[str, ...]
    products: tuple[MarketProduct, ...]


@cache
def market() -> tuple[MarketBrand, ...]:
    """The brands, the own one first."""
    return tuple(
        MarketBrand(
            name=b["name"],
            slug=b["slug"],
            own=b["own"],
            share=b["share"],
            aliases=tuple(b["aliases"]),
            excludes=tuple(b["excludes"]),
            products=tuple(
                MarketProduct(
                    name=p["name"],
                    slug=f"{b['slug']}-{p['slug']}",
                    category=p["category"],
                    share=p["share"],
                    aliases=tuple(p["aliases"]),
                    attributes=tuple(a for a in words().attributes if p["category"] in a.categories),
                )
                for p in b["products"]
            ),
        )
        for b in read("market.toml")["brands"]
    )
