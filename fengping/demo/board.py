"""What the demo sites have to show: posts by site and by subject, newest first, growing while they are served."""

from __future__ import annotations

import threading
from collections.abc import Iterable, Sequence
from itertools import islice

from fengping.demo.records import WorldPost


class Board:
    """Posts of one site. Safe to read while another thread adds."""

    def __init__(self, posts: Iterable[WorldPost]) -> None:
        self._lock = threading.Lock()
        self._posts: list[WorldPost] = []
        self._by_id: dict[str, WorldPost] = {}
        self._by_product: dict[str, list[WorldPost]] = {}
        self._by_brand: dict[str, list[WorldPost]] = {}
        self.version = 0
        for post in posts:
            self.add(post)

    def add(self, post: WorldPost) -> bool:
        """Puts a post on top; False when its id is taken already."""
        with self._lock:
            if post.id in self._by_id:
                return False
            self._by_id[post.id] = post
            for place in (
                self._posts,
                self._by_product.setdefault(post.product, []),
                self._by_brand.setdefault(post.brand, []),
            ):
                place.append(post)
            self.version += 1
            return True

    def get(self, identity: str) -> WorldPost | None:
        return self._by_id.get(identity)

    def of_product(self, product: str) -> Sequence[WorldPost]:
        """Oldest first."""
        return self._by_product.get(product, ())

    def of_brand(self, brand: str) -> Sequence[WorldPost]:
        """Oldest first."""
        return self._by_brand.get(brand, ())

    def all(self) -> Sequence[WorldPost]:
        """Oldest first."""
        return self._posts

    def answers(self, identity: str) -> list[WorldPost]:
        """What names this post as its parent, oldest first."""
        return [p for p in self._posts if p.parent == identity]


def page_of(posts: Sequence[WorldPost], number: int, size: int) -> tuple[list[WorldPost], bool]:
    """Page `number` (from 1) of the posts, newest first, and whether there are more behind it."""
    total = len(posts)
    last = total - (number - 1) * size
    first = max(0, last - size)
    return list(posts[first:last][::-1]) if last > 0 else [], first > 0


def before(posts: Sequence[WorldPost], identity: str, size: int) -> list[WorldPost]:
    """Up to `size` posts older than the one of this id ("" for the newest), newest first."""
    newest_first = reversed(posts)
    if identity:
        for post in newest_first:
            if post.id == identity:
                break
    return list(islice(newest_first, size))
