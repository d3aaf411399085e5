"""The microblog: a page without content that a script fills from JSON, more of it as one scrolls down."""

from __future__ import annotations

import json
from html import escape
from importlib.resources import files
from typing import Any

from fengping.demo.board import Board, before
from fengping.demo.http import Asked, Reply, text
from fengping.demo.layout import frame, iso, local, missing, permalink_page
from fengping.demo.market import market
from fengping.demo.records import WorldPost

NAME = "围脖广场"
BATCH = 100
"""Posts that one scroll brings."""


class Microblog:
    """Answers for the microblog: a topic per brand, its JSON, and a page for each post."""

    def __init__(self, board: Board) -> None:
        self._board = board
        self._topics = {b.slug: b.name for b in market()}
        self._script = files("fengping.demo").joinpath("words", "microblog.js").read_text(encoding="utf-8")

    def __call__(self, asked: Asked) -> Reply:
        kind, _, name = asked.path[1:].partition("/")
        if not name:
            return self._plain(asked.path)
        if kind == "topic" and name in self._topics:
            return text(self._topic(name))
        if kind == "api" and name in self._topics:
            return self._more(name, asked.query.get("before", ""))
        if kind == "status" and (post := self._board.get(name)) is not None:
            return text(permalink_page(NAME, post, self._board.get(post.parent), self._board.answers(name)))
        return text(missing(NAME, asked.path), 404)

    def _plain(self, path: str) -> Reply:
        if path == "/robots.txt":
            return text("User-agent: *\nDisallow: /_new\n", content_type="text/plain; charset=utf-8")
        if path == "/microblog.js":
            return text(self._script, content_type="text/javascript; charset=utf-8")
        return text(self._home()) if path == "/" else text(missing(NAME, path), 404)

    def _home(self) -> str:
        rows = "".join(f'<li class="card"><a href="/topic/{s}">#{escape(n)}#</a></li>' for s, n in self._topics.items())
        return frame("话题", NAME, f'<h1>话题</h1><ul class="list">{rows}</ul>')

    def _topic(self, slug: str) -> str:
        brand = escape(self._topics[slug])
        body = (
            f'<h1>#<span class="brand">{brand}</span>#</h1><div id="posts" data-api="/api/{slug}"></div>'
            '<p id="end" class="meta">加载中…</p><noscript>这一页要用 JavaScript。</noscript>'
        )
        return frame(self._topics[slug], NAME, body, '<script src="/microblog.js" defer></script>')

    def _more(self, slug: str, oldest_shown: str) -> Reply:
        shown = before(self._board.of_brand(self._topics[slug]), oldest_shown, BATCH)
        answer = {"posts": [_public(p) for p in shown], "more": len(shown) == BATCH}
        return text(json.dumps(answer), content_type="application/json")


def _public(post: WorldPost) -> dict[str, Any]:
    return {
        "id": post.id,
        "url": post.url,
        "author": post.author,
        "followers": post.followers,
        "time": iso(post.time),
        "shown": local(post.time),
        "region": post.region,
        "text": post.text,
        "likes": post.likes,
        "replies": post.replies,
        "shares": post.shares,
        "views": post.views,
        "parent": post.parent,
    }
