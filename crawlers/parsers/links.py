"""The pages behind a page: rel=next, links that say "next", and addresses without their paging."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

from lxml import etree  # type: ignore[import-untyped]

_NEXT_WORDS = re.compile(
    r"^[\s«»‹›<>→❯▶]*(?:next(?:\s+page)?|older(?:\s+(?:posts|reviews))?|下一?[页頁]|后一?页|後一?頁|下翻)[\s»›>→❯▶]*$|^\s*[»›→❯]\s*$",
    re.I,
)
_PAGING = frozenset((
    "page", "p", "pn", "pg", "pageno", "page_no", "pagenum", "pageindex", "curpage", "currentpage", "start",
    "offset", "cursor", "after",
))  # fmt: skip
_PAGING_PATH = re.compile(r"/page[/-]?\d{1,6}(?=/?$)", re.I)
_NUMBER = re.compile(r"^[\w=%.-]*$")
_ANCHORS = etree.XPath("//a[@href]")
_RELATED = etree.XPath("//link[@href][@rel] | //a[@href][@rel]")
MAX_LINKS = 20_000
"""More addresses than this no page has: they were made to keep a crawler busy."""


def without_paging(url: str) -> str:
    """The address of the thing itself, whichever page of its reviews this is."""
    parts = urlsplit(url)
    kept = [(k, v) for k, v in parse_qsl(parts.query, keep_blank_values=True) if not _is_paging(k, v)]
    return urlunsplit(parts._replace(path=_PAGING_PATH.sub("", parts.path), query=urlencode(kept), fragment=""))


def local_id(written: str, url: str) -> str:
    """An id that is an address on the page's own site, without host and paging: it outlives a move to another port,
    protocol or page of the list. Any other id comes back as it is."""
    if "#" not in written and "/" not in written:
        return written
    try:
        here, target = urlsplit(url), urlsplit(urljoin(url, written))
    except ValueError:
        return written
    if target.scheme not in {"http", "https"} or target.hostname != here.hostname:
        return written
    plain = urlsplit(without_paging(target.geturl())) if target.fragment else target
    return plain.path + (f"?{plain.query}" if plain.query else "") + (f"#{target.fragment}" if target.fragment else "")


def next_pages(tree: etree._Element) -> Iterator[str]:
    """Addresses that the page itself calls its next one, as written; the first way that finds any wins."""
    related = [n.get("href", "") for n in _RELATED(tree) if "next" in n.get("rel", "").lower().split()]
    if related:
        yield from related
        return
    for anchor in _ANCHORS(tree):
        text = "".join(anchor.itertext()) if len(anchor) else (anchor.text or "")
        if len(text) < 24 and _NEXT_WORDS.match(text.strip()):
            yield anchor.get("href", "")


def reachable(urls: Iterable[str], url: str) -> tuple[str, ...]:
    """Absolute addresses on the same site, each once, without fragments and without the page itself."""
    here = urlsplit(url)
    found: dict[str, None] = {}
    for written in urls:
        try:
            target = urlsplit(urljoin(url, written.strip()))
            same = (target.hostname, target.port) == (here.hostname, here.port)
        except ValueError:
            continue
        if target.scheme not in {"http", "https"} or not same:
            continue
        plain = urlunsplit(target._replace(fragment=""))
        if plain != urlunsplit(here._replace(fragment="")):
            found[plain] = None
        if len(found) >= MAX_LINKS:
            break
    return tuple(found)


def _is_paging(key: str, value: str) -> bool:
    return key.lower() in _PAGING and bool(_NUMBER.match(value))
