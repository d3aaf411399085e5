"""The outlet: a corner of the shop that is nobody's own, where robots.txt forbids a part and other pages go wrong."""

from __future__ import annotations

from datetime import UTC, datetime

from fengping.demo.board import Board, page_of
from fengping.demo.http import Asked, Reply, page_number, redirect, text
from fengping.demo.layout import frame, missing, permalink_page
from fengping.demo.market import market
from fengping.demo.records import WorldPost
from fengping.demo.shop_pages import Described, index_page, product_page

NAME = "星港商城 · 尾货专区"
PAGE = 20
SLOW_SECONDS = 20.0
"""Longer than any source of the demo waits."""
BAIT = "诱饵评论，robots.txt 禁止抓取这一页，这句话不应该出现在任何统计里"
"""Begins every review in the forbidden part: one that turns up shows that robots.txt was not obeyed."""


class Outlet:
    """Answers for everything below /outlet/."""

    def __init__(self, board: Board, end: datetime, slow_seconds: float = SLOW_SECONDS) -> None:
        self._board, self._end, self._slow_seconds = board, end, slow_seconds
        self._products = {p.slug: (p.name, b.name) for b in market() for p in b.products}

    def __call__(self, asked: Asked) -> Reply:
        kind, _, name = asked.path.removeprefix("/outlet/").partition("/")
        if not kind:
            return text(self._index())
        if kind == "item" and name in self._products:
            return text(self._item(asked.path, name, page_number(asked)))
        if kind == "review" and (post := self._board.get(name)) is not None:
            return text(permalink_page(NAME, post, None, []))
        if kind == "private" and name in self._products:
            return text(self._forbidden(asked.path, name))
        return self._trouble(kind, asked.path)

    def _trouble(self, kind: str, path: str) -> Reply:
        if kind == "slow":
            page = frame("慢", NAME, "<p class='card'>这一页总是来得太晚。</p>")
            return Reply(page.encode(), wait_seconds=self._slow_seconds)
        if kind == "broken":
            whole = product_page(NAME, Described("样机", "", path), [_sample(self._end)], 1, more=False).encode()
            return Reply(whole[: whole.index(b"reviewBody") + 20])
        if kind in {"round", "about"}:
            return redirect("/outlet/about" if kind == "round" else "/outlet/round")
        return text(missing(NAME, path), 404)

    def _index(self) -> str:
        entries = [(f"/outlet/item/{slug}", f"{name} 尾货") for slug, (name, _) in self._products.items()]
        entries += [(f"/outlet/private/{slug}", f"{name} 内部评价") for slug in list(self._products)[:3]
                    for name in [self._products[slug][0]]]  # fmt: skip
        entries += [("/outlet/slow", "慢的一页"), ("/outlet/broken", "坏的一页"), ("/outlet/round", "绕圈的一页")]
        return index_page(NAME, "尾货专区", entries)

    def _item(self, path: str, slug: str, number: int) -> str:
        name, brand = self._products[slug]
        shown, more = page_of(self._board.of_product(name), number, PAGE)
        return product_page(NAME, Described(name, brand, path), shown, number, more)

    def _forbidden(self, path: str, slug: str) -> str:
        name, brand = self._products[slug]
        bait = _sample(self._end)._replace(id=f"bait-{slug}", text=f"{BAIT}（{name}）", brand=brand, product=name)
        return product_page(NAME, Described(name, brand, path), [bait], 1, more=False)


def _sample(time: datetime) -> WorldPost:
    return WorldPost(
        id="broken-1", source="outlet", kind="review", title="", text="这一页在半路断掉了", brand="", product="样机",
        author="样机", followers=None, time=time.astimezone(UTC), rating=1, likes=0, replies=0, shares=0, views=None,
        region="", parent="", url="/outlet/", delivered=False,
    )  # fmt: skip
