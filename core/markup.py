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
_HIDDEN = re.compile(r"<(?:(!--)|(script)\b[^<>]{0,2000}>|(style)\b[^<>]{0,2000}>)", re.I)
_ENDS = tuple(re.compile(end, re.I) for end in ("-->", r"</script\s*>", r"</style\s*>"))
_BREAK = re.compile(rf"<br\b[^<>]{{0,200}}>|</?(?:{_BLOCK})\b[^<>]{{0,2000}}>", re.I)
_TAG = re.compile(rf"</?(?:{_INLINE})\b[^<>]{{0,4000}}>", re.I)
_BLANK = re.compile(r"[ \t]*\n\s*")


def as_read(text: str) -> str:
    """The text without tags, entities decoded, blocks on lines of their own; unchanged when it holds no HTML."""
    if "<" not in text or not _MARKUP.search(text):
        return text
    shown = _BREAK.sub("\n", _without_hidden(text))
    return html.unescape(_BLANK.sub("\n", _TAG.sub("", shown))).strip()


def _without_hidden(text: str) -> str:
    """Without comments, scripts and styles. What is opened and never closed is text, and is looked for only once."""
    kept, place, open_ended = [], 0, set()
    for found in _HIDDEN.finditer(text):
        kind = (found.lastindex or 1) - 1
        if found.start() < place or kind in open_ended:
            continue
        end = _ENDS[kind].search(text, found.end())
        if end is None:
            open_ended.add(kind)
            continue
        kept.append(text[place : found.start()])
        place = end.end()
    return "".join((*kept, text[place:]))
