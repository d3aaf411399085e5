"""RSS, Atom and JSON Feed. A feed that declares entities is refused unread: bombs and file theft begin so."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from io import BytesIO
from typing import Any
from urllib.parse import urljoin

import feedparser

from core.collected import Collected
from crawlers.parsers.decode import decoded, looks_binary
from crawlers.parsers.links import local_id, reachable, without_paging
from crawlers.parsers.parsed import Parsed, cleaned, is_empty, lacks_something, text_of_markup

_ENTITY = re.compile(r"<!ENTITY", re.I)
_DECLARATION = re.compile(r"^\s*<\?xml[^>]{0,200}\?>")
_MARKUP = re.compile(r"<\s*(?:rss|feed|rdf:RDF|rdf|channel|item|entry)\b", re.I)


def parse_feed(body: bytes | str, url: str) -> Parsed:
    """Reads the entries of a feed in any of the three formats; never raises on what it holds."""
    if looks_binary(body):
        return Parsed(broken=f"{url} is no feed: its first bytes are those of a binary file")
    text = decoded(body)
    if text.lstrip("\ufeff \t\r\n").startswith("{"):
        return _json_feed(text, url)
    if _ENTITY.search(text):
        return Parsed(
            broken=f"{url} declares XML entities, which feeds do not need and attacks do; it was not read. "
            "Ask the site to publish it without a DOCTYPE."
        )
    if not _MARKUP.search(text):
        return Parsed(broken=f"{url} is no feed: neither RSS, Atom nor JSON Feed. Look for the feed's own address.")
    return _xml_feed(_DECLARATION.sub("", text), url)


def _xml_feed(text: str, url: str) -> Parsed:
    told = {"content-type": "application/xml; charset=utf-8", "content-location": url}
    source = BytesIO(text.encode("utf-8", "replace"))
    feed = feedparser.parse(source, response_headers=told, sanitize_html=False, resolve_relative_uris=False)
    behind = (link.get("href", "") for link in feed.feed.get("links", ()) if link.get("rel") == "next")
    return _parsed((_entry(entry, url) for entry in feed.entries), behind, url)


def _entry(entry: Any, url: str) -> Collected:
    bodies = [part.get("value", "") for part in entry.get("content", ())]
    body = max((*bodies, entry.get("summary", "")), key=len)
    link = _joined(url, entry.get("link", ""))
    title = text_of_markup(entry.get("title", ""))
    media = (*entry.get("media_content", ()), *entry.get("enclosures", ()))
    reply = entry.get("thr_in-reply-to") or {}
    return Collected(
        text=text_of_markup(body) or title,
        title=title,
        native_id=local_id(cleaned(entry.get("id", "") or entry.get("link", "")), url),
        parent_native_id=local_id(cleaned(reply.get("ref", "") if isinstance(reply, dict) else ""), url),
        url=link if link.startswith(("http://", "https://")) else url,
        product_url=without_paging(url),
        author=cleaned(entry.get("author", "")),
        date=cleaned(entry.get("published", "") or entry.get("updated", "")),
        replies=_number(entry.get("slash_comments") or entry.get("thr_total")),
        images=tuple(_joined(url, m.get("url") or m.get("href", "")) for m in media if _is_image(m)),
    )


def _json_feed(text: str, url: str) -> Parsed:
    try:
        feed = json.loads(text)
    except (ValueError, RecursionError) as error:
        return Parsed(broken=f"{url} is no JSON Feed: {type(error).__name__} while reading it; it may be cut off.")
    entries = feed.get("items")
    if not isinstance(entries, list):
        return Parsed(broken=f"{url} is JSON without a list `items`, so no JSON Feed. Look for the feed's own address.")
    known = [entry for entry in entries if isinstance(entry, dict)]
    overall = _author(feed)
    read = _parsed((_json_entry(entry, overall, url) for entry in known), [_words(feed.get("next_url"))], url)
    return Parsed(read.items, read.next_urls, read.incomplete + len(entries) - len(known))


def _json_entry(entry: dict[str, Any], overall: str, url: str) -> Collected:
    title = cleaned(_words(entry.get("title")))
    plain, markup = _words(entry.get("content_text")), _words(entry.get("content_html"))
    link = _words(entry.get("url") or entry.get("external_url"))
    return Collected(
        text=cleaned(plain) or text_of_markup(markup) or cleaned(_words(entry.get("summary"))) or title,
        title=title,
        native_id=local_id(cleaned(_words(entry.get("id")) or link), url),
        url=_joined(url, link) if link else url,
        product_url=without_paging(url),
        author=cleaned(_author(entry) or overall),
        date=cleaned(_words(entry.get("date_published") or entry.get("date_modified"))),
        images=tuple(_joined(url, image) for key in ("image", "banner_image") if (image := _words(entry.get(key)))),
    )


def _author(node: dict[str, Any]) -> str:
    written = node.get("authors")
    first = written[0] if isinstance(written, list) and written else node.get("author")
    return _words(first.get("name")) if isinstance(first, dict) else ""


def _parsed(entries: Iterable[Collected], behind: Iterable[str], url: str) -> Parsed:
    read = list(entries)
    items = tuple(item for item in read if not is_empty(item))
    incomplete = len(read) - len(items) + sum(map(lacks_something, items))
    return Parsed(items, reachable((u for u in behind if u), url), incomplete)


def _words(value: Any) -> str:
    return value if isinstance(value, str) else str(value) if isinstance(value, int | float) else ""


def _number(value: Any) -> int:
    written = _words(value).strip()
    return int(written) if written.isascii() and written.isdigit() and len(written) < 16 else 0


def _is_image(part: Any) -> bool:
    return isinstance(part, dict) and (part.get("medium") == "image" or str(part.get("type", "")).startswith("image/"))


def _joined(url: str, written: str) -> str:
    try:
        return urljoin(url, written)
    except ValueError:
        return written
