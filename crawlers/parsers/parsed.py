"""What a parser gives back, and the cleaning that every parser needs."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from lxml import etree, html  # type: ignore[import-untyped]

from core.collected import Collected

_SURROGATES = re.compile("[\ud800-\udfff]")
_CONTROLS = dict.fromkeys((*range(9), 11, 12, *range(14, 32), 127), " ")
_SPACES = re.compile(r"[ \t\r\f\v\xa0]+")
_AROUND_BREAKS = re.compile(r" ?\n[ \n]*")
_BLOCKS = frozenset((
    "address", "article", "blockquote", "br", "dd", "div", "dl", "dt", "h1", "h2", "h3", "h4", "h5", "h6", "hr",
    "li", "ol", "p", "pre", "section", "tr", "ul",
))  # fmt: skip
_UNSEEN = frozenset(("script", "style", "template", "noscript"))
MAX_DEPTH = 60
"""Structured descriptions nested deeper than this are attacks or accidents."""


@dataclass(frozen=True, slots=True)
class Parsed:
    """One page, read.

    `incomplete` counts items that lack their text or their date, and those too broken to keep; `broken` says why
    the page as a whole could not be read ("" when it could).
    """

    items: tuple[Collected, ...] = ()
    next_urls: tuple[str, ...] = ()
    incomplete: int = 0
    broken: str = ""


Parser = Callable[[bytes | str, str], Parsed]


def cleaned(value: str) -> str:
    """The same text without what no store can hold: halves of surrogate pairs and control characters."""
    if _SURROGATES.search(value):
        value = value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return value.translate(_CONTROLS).strip()


def lacks_something(item: Collected) -> bool:
    """Whether an item has no text or no date: kept all the same, and counted."""
    return not (item.text and item.date)


def is_empty(item: Collected) -> bool:
    """Whether there is nothing in an item worth keeping."""
    return not (item.text or item.title or item.rating)


def document(text: str) -> html.HtmlElement | None:
    """The tree of an HTML page, however broken; None when there is nothing in it."""
    parser = html.HTMLParser(encoding="utf-8", huge_tree=False, no_network=True)
    try:
        return html.document_fromstring(text.encode("utf-8", "replace"), parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return None


def visible_text(node: etree._Element) -> str:
    """The text that a reader sees inside an element; blocks and breaks become line breaks."""
    parts: list[str] = []
    for event, element in etree.iterwalk(node, events=("start", "end")):
        tag = element.tag if isinstance(element.tag, str) else ""
        if event == "start":
            if tag in _BLOCKS and element is not node:
                parts.append("\n")
            if tag and tag not in _UNSEEN:
                parts.append(element.text or "")
        else:
            if tag in _BLOCKS and tag != "br" and element is not node:
                parts.append("\n")
            if element is not node:
                parts.append(element.tail or "")
    return _tidied("".join(parts))


def _tidied(text: str) -> str:
    return cleaned(_AROUND_BREAKS.sub("\n", _SPACES.sub(" ", text)))


def text_of_markup(markup: str) -> str:
    """The visible text of a piece of HTML; plain text comes back as it is."""
    if "<" not in markup and "&" not in markup:
        return cleaned(markup)
    try:
        node = html.fragment_fromstring(cleaned(markup), create_parent="div")
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return cleaned(markup)
    return visible_text(node)
