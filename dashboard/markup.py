"""A mention's text as HTML: everything escaped, and `<mark>` the only tag that is ever added."""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape

from core.models import Span


def marked(text: str, spans: Iterable[Span], within: Span | None = None) -> str:
    """`text` (or its part `within`) escaped, with `<mark>` around the spans; overlapping spans are joined."""
    part = within or Span(0, len(text))
    pieces, at = [], part.start
    for start, end in _joined(spans, part):
        pieces += [escape(text[at:start]), "<mark>", escape(text[start:end]), "</mark>"]
        at = end
    pieces.append(escape(text[at : part.end]))
    return "".join(pieces).replace("\n", " ")


_MARKDOWN = re.compile(r"([\\`*_{}\[\]()<>#+.!|$:~^&-])")


def plain(text: str) -> str:
    """Text for a label that Streamlit reads as Markdown: every sign that could mean something there is escaped."""
    return _MARKDOWN.sub(r"\\\1", text.replace("\n", " "))


def _joined(spans: Iterable[Span], part: Span) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for span in sorted(spans):
        start, end = max(span[0], part.start), min(span[1], part.end)
        if start >= end:
            continue
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return joined
