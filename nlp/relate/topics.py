"""The topic of a mention. For now a transparent rule: the attribute it complains of most surely, else praises.

A discovered topic would be written to the same place (`Relation.topic`); readers of it only compare it as text.
"""

from __future__ import annotations

from core.models import Opinion, Reading

_ORDER = {"negative": 0, "positive": 1, "neutral": 2}


def topic(reading: Reading | None) -> str:
    """A taxonomy path, or "" where nothing was said of any attribute."""
    opinions = [] if reading is None else [o for o in reading.opinions if o.attribute]
    return min(opinions, key=_rank).attribute if opinions else ""


def _rank(opinion: Opinion) -> tuple[int, float, str]:
    return _ORDER[opinion.polarity], -opinion.confidence, opinion.attribute
