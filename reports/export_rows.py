"""A document as a row of cells, and as JSON."""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime
from typing import Any, get_args
from zoneinfo import ZoneInfo

from core.models import DocumentComparison, DocumentOpinion, SearchDocument

Cell = str | int | float | None

COLUMNS: tuple[str, ...] = (
    "id", "source", "platform", "kind", "url", "parent_id", "title", "text", "language", "author", "author_followers",
    "published_at", "published_precision", "collected_at", "stars", "rating", "rating_low", "rating_high", "likes",
    "replies", "shares", "views", "engagement", "brands", "product", "region", "polarity", "score", "opinions",
    "comparisons", "intents", "industry", "relevance", "relevance_reason", "duplicate_of", "promotion",
    "promotion_reasons", "topic",
)  # fmt: skip
"""Columns of csv and xlsx, in this order; later versions only add at the end."""

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def cells(document: SearchDocument, zone: ZoneInfo) -> list[Cell]:
    """The cells under COLUMNS; lists are joined by "; ". `stars` is the rating on its source's own scale."""
    d = document
    low, high = d.rating_scale or (None, None)
    stars = None if d.rating is None or low is None or high is None else round(low + d.rating * (high - low), 4)
    opinions = "; ".join(_opinion(opinion) for opinion in d.opinions)
    comparisons = "; ".join(_comparison(comparison) for comparison in d.comparisons)
    row: list[Cell] = [
        d.id, d.source, d.platform, d.kind, d.url, d.parent_id, d.title, d.text, d.language, d.author,
        d.author_followers, _time(d.published_at, zone), d.published_precision, _time(d.collected_at, zone), stars,
        d.rating, low, high, d.likes, d.replies, d.shares, d.views, d.engagement, "; ".join(d.brands), d.product,
        d.region, d.polarity, d.score, opinions, comparisons, "; ".join(d.intents), d.industry, d.relevance,
        d.relevance_reason, d.duplicate_of, d.promotion, "; ".join(d.promotion_reasons), d.topic,
    ]  # fmt: skip
    return [harmless(cell) if isinstance(cell, str) else cell for cell in row]


def jsonable(document: SearchDocument, zone: ZoneInfo) -> dict[str, Any]:
    """Every field, times in the zone as ISO 8601, spans as [start, end]."""
    values = _named(document)
    values["published_at"] = _time(document.published_at, zone) or None
    values["collected_at"] = _time(document.collected_at, zone)
    values["opinions"] = [_named(opinion) for opinion in document.opinions]
    values["comparisons"] = [_named(comparison) for comparison in document.comparisons]
    return values


_Record = SearchDocument | DocumentOpinion | DocumentComparison
_NAMES = {kind: tuple(field.name for field in fields(kind)) for kind in get_args(_Record)}


def _named(record: _Record) -> dict[str, Any]:
    return {name: getattr(record, name) for name in _NAMES[type(record)]}


def _time(at: datetime | None, zone: ZoneInfo) -> str:
    return at.astimezone(zone).isoformat(timespec="seconds") if at else ""


def _opinion(opinion: DocumentOpinion) -> str:
    return "|".join((opinion.target, opinion.attribute, opinion.polarity, opinion.phrase))


def _comparison(comparison: DocumentComparison) -> str:
    return "|".join((comparison.winner, comparison.loser, comparison.attribute, comparison.preference))


def harmless(cell: str) -> str:
    """A spreadsheet runs cells that begin like a formula; an apostrophe before them makes them text."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell
