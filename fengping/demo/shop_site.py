"""The shop: product pages of reviews, paged, described in JSON-LD; beside it the outlet, where things go wrong."""

from __future__ import annotations

from fengping.demo.board import Board, page_of
from fengping.demo.http import Asked, Reply, page_number, text
from fengping.demo.layout import frame, missing, permalink_page
from fengping.demo.market import market
from fengping.demo.outlet_site import Outlet
from fengping.demo.shop_pages import Described, index_page, product_page

NAME = "星港商城"
PAGE = 20
"""Reviews on a page."""
ROBOTS = "User-agent: *\nDisallow: /outlet/private/\nDisallow: /_new\n"
_KEPT_PAGES = 4_000


class Shop:
    """Answers for the shop and its outlet. The page `flaky` fails with 503 the first time that it is asked for."""

    def __init__(self, board: Board, outlet: Outlet, flaky: str = "/product/lanko-pad11?page=2") -> None:
        self._board, self._outlet = board, outlet
        self._products = {p.slug: (p.name, b.name) for b in market() for p in b.products}
        self._flaky = {flaky}
        self._rendered: dict[tuple[str, int, int], Reply] = {}

    def __call__(self, asked: Asked) -> Reply:
        path = asked.path
        if path == "/robots.txt":
            return text(ROBOTS, content_type="text/plain; charset=utf-8")
        if path == "/":
            return text(self._home())
        if path.startswith("/outlet/"):
            return self._outlet(asked)
        kind, _, name = path[1:].partition("/")
        if kind == "product" and name in self._products:
            return self._product(path, name, page_number(asked))
        if kind == "review" and (post := self._board.get(name)) is not None:
            return text(permalink_page(NAME, post, self._board.get(post.parent), self._board.answers(name)))
        return text(missing(NAME, path), 404)

    def _product(self, path: str, slug: str, number: int) -> Reply:
        if (asked := f"{path}?page={number}") in self._flaky:
            self._flaky.discard(asked)
            busy = frame("503", NAME, "<h1>503</h1><p>服务器忙，请稍后再试。</p>")
            return Reply(busy.encode(), 503, headers=(("Retry-After", "0"),))
        key = (slug, number, self._board.version)
        if key not in self._rendered:
            if len(self._rendered) >= _KEPT_PAGES:
                self._rendered.clear()
            name, brand = self._products[slug]
            shown, more = page_of(self._board.of_product(name), number, PAGE)
            self._rendered[key] = text(product_page(NAME, Described(name, brand, path), shown, number, more))
        return self._rendered[key]

    def _home(self) -> str:
        entries = [(f"/product/{slug}", name) for slug, (name, _) in self._products.items()]
        return index_page(NAME, "全部商品", entries, "<p><a href='/outlet/'>尾货专区</a></p>")
