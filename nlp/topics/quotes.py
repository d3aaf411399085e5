"""The mentions that show a topic best, each with the sentence to show."""

from __future__ import annotations

from collections.abc import Sequence

from core.models import Span
from nlp.segment import Segmenter, normalise, sentences
from nlp.topics.names import first_place

QUOTES = 3
LOOKED_AT = 60
"""Only the most typical mentions of a topic are looked at for its quotes."""
_READABLE = (4, 120)
"""Code points of a sentence worth quoting."""


def quotes(
    texts: Sequence[str], ranked: Sequence[int], keys: Sequence[str], segmenter: Segmenter
) -> list[tuple[int, Span]]:
    """Up to QUOTES places in `texts` with a sentence each; `ranked` are the topic's places, most typical first.

    Sentences that say the topic's name come first, then those that say another of its phrases; none is given twice.
    """
    found: list[tuple[int, int, int, Span]] = []
    for rank, place in enumerate(ranked[:LOOKED_AT]):
        order, span = _sentence(texts[place], keys, segmenter)
        if span is not None:
            found.append((order, rank, place, span))
    chosen: list[tuple[int, Span]] = []
    told: set[str] = set()
    for _, _, place, span in sorted(found):
        words = normalise(span.of(texts[place]))
        if words not in told and len(chosen) < QUOTES:
            told.add(words)
            chosen.append((place, span))
    return chosen


def _sentence(text: str, keys: Sequence[str], segmenter: Segmenter) -> tuple[int, Span | None]:
    """The sentence with the best phrase and which one that is; else the first readable one."""
    readable = [s for s in (_trimmed(text, *ends) for ends in sentences(text)) if _READABLE[0] <= s.end - s.start]
    for order, key in enumerate(keys):
        at = first_place(text, key, segmenter)
        held = next((s for s in readable if at is not None and s.start <= at.start and at.end <= s.end), None)
        if held is not None:
            return order, _cut(held, at)
    return len(keys), _cut(readable[0], None) if readable else None


def _trimmed(text: str, start: int, end: int) -> Span:
    """The sentence without the spaces around it."""
    whole = text[start:end]
    return Span(start + len(whole) - len(whole.lstrip()), start + len(whole.rstrip()))


def _cut(sentence: Span, at: Span | None) -> Span:
    """A sentence without end is shown around what matters in it."""
    most = _READABLE[1]
    if sentence.end - sentence.start <= most:
        return sentence
    start = sentence.start if at is None else max(sentence.start, min(at.start - most // 3, sentence.end - most))
    return Span(start, min(start + most, sentence.end))
