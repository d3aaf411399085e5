"""A small web site on loopback with everything that goes wrong on real ones. Run as a script it prints its port."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
import zlib
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit
from urllib.request import urlopen

PAGE_REVIEWS = 5
SITES_DAY = "2026-10-{:02d}T08:00:00+08:00"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(range(256)) * 4
SCROLLED = 25
SCRIPT = """
<div id="list"></div><script>
let next = 0, busy = false;
async function more() {
  if (busy) return; busy = true;
  const posts = await (await fetch('/posts?from=' + next)).json();
  for (const p of posts) {
    const e = document.createElement('article');
    e.innerHTML = `<b>${p.author}</b><p>${p.text}</p><time>${p.date}</time>`;
    e.dataset.id = p.id; document.getElementById('list').append(e);
  }
  next += posts.length; busy = false;
  if (document.documentElement.scrollHeight <= window.innerHeight && posts.length) more();
}
window.addEventListener('scroll', () => {
  if (window.scrollY + window.innerHeight > document.documentElement.scrollHeight - 200) more();
});
more();
</script><style>article{height:300px}</style>
"""


def review(id: str, day: int, text: str) -> dict[str, object]:
    """A schema.org review in the shape that shops publish."""
    return {
        "@type": "Review",
        "@id": id,
        "author": {"@type": "Person", "name": f"buyer {id}"},
        "datePublished": SITES_DAY.format(day % 28 + 1),
        "reviewRating": {"@type": "Rating", "ratingValue": day % 5 + 1, "bestRating": 5, "worstRating": 1},
        "reviewBody": text,
    }


def page(node: dict[str, object], following: str = "") -> bytes:
    """An HTML page around a JSON-LD node."""
    link = f'<a rel="next" href="{following}">下一页</a>' if following else ""
    written = json.dumps({"@context": "https://schema.org", **node}, ensure_ascii=False)
    return (
        f'<html><head><script type="application/ld+json">{written}</script></head><body>{link}</body></html>'.encode()
    )


class MockSite:
    """Its state: how many answers each path has given, and how many news there are."""

    def __init__(self) -> None:
        self.asked: Counter[str] = Counter()
        self.news = 12

    def answer(self, path: str, query: dict[str, str]) -> tuple[int, dict[str, str], bytes]:
        name, _, rest = path.strip("/").partition("/")
        route = getattr(self, f"page_{name.replace('.', '_')}", None)
        return route(rest, query) if route else (404, {}, b"<html><body>not here</body></html>")

    def page_robots_txt(self, rest, query):
        return 200, {"Content-Type": "text/plain"}, b"User-agent: *\nDisallow: /forbidden\n"

    def page_shop(self, rest, query):
        """`/shop/PRODUCTS/PAGES`: an index of products, each with so many pages of reviews."""
        products, pages = rest.split("/")
        members = [{"@type": "ListItem", "url": f"/product/{n}/{pages}"} for n in range(int(products))]
        return 200, {}, page({"@type": "ItemList", "itemListElement": members})

    def page_product(self, rest, query):
        product, pages = rest.split("/")
        number = int(query.get("page", "1"))
        first = (number - 1) * PAGE_REVIEWS
        reviews = [
            review(f"{product}-{n}", n, f"用了第{n}天，{product}号还不错。") for n in range(first, first + PAGE_REVIEWS)
        ]
        following = f"?page={number + 1}" if number < int(pages) else ""
        return 200, {}, page({"@type": "Product", "name": f"P{product}", "review": reviews}, following)

    def page_news(self, rest, query):
        """Newest first, four a page; `/_set?news=N` changes how many there are."""
        number = int(query.get("page", "1"))
        shown = list(range(self.news, 0, -1))[(number - 1) * 4 : number * 4]
        following = f"/news?page={number + 1}" if number * 4 < self.news else ""
        reviews = [review(f"news-{n}", n, f"第{n}条消息。") for n in shown]
        return 200, {}, page({"@type": "Product", "name": "News", "review": reviews}, following)

    def page__set(self, rest, query):
        self.news = int(query["news"])
        return 200, {}, b"ok"

    def page__asked(self, rest, query):
        return 200, {"Content-Type": "application/json"}, json.dumps(self.asked).encode()

    def page_forbidden(self, rest, query):
        return 200, {}, page({"@type": "Product", "review": [review("secret", 1, "不该看到。")]})

    def page_once503(self, rest, query):
        if self.asked[f"/once503/{rest}"] == 1:
            return 503, {"Retry-After": "0"}, b"busy"
        return 200, {}, page({"@type": "Product", "review": [review(f"late-{rest}", 2, "第二次才来。")]})

    def page_always503(self, rest, query):
        return 503, {}, b"busy"

    def page_loop(self, rest, query):
        return 302, {"Location": "/loop/b" if rest == "a" else "/loop/a"}, b""

    def page_to(self, rest, query):
        return 302, {"Location": query["u"]}, b""

    def page_broken(self, rest, query):
        text = '<html><script type="application/ld+json">{"@type": "Product", "review": [{"@type"</script><div><p>x'
        return 200, {}, text.encode()

    def page_binary(self, rest, query):
        return 200, {"Content-Type": "text/html"}, PNG

    def page_bomb(self, rest, query):
        """A hundred megabytes of blanks, packed."""
        packer = zlib.compressobj(9, wbits=31)
        body = b"".join(packer.compress(b" " * 2**20) for _ in range(100)) + packer.flush()
        return 200, {"Content-Encoding": "gzip"}, body

    def page_gb(self, rest, query):
        body = page({"@type": "Product", "review": [review("gb", 3, "国标编码也读得懂。")]}).decode().encode("gb18030")
        return 200, {"Content-Type": "text/html"}, body

    def page_mixed(self, rest, query):
        """Links to everything bad and to one good page."""
        bad = (
            "slow",
            "loop/a",
            "always503/x",
            "once503/x",
            "broken",
            "binary",
            "forbidden/x",
            "missing",
            "huge",
            "bomb",
            "gb",
        )
        inner = (f"to?u=http://{host}/x" for host in ("10.1.2.3", "169.254.169.254", "[::1]:9", "[fd00::1]"))
        members = [f"/{path}" for path in (*bad, *inner, "product/9/1")]
        return 200, {}, page({"@type": "ItemList", "itemListElement": members})

    def page_scroll(self, rest, query):
        return 200, {"Content-Type": "text/html; charset=utf-8"}, f"<html><body>{SCRIPT}</body></html>".encode()

    def page_posts(self, rest, query):
        first = int(query["from"])
        found = [
            {"id": f"post-{n}", "author": f"u{n}", "text": f"刷到第{n}条。", "date": SITES_DAY.format(n % 28 + 1)}
            for n in range(first, min(first + 5, SCROLLED))
        ]
        return 200, {"Content-Type": "application/json"}, json.dumps(found).encode()

    def page_spy(self, rest, query):
        """A page drawn by scripts that reach for private addresses."""
        inside = "".join(f"<img src='{query['u']}'><iframe src='/to?u={query['u']}'></iframe>")
        return 200, {}, f"<html><body><article>公开的。</article>{inside}</body></html>".encode()

    def page_feed(self, rest, query):
        items = "".join(
            f"<item><guid>f{n}</guid><title>帖子{n}</title><description>内容{n}</description>"
            f"<pubDate>Mon, 0{n} Oct 2026 08:00:00 +0800</pubDate></item>"
            for n in range(1, 4)
        )
        return 200, {"Content-Type": "application/rss+xml"}, f"<rss><channel>{items}</channel></rss>".encode()


async def serve(site: MockSite, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """Answers one connection after another request until the client leaves."""
    try:
        while head := await reader.readuntil(b"\r\n\r\n"):
            parts = urlsplit(head.split(b" ", 2)[1].decode())
            path = unquote(parts.path)
            site.asked[path] += 1
            if path == "/slow":
                await asyncio.sleep(3600)
            if path == "/huge":
                await _huge(writer)
                return
            query = {key: values[0] for key, values in parse_qs(parts.query).items()}
            status, headers, body = site.answer(path, query)
            lines = {"Content-Type": "text/html; charset=utf-8", "Content-Length": str(len(body)), **headers}
            told = "".join(f"{key}: {value}\r\n" for key, value in lines.items())
            writer.write(f"HTTP/1.1 {status} OK\r\n{told}\r\n".encode() + body)
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        return
    finally:
        writer.close()


async def _huge(writer: asyncio.StreamWriter) -> None:
    """A line of a hundred megabytes, without saying how long it will be."""
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>")
    for _ in range(100):
        writer.write(b"x" * 2**20)
        await writer.drain()


async def main() -> None:
    site = MockSite()
    server = await asyncio.start_server(lambda r, w: serve(site, r, w), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    async with server:
        await server.serve_forever()


@dataclass(frozen=True, slots=True)
class Site:
    """The running site, from outside."""

    url: str

    def asked(self) -> Counter[str]:
        """How often each path was asked for."""
        return Counter(json.loads(self.get("/_asked")))

    def get(self, path: str) -> bytes:
        with urlopen(self.url + path, timeout=10) as answer:
            body: bytes = answer.read()
        return body


@contextmanager
def running() -> Iterator[Site]:
    """The site in a process of its own."""
    server = subprocess.Popen([sys.executable, str(Path(__file__))], stdout=subprocess.PIPE)
    assert server.stdout is not None
    try:
        yield Site(f"http://127.0.0.1:{int(server.stdout.readline())}")
    finally:
        server.kill()
        server.wait()
        server.stdout.close()


if __name__ == "__main__":
    asyncio.run(main())
