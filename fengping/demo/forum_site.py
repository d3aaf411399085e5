"""The forum: threads for people, and an Atom feed whose pages follow each other (RFC 5005)."""

from __future__ import annotations

from html import escape

from fengping.demo.board import Board, page_of
from fengping.demo.http import Asked, Reply, page_number, text
from fengping.demo.layout import article, frame, iso, missing, pages, permalink_page
from fengping.demo.records import WorldPost

NAME = "闲谈数码论坛"
PAGE = 30
FEED_PAGE = 50


class Forum:
    """Answers for the forum. `absolute` is its own address, which feeds need."""

    def __init__(self, board: Board) -> None:
        self._board = board
        self.absolute = ""

    def __call__(self, asked: Asked) -> Reply:
        kind, _, name = asked.path[1:].partition("/")
        if asked.path == "/robots.txt":
            return text("User-agent: *\nDisallow: /_new\n", content_type="text/plain; charset=utf-8")
        if asked.path == "/":
            return text(self._home(page_number(asked)))
        if asked.path == "/feed.atom":
            return text(self._feed(page_number(asked)), content_type="application/atom+xml; charset=utf-8")
        if kind == "thread" and (post := self._board.get(name)) is not None:
            return text(permalink_page(NAME, post, self._board.get(post.parent), self._board.answers(name)))
        return text(missing(NAME, asked.path), 404)

    def _home(self, number: int) -> str:
        shown, more = page_of(self._board.all(), number, PAGE)
        link = '<link rel="alternate" type="application/atom+xml" href="/feed.atom">'
        return frame(
            "最新主题", NAME, "<h1>最新主题</h1>" + "".join(map(article, shown)) + pages("/", number, more), link
        )

    def _feed(self, number: int) -> str:
        shown, more = page_of(self._board.all(), number, FEED_PAGE)
        here = f"{self.absolute}/feed.atom"
        links = f'<link rel="self" href="{here}?page={number}"/><link rel="first" href="{here}"/>'
        if number > 1:
            links += f'<link rel="previous" href="{here}?page={number - 1}"/>'
        if more:
            links += f'<link rel="next" href="{here}?page={number + 1}"/>'
        updated = f"<updated>{iso(shown[0].time)}</updated>" if shown else ""
        return (
            '<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom" '
            f'xmlns:slash="http://purl.org/rss/1.0/modules/slash/"><title>{NAME}</title><id>{here}</id>{updated}{links}'
            f"{''.join(self._entry(post) for post in shown)}</feed>"
        )

    def _entry(self, post: WorldPost) -> str:
        return (
            f"<entry><id>{escape(post.id)}</id><title>{_xml(post.title)}</title>"
            f'<link rel="alternate" href="{self.absolute}{post.url}"/><published>{iso(post.time)}</published>'
            f"<updated>{iso(post.time)}</updated><author><name>{_xml(post.author)}</name></author>"
            f'<content type="html">{_xml(escape(post.text))}</content>'
            f"<slash:comments>{post.replies}</slash:comments></entry>"
        )


def _xml(words: str) -> str:
    """Escaped, and without the control characters that XML cannot hold."""
    return escape("".join(c if c >= " " or c in "\n\t" else " " for c in words))
