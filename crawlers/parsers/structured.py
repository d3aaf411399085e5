"""schema.org descriptions on a page, in whichever syntax: JSON-LD, microdata, or RDFa, all as the same plain nodes."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from lxml import etree  # type: ignore[import-untyped]

from crawlers.parsers.parsed import MAX_DEPTH

Node = dict[str, Any]

_SCRIPTS = etree.XPath('//script[translate(normalize-space(@type), "DJLNOPS", "djlnops") = "application/ld+json"]')
# A comment ends on its line or before another begins, so that no page makes the search begin again and again.
_WRAPPING = re.compile(r"<!--|-->|/\*(?:(?!/\*)[\s\S])*?\*/|^[ \t]*//[^\n]*$|<!\[CDATA\[|\]\]>|;\s*$", re.M)
_TRAILING_COMMA = re.compile(r",(?=\s*[}\]])")
_PREFIXED = re.compile(r'"(?:schema:|https?://(?:www\.)?schema\.org/)\w+"\s*:')
_VOCABULARY = re.compile(r"^(?:https?://(?:www\.)?schema\.org/|schema:)")


@dataclass(frozen=True, slots=True)
class Place:
    """A node, the node that holds it, and the property it is held by ("" at the top)."""

    node: Node
    owner: Place | None
    key: str


@dataclass(slots=True)
class Descriptions:
    """Every node of a page in the order of the page, those with an `@id` by it, and how many blocks were unreadable."""

    places: list[Place] = field(default_factory=list)
    by_id: dict[str, Node] = field(default_factory=dict)
    broken: int = 0

    def resolved(self, value: Any) -> Any:
        """The node that a bare `{"@id": …}` stands for, or the value itself."""
        if isinstance(value, list):
            value = value[0] if value else None
        if isinstance(value, dict) and len(value) == 1 and isinstance(value.get("@id"), str):
            return self.by_id.get(value["@id"], value)
        return value


def json_ld(tree: etree._Element) -> Descriptions:
    """The page's JSON-LD blocks. A block that is no JSON, even after mending, is counted as broken."""
    roots: list[Any] = []
    broken = 0
    for script in _SCRIPTS(tree):
        source = "".join(script.itertext())
        try:
            roots.append(_loaded(source))
        except (ValueError, RecursionError):
            broken += bool(source.strip())
    found = walked(roots)
    found.broken += broken
    return found


def microdata(tree: etree._Element, url: str) -> Descriptions:
    """The page's microdata, by extruct."""
    from extruct.w3cmicrodata import (
        MicrodataExtractor,
    )  # importing extruct costs half a second: only pages that need it

    try:
        return walked([_from_microdata(item, 0) for item in MicrodataExtractor().extract_items(tree, base_url=url)])
    except RecursionError:
        return Descriptions(broken=1)


def rdfa(text: str, url: str) -> Descriptions:
    """The page's RDFa, by extruct: slow, so asked last."""
    from extruct.rdfa import RDFaExtractor

    expanded = RDFaExtractor().extract(text, base_url=url)
    return walked([_from_expanded(item, 0) for item in expanded])


def walked(roots: list[Any]) -> Descriptions:
    """Every node inside the roots, in order, whatever holds it."""
    found = Descriptions()
    stack: list[tuple[Any, Place | None, str, int]] = [(root, None, "", 0) for root in reversed(roots)]
    while stack:
        value, owner, key, depth = stack.pop()
        if depth > MAX_DEPTH:
            found.broken += 1
        elif isinstance(value, list):
            stack.extend((inner, owner, key, depth + 1) for inner in reversed(value))
        elif isinstance(value, dict):
            place = Place(value, owner, key)
            _remember(found, place)
            holder = owner if "@graph" in place.node and len(place.node) <= 3 else place
            inside = [(k, v) for k, v in place.node.items() if isinstance(v, dict | list)]
            stack.extend((v, holder, "" if k == "@graph" else k, depth + 1) for k, v in reversed(inside))
    return found


def types(node: Node) -> tuple[str, ...]:
    """The types of a node without their vocabulary's address."""
    written = node.get("@type")
    names = written if isinstance(written, list) else [written]
    return tuple(_VOCABULARY.sub("", name) for name in names if isinstance(name, str))


def words(value: Any) -> str:
    """A property as text: of several the first, of a node its name or value; "" when there is nothing to say."""
    for _ in range(4):
        if isinstance(value, list):
            value = value[0] if value else ""
        elif isinstance(value, dict):
            value = next((value[k] for k in ("name", "@value", "value", "url", "contentUrl") if value.get(k)), "")
        else:
            break
    if isinstance(value, bool) or value is None or isinstance(value, dict | list):
        return ""
    return value.strip() if isinstance(value, str) else f"{value:g}" if isinstance(value, float) else str(value)


def each(value: Any) -> Iterator[Any]:
    """The values of a property, however many."""
    if isinstance(value, list):
        yield from value
    elif value is not None:
        yield value


def _loaded(source: str) -> Any:
    try:
        loaded = json.loads(source, strict=False)
    except ValueError:
        loaded = json.loads(_TRAILING_COMMA.sub("", _WRAPPING.sub("", source)), strict=False)
    return _plain(loaded, 0) if _PREFIXED.search(source) else loaded


def _plain(value: Any, depth: int) -> Any:
    """The same with every key freed from its vocabulary's address."""
    if depth > MAX_DEPTH:
        return None
    if isinstance(value, list):
        return [_plain(inner, depth + 1) for inner in value]
    if isinstance(value, dict):
        return {_VOCABULARY.sub("", key): _plain(inner, depth + 1) for key, inner in value.items()}
    return value


def _remember(found: Descriptions, place: Place) -> None:
    found.places.append(place)
    name = place.node.get("@id")
    if isinstance(name, str) and len(place.node) > 1:
        found.by_id.setdefault(name, place.node)


def _from_microdata(value: Any, depth: int) -> Any:
    if depth > MAX_DEPTH:
        return None
    if isinstance(value, list):
        return [_from_microdata(inner, depth + 1) for inner in value]
    if not isinstance(value, dict):
        return value
    if "properties" not in value:
        return value.get("value", "")
    node = {key: _from_microdata(inner, depth + 1) for key, inner in value["properties"].items()}
    node["@type"] = value.get("type", "")
    if value.get("id"):
        node["@id"] = value["id"]
    return node


def _from_expanded(value: Any, depth: int) -> Any:
    if depth > MAX_DEPTH:
        return None
    if isinstance(value, list):
        inner = [_from_expanded(part, depth + 1) for part in value]
        return inner[0] if len(inner) == 1 else inner
    if isinstance(value, dict):
        if "@value" in value:
            return value["@value"]
        return {_VOCABULARY.sub("", key): _from_expanded(part, depth + 1) for key, part in value.items()}
    return value
