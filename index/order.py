"""The orders of a result list. A document's place is (sort_key, id), the same whole number on every engine."""

from __future__ import annotations

from datetime import UTC, datetime

from core.interfaces import Sort
from core.models import SearchDocument

SORTS: tuple[Sort, ...] = ("newest", "oldest", "engagement", "rating_low", "rating_high")
"""`relevance` is the engine's own and has no key."""

_SECONDS_FROM_1850 = 3_786_912_000
_ID_BITS = 31
_KEY_BITS = 33
_LARGEST = (1 << _KEY_BITS) - 1
_RATING_STEPS = 1 << 20
_DIGITS = 7
_RANKS = {c: n for n, c in enumerate("0123456789", 2)} | {c: n for n, c in enumerate("abcdef", 13)}
_BASE = 20
"""0 the end of the string, 1 before "0", 2–11 digits, 12 before "a", 13–18 letters, 19 after "f"."""


def sort_key(document: SearchDocument, sort: Sort, end: int | None = None) -> int:
    """Smaller comes first. Dates count to the second, ratings to a millionth; documents without one come last.

    `end` is the id's `id_key` where the caller has it already.
    """
    return (_KEYS[sort](document) << _ID_BITS) | (id_key(document.id) if end is None else end)


def id_key(identity: str) -> int:
    """The beginning of an id as a number that never contradicts the order of the ids as strings."""
    key, left = 0, _DIGITS
    for char in identity[:_DIGITS]:
        rank = _RANKS.get(char)
        left -= 1
        if rank is None:
            key = key * _BASE + (1 if char < "0" else 12 if char < "a" else 19)
            break
        key = key * _BASE + rank
    return int(key * _BASE**left)


def _newest(document: SearchDocument) -> int:
    moment = document.published_at
    return _LARGEST if moment is None else _LARGEST - 1 - _seconds(moment)


def _oldest(document: SearchDocument) -> int:
    moment = document.published_at
    return _LARGEST if moment is None else _seconds(moment)


def _seconds(moment: datetime) -> int:
    return _within(int(moment.astimezone(UTC).timestamp() // 1) + _SECONDS_FROM_1850)


def _engagement(document: SearchDocument) -> int:
    return _LARGEST - _within(document.engagement)


def _rating_low(document: SearchDocument) -> int:
    return _LARGEST if document.rating is None else _steps(document.rating)


def _rating_high(document: SearchDocument) -> int:
    return _LARGEST if document.rating is None else _RATING_STEPS - _steps(document.rating)


def _steps(rating: float) -> int:
    return round(min(max(rating, 0.0), 1.0) * _RATING_STEPS)


def _within(number: int) -> int:
    return min(max(number, 0), _LARGEST - 1)


_KEYS = {
    "newest": _newest,
    "oldest": _oldest,
    "engagement": _engagement,
    "rating_low": _rating_low,
    "rating_high": _rating_high,
}
