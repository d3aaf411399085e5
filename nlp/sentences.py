"""Sentences and clauses as spans: where a quote begins and how far a judgement reaches."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Sequence

from core.models import Span

_CJK = r"[\u3400-\u9fff\uf900-\ufaff]"
_STOP = r"[。！？!?；;\n\r…]+[”’」』）)\"']*|(?<![\d.])\.(?=\s|$)|(?<=\D)\.(?=\s|$)"
_SENTENCE = re.compile(_STOP)
_SAYS = re.compile(r"[^\W_]").search
"""Finds a letter or digit."""
_CLAUSE = re.compile(
    rf"{_STOP}|[，、：~～]+|(?<!\d),|,(?!\d)|\s{{2,}}|(?<={_CJK})\s+(?={_CJK})"
    r"|(?=但是|可是|不过|然而|只是|就是太|但(?!是|凡|愿|求))|(?=\b(?:but|however|although)\b)",
    re.IGNORECASE,
)


def sentences(text: str) -> tuple[Span, ...]:
    """Spans that follow one another and cover everything but blank rims; full stops belong to their sentence."""
    return _spans(text, _SENTENCE)


def clauses(text: str) -> tuple[Span, ...]:
    """As `sentences`, cut at commas and before words of contrast as well (但是, 不过, but)."""
    return _spans(text, _CLAUSE)


def within(spans: Sequence[Span], place: int) -> Span | None:
    """The span that holds a code point, or the nearest one before it; None when there are none."""
    at = bisect_right(spans, place, key=lambda s: s.start)
    if not spans:
        return None
    return spans[max(0, at - 1)]


def _spans(text: str, border: re.Pattern[str]) -> tuple[Span, ...]:
    found: list[Span] = []
    start = 0
    for match in border.finditer(text):
        end = match.end()
        if end > start:
            _add(found, text, start, end)
            start = end
    _add(found, text, start, len(text))
    return tuple(found)


def _add(found: list[Span], text: str, left: int, right: int) -> None:
    """Takes up a piece without its blank rims; one without letters and digits belongs to the piece before it."""
    while left < right and text[left].isspace():
        left += 1
    while right > left and text[right - 1].isspace():
        right -= 1
    if right == left:
        return
    if not found or _SAYS(text, left, right):
        found.append(Span(left, right))
    else:
        found[-1] = Span(found[-1].start, right)
