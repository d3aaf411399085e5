"""What the model saw in a text, before any lexicon, brand or rule."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from core.models import AspectTerm, Preference, Side, Span, Triplet

SIDES: tuple[Side, Side, Side] = ("negative", "neutral", "positive")


@dataclass(frozen=True, slots=True)
class Compared:
    """A comparison as found: four parts, which of them stands above the others, and how sure."""

    subject: Span | None
    object: Span | None
    aspect: Span | None
    predicate: Span | None
    preference: Preference
    confidence: float


@dataclass(frozen=True, slots=True)
class Seen:
    """One text. `probabilities` are of negative, neutral, positive; `vector` little-endian float16 of unit length.

    `asked` answers the spans asked for, in their order; `clauses` holds every clause with the side it takes.
    """

    probabilities: tuple[float, float, float]
    comparative: float
    vector: bytes
    aspects: tuple[AspectTerm, ...]
    triplets: tuple[Triplet, ...]
    comparisons: tuple[Compared, ...]
    clauses: tuple[AspectTerm, ...]
    asked: tuple[AspectTerm, ...]

    @property
    def score(self) -> float:
        """P(positive) - P(negative): its sign is the side the text leans to."""
        return round(self.probabilities[2] - self.probabilities[0], 4)


Form = Literal["term", "clause", "asked"]
