"""The questions behind a finding: what was counted, and the query that shows it to a person."""

from __future__ import annotations

from datetime import datetime

from core.models import RELEVANT
from core.tree import Node, Range, SameOpinion, Term, both, either

SEEN: Node = Range("relevance", RELEVANT, None)
COUNTED: Node = both(SEEN, Term("duplicate", "no"))
"""As every measure counts: relevant, copies folded. Rumours and campaigns spread by copies, so those count `SEEN`."""
NEGATIVE: Node = Term("polarity", "negative")
POSITIVE: Node = Term("polarity", "positive")
RUMOUR: Node = Term("intent", "rumour_claim")
PRAISE: Node = either(Term("promoted", "yes"), Term("duplicate", "yes"))


def question(kind: str, brand: str, attribute: str) -> Node:
    """What stands behind a finding, whenever it was published; for silence `brand` is the source."""
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
