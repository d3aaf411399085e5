"""A text with everything about its words that does not come from the model."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from core.models import Span
from nlp.brands import BrandHit
from nlp.lexicon import TermMatch
from nlp.mapping import Mapper
from nlp.sentences import clauses, sentences

_HANDLE = re.compile(r"@[^\s@，,。：:！!？?、]{1,20}")


@dataclass(frozen=True, slots=True)
class Scene:
    """A text with its sentences, clauses, words of the lexicon and names."""

    text: str
    sentences: tuple[Span, ...]
    clauses: tuple[Span, ...]
    matches: tuple[TermMatch, ...]
    hits: tuple[BrandHit, ...]
    brand: str


def scene(text: str, mapper: Mapper, hits: Sequence[BrandHit], brand: str) -> Scene:
    """`hits` are the brands named in the text, `brand` the one whose page it stands on."""
    handles = [Span(*m.span()) for m in _HANDLE.finditer(text)]  # a name somebody gave himself says nothing
    matches = tuple(m for m in mapper.match(text) if not touches(m.span, handles))
    return Scene(text, sentences(text), clauses(text), matches, tuple(hits), brand)


def touches(span: Span, others: Sequence[Span]) -> bool:
    """Whether a span shares a code point with any of the others."""
    return any(span.start < o.end and span.end > o.start for o in others)


def inside(span: Span, other: Span) -> bool:
    """Whether a span lies within another."""
    return other.start <= span.start and span.end <= other.end
