"""Reviews among a page's schema.org nodes: who wrote what about which product, when, and how many stars."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

from core.collected import Collected
from crawlers.parsers.links import local_id, without_paging
from crawlers.parsers.parsed import cleaned
from crawlers.parsers.structured import Descriptions, Node, Place, each, types, words

_FOLLOWING = frozenset(("review", "reviews", "comment", "hasPart", "associatedReview", "reviewReply"))
_UPWARD = ("parentItem", "isPartOf", "isBasedOn", "itemReviewed", "about")
_NO_PRODUCT = frozenset(("Offer", "AggregateOffer", "AggregateRating", "Person", "Organization", "WebPage", "ListItem"))
_PRODUCTS = frozenset((
    "Product", "ProductGroup", "IndividualProduct", "ProductModel", "Vehicle", "Car", "Book", "Movie", "Game",
    "VideoGame", "SoftwareApplication", "MobileApplication", "WebApplication", "LocalBusiness", "Restaurant",
    "Hotel", "LodgingBusiness", "Place", "Service", "Event", "Course", "Recipe",
))  # fmt: skip
_COUNTED = {
    "LikeAction": "likes",
    "AgreeAction": "likes",
    "CommentAction": "replies",
    "ReplyAction": "replies",
    "ShareAction": "shares",
}
_BLANK = "_:"
_NAMELESS = frozenset(("@type", "@id", "@context"))
"""A node with nothing else only points to one described elsewhere."""
_LAST_NUMBER = re.compile(r"(\d+)\D*$")


@dataclass(frozen=True, slots=True)
class About:
    """What a review is about, as far as the page says."""

    product: str = ""
    brand: str = ""
    url: str = ""
    best: str = ""
    worst: str = ""


def is_review(found: Descriptions, place: Place) -> bool:
    """Whether a node is somebody's review, or a comment that follows one."""
    names = types(place.node)
    if not names:
        return place.key in {"review", "reviews"}
    if any(name.endswith("Review") for name in names):
        return True
    if "Comment" not in names:
        return False
    above = found.resolved(place.node.get("parentItem"))
    if isinstance(above, dict) and any(name.endswith("Review") for name in types(above)):
        return True
    return place.owner is not None and is_review(found, place.owner)


def reviews(found: Descriptions, url: str) -> Iterator[Collected]:
    """Every review of the page in its order, follow-ups after what they follow."""
    places = [p for p in found.places if is_review(found, p) and not _NAMELESS.issuperset(p.node)]
    positional = _positional([place.node for place in places])
    abouts: dict[int, About] = {}
    fallback = _only_product(found)
    for place in places:
        holder = place.owner
        while holder is not None and is_review(found, holder):
            holder = holder.owner
        about = _about(found, place, holder, fallback, abouts)
        yield _collected(found, place, about, url, positional)


def list_targets(found: Descriptions) -> Iterator[str]:
    """Addresses that an ItemList (not a trail of breadcrumbs) points to."""
    for place in found.places:
        if "ItemList" in types(place.node):
            for element in each(place.node.get("itemListElement")):
                target = element
                if isinstance(element, dict):
                    inner = element.get("item")
                    target = element.get("url") or (
                        inner.get("url") or inner.get("@id") if isinstance(inner, dict) else inner
                    )
                if isinstance(target, str) and target:
                    yield target


def _collected(found: Descriptions, place: Place, about: About, url: str, positional: bool) -> Collected:
    node = place.node
    rating = found.resolved(node.get("reviewRating"))
    rating = rating if isinstance(rating, dict) else {"ratingValue": rating}
    base = urljoin(url, about.url) if about.url else without_paging(url)
    value = words(rating.get("ratingValue"))
    counts = _counts(node)
    return Collected(
        text=_text(node, "reviewBody", "text", "description"),
        title=_text(node, "headline", "name"),
        native_id=native_id(node, url, positional),
        parent_native_id=_parent(found, place, url, positional),
        url=urljoin(url, words(node.get("url"))) if words(node.get("url")) else url,
        product_url=without_paging(base),
        author=cleaned(words(found.resolved(node.get("author") or node.get("creator")))),
        date=next((w for key in ("datePublished", "dateCreated", "dateModified") if (w := words(node.get(key)))), ""),
        rating=value,
        rating_low=words(rating.get("worstRating")) or about.worst if value else "",
        rating_high=words(rating.get("bestRating")) or about.best if value else "",
        likes=counts.get("likes", 0),
        replies=counts.get("replies", 0),
        shares=counts.get("shares", 0),
        brand=about.brand,
        product=about.product,
        region=cleaned(words(node.get("locationCreated") or node.get("contentLocation"))),
        images=tuple(urljoin(url, w) for image in each(node.get("image")) if (w := _image(image))),
        kind="comment" if "Comment" in types(node) else None,
    )


