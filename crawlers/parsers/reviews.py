"""Any shop or review page: schema.org reviews in JSON-LD, else in microdata, else in RDFa."""

from __future__ import annotations

from itertools import chain

from core.collected import Collected
from crawlers.parsers.decode import decoded, looks_binary
from crawlers.parsers.links import next_pages, reachable
from crawlers.parsers.parsed import Parsed, document, is_empty, lacks_something
from crawlers.parsers.schema_reviews import list_targets, reviews
from crawlers.parsers.structured import Descriptions, json_ld, microdata, rdfa


def parse_reviews(body: bytes | str, url: str) -> Parsed:
    """Reads the reviews of a page and finds the pages that follow it; never raises on what a page holds.

    A page without reviews is taken for an index: the members of its ItemLists are followed too.
    """
    if looks_binary(body):
        return Parsed(broken=f"{url} is no text: its first bytes are those of a binary file")
    text = decoded(body)
    tree = document(text) if text.strip() else None
    if tree is None:
        return Parsed(broken=f"{url} is empty: the site sent nothing to read")
    found = json_ld(tree)
    items, lost = _kept(found, url)
    broken = found.broken
    if not items and "itemscope" in text:
        found = microdata(tree, url)
        items, lost = _kept(found, url)
        broken += found.broken
    if not items and ("typeof=" in text or "vocab=" in text):
        found = rdfa(text, url)
        items, lost = _kept(found, url)
        broken += found.broken
    targets = () if items else list_targets(found)
    incomplete = lost + broken + sum(map(lacks_something, items))
    return Parsed(items, reachable(chain(next_pages(tree), targets), url), incomplete)


def _kept(found: Descriptions, url: str) -> tuple[tuple[Collected, ...], int]:
    """The reviews worth keeping, each once, and how many were empty."""
    kept: dict[tuple[str, ...], Collected] = {}
    empty = 0
    for item in reviews(found, url):
        if is_empty(item):
            empty += 1
        elif item.native_id:
            kept.setdefault((item.native_id,), item)
        else:
            kept.setdefault((item.author, item.date, item.rating, item.title, item.text, item.product_url), item)
    return tuple(kept.values()), empty
