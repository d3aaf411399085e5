"""A mention as a card: the sentence, marked; where it comes from; a link to the post itself."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from urllib.parse import urlsplit

import streamlit as st

from core.models import PROMOTED, SearchDocument, Span
from dashboard.context import Context
from dashboard.markup import marked

WHOLE_UP_TO = 220
"""Texts up to this many characters are shown whole; longer ones around the sentence that matters."""
AROUND = 60


def card(
    document: SearchDocument, context: Context, spans: Sequence[Span], polarity: str = "", sentence: Span | None = None
) -> str:
    """The HTML of one quote; `spans` are marked, `sentence` is what must be seen of a long text."""
    part = _part(document.text, sentence or (spans[0] if spans else None))
    before, after = "…" if part.start else "", "…" if part.end < len(document.text) else ""
    body = before + marked(document.text, spans, part) + after
    title = (
        f"<strong>{escape(document.title)}</strong> " if document.title and document.title not in document.text else ""
    )
    side = escape(polarity or document.polarity)
    origin = _origin(document, context, polarity)
    return f'<div class="quote {side}">{title}{body}<div class="from">{origin}</div></div>'


def show(cards: Iterable[str]) -> None:
    """Draws cards under each other."""
    st.html("".join(cards))


def _part(text: str, around: Span | None) -> Span:
    if len(text) <= WHOLE_UP_TO:
        return Span(0, len(text))
    middle = around or Span(0, 0)
    return Span(max(0, middle[0] - AROUND), min(len(text), max(middle[1] + AROUND, WHOLE_UP_TO if not around else 0)))


def _origin(document: SearchDocument, context: Context, polarity: str) -> str:
    """Side, time, source, kind, product, stars, and the link: a side is never told by colour alone."""
    say, zone = context.words, context.project.zone()
    when = (
        document.published_at.astimezone(zone).strftime("%Y-%m-%d %H:%M")
        if document.published_at
        else say("quote.undated")
    )
    side, kind = polarity or document.polarity, document.kind
    parts = [escape(t) for t in (say.or_plain(f"polarity.{side}", side), when, document.source)]
    parts.append(escape(say.or_plain(f"kind.{kind}", kind)))
    if document.product:
        parts.append(escape(document.product))
    if document.rating is not None:
        parts.append(escape(say("quote.stars", n=f"{document.rating * 4 + 1:g}")))
    if document.promotion >= PROMOTED:
        parts.append(escape(say("quote.promoted")))
    if document.duplicate_of:
        parts.append(escape(say("quote.duplicate")))
    if is_web(document.url):
        words = escape(say("quote.open"))
        parts.append(f'<a href="{escape(document.url)}" target="_blank" rel="noopener noreferrer">{words}</a>')
    return " · ".join(parts)


def is_web(url: str) -> bool:
    """Whether an address may become a link: a collected `javascript:` address must not."""
    return urlsplit(url).scheme in {"http", "https"}


def opinion_spans(document: SearchDocument, target: str, attribute: str, polarity: str) -> list[Span]:
    """The sentences of a document that carry an opinion on an attribute (or below it) of a target."""
    return [
        o.quote
        for o in document.opinions
        if (not target or o.target == target)
        and (not polarity or o.polarity == polarity)
        and (not attribute or o.attribute == attribute or o.attribute.startswith(f"{attribute}/"))
    ]
