"""A SearchDocument as bytes and back. Compact, and able to carry anything a text may hold, lone surrogates too."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import fields
from datetime import datetime
from operator import attrgetter
from typing import Any

from core.models import DocumentComparison, DocumentOpinion, SearchDocument, Span

_NAMES = tuple(f.name for f in fields(SearchDocument))
_PLACE = {name: n for n, name in enumerate(_NAMES)}
_values = attrgetter(*_NAMES)
_ENCODER = json.JSONEncoder(ensure_ascii=True, separators=(",", ":"), check_circular=False)
_DATES = ("published_at", "collected_at")
_TUPLES = ("brands", "images", "intents", "promotion_reasons", "rating_scale")


def to_bytes(document: SearchDocument) -> bytes:
    """JSON: the fields in their order."""
    row: list[Any] = list(_values(document))
    for name in _DATES:
        moment: datetime | None = row[_PLACE[name]]
        row[_PLACE[name]] = None if moment is None else moment.isoformat()
    row[_PLACE["opinions"]] = [
        (o.target, o.attribute, o.polarity, o.phrase, o.aspect, o.quote) for o in document.opinions
    ]
    row[_PLACE["comparisons"]] = [(c.winner, c.loser, c.attribute, c.preference, c.quote) for c in document.comparisons]
    return _ENCODER.encode(row).encode("ascii")


def from_bytes(stored: bytes) -> SearchDocument:
    """The document that `to_bytes` was given."""
    row: list[Any] = json.loads(stored)
    for name in _DATES:
        written: str | None = row[_PLACE[name]]
        row[_PLACE[name]] = None if written is None else datetime.fromisoformat(written)
    for name in _TUPLES:
        value = row[_PLACE[name]]
        row[_PLACE[name]] = None if value is None else tuple(value)
    opinions: Sequence[Any] = row[_PLACE["opinions"]]
    row[_PLACE["opinions"]] = tuple(DocumentOpinion(o[0], o[1], o[2], o[3], o[4], Span(*o[5])) for o in opinions)
    comparisons: Sequence[Any] = row[_PLACE["comparisons"]]
    row[_PLACE["comparisons"]] = tuple(DocumentComparison(c[0], c[1], c[2], c[3], Span(*c[4])) for c in comparisons)
    return SearchDocument(*row)


def texts(stored: bytes) -> tuple[str, str]:
    """Title and text alone."""
    row = json.loads(stored)
    return row[_PLACE["title"]], row[_PLACE["text"]]
