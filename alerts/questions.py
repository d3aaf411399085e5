"""The questions behind a finding: what was counted, and the query that shows it to a person."""

from __future__ import annotations

from datetime import datetime

from core.models import RELEVANT
from core.tree import Everything, Node, Not, Range, SameOpinion, Term, both, either

SEEN: Node = Range("relevance", RELEVANT, None)
ALL: Node = Everything()
COUNTED: Node = both(SEEN, Term("duplicate", "no"))
"""As every measure counts: relevant, copies folded. Rumours and campaigns spread by copies, so those count `SEEN`."""
NEGATIVE: Node = Term("polarity", "negative")
POSITIVE: Node = Term("polarity", "positive")
RUMOUR: Node = Term("intent", "rumour_claim")
PRAISE: Node = both(either(Term("promoted", "yes"), Term("duplicate", "yes")), Not(RUMOUR))
"""Promoted or copied; a rumour that is passed on is copied too, and is often read as kind."""


def question(kind: str, brand: str, attribute: str, narrowed: Node = ALL) -> Node:
    """What stands behind a finding, whenever it was published; for silence `brand` is the source.

    `narrowed` is the query of the rule that found it.
    """
    return both(_question(kind, brand, attribute), narrowed)


def _question(kind: str, brand: str, attribute: str) -> Node:
    if kind == "silence":
        return Term("source", brand)
    if kind == "rumour":
        return both(SEEN, RUMOUR, Term("brand", brand))
    if kind == "campaign":
        return both(SEEN, POSITIVE, PRAISE, Term("brand", brand))
    if attribute:
        return both(COUNTED, SameOpinion(brand=brand, attribute=attribute, polarity="negative"))
    return both(COUNTED, NEGATIVE, Term("brand", brand))


def between(start: datetime, end: datetime) -> Node:
    """Published from `start`, before `end`."""
    return Range("date", start, end)
