"""Reviews as a shop shows them: a page for people and, in JSON-LD, for programs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from fengping.demo.layout import article, frame, iso, json_ld, pages
from fengping.demo.records import WorldPost


@dataclass(frozen=True, slots=True)
class Described:
    """The product that a page is about; `brand` may be unknown."""

    name: str
    brand: str
    path: str


def product_page(site: str, product: Described, shown: Sequence[WorldPost], number: int, more: bool) -> str:
    """One page of a product's reviews, for people and, in JSON-LD, for programs."""
    node: dict[str, Any] = {
        "@context": "https://schema.org",
        "@type": "Product",
        "@id": product.path,
        "name": product.name,
        "url": product.path,
        "review": [review(post) for post in shown],
    }
    if product.brand:
        node["brand"] = {"@type": "Brand", "name": product.brand}
    rated = [post.rating for post in shown if post.rating is not None]
    if rated:
        node["aggregateRating"] = {
            "@type": "AggregateRating", "ratingValue": round(sum(rated) / len(rated), 1), "reviewCount": len(rated),
            "bestRating": 5, "worstRating": 1,
        }  # fmt: skip
    body = f"<h1>{escape(product.name)} · 评价</h1>{''.join(map(article, shown))}"
    if not shown:
        body += "<p class='card'>这一页没有评价。</p>"
    return frame(f"{product.name} 评价", site, body + pages(product.path, number, more), json_ld(node))


def review(post: WorldPost) -> dict[str, Any]:
    """A review in schema.org's terms; a follow-up names what it is based on."""
    node: dict[str, Any] = {
        "@type": "Review",
        "@id": post.id,
        "url": post.url,
        "datePublished": iso(post.time),
        "reviewBody": post.text,
    }
    if post.author:
        node["author"] = {"@type": "Person", "name": post.author}
    if post.title:
        node["headline"] = post.title
    if post.rating is not None:
        node["reviewRating"] = {"@type": "Rating", "ratingValue": post.rating, "bestRating": 5, "worstRating": 1}
    if post.region:
        node["locationCreated"] = {"@type": "Place", "name": post.region}
    if post.parent:
        node["isBasedOn"] = {"@type": "Review", "@id": post.parent}
    counters = {"LikeAction": post.likes, "CommentAction": post.replies}
    node["interactionStatistic"] = [_counter(action, count) for action, count in counters.items() if count]
    return node


def index_page(site: str, title: str, entries: Sequence[tuple[str, str]], extra: str = "") -> str:
    """A list of links, also as a schema.org ItemList."""
    elements: list[Mapping[str, Any]] = [
        {"@type": "ListItem", "position": n, "url": path, "name": name} for n, (path, name) in enumerate(entries, 1)
    ]
    node = {"@context": "https://schema.org", "@type": "ItemList", "name": title, "itemListElement": elements}
    rows = "".join(f'<li class="card"><a href="{escape(path)}">{escape(name)}</a></li>' for path, name in entries)
    return frame(title, site, f'<h1>{escape(title)}</h1><ul class="list">{rows}</ul>{extra}', json_ld(node))


def _counter(action: str, count: int) -> dict[str, Any]:
    return {
        "@type": "InteractionCounter",
        "interactionType": f"https://schema.org/{action}",
        "userInteractionCount": count,
    }
