"""Bytes of a page to text: what is declared is tried first, and believed only when it fits."""

from __future__ import annotations

import codecs
import re

from charset_normalizer import from_bytes

_META = re.compile(rb"""<(?:meta[^>]{0,200}?charset|\?xml[^>]{0,80}?encoding)\s*=\s*["']?\s*([\w:.-]{2,40})""", re.I)
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_WIDER = {"gb2312": "gb18030", "gbk": "gb18030", "x-gbk": "gb18030", "iso-8859-1": "cp1252", "latin-1": "cp1252"}
_NO_TEXT = frozenset(
    ("idna", "punycode", "raw-unicode-escape", "raw_unicode_escape", "undefined", "unicode-escape", "unicode_escape")
)
"""Python calls these encodings; no page is written in them, and some are slow on purpose-made input."""
_HEAD = 4096
_SAMPLE = 65_536


def decoded(body: bytes | str, declared: str = "") -> str:
    """The text of a page, by its byte-order mark, else a charset that is declared and fits, UTF-8, GB18030, a guess."""
    if isinstance(body, str):
        return body
    for mark, name in _MARKS:
        if body.startswith(mark):
            return body.decode(name, "replace")
    inside = _META.search(body, 0, _HEAD)
    for name in dict.fromkeys((declared, inside.group(1).decode("ascii") if inside else "", "utf-8", "gb18030")):
        text = _strict(body, name)
        if text is not None:
            return text
    guess = from_bytes(body[:_SAMPLE]).best()
    return body.decode(guess.encoding if guess else "utf-8", "replace")


def looks_binary(body: bytes | str) -> bool:
    """Whether this is a picture, an archive or the like, served where a page was expected."""
    head = body[:1024]
    if isinstance(head, str):
        return "\x00" in head
    return b"\x00" in head and not head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))


def _strict(body: bytes, name: str) -> str | None:
    lowered = name.lower()
    if not name or lowered in _NO_TEXT:
        return None
    try:
        return body.decode(_WIDER.get(lowered, lowered))
    except (LookupError, UnicodeError):
        return None
