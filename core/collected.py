"""What a parser found, as written on the page or in the file: before times, ratings, masks and ids."""

from __future__ import annotations

from dataclasses import dataclass

from core.models import Kind


@dataclass(frozen=True, slots=True)
class Collected:
    """One item as its source wrote it. Everything a source does not give stays empty; nothing is guessed here."""

    text: str
    title: str = ""
    native_id: str = ""
    parent_native_id: str = ""
    url: str = ""
    product_url: str = ""
    author: str = ""
    author_followers: int | None = None
    date: str = ""
    rating: str = ""
    rating_low: str = ""
    rating_high: str = ""
    likes: int = 0
    replies: int = 0
    shares: int = 0
    views: int | None = None
    brand: str = ""
    product: str = ""
    region: str = ""
    images: tuple[str, ...] = ()
    kind: Kind | None = None
