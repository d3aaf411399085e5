"""The door for adding a post while the sites are served: POST /_new with the token they were started with."""

from __future__ import annotations

import hmac
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from fengping.demo.board import Board
from fengping.demo.http import Asked, Reply, text
from fengping.demo.market import market
from fengping.demo.realise import PATHS, PREFIX
from fengping.demo.records import WorldPost

Clock = Callable[[], datetime]


class Admin:
    """Puts new posts on the board of one site."""

    def __init__(self, source: str, board: Board, token: str, clock: Clock) -> None:
        self._source, self._board, self._token, self._clock = source, board, token, clock

    def __call__(self, asked: Asked) -> Reply:
        """201 with id and address; 401 without the token, 400 for a body that makes no post, 409 for an id taken."""
        given = asked.headers.get("authorization", "").removeprefix("Bearer ")
        if not hmac.compare_digest(given.encode(), self._token.encode()):
            return _told({"error": "the token is missing or wrong; send Authorization: Bearer TOKEN"}, 401)
        if asked.method != "POST":
            return _told({"error": "use POST"}, 405)
        try:
            post = self._post(asked.body)
        except (ValueError, TypeError, AttributeError) as error:
            return _told({"error": f"the body makes no post: {error}"}, 400)
        if not self._board.add(post):
            return _told({"error": f"a post {post.id} is there already"}, 409)
        return _told({"id": post.id, "url": post.url}, 201)

    def _post(self, body: bytes) -> WorldPost:
        asked = json.loads(body)
        words, rating = asked.get("text", ""), asked.get("rating")
        if not isinstance(words, str) or not words.strip():
            raise ValueError("`text` is empty")
        if rating is not None and rating not in {1, 2, 3, 4, 5}:
            raise ValueError("`rating` is no whole number from 1 to 5")
        brand, product = _subject(str(asked.get("product", "")))
        now = self._clock()
        is_shop = self._source in {"shop", "outlet"}
        identity = str(asked.get("id") or f"{PREFIX[self._source]}:new-{self._board.version}")
        return WorldPost(
            id=identity,
            source=self._source,
            kind="review" if is_shop else "post",
            title=str(asked.get("title", "")) or (words[:20] if self._source == "forum" else ""),
            text=words,
            brand=brand,
            product=product,
            author=str(asked.get("author", "路人甲")),
            followers=None if is_shop else 10,
            time=_time(asked.get("time"), now),
            rating=rating if is_shop else None,
            likes=0,
            replies=0,
            shares=0,
            views=None if is_shop else 1,
            region="",
            parent=str(asked.get("parent", "")),
            url=PATHS[self._source] + identity,
            delivered=True,
        )


def _subject(written: str) -> tuple[str, str]:
    """Brand and product by name or slug; the first product of the own brand when nothing is asked."""
    known = {key: (b.name, p.name) for b in market() for p in b.products for key in (p.name, p.slug)}
    if not written:
        return market()[0].name, market()[0].products[0].name
    if written not in known:
        raise ValueError(f"no product is called {written!r}; there are {', '.join(known)}")
    return known[written]


def _time(written: Any, now: datetime) -> datetime:
    if written is None:
        return now.astimezone(UTC)
    time = datetime.fromisoformat(written)
    if time.tzinfo is None or time > now + timedelta(seconds=1):
        raise ValueError("`time` needs an offset and must not lie in the future")
    return time.astimezone(UTC)


def _told(answer: dict[str, str], status: int) -> Reply:
    return text(json.dumps(answer, ensure_ascii=False), status, "application/json")
