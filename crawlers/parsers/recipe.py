"""Any page by a recipe: the items its selectors pick, with their fields."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import chain
from typing import Any
from urllib.parse import urljoin

from lxml import etree  # type: ignore[import-untyped]

from core.collected import Collected
from crawlers.parsers.decode import decoded, looks_binary
from crawlers.parsers.links import reachable, without_paging
from crawlers.parsers.parsed import Parsed, cleaned, document, is_empty, lacks_something, visible_text
from crawlers.recipe import Recipe, Rule

_NUMBERS = ("likes", "replies", "shares", "views", "author_followers")
_ADDRESSES = ("url", "product_url")
_COUNT = re.compile(r"([\d.,]+)\s*([万萬亿億kKwWmM])?")
_TIMES = {"": 1, "万": 10**4, "萬": 10**4, "w": 10**4, "亿": 10**8, "億": 10**8, "k": 10**3, "m": 10**6}
_EXSLT = {"re": "http://exslt.org/regular-expressions"}


def parse_recipe(body: bytes | str, url: str, recipe: Recipe) -> Parsed:
    """Reads the items of a page by its recipe; never raises on what a page holds."""
    if looks_binary(body):
        return Parsed(broken=f"{url} is no text: its first bytes are those of a binary file")
    text = decoded(body)
    tree = document(text) if text.strip() else None
    if tree is None:
        return Parsed(broken=f"{url} is empty: the site sent nothing to read")
    around: dict[str, list[str]] = {name: _values(tree, rule) for name, rule in recipe.page.items()}
    read = [
        _item(node, recipe, url, around) for node in _picked(tree, recipe.items) if isinstance(node, etree._Element)
    ]
    items = tuple(item for item in read if not is_empty(item))
    incomplete = len(read) - len(items) + sum(map(lacks_something, items))
    behind = chain.from_iterable(_addresses(tree, path) for path in (recipe.next, recipe.links) if path)
    return Parsed(items, reachable(behind, url), incomplete)


def parse_fragments(fragments: Sequence[str], url: str, recipe: Recipe) -> tuple[Collected, ...]:
    """The items of a page that were cut out of it one by one, as a browser gives them."""
    trees = (document(fragment) for fragment in fragments)
    nodes = (next(iter(tree.iterchildren()), tree) for tree in trees if tree is not None)
    items = (_item(next(node.iterchildren(), node), recipe, url, {}) for node in nodes)
    return tuple(item for item in items if not is_empty(item))


def _item(node: etree._Element, recipe: Recipe, url: str, around: dict[str, list[str]]) -> Collected:
    values = dict(around)
    for field, rule in recipe.fields.items():
        values[field] = _values(node, rule) or values.get(field, [])
    fields: dict[str, Any] = {
        name: "\n".join(found) if name == "text" else found[0] for name, found in values.items() if found
    }
    fields |= {name: count(fields[name]) for name in _NUMBERS if name in fields}
    fields |= {name: _joined(url, fields[name]) for name in _ADDRESSES if name in fields}
    if "images" in fields:
        fields["images"] = tuple(_joined(url, image) for image in values["images"])
    fields.setdefault("text", "")
    fields.setdefault("url", url)
    fields.setdefault("product_url", without_paging(url))
    return Collected(kind=recipe.kind, **fields)


def count(written: str) -> int:
    """A counter as sites write it: 1,234, 1.2万, 3k; 0 when there is no number in it."""
    found = _COUNT.search(written)
    if found is None:
        return 0
    unit = (found.group(2) or "").lower()
    number = found.group(1).strip(".,").replace(",", "")
    if not unit:
        return int(number.partition(".")[0] or 0) if len(number) < 16 else 0
    try:
        return round(float(number) * _TIMES[unit]) if len(number) < 16 else 0
    except ValueError:
        return 0


def _values(node: etree._Element, rule: Rule) -> list[str]:
    if rule.value:
        return [rule.value]
    found = (_written(part) for part in _picked(node, rule.select))
    if rule.pattern:
        found = (_matched(rule.pattern, part) for part in found)
    return [part for part in found if part]


def _written(part: Any) -> str:
    if isinstance(part, etree._Element):
        return visible_text(part)
    return cleaned(f"{part:g}" if isinstance(part, float) else str(part))


def _matched(pattern: str, text: str) -> str:
    found = re.search(pattern, text)
    if found is None:
        return ""
    return ((found.group(1) if found.re.groups else found.group(0)) or "").strip()


@lru_cache(maxsize=512)
def _compiled(path: str) -> etree.XPath:
    return etree.XPath(path, namespaces=_EXSLT)


def _picked(node: etree._Element, path: str) -> list[Any]:
    """What a path picks inside a node; a path that fails on this page picks nothing."""
    try:
        found = _compiled(path)(node)
    except etree.XPathError:
        return []
    return found if isinstance(found, list) else [found]


def _addresses(tree: etree._Element, path: str) -> Iterator[str]:
    for part in _picked(tree, path):
        yield part.get("href", "") if isinstance(part, etree._Element) else str(part)


def _joined(url: str, written: str) -> str:
    try:
        return urljoin(url, written)
    except ValueError:
        return written
