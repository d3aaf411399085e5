"""A shop on loopback that costs nothing to serve: every page is written before the first request comes."""

from __future__ import annotations

import asyncio
import json
import random
import sys
from collections.abc import Mapping

REVIEWS = 20
CLAUSES = (
    "续航一天没问题",
    "屏幕很亮",
    "充电有点慢",
    "手感不错",
    "发热比上一代好",
    "拍照还行",
    "客服回复快",
    "包装有点简单",
)


def pages(products: int, depth: int) -> dict[bytes, bytes]:
    """Every path with its whole answer."""
    rng = random.Random(7)
    members = [{"@type": "ListItem", "url": f"/p/{n}/1"} for n in range(products)]
    found = {b"/": _answer({"@type": "ItemList", "itemListElement": members}, "", "")}
    for product in range(products):
        for number in range(1, depth + 1):
            following = f"/p/{product}/{number + 1}" if number < depth else ""
            found[f"/p/{product}/{number}".encode()] = _product(product, number, following, rng)
    return found


def _product(product: int, number: int, following: str, rng: random.Random) -> bytes:
    reviews = [
        {
            "@type": "Review",
            "@id": f"r{product}-{number}-{n}",
            "author": {"@type": "Person", "name": f"买家{rng.randrange(10**6)}"},
            "datePublished": f"2026-0{rng.randrange(1, 10)}-1{rng.randrange(10)}T0{rng.randrange(10)}:30:00+08:00",
            "reviewRating": {"@type": "Rating", "ratingValue": rng.randrange(1, 6), "bestRating": 5, "worstRating": 1},
            "reviewBody": "，".join(rng.sample(CLAUSES, 4)) + "。",
        }
        for n in range(REVIEWS)
    ]
    shown = "".join(f"<li><b>{r['author']['name']}</b><p>{r['reviewBody']}</p></li>" for r in reviews)  # type: ignore[index]
    node = {
        "@type": "Product",
        "name": f"手机{product}",
        "brand": {"@type": "Brand", "name": "示例"},
        "review": reviews,
    }
    return _answer(node, following, f"<ul>{shown}</ul>")


def _answer(node: Mapping[str, object], following: str, shown: str) -> bytes:
    written = json.dumps({"@context": "https://schema.org", **node}, ensure_ascii=False)
    link = f'<a rel="next" href="{following}">下一页</a>' if following else ""
    body = f'<html><head><script type="application/ld+json">{written}</script></head><body>{shown}{link}</body></html>'
    sent = body.encode()
    return b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: %d\r\n\r\n" % len(sent) + sent


class Shop(asyncio.Protocol):
    """HTTP as far as a crawler on the same machine needs it."""

    found: dict[bytes, bytes]

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport
        self._head = b""

    def data_received(self, data: bytes) -> None:
        self._head += data
        while b"\r\n\r\n" in self._head:
            head, _, self._head = self._head.partition(b"\r\n\r\n")
            path = head.split(b" ", 2)[1]
            self._transport.write(self.found.get(path, b"HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n"))


async def main(products: int, depth: int) -> None:
    Shop.found = pages(products, depth)
    server = await asyncio.get_running_loop().create_server(Shop, "127.0.0.1", 0)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main(int(sys.argv[1]), int(sys.argv[2])))
