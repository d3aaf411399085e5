"""How bad an incident is: a sum of named points, shown with its parts, in bands of one table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import log2, log10
from statistics import median
from typing import Literal

from core.models import PROMOTED, Incident, SearchDocument

Band = Literal["blue", "yellow", "orange", "red"]
BANDS: tuple[tuple[float, Band], ...] = ((6.0, "red"), (4.0, "orange"), (2.0, "yellow"))
"""Fewest points of each band; fewer are blue."""
GRAVITY: Mapping[str, float] = {"safety": 3.0, "legal_threat": 2.0}
"""Points when at least a tenth of the mentions, and two of them, carry the intent."""


def severity_parts(incident: Incident, documents: Sequence[SearchDocument]) -> dict[str, float]:
    """Named points, rounded to tenths; parts that give none are left out."""
    excess = max(incident.observed - incident.expected, 0.0)
    parts = {"excess": min(4.0, log2(1 + excess / 5))}
    if incident.kind == "silence":
        return {"silence": min(3.0, 1 + incident.expected / 50)}
    if documents:
        parts |= {
            "reach": min(2.0, log10(1 + _reach(documents)) / 3),
            "spread": min(2.0, 0.5 * (len({d.source for d in documents}) - 1)),
            "authors": _author_points(documents),
            "gravity": _gravity(documents),
        }
        if incident.kind != "campaign":
            parts["promotion"] = -2.0 * sum(d.promotion >= PROMOTED for d in documents) / len(documents)
    return {name: round(points, 1) for name, points in parts.items() if round(points, 1)}


def band(parts: Mapping[str, float]) -> Band:
    points = sum(parts.values())
    return next((name for least, name in BANDS if points >= least), "blue")


def _reach(documents: Sequence[SearchDocument]) -> float:
    """Views of all mentions. One without takes the median of its source; 0 where the source gives none."""
    known: dict[str, list[int]] = {}
    for document in documents:
        if document.views is not None:
            known.setdefault(document.source, []).append(document.views)
    usual = {source: median(views) for source, views in known.items()}
    return sum(usual.get(d.source, 0.0) if d.views is None else d.views for d in documents)


def _author_points(documents: Sequence[SearchDocument]) -> float:
    followers = max((d.author_followers or 0 for d in documents), default=0)
    return 0.0 if followers < 10_000 else min(2.0, log10(followers) - 3.5)


def _gravity(documents: Sequence[SearchDocument]) -> float:
    least = max(2.0, 0.1 * len(documents))
    return max((p for i, p in GRAVITY.items() if sum(i in d.intents for d in documents) >= least), default=0.0)