def native_id(node: Node, url: str, positional: bool = False) -> str:
    """The id that the site itself gives a review, or "": blank nodes and plain positions on the page are none.

    Ids on the page's own site are kept without its host and paging, so that they outlive a move to another port,
    protocol or page of the list.
    """
    written = node.get("@id")
    if isinstance(written, str) and written.strip() and not written.startswith(_BLANK):
        written = cleaned(written)
        return "" if positional and "#" in written else local_id(written, url)
    return cleaned(words(node.get("identifier")))


def _positional(nodes: list[Node]) -> bool:
    """Whether the ids are only places on the page: fragments that count 0, 1, 2 … or 1, 2, 3 … from its top."""
    numbers = []
    for node in nodes:
        written = node.get("@id")
        fragment = written.partition("#")[2] if isinstance(written, str) else ""
        number = _LAST_NUMBER.search(fragment)
        if number is None:
            return False
        numbers.append(int(number.group(1)) if len(number.group(1)) < 9 else -1)
    return bool(numbers) and numbers[0] in {0, 1} and numbers == list(range(numbers[0], numbers[0] + len(numbers)))


def _parent(found: Descriptions, place: Place, url: str, positional: bool) -> str:
    if place.owner is not None and is_review(found, place.owner) and place.key in _FOLLOWING:
        return native_id(place.owner.node, url, positional)
    for key in _UPWARD:
        target = place.node.get(key)
        node = found.resolved(target)
        if isinstance(node, dict) and (any(t.endswith("Review") for t in types(node))):
            return native_id(node, url, positional)
    return ""


def _about(
    found: Descriptions, place: Place, holder: Place | None, fallback: Node | None, known: dict[int, About]
) -> About:
    node = found.resolved(place.node.get("itemReviewed"))
    if not isinstance(node, dict) or any(t.endswith("Review") for t in types(node)):
        held = holder is not None and not _NO_PRODUCT.intersection(types(holder.node))
        node = holder.node if held and holder is not None else fallback
    if node is None:
        return About()
    if id(node) not in known:
        known[id(node)] = _described(found, node)
    return known[id(node)]


def _described(found: Descriptions, node: Node) -> About:
    overall = found.resolved(node.get("aggregateRating"))
    overall = overall if isinstance(overall, dict) else {}
    maker = node.get("brand") or node.get("manufacturer")
    return About(
        cleaned(words(node.get("name"))),
        cleaned(words(found.resolved(maker))),
        words(node.get("url")),
        words(overall.get("bestRating")),
        words(overall.get("worstRating")),
    )


def _only_product(found: Descriptions) -> Node | None:
    products = [
        place.node for place in found.places if _PRODUCTS.intersection(types(place.node)) and len(place.node) > 2
    ]
    return products[0] if len(products) == 1 else None


def _text(node: Node, *keys: str) -> str:
    return next((cleaned(w) for key in keys if (w := words(node.get(key)))), "")


def _image(value: Any) -> str:
    if isinstance(value, dict):
        return words(value.get("contentUrl") or value.get("url") or value.get("@id"))
    return words(value)


def _counts(node: Node) -> dict[str, int]:
    counts = {"likes": _number(node.get("upvoteCount")), "replies": _number(node.get("commentCount"))}
    for statistic in each(node.get("interactionStatistic")):
        if isinstance(statistic, dict):
            action = statistic.get("interactionType")
            name = types(action)[:1] if isinstance(action, dict) else (words(action).rpartition("/")[2],)
            field = _COUNTED.get(name[0] if name else "")
            if field:
                counts[field] = _number(statistic.get("userInteractionCount"))
    return counts


def _number(value: Any) -> int:
    written = words(value).replace(",", "")
    return min(int(written), 2**53) if written.isascii() and written.isdigit() and len(written) < 18 else 0
