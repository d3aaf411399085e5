"""HTML that a source left in a text, read as a person sees it."""

from __future__ import annotations

import html
import re

_BLOCK = "p|div|li|ul|ol|tr|table|h[1-6]|section|article|blockquote|pre|dd|dt|hr"
_INLINE = (
    "span|a|b|i|em|strong|u|s|font|img|small|sub|sup|td|th|tbody|thead|video|label|code|mark|del|ins|picture"
    "|source|figure"
)
_MARKUP = re.compile(rf"</(?:{_BLOCK}|{_INLINE})\s*>|<(?:br|hr|p|img|div)\b[^<>]{{0,2000}}>", re.I)
_HIDDEN = re.compile(r"<(script|style)\b[^<>]{0,2000}>.*?</\1\s*>|<!--.*?-->", re.I | re.S)
_BREAK = re.compile(rf"<br\b[^<>]{{0,200}}>|</?(?:{_BLOCK})\b[^<>]{{0,2000}}>", re.I)
_TAG = re.compile(rf"</?(?:{_INLINE})\b[^<>]{{0,4000}}>", re.I)
_BLANK = re.compile(r"[ \t]*\n\s*")


def as_read(text: str) -> str:
    """The text without tags, entities decoded, blocks on lines of their own; unchanged when it holds no HTML."""
    if "<" not in text or not _MARKUP.search(text):
        return text
    text = _HIDDEN.sub("", text) if "</s" in text.lower() or "<!--" in text else text
    return html.unescape(_BLANK.sub("\n", _TAG.sub("", _BREAK.sub("\n", text)))).strip()
