"""A query as a tree: parsed once by `index.query`, then handed to every engine.

Dates are already UTC and ranges half-open where they are dates, so no engine knows about time zones.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

Value = str | float | datetime

TERM_FIELDS = (
    "id", "brand", "product", "attribute", "polarity", "source", "platform", "kind", "author",
    "region", "topic", "intent", "duplicate", "language", "industry", "relevance_reason", "promoted",
)  # fmt: skip
"""Fields matched whole. `duplicate` and `promoted` hold "yes" or "no"; `attribute` holds every ancestor too."""
RANGE_FIELDS = ("rating", "date", "collected", "relevance", "promotion", "score", "engagement", "likes", "views")
OPINION_FIELDS = ("brand", "attribute", "polarity", "phrase")
"""What may stand in `opinion:( … )`, and must then hold of one and the same opinion."""
FACET_FIELDS = (
    "brand", "product", "attribute", "polarity", "source", "platform", "kind", "author", "region",
    "topic", "intent", "duplicate", "language", "industry", "relevance_reason", "promoted",
    "phrase", "opinion", "judged", "carried", "comparison", "tie", "stars",
)  # fmt: skip
"""`phrase`: opinion phrases; `opinion`: joined keys target|attribute|polarity (ancestors too); `judged`:
target|attribute of opinions whatever their polarity (ancestors too); `carried`: attribute|number|polarity of a positive
or negative mention, a key for each of its `number` attributes ("" and 1 without any); `comparison`:
winner|loser|attribute; `tie`: one|other|attribute of comparisons that nobody won; `stars`: rating × 4 + 1 rounded, as
text. Parts are joined by SEPARATOR."""
SEPARATOR = "\x1f"


@dataclass(frozen=True, slots=True)
class Everything:
    """Matches every document."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word outside quotes: matched in the segmented field (all of its segments, adjacent)."""

    text: str


@dataclass(frozen=True, slots=True)
class Phrase:
    """The normalised text (title or text) contains this string."""

    text: str


@dataclass(frozen=True, slots=True)
class Near:
    """A left and a right phrase in one sentence, at most `distance` tokens between, either order."""

    left: tuple[str, ...]
    right: tuple[str, ...]
    distance: int


@dataclass(frozen=True, slots=True)
class Term:
    """A field holds exactly this value."""

    field: str
    value: str


@dataclass(frozen=True, slots=True)
class Range:
    """low <= field <= high; for the date fields low <= field < high. None is open."""

    field: str
    low: float | datetime | None
    high: float | datetime | None


@dataclass(frozen=True, slots=True)
class SameOpinion:
    """One opinion satisfies every condition at once. "" means any."""

    brand: str = ""
    attribute: str = ""
    polarity: str = ""
    phrase: str = ""


@dataclass(frozen=True, slots=True)
class And:
    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Or:
    parts: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Not:
    part: Node


Node = Everything | Word | Phrase | Near | Term | Range | SameOpinion | And | Or | Not


def both(*parts: Node) -> Node:
    """AND of the parts, with `Everything` left out."""
    kept = tuple(p for p in parts if not isinstance(p, Everything))
    if not kept:
        return Everything()
    return kept[0] if len(kept) == 1 else And(kept)


def either(*parts: Node) -> Node:
    """OR of the parts; at least one is needed."""
    return parts[0] if len(parts) == 1 else Or(tuple(parts))
